/** A place that came free is held for whoever waited longest, until they answer or its time has passed. */
import { expectNoViolations } from "../axe";
import { Member } from "../member";
import { DEMO, type Server } from "../server";
import { expect, test } from "../test";

const THREE_DAYS_MS = 3 * 24 * 60 * 60 * 1000;

/** Somebody for each place. Gives the last one, who will give theirs up, and their sign-up. */
async function fill(server: Server): Promise<{ member: Member; signUp: string }> {
  let last: { member: Member; signUp: string } | undefined;
  for (let place = 0; place < DEMO.firstOpportunityPlaces; place += 1) {
    const member = await Member.join(server, DEMO.teamlessCode, `Person ${place}`);
    last = { member, signUp: await member.signUpTo(DEMO.firstOpportunity) };
  }
  if (!last) throw new Error("the session has no places");
  return last;
}

test("an offer that nobody answers in time goes to the next person, who says yes with no signal", async ({
  newPhone,
  phone,
  server,
}) => {
  const other = await newPhone();
  const { member, signUp } = await fill(server);
  for (const [one, name] of [
    [phone, "Sam"],
    [other, "Femi"],
  ] as const) {
    await one.join(name);
    await one.signUp(DEMO.firstOpportunity);
    await one.go("/my-sign-ups");
    await expect(one.page.getByText(/on the waiting list/).first()).toBeVisible();
  }
  await member.withdraw(signUp);

  // Today says it first, above everything else that is coming up.
  await phone.go("/");
  await expect(phone.page.getByText(/A place is kept for you until/)).toBeVisible();
  const headings = await phone.page.getByRole("heading", { level: 3 }).allTextContents();
  expect(headings[0]).toBe(DEMO.firstOpportunity);
  await expectNoViolations(phone.page, "an offer");
  await phone.link("Say yes or no").click();
  await expect(phone.button("Yes, I'd like the place")).toBeVisible();
  await expectNoViolations(phone.page, "an offer");

  // Sam says yes with no signal, too late: three days pass before it arrives.
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.button("Yes, I'd like the place").click();
  await expect(phone.page.getByText(/You said yes. It's not sent yet/)).toBeVisible();
  await server.stop();
  await server.up(THREE_DAYS_MS);
  await other.go("/");
  await expect(other.page.getByText(/A place is kept for you until/)).toBeVisible();
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("You are number 1 on the waiting list").first()).toBeVisible();
  await phone.go("/my-phone");
  await expect(phone.page.getByText(/The time for that offer had passed. Sorry./)).toBeVisible();

  // Femi says yes in time, also with no signal.
  await other.link("Say yes or no").click();
  await other.worksOffline();
  await other.context.setOffline(true);
  await other.button("Yes, I'd like the place").click();
  await expect(other.page.getByText(/You said yes. It's not sent yet/)).toBeVisible();
  await other.context.setOffline(false);
  await expect(other.page.getByText("You have a place").first()).toBeVisible();
});

test("who says no, with no signal too, lets the place go on as soon as it is heard", async ({ newPhone, phone, server }) => {
  const other = await newPhone();
  const { member, signUp } = await fill(server);
  for (const [one, name] of [
    [phone, "Sam"],
    [other, "Femi"],
  ] as const) {
    await one.join(name);
    await one.signUp(DEMO.firstOpportunity);
    await one.go("/my-sign-ups");
    await expect(one.page.getByText(/on the waiting list/).first()).toBeVisible();
  }
  await member.withdraw(signUp);
  await phone.go("/");
  await phone.link("Say yes or no").click();
  await expect(phone.button("No, thank you")).toBeVisible();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.button("No, thank you").click();
  await phone.button("Yes, let it go").click();
  await expect(phone.page.getByText("We'll tell them when there's signal.").first()).toBeVisible();
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("You can't make it. That's fine, and they know.").first()).toBeVisible();
  await other.go("/");
  await expect(other.page.getByText(/A place is kept for you until/)).toBeVisible();
});

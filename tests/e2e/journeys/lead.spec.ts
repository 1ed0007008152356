/** Whoever leads sees who comes, on a phone with a PIN alone, and says who came with no signal. */
import { expectNoViolations } from "../axe";
import type { Desk } from "../desk";
import { Member } from "../member";
import { dump, goUnlocked, PIN, setPin, unlock } from "../pin";
import { DEMO } from "../server";
import { expect, test } from "../test";

const TWELVE_DAYS_MS = 12 * 24 * 60 * 60 * 1000;
const NEEDS = "A seat by the door";

/** Staff make somebody the lead of the opportunity. */
async function makeLead(desk: Desk, name: string): Promise<void> {
  await desk.open(`/staff/people?name=${name}`);
  await desk.page.getByRole("link", { name: new RegExp(`^Open ${name}`) }).click();
  await desk.page.getByLabel("An opportunity").selectOption({ label: DEMO.firstOpportunity });
  await desk.page.getByRole("button", { name: "They lead this" }).click();
}

test("staff make a member the lead; she sees who comes once her phone has a PIN, and marks them with no signal", async ({
  desk,
  newPhone,
  phone,
  server,
}) => {
  const other = await newPhone();
  await phone.join("Rosa");
  await other.join("Femi");
  await other.signUp(DEMO.firstOpportunity, { needs: NEEDS, showNeeds: true });
  await other.go("/my-sign-ups");
  await expect(other.page.getByText("You have a place").first()).toBeVisible();

  await makeLead(desk, "Rosa");
  await expect(desk.page.getByRole("button", { name: `End: they lead ${DEMO.firstOpportunity} no more` })).toBeVisible();
  await expectNoViolations(desk.page, "a person who leads");

  // Without a PIN nothing about anybody comes to her phone.
  await phone.go("/take-part");
  await phone.link(DEMO.firstOpportunity).click();
  await phone.link("Who is coming").click();
  await expect(phone.page.getByText(/this phone needs a PIN/)).toBeVisible();
  await expectNoViolations(phone.page, "who is coming, without a PIN");
  const address = new URL(phone.page.url()).pathname;
  expect(await dump(phone.page)).not.toContain("Femi");

  await setPin(phone);
  await phone.go(address);
  await unlock(phone);
  await expect(phone.page.getByRole("heading", { name: "Femi" })).toBeVisible();
  await expect(phone.page.getByText(`What makes it easier: ${NEEDS}`)).toBeVisible();
  await expectNoViolations(phone.page, "who is coming");
  const kept = await dump(phone.page);
  expect(kept).toContain("lead:");
  expect(kept).not.toContain(NEEDS);

  // The day has been. In the hall there is no signal.
  await server.stop();
  await server.up(TWELVE_DAYS_MS);
  await phone.go(address);
  await unlock(phone);
  await expect(phone.button("Femi came")).toBeVisible();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.button("Femi came").click();
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await phone.killAndReopen(address, { offline: true });
  await unlock(phone, PIN);
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await phone.context.setOffline(false);
  await other.go("/my-sign-ups");
  await expect(other.page.getByText("You came. Thank you.").first()).toBeVisible({ timeout: 30_000 });
  await expect(phone.page.getByText("Not sent yet, safe here")).toHaveCount(0);
});

test("two leads on two phones: what is said last stands", async ({ desk, phone, newPhone, server }) => {
  const second = await newPhone();
  await phone.join("Rosa");
  await second.join("Kit");
  const member = await Member.join(server, DEMO.teamlessCode, "Femi");
  await member.signUpTo(DEMO.firstOpportunity);
  await makeLead(desk, "Rosa");
  await makeLead(desk, "Kit");
  await server.stop();
  await server.up(TWELVE_DAYS_MS);
  for (const one of [phone, second]) {
    await setPin(one);
    await one.go("/");
    await unlock(one);
    await one.page.getByRole("link", { name: "Take part", exact: true }).click();
    await one.link(DEMO.firstOpportunity).click();
    await one.link("Who is coming").click();
    await expect(one.button("Femi came")).toBeVisible({ timeout: 30_000 });
  }
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.button("Femi came").click();
  await second.button("Femi couldn't come").click();
  await expect(second.page.getByText("Couldn't come").first()).toBeVisible();
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("Not sent yet, safe here")).toHaveCount(0, { timeout: 30_000 });
  await expect
    .poll(async () => (await member.records("sign_up"))[0]?.body.state, { timeout: 30_000 })
    .toBe("attended");
});

test("who leads no more has nothing about others on their phone", async ({ desk, phone, server }) => {
  await phone.join("Rosa");
  const member = await Member.join(server, DEMO.teamlessCode, "Femi");
  await member.signUpTo(DEMO.firstOpportunity);
  await setPin(phone);
  await makeLead(desk, "Rosa");
  await goUnlocked(phone, "/my-phone");
  await expect.poll(async () => await dump(phone.page), { timeout: 30_000 }).toContain("lead:");
  await desk.page.getByRole("button", { name: `End: they lead ${DEMO.firstOpportunity} no more` }).click();
  await goUnlocked(phone, "/my-phone");
  await expect.poll(async () => await dump(phone.page), { timeout: 30_000 }).not.toContain("lead:");
});

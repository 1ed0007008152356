/** The server alone gives out places; a full session is a waiting list, never an error. */
import { Member } from "../member";
import { DEMO } from "../server";
import { expect, test } from "../test";

test("two people who asked with no signal for a session that filled up meanwhile are on its waiting list", async ({
  newPhone,
  phone,
  server,
}) => {
  const other = await newPhone();
  await phone.join("Sam");
  await other.join("Femi");
  for (const one of [phone, other]) {
    await one.worksOffline();
    await one.context.setOffline(true);
    await one.signUp(DEMO.firstOpportunity);
    await one.go("/my-sign-ups");
    await expect(one.page.getByText(/not yet a place/)).toBeVisible();
  }
  const withPlace: { member: Member; signUp: string }[] = [];
  for (let place = 0; place < DEMO.firstOpportunityPlaces; place += 1) {
    const member = await Member.join(server, DEMO.teamlessCode, `Person ${place}`);
    withPlace.push({ member, signUp: await member.signUpTo(DEMO.firstOpportunity) });
  }

  await phone.context.setOffline(false);
  await expect(phone.page.getByText("You are number 1 on the waiting list").first()).toBeVisible();
  await other.context.setOffline(false);
  await expect(other.page.getByText("You are number 2 on the waiting list").first()).toBeVisible();

  await withPlace[0]?.member.withdraw(withPlace[0].signUp);
  await phone.go("/my-sign-ups");
  await phone.button("Yes, I'd like the place").click();
  await expect(phone.page.getByText("You have a place").first()).toBeVisible();
  await other.go("/my-sign-ups");
  await expect(other.page.getByText("You are number 1 on the waiting list").first()).toBeVisible();
});

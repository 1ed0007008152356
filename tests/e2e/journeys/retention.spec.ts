/** How long things are kept: an admin changes it, and a member reads it, with no signal too. */
import { DEMO } from "../server";
import { expect, test } from "../test";

test("an admin says how long things are kept, and members read it", async ({ desk, phone }) => {
  await phone.join("Sam");
  await desk.page.context().clearCookies();
  await desk.signIn(DEMO.admin);
  await desk.open("/staff/retention");
  await desk.page.getByLabel("Shared check-ins and plans, in days").fill("90");
  await desk.page.getByRole("button", { name: "Keep things this long" }).click();
  await expect(desk.page.getByRole("status").filter({ hasText: "Changed." })).toBeVisible();

  await phone.go("/notice");
  await expect(phone.page.getByText("90 days after you sent them")).toBeVisible();
  await phone.expectNothingWaiting();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.go("/notice");
  await expect(phone.page.getByText("90 days after you sent them")).toBeVisible();
});

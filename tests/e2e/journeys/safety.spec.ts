/** Somebody on the desk is worried: from the check-in to the record, without script, and past a withdrawal. */
import { Desk } from "../desk";
import { expect, test } from "../test";

const WORRY = "Sam wrote that nothing will matter after Friday.";

test("staff worried about a check-in write it down, the lead reads it, and it stays when the member takes the check-in back", async ({
  adminDesk,
  browser,
  phone,
  server,
}) => {
  await adminDesk.setUpSafety();
  await phone.join("Sam");
  await phone.writeToTeam({ feeling: "Hard", note: "After Friday nothing matters" });
  await expect(phone.page.getByText("That note stays even if you take this back.")).toBeVisible();
  await phone.button(/^Send to/).click();
  await expect(phone.heading(/^Thank you/)).toBeVisible();
  await phone.expectNothingWaiting();

  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const desk = new Desk(await context.newPage());
  await desk.signIn();
  await desk.open("/staff/check-ins");
  await desk.openCheckIn("Sam");
  await expect(desk.page.getByText("After Friday nothing matters")).toBeVisible();

  // What to do and whom to ring stand first.
  await desk.worried.click();
  await expect(desk.page.getByText("This is about the check-in that Sam shared.")).toBeVisible();
  const ring = desk.page.getByRole("link", { name: "Ring Sam Okafor: 01632 960 200" });
  await expect(ring).toHaveAttribute("href", "tel:01632960200");
  await expect(desk.page.getByText(/^Checked on .* by Sam\./)).toBeVisible();

  // A mistake takes nothing away.
  await desk.page.getByLabel("What was decided").fill("Ring at 4pm");
  await desk.page.getByRole("button", { name: "Keep this record" }).click();
  await expect(desk.page.getByRole("alert")).toContainText("Please write what worried you.");
  await expect(desk.page.getByLabel("What was decided")).toHaveValue("Ring at 4pm");
  await desk.page.getByLabel("What worried you").fill(WORRY);
  await desk.page.getByRole("button", { name: "Keep this record" }).click();
  await expect(desk.page.getByText("These people can read it: Sam.")).toBeVisible();
  await expect(desk.page.getByText(WORRY)).toHaveCount(0);
  await expect(desk.page.getByRole("link", { name: "Safety records" })).toHaveCount(0);

  await adminDesk.open("/staff/check-ins");
  await adminDesk.page.getByRole("link", { name: /^Safety records 1/ }).click();
  await adminDesk.page.getByRole("link", { name: /^Open the record about Sam/ }).click();
  await expect(adminDesk.page.getByText(WORRY)).toBeVisible();
  await expect(adminDesk.page.getByText("Ring at 4pm")).toBeVisible();

  await phone.go("/check-ins");
  await phone.button("Take it back").click();
  await phone.expectNothingWaiting();
  // A page without script does not look again by itself.
  await expect(async () => {
    await desk.open("/staff/check-ins?show=opened");
    await expect(desk.rows("Sam")).toHaveCount(0, { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await adminDesk.page.reload();
  await expect(adminDesk.page.getByText(WORRY)).toBeVisible();

  await adminDesk.page.getByLabel("What you want to add").fill("Rang at 4pm. Safe at home with a friend.");
  await adminDesk.page.getByRole("button", { name: "Keep this entry" }).click();
  await expect(adminDesk.page.getByText("The entry is kept.")).toBeVisible();
  await expect(adminDesk.page.getByText("Rang at 4pm. Safe at home with a friend.")).toBeVisible();
  await context.close();
});

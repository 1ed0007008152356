/** Teams: an admin says when each reads and who covers, with script or without, and phones say it. */
import { Desk } from "../desk";
import { DEMO } from "../server";
import { expect, test } from "../test";

test("an admin changes when a team reads, without script, and the phone says so", async ({ browser, network, phone, server }) => {
  await phone.join("Alex");
  const office = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const admin = new Desk(await office.newPage());
  await admin.signIn(DEMO.admin);
  await admin.open("/staff/teams");
  await admin.page.getByRole("link", { name: "Open Harbour team" }).click();
  await admin.page.getByLabel("Monday").fill("nine to five");
  await admin.page.getByRole("button", { name: "Keep these" }).click();
  await expect(admin.page.getByRole("alert")).toContainText("Monday: these are no times");
  await expect(admin.page.getByLabel("Monday")).toHaveValue("nine to five");
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]) {
    await admin.page.getByLabel(day).fill("10:00-12:00, 13:00-16:30");
  }
  await admin.page.getByLabel("Who covers").selectOption({ label: "Nobody" });
  await admin.page.getByRole("button", { name: "Keep these" }).click();
  await expect(admin.page.getByText("Kept. Members")).toBeVisible();
  await office.close();

  await phone.expectSynced(network);
  await phone.writeToTeam({ note: "Hello" });
  const hours = "Harbour team reads these Monday to Friday, 10am to 12pm and 1pm to 4.30pm.";
  await expect(phone.page.getByText(hours)).toBeVisible();
  await expect(phone.page.getByText("When they are away")).toHaveCount(0);
});

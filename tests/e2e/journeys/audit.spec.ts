/** Who read what: an admin asks for some lines, and saves them as a file. */
import { readFileSync } from "node:fs";
import { expectNoViolations } from "../axe";
import { DEMO } from "../server";
import { expect, test } from "../test";

test("an admin finds the lines about one person and saves them as a file", async ({ adminDesk, desk, newPhone, phone }) => {
  await phone.join("=HYPERLINK(1)");
  await phone.share({ feeling: "Hard", note: "For the team", wants: "A message" });
  await phone.signUp(DEMO.staffOpportunity);
  await phone.expectNothingWaiting();
  const other = await newPhone();
  await other.join("Kim");
  await other.signUp(DEMO.staffOpportunity);
  await other.expectNothingWaiting();
  await desk.open("/staff/check-ins");
  await desk.openCheckIn("=HYPERLINK");
  await desk.open("/staff/sign-ups");
  await desk.openSignUp("Kim");

  const { page } = adminDesk;
  await page.goto("/staff/audit");
  await page.getByLabel("What they did").selectOption({ label: "Read a check-in" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("Shown here: Read a check-in.")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name: "All lines about this" }).click();
  await expect(page.getByText("Shown here: About =HYPERLINK(1).")).toBeVisible();
  await expectNoViolations(page, "the log about one person");

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save these lines as a file" }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^who-read-what-\d{4}-\d\d-\d\d\.csv$/);
  const file = readFileSync(await saved.path(), "utf8");
  expect(file).toMatch(/^\uFEFFLine,When,Who,/);
  const rows = file.trimEnd().split("\r\n");
  expect(rows).toHaveLength(2);
  expect(rows[1]).toContain(`,Priya,Read a check-in,,"'=HYPERLINK(1)",`);

  await page.goto("/staff/audit");
  await expect(page.getByRole("row").filter({ hasText: "Saved lines of this log as a file" })).toContainText("1 lines. About =HYPERLINK(1).");
  await expect(page.getByText(/^The log ends with line \d+, mark [0-9a-f]{4} /)).toBeVisible();
});

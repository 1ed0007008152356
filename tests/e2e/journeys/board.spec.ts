/** The board of sign-ups: who came, thanks, a name, a register and a file. */
import { readFileSync } from "node:fs";
import type { Desk } from "../desk";
import { lookEveryWay } from "../look";
import { Member } from "../member";
import { DEMO, type Server } from "../server";
import { expect, test } from "../test";

async function signedUp(server: Server, ...names: string[]): Promise<void> {
  for (const name of names) {
    const member = await Member.join(server, DEMO.teamlessCode, name);
    await member.signUpTo(DEMO.firstOpportunity);
  }
}

const box = (desk: Desk, name: string) => desk.page.getByRole("checkbox", { name: `Choose ${name} for` });

test("two people came and are thanked, a name is found, and the list is saved", async ({ desk, server }) => {
  await signedUp(server, "Femi", "Ada", "=Bo");
  const { page } = desk;
  await desk.open("/staff/sign-ups?show=placed");
  await box(desk, "Femi").check();
  // What is ticked stays so when something arrives meanwhile.
  await signedUp(server, "Cy");
  await page.waitForTimeout(1_000);
  await expect(box(desk, "Femi")).toBeChecked();
  await box(desk, "Ada").check();
  await lookEveryWay(page, "the board");
  await page.getByRole("button", { name: "They came" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Done: 2." })).toBeVisible();

  await page.getByRole("link", { name: /^Came/ }).click();
  await page.getByRole("checkbox", { name: "Everyone on this page" }).check();
  await page.getByRole("button", { name: "Thank…" }).click();
  await lookEveryWay(page, "thanking two");
  await page.getByLabel("Your words for each of them").fill("You asked good questions.");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("“You asked good questions.”")).toBeVisible();
  await lookEveryWay(page, "thanks, seen first");
  await page.getByRole("button", { name: "Send this and thank them" }).click();
  await expect(page.getByText("Done: 2.")).toBeVisible();
  await expect(desk.rows("Femi")).toContainText("Came and thanked");

  await page.getByLabel("Name").fill("fem");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(desk.rows("Femi")).toHaveCount(1);
  await expect(desk.rows("Ada")).toHaveCount(0);
  await desk.openSignUp("Femi");
  await expect(page.getByText("Priya: Thanked them")).toBeVisible();
  await page.getByRole("link", { name: "Change the thanks to Femi…" }).click();
  await lookEveryWay(page, "thanking one");
  await page.getByLabel("Travel paid, in pounds").fill("4.50");
  await page.getByRole("button", { name: "Change the thanks to Femi" }).click();
  await expect(page.getByText("£4.50")).toBeVisible();
  await lookEveryWay(page, "a sign-up with thanks");

  await desk.open("/staff/sign-ups?show=all");
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const file = readFileSync(await (await saving).path(), "utf8");
  expect(file.startsWith("\uFEFF")).toBe(true);
  expect(file).toContain("Femi,");
  expect(file, "no formula").toContain("\"'=Bo\"");
  expect(file).toContain("4.50");
});

test("a register fits A4, and a session can be saved for a calendar", async ({ desk, server }) => {
  await signedUp(server, "Femi", "Ada");
  const { page } = desk;
  await desk.open("/staff/sign-ups?show=placed");
  await page.getByLabel("For", { exact: true }).selectOption({ label: DEMO.firstOpportunity });
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByLabel("The session").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Show" }).click();
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save for a calendar" }).click();
  expect(readFileSync(await (await saving).path(), "utf8")).toContain("SUMMARY:Chorus\r\n");
  await page.getByRole("link", { name: "Register to print" }).click();
  await expect(page.getByRole("cell", { name: "Ada" })).toBeVisible();
  await lookEveryWay(page, "a register");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation").first()).toBeHidden();
  const paper = (await page.pdf({ format: "A4" })).toString("latin1");
  expect(paper.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

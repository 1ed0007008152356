/** Pictures of the board of sign-ups: lists, thanks, a name, a register on screen and on paper. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { Member } from "../member";
import { DEMO } from "../server";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("the board of sign-ups", async ({ desk, server }) => {
  const { page } = desk;
  for (const name of ["Femi", "Ada", "Bo", "Noor"]) {
    const member = await Member.join(server, DEMO.teamlessCode, name);
    await member.signUpTo(DEMO.firstOpportunity);
  }
  await desk.open("/staff/sign-ups?show=all");
  await page.getByRole("checkbox", { name: "Choose Femi for" }).check();
  await takeAll(page, "desk-board");
  await desk.open("/staff/sign-ups?show=placed");
  await page.getByLabel("For", { exact: true }).selectOption({ label: DEMO.firstOpportunity });
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByLabel("The session").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Show" }).click();
  await takeAll(page, "desk-board-session");
  await page.getByRole("link", { name: "Register to print" }).click();
  await takeAll(page, "desk-register");
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 718, height: 1047 });
  await page.screenshot({ path: `${FOLDER}/desk-register-paper.png` });
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("link", { name: "Back to the sign-ups" }).click();
  await page.getByRole("checkbox", { name: "Everyone on this page" }).check();
  await page.getByRole("button", { name: "They came" }).click();
  await page.getByRole("link", { name: /^Came/ }).click();
  await desk.openSignUp("Femi");
  await takeAll(page, "desk-sign-up-came");
  await page.getByRole("link", { name: "Thank Femi…" }).click();
  await takeAll(page, "desk-thank");
  await desk.open("/staff/sign-ups?show=came");
  await page.getByRole("checkbox", { name: "Everyone on this page" }).check();
  await page.getByRole("button", { name: "Thank…" }).click();
  await takeAll(page, "desk-thank-many");
});

async function takeAll(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

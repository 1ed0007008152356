/** Pictures of experiences at the desk, the themes, the impact report, and whom members can turn to. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("experiences at the desk", async ({ adminDesk, desk }) => {
  const { page } = desk;
  await desk.open("/staff/experiences");
  await takeWhole(page, "desk-experiences");
  await page.getByRole("link", { name: /^Open what Lark/ }).click();
  await takeWhole(page, "desk-experience");
  await page.getByRole("link", { name: "See the story" }).click();
  await takeWhole(page, "desk-story");
  await desk.open("/staff/themes");
  await page.getByText("The numbers in a table").first().click();
  await takeWhole(page, "desk-themes");
  await desk.open("/staff/impact");
  await takeWhole(page, "desk-impact");
  await desk.open("/staff/impact/print");
  await takeWhole(page, "desk-impact-paper");
  await adminDesk.open("/staff/experiences/settings");
  await takeWhole(adminDesk.page, "desk-independents");
});

async function takeWhole(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

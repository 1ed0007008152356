/** Pictures of staff learning: what there is to read, a lesson, a note, and a training. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("staff learning", async ({ desk }) => {
  const { page } = desk;
  await desk.open("/staff/learning");
  await takeWhole(page, "desk-learning");
  await page.getByRole("link", { name: "Start reading" }).click();
  await takeWhole(page, "desk-lesson");
  await desk.open("/staff/learning/notes?show=published");
  await page.getByRole("row").getByRole("link", { name: /^Open: / }).click();
  await takeWhole(page, "desk-note");
  await page.getByRole("link", { name: "See by team" }).click();
  await takeWhole(page, "desk-note-readers");
  await desk.open("/staff/learning/trainings/new");
  await page.getByLabel("What it is called").fill("Kinder letters in ten minutes");
  await page.getByLabel("Whose work it is").selectOption("Letters and words");
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.getByLabel("What you say first").fill("We are people who got these letters.");
  await page.getByLabel(/^Place of “We have kept a time for you/).fill("1");
  await page.getByRole("button", { name: "Keep it", exact: true }).click();
  await takeWhole(page, "desk-training");
  const { pathname } = new URL(page.url());
  await desk.open(`${pathname}/present#slide-1`);
  await takeWhole(page, "desk-training-present");
  await desk.open(`${pathname}/handout`);
  await takeWhole(page, "desk-training-handout");
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

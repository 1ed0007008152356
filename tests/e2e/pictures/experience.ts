/** Pictures of Your experience on a phone, and of the stories that everyone reads. */
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { DEMO } from "../server";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const SOON = { timeout: 30_000 };

test.setTimeout(300_000);

test("telling how it was, and what comes of it", async ({ phone, server }) => {
  const { page } = phone;
  await phone.join("Sam");
  server.seed({ name: ["Odile Marsh", "A trustee, who works in no team"] });
  server.seed({ name: ["Bram Reed", "The chaplain at St Anne's"] });
  await phone.go("/your-experience");
  await takeAll(page, "experience");
  await phone.link("Tell us how it was").click();
  await takeAll(page, "experience-before");
  await phone.button("Start").click();
  await phone.choose("Crisis care");
  await takeAll(page, "experience-stage");
  await phone.button("Next").click();
  await page.getByRole("textbox", { name: "What was good?" }).fill("Somebody sat with me all night, and made tea.");
  await takeAll(page, "experience-good");
  await phone.button("Next").click();
  await phone.button("Next").click();
  await page.getByRole("textbox", { name: "When was it, about?" }).fill("Last winter");
  await phone.button("Next").click();
  await phone.choose("Yes");
  await takeAll(page, "experience-about");
  await phone.button("Next").click();
  await page.getByRole("radio", { name: /^Odile Marsh/ }).waitFor(SOON);
  await takeAll(page, "experience-person");
  await phone.button("Back").click();
  await phone.choose("No");
  await phone.button("Next").click();
  await phone.choose("For anyone to read, with my name");
  await takeAll(page, "experience-use");
  await phone.button("Next").click();
  await page.getByRole("textbox", { name: "What name should we show?" }).fill("Kit");
  await phone.button("Next").click();
  await phone.choose("Yes");
  await phone.button("Next").click();
  await page.getByRole("checkbox", { name: `Yes, send this to ${DEMO.team}` }).check();
  await takeAll(page, "experience-check");
  await phone.button("Send").click();
  await expect(page.getByText(/^Sent /)).toBeVisible(SOON);
  await takeAll(page, "experience-done");
  const path = (await phone.link("What you told us").first().getAttribute("href")) ?? "";
  server.seed({ reply: ["Thank you for this. We talked about it on Tuesday.", "There is a quiet room on each floor now."] });
  const story = randomUUID();
  server.seed({ propose: [story, "Somebody sat with me all night, and made tea. I have not forgotten it."] });
  await expect(async () => {
    await phone.go(path);
    await expect(phone.button("Yes, you can tell it in these words")).toBeVisible({ timeout: 3_000 });
  }).toPass(SOON);
  await takeAll(page, "experience-one");
  await phone.button("Yes, you can tell it in these words").click();
  await expect(page.getByText("You said yes to these words.", { exact: false })).toBeVisible(SOON);
  server.seed({ publish: story });
  await page.goto(`/stories/${story}`);
  await takeAll(page, "story");
  await page.goto("/stories");
  await takeAll(page, "stories");
});

async function takeAll(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.setViewportSize(SIZES.phone);
  await page.emulateMedia({ colorScheme: "light" });
}

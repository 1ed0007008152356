/** Pictures of joining: the papers as they are printed, a code that is full, and a name that is changed. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
/** At 96 dots an inch, without the margins. */
const A4 = { width: 703, height: 1032 };

test.setTimeout(120_000);

test("papers, a full code and a new name", async ({ desk, newPhone, phone }) => {
  const { page } = desk;
  await page.goto("/staff/join-codes");
  await page.getByLabel("Name").fill("Spring open day");
  await page.getByLabel("Last day").fill("2090-12-25");
  await page.getByLabel("For how many people").fill("1");
  await page.getByRole("button", { name: "Make the code" }).click();
  await take(page, "desk-join-code-made");
  const one = page.url().replace(/\?.*/, "");
  const shown = (await page.getByText(/\/join\//).last().innerText()).split("/").pop() ?? "";
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(A4);
  for (const paper of ["poster", "cards"]) {
    await page.goto(`${one}/${paper}`);
    await page.screenshot({ path: `${FOLDER}/paper-${paper}.png` });
  }

  await phone.go(`/join/${shown}`);
  await phone.page.getByLabel("What should we call you?").fill("Sam");
  await phone.button("Join").click();
  await expect(phone.heading("You have joined, Sam.")).toBeVisible();
  const late = await newPhone();
  await late.go(`/join/${shown}`);
  await late.button("Join").click();
  await expect(late.page.getByRole("alert")).toContainText("Ask your service");
  await take(late.page, "join-full");
  await phone.go("/my-phone");
  await phone.button("Change my name").click();
  await expect(phone.page.getByLabel("What should we call you?")).toHaveValue("Sam");
  await take(phone.page, "my-phone-name");
});

async function take(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

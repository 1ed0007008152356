/** Pictures of a copy: its screen, what was found in one, one with a passphrase, and the page to read. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { DEMO } from "../server";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("a copy of everything", async ({ newPhone, page, phone }) => {
  await phone.join("Sam");
  await phone.keep({ feeling: "Up and down", note: "Slept a bit better. The canal was quiet." });
  await phone.share({ feeling: "Hard", note: "A long week.", wants: "A message" });
  await phone.signUp(DEMO.staffOpportunity, { needs: "A quiet room", note: "I used to read letters for a living." });
  await phone.expectNothingWaiting();
  await phone.write({ note: "Half of a thought" });
  await phone.expectDraft("Half of a thought");
  const save = async (button: string, passphrase = "") => {
    await phone.go("/my-phone/copy");
    await phone.page.getByText("What is in it now").waitFor();
    await phone.page.getByLabel("A passphrase, if you want one").fill(passphrase);
    await phone.page.getByLabel("The passphrase once more").fill(passphrase);
    const coming = phone.page.waitForEvent("download");
    await phone.button(button).click();
    const download = await coming;
    const path = test.info().outputPath(download.suggestedFilename());
    await download.saveAs(path);
    return path;
  };
  const json = await save("Save a copy for another phone");
  const sealed = await save("Save a copy for another phone", "four words with no link");
  const html = await save("Save a copy to read");
  await phone.page.getByText(/^Saving chorus-copy-/).waitFor();
  await takeAll(phone.page, "copy-saved");
  await page.goto(`file://${html}`);
  await takeAll(page, "copy-to-read");

  const other = await newPhone();
  await other.go("/my-phone/copy");
  const field = other.page.getByLabel("Pick the file");
  await field.setInputFiles(sealed);
  await expect(other.page.getByText("This copy has a passphrase.")).toBeVisible();
  await takeAll(other.page, "copy-sealed");
  await field.setInputFiles(json);
  await expect(other.page.getByText("A copy of Sam, made")).toBeVisible();
  await takeAll(other.page, "copy-found");
  await other.button("Bring it back").click();
  await expect(other.page.getByText("It is back.")).toBeVisible();
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

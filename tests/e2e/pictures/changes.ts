/** Pictures of what changed: at the desk, and on a phone. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { agreeAndPublish, writeChange } from "../changes";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("what changed", async ({ adminDesk, desk, network, phone }) => {
  const { page } = desk;
  await writeChange(desk);
  await takeWhole(page, "desk-change-draft");
  await page.getByRole("link", { name: "Change the words" }).click();
  await takeWhole(page, "desk-change-write");
  await page.goBack();
  await adminDesk.open("/staff/changes");
  await takeWhole(adminDesk.page, "desk-changes");
  const old = await agreeAndPublish(adminDesk, page);
  await takeWhole(adminDesk.page, "desk-change");
  await phone.go("/what-changed");
  await takeWhole(phone.page, "what-changed");
  await phone.go(old);
  await phone.button("Copy the address").waitFor();
  await takeWhole(phone.page, "change");
  await phone.go("/what-changed");
  await phone.link(/^Please open one evening/).click();
  await phone.button("Copy the address").waitFor();
  await takeWhole(phone.page, "change-not-yet");
  await adminDesk.page.getByRole("button", { name: "Put it right" }).click();
  await adminDesk.page.getByLabel("Who took part").fill("Seven people.");
  await adminDesk.page.getByRole("button", { name: "Keep it", exact: true }).click();
  await agreeAndPublish(desk, adminDesk.page);
  await phone.expectSynced(network);
  await phone.go(old);
  await phone.page.getByText("We have put this right since.").waitFor();
  await takeWhole(phone.page, "change-put-right");
  await page.getByRole("link", { name: "Take it down…" }).click();
  await takeWhole(page, "desk-change-take-down");
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

/** Pictures of the desk of a lead: their account, their board, a new opportunity, and what is for staff. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { Desk } from "../desk";
import { openGroup, writeGroup } from "../groups";
import { startWriting } from "../programme";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const EMAIL = "lee@charity.example";

test.setTimeout(300_000);

test("the desk of a lead", async ({ adminDesk, browser, server }) => {
  const address = await adminDesk.invite("Lee", EMAIL, "Lead");
  const lee = new Desk(await (await browser.newContext({ baseURL: server.url })).newPage());
  await lee.comeIn(address, "four blue boats at noon");
  await writeGroup(adminDesk, "Letters group");
  await openGroup(adminDesk.page, "Lee", "Priya");
  await lee.open("/staff/account");
  await takeAll(lee.page, "desk-lead-account");
  await lee.open("/staff/sign-ups");
  await takeAll(lee.page, "desk-lead-board");
  await lee.open("/staff/groups");
  await takeAll(lee.page, "desk-lead-groups");
  await lee.page.getByRole("link", { name: "Open the group Letters group" }).click();
  await takeAll(lee.page, "desk-lead-group");
  await lee.open("/staff/check-ins");
  await takeAll(lee.page, "desk-lead-for-staff");
  await lee.open("/staff/opportunities/new");
  await takeAll(lee.page, "desk-lead-opportunity-new");
  await startWriting(lee, "Kinder letters");
  await takeAll(lee.page, "desk-lead-opportunity-write");
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

/** Pictures of what leaves the desk for one opportunity: its poster, also on paper, and calendar addresses. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { goUnlocked, setPin } from "../pin";
import { DEMO } from "../server";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
/** At 96 dots an inch, without the margins. */
const A4 = { width: 703, height: 1032 };

test.setTimeout(180_000);

test("the poster of an opportunity", async ({ desk, phone }) => {
  const { page } = desk;
  await page.goto("/staff/opportunities?show=published");
  await page.getByRole("link", { name: `Open ${DEMO.staffOpportunity}` }).click();
  await take(page, "desk-opportunity-sessions");
  const opportunity = page.url();
  await page.getByRole("link", { name: /^Open the session/ }).first().click();
  await take(page, "desk-session-day");
  await page.goto(`${opportunity}/poster`);
  await take(page, "desk-poster");
  await page.goto(`${opportunity}/poster?code=STARDEMO`);
  await take(page, "desk-poster-made");
  const way = await page.getByText(/\/join\/STAR-DEMO\/[0-9a-f]{6}$/).innerText();
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(A4);
  await page.screenshot({ path: `${FOLDER}/paper-opportunity.png` });
  await page.emulateMedia({ media: null });
  await phone.go(way.slice(way.indexOf("/")));
  await take(phone.page, "join-poster");
});

test("calendar addresses", async ({ desk, phone }) => {
  const { page } = desk;
  await phone.join("Rosa");
  await desk.open("/staff/people?name=Rosa");
  await page.getByRole("link", { name: /^Open Rosa/ }).click();
  await page.getByLabel("An opportunity").selectOption({ label: DEMO.firstOpportunity });
  await page.getByRole("button", { name: "They lead this" }).click();
  await setPin(phone);
  await goUnlocked(phone, "/");
  await phone.page.getByRole("link", { name: "Take part", exact: true }).click();
  await phone.link(DEMO.firstOpportunity).click();
  await phone.link("Who is coming").click();
  await expect(phone.button("Make my link")).toBeVisible();
  await take(phone.page, "lead-calendar");
  await phone.button("Make my link").click();
  await expect(phone.link("Put it in my calendar")).toBeVisible();
  await phone.page.locator(".address").evaluate((it) => (it.textContent = it.textContent.replace(/[0-9a-f]{64}/, "0123456789abcdef".repeat(4))));
  await take(phone.page, "lead-calendar-made");

  await page.goto("/staff/account/calendar");
  await take(page, "desk-calendar");
  await page.getByRole("button", { name: "Make my address" }).click();
  await page.locator(".key").evaluate((it) => (it.textContent = it.textContent.replace(/[0-9a-f]{64}/, "0123456789abcdef".repeat(4))));
  await take(page, "desk-calendar-made");
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

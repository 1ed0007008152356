/** Every screen, for everyone: no axe violation and no sideways scrolling, in light and dark, small and large. */
import type { Page } from "@playwright/test";
import { expectNoSidewaysScrolling, expectNoViolations } from "../axe";
import { memberScreens, NOT_FOUND, safetyScreens, staffScreens } from "../screens";
import { DEMO } from "../server";
import { expect, test } from "../test";

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };
/** 320 px is also 1280 px at 400% zoom. */
const SMALLEST = { width: 320, height: 640 };

test("no member screen has an axe violation or scrolls sideways", async ({ phone }) => {
  await phone.join("Sam");
  await phone.keep({ feeling: "Hard", note: "For me" });
  await phone.share({ feeling: "OK", note: "For the team" });
  const screens = await memberScreens(phone);
  for (const { name, path, heading } of [...screens, NOT_FOUND]) {
    await phone.go(path);
    await expect(phone.heading(heading)).toBeVisible();
    await lookEveryWay(phone.page, name);
    await phone.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await expectNoSidewaysScrolling(phone.page, `${name} with text at 200%`);
  }
});

test("no staff screen has an axe violation or scrolls sideways", async ({ desk, phone }) => {
  await phone.join("Sam");
  await phone.share({ feeling: "Hard", note: "For the team", wants: "A message" });
  await phone.signUp(DEMO.staffOpportunity, { needs: "A quiet room", note: "See you there" });
  await phone.expectNothingWaiting();
  for (const { name, path } of await staffScreens(desk)) {
    await desk.page.goto(path);
    await lookEveryWay(desk.page, name);
  }
});

test("no page about safety or mail has an axe violation or scrolls sideways", async ({ admin, desk, phone }) => {
  await phone.join("Sam");
  await phone.share({ feeling: "Hard", note: "For the team", wants: "A message" });
  await phone.expectNothingWaiting();
  for (const { by, name, path, heading } of await safetyScreens(desk, admin)) {
    await by.page.goto(path);
    await expect(by.page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await lookEveryWay(by.page, name);
  }
});

async function lookEveryWay(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const size of [PHONE, DESKTOP]) {
      await page.setViewportSize(size);
      await expectNoViolations(page, `${name}, ${colorScheme}, ${size.width} px`);
    }
  }
  await page.setViewportSize(SMALLEST);
  await expectNoSidewaysScrolling(page, `${name} at ${SMALLEST.width} px`);
  await page.setViewportSize(PHONE);
}

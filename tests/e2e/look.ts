/** A page in light and dark, on a phone and on a computer, with axe; and on the smallest screen. */
import type { Page } from "@playwright/test";
import { expectNoSidewaysScrolling, expectNoViolations } from "./axe";

export const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };
/** 320 px is also 1280 px at 400% zoom. */
const SMALLEST = { width: 320, height: 640 };

export async function lookEveryWay(page: Page, name: string): Promise<void> {
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

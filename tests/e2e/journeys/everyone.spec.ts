/** Every screen, for everyone: no axe violation and no sideways scrolling, in light and dark, small and large. */
import type { Page } from "@playwright/test";
import { expectNoSidewaysScrolling, expectNoViolations } from "../axe";
import { memberScreens, NOT_FOUND, staffScreens } from "../screens";
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

test("no screen before joining, and none with a code on it, has an axe violation or scrolls sideways", async ({
  desk,
  phone,
}) => {
  for (const { path, heading } of [
    { path: "/join", heading: "Join Chorus" },
    { path: "/join/482190357716", heading: "Add this phone" },
    { path: "/my-phone/phones", heading: "My phones" },
    { path: "/my-phone/leave", heading: "Leave on this phone" },
  ]) {
    await phone.go(path);
    await expect(phone.heading(heading)).toBeVisible();
    await lookEveryWay(phone.page, path);
  }
  await phone.join("Sam");
  await phone.expectNothingWaiting();
  await phone.go("/my-phone/phones");
  await phone.button("Show me a code").click();
  await expect(phone.page.getByText(/^\d{4} \d{4} \d{4}$/)).toBeVisible();
  await lookEveryWay(phone.page, "a code on the phone");
  await desk.open("/staff/people");
  await desk.page.getByRole("link", { name: "Open Sam" }).click();
  await desk.page.getByLabel("In person").check();
  await desk.page.getByRole("button", { name: "Make a code" }).click();
  await expect(desk.page.getByText(/^\d{4} \d{4} \d{4}$/)).toBeVisible();
  await lookEveryWay(desk.page, "a code at the desk");
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

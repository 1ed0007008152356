/** Pictures of every screen for docs/screens: phone and desktop, light and dark, with believable things on them. */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { DEMO } from "../server";
import { PIN, setPin, tryPin } from "../pin";
import { adminScreens, memberScreens, safetyScreens, type Screen, staffScreens } from "../screens";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);
test.beforeAll(() => mkdirSync(FOLDER, { recursive: true }));

test("member screens", async ({ desk, phone }) => {
  await phone.join("Sam");
  await phone.keep({ feeling: "Up and down", note: "Slept a bit better. Walked to the shop and back." });
  await phone.share({ feeling: "OK", note: "The new letters are easier to read." });
  await phone.signUp(DEMO.staffOpportunity, { needs: "A chair near the door" });
  await phone.expectNothingWaiting();
  await desk.open("/staff/sign-ups");
  await desk.openSignUp("Sam");
  await desk.givePlace();
  const screens = await memberScreens(phone);
  await phone.go("/my-sign-ups");
  await phone.page.getByText("You have a place").first().waitFor();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.signUp(DEMO.firstOpportunity);
  for (const screen of screens) {
    await phone.go(screen.path);
    await expect(phone.heading(screen.heading)).toBeVisible();
    if (screen.shows) await expect(phone.link(screen.shows)).toBeVisible();
    await takeAll(phone.page, screen);
  }
});

test("the screens of a phone with a PIN", async ({ phone }) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ feeling: "OK", note: "The new letters are easier to read." });
  await phone.signUp(DEMO.staffOpportunity);
  await takeAll(phone.page, { name: "pin-question" }, true);
  await setPin(phone, PIN);
  await takeAll(phone.page, { name: "pin-on" }, true);
  await phone.go("/");
  await expect(phone.heading("Chorus is locked")).toBeVisible();
  await takeAll(phone.page, { name: "locked" });
  await phone.button("I've forgotten my PIN").click();
  await takeAll(phone.page, { name: "locked-forgotten" }, true);
  await phone.button("No, go back").click();
  for (let wrong = 0; wrong < 5; wrong += 1) {
    await tryPin(phone, `99999${wrong}`);
    await expect(phone.page.getByRole("alert").filter({ hasText: "That's not it" })).toBeVisible({ timeout: 30_000 });
    await expect(phone.page.getByLabel("Your PIN or phrase")).toHaveValue("");
  }
  await takeAll(phone.page, { name: "locked-wait" });
  await phone.link("Hide").click();
  await expect(phone.heading("Notes")).toBeVisible();
  await takeAll(phone.page, { name: "notes" });
});

test("staff screens", async ({ adminDesk, desk, phone }) => {
  await phone.join("Sam");
  await phone.share({ feeling: "Hard", note: "It has been a long week.", wants: "A message" });
  await phone.signUp(DEMO.staffOpportunity, { needs: "A chair near the door" });
  await phone.expectNothingWaiting();
  for (const screen of await staffScreens(desk)) {
    const { page } = screen.admin ? adminDesk : desk;
    await page.goto(screen.path);
    await expect(page.getByRole("heading", { level: 1, name: screen.heading })).toBeVisible();
    await takeAll(page, screen);
  }
});

test("a check-in that is looked after, on both sides, and the teams", async ({ adminDesk, desk, network, phone }) => {
  await phone.join("Alex");
  await phone.worksOffline();
  await phone.share({ feeling: "Hard", note: "It has been a long week.", wants: "A message" });
  await phone.expectNothingWaiting();
  await desk.open("/staff/check-ins");
  await desk.openCheckIn("Alex");
  const checkIn = new URL(desk.page.url()).pathname;
  await desk.page.getByLabel("Words for Alex").fill("Thank you for telling us. Shall we talk tomorrow at 10?");
  await desk.page.getByRole("button", { name: "See what Alex will see" }).click();
  await takeAll(desk.page, { name: "desk-reply", path: "", heading: "" });
  await desk.page.getByRole("button", { name: "Send this" }).click();
  await phone.expectSynced(network);
  await phone.go("/check-ins");
  await expect(phone.button("Answer back")).toBeVisible();
  await phone.context.setOffline(true);
  await phone.button("Answer back").click();
  await phone.page.getByLabel("Your answer").fill("Yes, please. Mornings are good.");
  await phone.button("Send").last().click();
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await takeWhole(phone.page, "check-ins-answered");
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await desk.page.goto(checkIn);
  await takeWhole(desk.page, "desk-check-in-looked-after");
  for (const screen of await adminScreens(adminDesk)) {
    await adminDesk.page.goto(screen.path);
    await takeAll(adminDesk.page, screen);
  }
});

/** From top to bottom, where what is new stands below the first screenful. */
async function takeWhole(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

test("safety and mail screens", async ({ adminDesk, desk, phone }) => {
  await phone.join("Sam");
  await phone.share({ feeling: "Hard", note: "Nothing will matter after Friday.", wants: "A message" });
  await phone.expectNothingWaiting();
  for (const screen of await safetyScreens(desk, adminDesk)) {
    await screen.by.page.goto(screen.path);
    await takeAll(screen.by.page, screen);
  }
});

async function takeAll(page: Page, { name }: Pick<Screen, "name">, fullPage = false): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage });
    }
  }
}

/** Pictures of My plan: empty, written, each of its screens, in Help now, on paper, and at the desk. */
import { resolve } from "node:path";
import { expect, type Page } from "@playwright/test";
import { addPerson, openPart, PART, showInHelpNow, writePart } from "../plan";
import { setPin } from "../pin";
import { DEMO } from "../server";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("my plan", async ({ desk, phone }) => {
  await phone.join("Sam");
  await phone.go("/my-plan");
  await expect(phone.page.getByText("Who to contact")).toBeVisible();
  await takeAll(phone.page, "my-plan");
  await writePart(phone, PART.signs, "I stop opening the post.\nI sleep in the day.");
  await writePart(phone, PART.helps, "Tea on the back step\nA walk to the lock and back\nRadio on, low");
  await addPerson(phone, "Odile, my sister", "07700 900123", "A text first is best");
  await addPerson(phone, "Harbour duty line", "01174 960000");
  await writePart(phone, PART.unwell, "Please ring Odile. I'd like to stay at home if I can. Someone needs to feed Biscuit.");
  await openPart(phone, PART.small);
  await phone.page.getByLabel("Your words").fill("Open a window");
  await takeAll(phone.page, "my-plan-write");
  await phone.link("Done").click();
  await showInHelpNow(phone, "Tea on the back step", "Odile, my sister, 07700 900123");
  await takeAll(phone.page, "my-plan-written");
  await phone.page.getByRole("link", { name: "Change: Odile, my sister" }).click();
  await takeAll(phone.page, "my-plan-person");
  await phone.go("/my-plan#lines");
  await expect(phone.page.getByRole("button", { name: "Radio on, low" })).toBeVisible();
  await takeAll(phone.page, "my-plan-lines");
  await phone.go("/my-plan#before");
  await takeAll(phone.page, "my-plan-before");
  await phone.go("/my-plan#share");
  await expect(phone.button(`Send to ${DEMO.team}`)).toBeVisible();
  await takeAll(phone.page, "my-plan-share");
  await phone.page.getByRole("checkbox", { name: "can see my plan" }).check();
  await phone.button(`Send to ${DEMO.team}`).click();
  await phone.expectNothingWaiting();
  await desk.open("/staff/plans");
  await takeAll(desk.page, "desk-plans");
  await desk.page.getByRole("link", { name: "Open the plan of Sam" }).click();
  await takeAll(desk.page, "desk-plan");
  await phone.go("/my-plan");
  await writePart(phone, PART.small, "Open a window. Or not.");
  await phone.go("/my-plan#share");
  await expect(phone.page.getByText("Your plan has changed since.")).toBeVisible();
  await takeAll(phone.page, "my-plan-shared");
  await phone.go("/my-plan");
  await phone.button("Print").click();
  await phone.page.setViewportSize({ width: 794, height: 1123 });
  await phone.page.emulateMedia({ media: "print", colorScheme: "light" });
  await phone.page.screenshot({ path: `${FOLDER}/paper-plan.png`, fullPage: true });
  await phone.page.emulateMedia({ media: "screen" });
  await setPin(phone);
  await phone.go("/help-now");
  await expect(phone.page.getByRole("heading", { name: "From my plan" })).toBeVisible();
  await takeAll(phone.page, "help-now-plan");
});

async function takeAll(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: size === "phone" });
    }
  }
}

/** Pictures of what makes it easier: asked, offered again, and on My phone; and how the desk shows it. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { DEMO } from "../server";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const SHOW = "You can show this to the people who run it";

test.setTimeout(300_000);

test("what makes it easier", async ({ desk, phone }) => {
  await phone.join("Sam");
  await phone.startSignUp(DEMO.firstOpportunity);
  const show = phone.page.getByRole("checkbox", { name: SHOW });
  await phone.nextUntil(show);
  await phone.page.getByRole("textbox", { name: "What would make this easier for you?" }).fill("A seat by the door");
  await show.check();
  await phone.page.getByRole("checkbox", { name: "Keep this for next time" }).check();
  await takeAll(phone.page, "needs-first");
  await phone.nextUntil(phone.button("Ask for a place"));
  await takeAll(phone.page, "needs-check");
  await phone.button("Ask for a place").click();
  await phone.expectNothingWaiting();
  await takeAll(phone.page, "needs-kept");
  await phone.button("Delete it").click();
  await takeAll(phone.page, "needs-delete");
  await phone.button("No, leave it").click();
  await phone.button("Change it").click();
  await takeAll(phone.page, "needs-change");
  await phone.startSignUp(DEMO.staffOpportunity);
  await phone.nextUntil(phone.page.getByText("Same as last time?"));
  await takeAll(phone.page, "needs-again");
  await phone.choose("Yes, the same");
  await takeAll(phone.page, "needs-again-same");
  await phone.nextUntil(phone.button("Ask for a place"));
  await phone.button("Ask for a place").click();
  await phone.expectNothingWaiting();
  await desk.open("/staff/sign-ups");
  await desk.openSignUp("Sam");
  await takeAll(desk.page, "desk-needs-shown");
  await desk.open("/staff/sign-ups");
  await desk.openSignUp("Sam");
  await takeAll(desk.page, "desk-needs-not-shown");
  await desk.open("/staff/sign-ups");
  await takeAll(desk.page, "desk-sign-ups-export");
  await desk.open("/staff/enter");
  await takeAll(desk.page, "desk-enter-needs");
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

/** Pictures for docs/screens: reminders on My phone, the calendar on My sign-ups, and Today the day before. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { Member } from "../member";
import { before, dayOf, mayNotify, turnOn } from "../reminders";
import { DEMO } from "../server";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(120_000);

test("reminders", async ({ network, phone, server }) => {
  const { page } = phone;
  await mayNotify(phone);
  await phone.join("Sam");
  await phone.signUp(DEMO.firstOpportunity);
  await phone.go("/my-sign-ups");
  await page.getByText("You have a place").first().waitFor();
  const day = await dayOf(Member.behind(server, network), DEMO.firstOpportunity);
  await takeAll(page, "my-sign-ups-place");
  await phone.go("/my-phone");
  await phone.button("Remind me the day before").waitFor();
  await takeAll(page, "reminders-off", "Reminders");
  await turnOn(phone);
  await takeAll(page, "reminders-on", "Reminders");
  await phone.context.clock.setFixedTime(before(day));
  await phone.go("/");
  await expect(page.getByRole("heading", { name: "Tomorrow" })).toBeVisible();
  await takeAll(page, "today-tomorrow");
});

/** With this heading at the top, where there is one. */
async function takeAll(page: Page, name: string, heading?: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (heading) await page.getByRole("heading", { name: heading, exact: true }).evaluate((it) => it.scrollIntoView());
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png` });
    }
  }
}

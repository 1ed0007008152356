/** Pictures of what only more than one phone shows: a code, a new phone, a lost one, a cleared one. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("phones, codes and a cleared phone", async ({ desk, newPhone, phone }) => {
  await phone.join("Sam");
  await phone.expectNothingWaiting();
  const code = await phone.showCode();
  await takeAll(phone.page, "my-phones-code");
  const second = await newPhone();
  await second.go(`/join/${code}`);
  await expect(second.heading("Add this phone")).toBeVisible();
  await takeAll(second.page, "join-add");
  await second.button("Join").click();
  await expect(second.heading("You have joined, Sam.")).toBeVisible();
  await phone.go("/");
  await phone.page.getByText(/^A new phone of yours/).waitFor();
  await takeAll(phone.page, "today-new-phone");
  await phone.go("/my-phone/phones");
  await takeAll(phone.page, "my-phones-two");
  await phone.button("It is lost").click();
  await takeAll(phone.page, "my-phones-lost");
  await second.worksOffline();
  await second.context.setOffline(true);
  await second.share({ note: "Not sent" });
  await second.go("/my-phone/leave");
  await second.page.getByText("1 thing is waiting to be sent.").waitFor();
  await takeAll(second.page, "leave-unsent");
  await phone.button("Yes, clear it").click();
  await expect(phone.page.getByText("Lost. It will clear itself when it next gets signal.")).toBeVisible();
  await phone.expectNothingWaiting();
  await second.context.setOffline(false);
  await second.page.getByText("This phone was asked to be cleared.").waitFor({ timeout: 30_000 });
  await takeAll(second.page, "cleared");

  await desk.open("/staff/people");
  await desk.page.getByRole("link", { name: "Open Sam" }).click();
  await desk.page.getByLabel("In person").check();
  await desk.page.getByRole("button", { name: "Make a code" }).click();
  await desk.page.getByText(/^\d{4} \d{4} \d{4}$/).waitFor();
  await takeAll(desk.page, "desk-code");
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

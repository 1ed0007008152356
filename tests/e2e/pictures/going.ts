/** Pictures of deleting what was shared and of leaving Chorus: the questions, the waits and the ends. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { DEMO } from "../server";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("deleting what was shared, and leaving Chorus", async ({ desk, phone }) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.share({ feeling: "OK", note: "The new letters are easier to read." });
  await phone.signUp(DEMO.firstOpportunity, { needs: "A chair near the door" });
  await phone.expectNothingWaiting();
  await desk.open("/staff/sign-ups");
  await desk.openSignUp("Sam");
  await phone.context.setOffline(true);
  await phone.go("/my-phone/delete-shared");
  await phone.button("Delete what I shared").click();
  await takeAll(phone.page, "delete-shared-sure");
  await phone.button("Yes, delete it").click();
  await phone.page.getByText(/^Not sent yet/).waitFor();
  await takeAll(phone.page, "delete-shared-waits");
  await phone.context.setOffline(false);
  await phone.page.getByText("Nothing that you shared is left with us.").waitFor({ timeout: 50_000 });
  await takeAll(phone.page, "delete-shared-over");

  await phone.context.setOffline(true);
  await phone.share({ note: "Not sent" });
  await phone.go("/my-phone/leave-chorus");
  await phone.page.getByText("1 thing is waiting to be sent.").waitFor();
  await takeAll(phone.page, "leave-chorus-unsent");
  await phone.button("Leave without sending").click();
  await takeAll(phone.page, "leave-chorus-sure");
  await phone.button("Yes, leave Chorus").click();
  await phone.page.getByText("Not sent yet. You have not left.").waitFor();
  await takeAll(phone.page, "leave-chorus-waits");
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("You have left Chorus.")).toBeVisible({ timeout: 50_000 });
  await takeAll(phone.page, "left-chorus");
  await desk.page.reload();
  await takeAll(desk.page, "desk-someone-who-left");
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

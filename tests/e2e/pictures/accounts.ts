/** Pictures of staff accounts: the list, inviting, being invited, two-step sign-in, and "Is it still you?". */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { code } from "../authenticator";
import { Desk } from "../desk";
import { DEMO } from "../server";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const PASSWORD = "four blue boats at noon";
const LATER_MS = 11 * 60_000;

test.setTimeout(300_000);

test("staff accounts, from an invitation to a code", async ({ adminDesk, browser, desk, server }) => {
  const { page } = adminDesk;
  await desk.open("/staff/sign-ups");
  const address = await adminDesk.invite("Noor", "noor@charity.example");
  await takeAll(page, "desk-invite-address");
  await adminDesk.open("/staff/accounts/invite");
  await takeAll(page, "desk-invite");
  await adminDesk.open("/staff/accounts");
  await takeAll(page, "desk-accounts");
  await page.getByRole("link", { name: "Open the account of Priya" }).click();
  await takeAll(page, "desk-account");

  const noor = new Desk(await (await browser.newContext({ baseURL: server.url })).newPage());
  await noor.page.goto(address);
  await takeAll(noor.page, "desk-invited");
  await noor.page.getByLabel("Choose a password").fill(PASSWORD);
  await noor.page.getByRole("button", { name: "Make my account" }).click();
  await takeAll(noor.page, "desk-my-account");
  await noor.page.getByRole("link", { name: "Turn two-step sign-in on" }).click();
  await takeAll(noor.page, "desk-two-step");
  const { key } = await noor.setUpTwoStep();
  await takeAll(noor.page, "desk-recovery-codes");
  await noor.page.getByRole("link", { name: "I have kept them" }).click();
  await noor.signOut("Sign out everywhere");
  await noor.signIn("noor@charity.example", PASSWORD);
  await takeAll(noor.page, "desk-code");
  await noor.page.getByLabel("Code").fill(code(key, 1));
  await noor.page.getByRole("button", { name: "Sign in" }).click();
  await noor.open("/staff/account");
  await takeAll(noor.page, "desk-my-account-two-step");
  await server.stop();
  await server.up(LATER_MS);
  await noor.page.getByRole("button", { name: "Turn it off" }).click();
  await takeAll(noor.page, "desk-still-you");

  const own = new Desk(await (await browser.newContext({ baseURL: server.url })).newPage());
  await own.signIn(DEMO.admin);
  await own.open("/staff/account/two-step");
  await own.setUpTwoStep(LATER_MS);
  await own.open("/staff/accounts");
  await own.page.getByRole("button", { name: "Ask it of every admin" }).click();
  await own.page.getByRole("link", { name: "Open the account of Noor" }).click();
  await own.page.getByRole("radio", { name: /^Admin/ }).check();
  await own.page.getByRole("button", { name: "Keep these" }).click();
  await own.page.getByRole("link", { name: "Open the account of Priya" }).click();
  await own.page.getByRole("button", { name: "Disable this account" }).click();
  await takeAll(own.page, "desk-accounts-disabled");
});

async function takeAll(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

/** Staff accounts: an invitation, a password, two-step sign-in, and "Is it still you?". No page of it needs script. */
import type { Browser, Page } from "@playwright/test";
import { code } from "../authenticator";
import { Desk } from "../desk";
import { lookEveryWay } from "../look";
import { DEMO, type Server } from "../server";
import { expect, test } from "../test";

const PASSWORD = "four blue boats at noon";
const EMAIL = "noor@charity.example";
const LATER_MS = 11 * 60_000;

async function office(browser: Browser, server: Server): Promise<Desk> {
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  return new Desk(await context.newPage());
}

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

test("an admin invites someone, who chooses a password, sets two-step sign-in up and signs in with a code", async ({
  browser,
  server,
}) => {
  const admin = await office(browser, server);
  await admin.signIn(DEMO.admin);
  const address = await admin.invite("Noor", EMAIL);
  await admin.open("/staff/accounts");
  await expect(admin.page.getByText(`Noor, ${EMAIL}`)).toBeVisible();

  const noor = await office(browser, server);
  await noor.page.goto(address);
  await expect(heading(noor.page, "Hello, Noor")).toBeVisible();
  await noor.page.getByLabel("Choose a password").fill("liverpool2024");
  await noor.page.getByRole("button", { name: "Make my account" }).click();
  await expect(noor.page.getByRole("alert")).toContainText("Try three or four words");
  await noor.page.getByLabel("Choose a password").fill(PASSWORD);
  await noor.page.getByRole("button", { name: "Make my account" }).click();
  await expect(noor.page.getByText("Welcome. Your account is ready.")).toBeVisible();

  await noor.page.getByRole("link", { name: "Turn two-step sign-in on" }).click();
  const { key, used, recovery } = await noor.setUpTwoStep();
  expect(new Set(recovery).size).toBe(10);
  await noor.page.getByRole("link", { name: "I have kept them" }).click();
  await expect(noor.page.getByText("You have 10 recovery codes left.")).toBeVisible();
  await noor.signOut();

  await noor.signIn(EMAIL, PASSWORD);
  await expect(heading(noor.page, "Now the code")).toBeVisible();
  await noor.page.getByLabel("Code").fill(used);
  await noor.page.getByRole("button", { name: "Sign in" }).click();
  await expect(noor.page.getByRole("alert"), "it was used already").toContainText("used already");
  await noor.page.getByLabel("Code").fill(code(key, 1));
  await noor.page.getByRole("button", { name: "Sign in" }).click();
  await expect(heading(noor.page, "Not looked at yet")).toBeVisible();

  // The address that was passed on leads nowhere any more.
  const other = await office(browser, server);
  await other.page.goto(address);
  await expect(heading(other.page, "This address does not work")).toBeVisible();
});

test("after a while the desk asks who it is, and what was typed goes on from there", async ({ browser, server }) => {
  const admin = await office(browser, server);
  await admin.signIn(DEMO.admin);
  await admin.open("/staff/accounts");
  await admin.page.getByRole("link", { name: "Open the account of Priya" }).click();
  await admin.page.getByLabel("First name").fill("Priya S");
  await admin.page.getByRole("radio", { name: /^Admin/ }).check();
  await server.stop();
  await server.up(LATER_MS);
  await admin.page.getByRole("button", { name: "Keep these" }).click();
  await expect(heading(admin.page, "Is it still you?")).toBeVisible();
  await admin.page.getByLabel("Password").fill("wrong");
  await admin.page.getByRole("button", { name: "Go on" }).click();
  await expect(admin.page.getByRole("alert")).toContainText("does not fit");
  await admin.page.getByLabel("Password").fill(DEMO.password);
  await admin.page.getByRole("button", { name: "Go on" }).click();
  await expect(admin.page.getByText("Kept.")).toBeVisible();
  const row = admin.rows(DEMO.staff);
  await expect(row).toContainText("Priya S");
  await expect(row).toContainText("Admin");

  // What is only opened goes on as well.
  await server.stop();
  await server.up(2 * LATER_MS);
  await admin.open("/staff/accounts");
  await admin.page.getByRole("link", { name: "Invite someone" }).click();
  await admin.page.getByLabel("Password").fill(DEMO.password);
  await admin.page.getByRole("button", { name: "Go on" }).click();
  await expect(heading(admin.page, "Invite someone")).toBeVisible();
});

test("admins who must use two-step sign-in set it up first, and a locked-out last one gets in again from the server", async ({
  browser,
  server,
}) => {
  const admin = await office(browser, server);
  await admin.signIn(DEMO.admin);
  await admin.open("/staff/account/two-step");
  const { recovery } = await admin.setUpTwoStep();
  await admin.open("/staff/accounts");
  await admin.page.getByRole("button", { name: "Ask it of every admin" }).click();
  await expect(admin.page.getByText("Every admin must use it.")).toBeVisible();
  await admin.signOut();

  await admin.signIn(DEMO.admin);
  await admin.page.getByLabel("Code").fill(recovery[0]!.toLowerCase());
  await admin.page.getByRole("button", { name: "Sign in" }).click();
  await expect(admin.page.getByText("You have 9 recovery codes left.")).toBeVisible();

  // Phone and recovery codes are gone, and nobody else is an admin.
  server.staff(["reset-two-step", "--email", DEMO.admin]);
  server.staff(["password", "--email", DEMO.admin, "--password-stdin"], `${PASSWORD}\n`);
  expect(() => server.staff(["password", "--email", DEMO.admin, "--password-stdin"], "password1234\n")).toThrow();
  await admin.open("/staff/sign-ups");
  await admin.signIn(DEMO.admin, PASSWORD);
  await expect(heading(admin.page, "A code from your phone")).toBeVisible();
  await admin.open("/staff/sign-ups");
  await expect(admin.page.getByText("Once it is on, the desk opens.")).toBeVisible();
  await admin.setUpTwoStep();
  await admin.open("/staff/audit");
  await expect(admin.page.getByText("Someone at the server itself").first()).toBeVisible();
});

test("no screen of staff accounts has an axe violation or scrolls sideways", async ({ adminDesk, browser, server }) => {
  const { page } = adminDesk;
  const address = await adminDesk.invite("Noor", EMAIL);
  await lookEveryWay(page, "an address to pass on");
  await adminDesk.open("/staff/accounts/invite");
  await lookEveryWay(page, "inviting");
  await adminDesk.open("/staff/accounts");
  await lookEveryWay(page, "staff accounts");
  await page.getByRole("link", { name: "Open the account of Priya" }).click();
  await lookEveryWay(page, "one account");

  const noor = new Desk(await (await browser.newContext({ baseURL: server.url })).newPage());
  await noor.page.goto(address);
  await lookEveryWay(noor.page, "an invitation");
  await noor.page.getByLabel("Choose a password").fill(PASSWORD);
  await noor.page.getByRole("button", { name: "Make my account" }).click();
  await lookEveryWay(noor.page, "my account");
  await noor.page.getByRole("link", { name: "Turn two-step sign-in on" }).click();
  await lookEveryWay(noor.page, "two-step sign-in");
  await noor.setUpTwoStep();
  await lookEveryWay(noor.page, "recovery codes");
  await server.stop();
  await server.up(LATER_MS);
  await noor.open("/staff/account");
  await lookEveryWay(noor.page, "my account with two-step sign-in");
  await noor.page.getByRole("button", { name: "Make new recovery codes" }).click();
  await lookEveryWay(noor.page, "is it still you");
  await noor.open("/staff/account");
  await noor.signOut("Sign out everywhere");
  await noor.signIn(EMAIL, PASSWORD);
  await lookEveryWay(noor.page, "the code");
  await noor.page.goto(address);
  await lookEveryWay(noor.page, "an address that was used");
});

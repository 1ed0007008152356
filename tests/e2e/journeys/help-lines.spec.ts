/** The lines of Help now: staff keep them, and a phone has them with no signal. */
import { expectNoViolations } from "../axe";
import { expect, test } from "../test";

const LINE = "Harbour crisis line";

test("a line that an admin changes reaches a phone, which shows it with no signal", async ({ adminDesk, network, phone }) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.go("/help-now");
  await expect(phone.link(`Ring ${LINE}`)).toHaveAttribute("href", "tel:01632960111");

  const { page } = adminDesk;
  await page.goto("/staff/help-now");
  await page.getByRole("link", { name: `Change ${LINE}` }).click();
  await page.getByLabel("Number").fill("*21*01632");
  await page.getByRole("button", { name: "See it as members will" }).click();
  await expect(page.getByRole("alert")).toContainText("not one that a phone can ring");
  await page.getByLabel("Number").fill("01632 960 199");
  await page.getByLabel("When it answers").fill("Every night, 6pm to 8am");
  await page.getByLabel("I have checked this today").check();
  await page.getByRole("button", { name: "See it as members will" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "As members see it" })).toBeVisible();
  await expect(page.getByText("Every night, 6pm to 8am. A local call.")).toBeVisible();
  await expectNoViolations(page, "a line before it is put on Help now");
  await page.getByRole("button", { name: "Put it on Help now" }).click();
  await expect(page.getByRole("status").first()).toContainText("Changed.");

  await phone.expectSynced(network);
  await phone.context.setOffline(true);
  await phone.killAndReopen("/help-now", { offline: true });
  await expect(phone.heading("You can get help now.")).toBeVisible();
  await expect(phone.link(`Ring ${LINE}`)).toHaveAttribute("href", "tel:01632960199");
  await expect(phone.page.getByText("Every night, 6pm to 8am")).toBeVisible();

  await page.getByRole("link", { name: `Take away… ${LINE}` }).click();
  await page.getByRole("button", { name: "Take it away" }).click();
  await expect(page.getByRole("status").first()).toContainText("Taken away.");
  await phone.page.reload();
  await expect(phone.link(`Ring ${LINE}`)).toBeVisible();
  await phone.context.setOffline(false);
  await phone.expectSynced(network);
  await phone.go("/help-now");
  await expect(phone.link("Ring Samaritans")).toBeVisible();
  await expect(phone.link(`Ring ${LINE}`)).toHaveCount(0);
});

test("a line past its day asks all staff to check it, and one press says so", async ({ desk }) => {
  const { page } = desk;
  await page.goto("/staff/people");
  await page.getByRole("link", { name: "Help now 1 to check again" }).click();
  await expect(page.getByText("1 line is to be checked again.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Change/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Checked today Harbour duty worker" }).click();
  await expect(page.getByRole("status").first()).toContainText("Noted.");
  await expect(page.getByText(/^Checked on .* by Priya\. Check again by /)).toBeVisible();
  await expect(page.getByRole("link", { name: "Help now", exact: true })).toBeVisible();
});

test("lines are put in order without script, and members see them so", async ({ browser, server }) => {
  const office = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await office.newPage();
  await page.goto("/staff/sign-in");
  await page.getByLabel("Email").fill("admin@demo.example");
  await page.getByLabel("Password").fill("lived experience");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.goto("/staff/help-now");
  await page.getByRole("button", { name: "Move up Harbour duty worker" }).click();
  await expect(page.getByRole("status").first()).toContainText("Moved.");
  await page.goto("/help-now");
  await expect(page.getByRole("listitem").first()).toContainText("Harbour duty worker");
  await office.close();
});

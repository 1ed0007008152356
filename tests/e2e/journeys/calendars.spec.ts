/** A private calendar address: of a lead, on her phone, and of staff, at the desk. */
import type { Page } from "@playwright/test";
import { expectNoViolations } from "../axe";
import { goUnlocked, setPin } from "../pin";
import { DEMO } from "../server";
import { expect, test } from "../test";

/** What a calendar gets that asks for an address: no cookie goes with it. */
async function asked(page: Page, address: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(address.replace(/^https?:\/\/[^/]+/, new URL(page.url()).origin));
  return { status: answer.status, text: await answer.text() };
}

test("a lead makes a link for her calendar, makes another one, and ends it", async ({ desk, network, phone }) => {
  await phone.join("Rosa");
  await desk.open("/staff/people?name=Rosa");
  await desk.page.getByRole("link", { name: /^Open Rosa/ }).click();
  await desk.page.getByLabel("An opportunity").selectOption({ label: DEMO.firstOpportunity });
  await desk.page.getByRole("button", { name: "They lead this" }).click();
  await setPin(phone);
  await goUnlocked(phone, "/");
  await phone.page.getByRole("link", { name: "Take part", exact: true }).click();
  await phone.link(DEMO.firstOpportunity).click();
  await phone.link("Who is coming").click();
  await expect(phone.link("Add to my calendar")).toHaveAttribute("download", "chorus.ics");
  const here = new URL(phone.page.url()).pathname;
  const shown = phone.page.locator(".address");

  await phone.button("Make my link").click();
  await expect(phone.link("Put it in my calendar")).toHaveAttribute("href", /^webcal:\/\/.*\.ics$/);
  await expectNoViolations(phone.page, "a calendar link");
  const first = await shown.innerText();
  const told = await asked(desk.page, first);
  expect(told.status).toBe(200);
  expect(told.text.match(/BEGIN:VEVENT/g)).toHaveLength(1);
  expect(told.text).toContain("SUMMARY:Chorus");
  expect(told.text).not.toContain("Rosa");

  // It is seen this once.
  await phone.expectSynced(network);
  await goUnlocked(phone, here);
  await expect(phone.page.getByText("You have had a link since")).toBeVisible();
  await expect(shown).toHaveCount(0);
  await expectNoViolations(phone.page, "a calendar link that is there");
  await phone.context.setOffline(true);
  await phone.button("Make a new one").click();
  await expect(phone.page.getByText(/signal/).first()).toBeVisible();
  expect((await asked(desk.page, first)).status).toBe(200);
  await phone.context.setOffline(false);
  await phone.button("Make a new one").click();
  await expect(shown).toBeVisible();
  const second = await shown.innerText();
  expect((await asked(desk.page, first)).status).toBe(410);
  expect((await asked(desk.page, second)).status).toBe(200);

  await goUnlocked(phone, here);
  await phone.button("End my link").click();
  await phone.button("Yes, end it").click();
  await expect(phone.button("Make my link")).toBeVisible();
  expect((await asked(desk.page, second)).status).toBe(410);
});

test("staff make an address for some of the sessions, and end it", async ({ desk }) => {
  const { page } = desk;
  await page.goto("/staff/account");
  await page.getByRole("link", { name: "Look at my calendar address" }).click();
  await expectNoViolations(page, "my calendar");
  await page.getByRole("radio", { name: "Only of these:" }).check();
  await page.getByRole("button", { name: "Make my address" }).click();
  await expect(page.getByRole("alert")).toContainText("tick at least one");
  await page.getByRole("checkbox", { name: DEMO.staffOpportunity }).check();
  await page.getByRole("button", { name: "Make my address" }).click();
  await expectNoViolations(page, "a new calendar address");
  const address = await page.locator(".key").innerText();
  const some = await asked(page, address);
  expect(some.text.match(/BEGIN:VEVENT/g)).toHaveLength(2);
  await page.getByRole("link", { name: "I have put it in" }).click();
  await page.getByRole("radio", { name: /^All/ }).check();
  await page.getByRole("button", { name: "Keep this choice" }).click();
  await expect(page.getByRole("status").first()).toContainText("Kept.");
  await expectNoViolations(page, "my calendar, with an address");
  const all = await asked(page, address);
  expect(all.text.match(/BEGIN:VEVENT/g)?.length).toBeGreaterThan(2);
  await page.getByRole("link", { name: "End it…" }).click();
  await expectNoViolations(page, "ending a calendar address");
  await page.getByRole("button", { name: "End it" }).click();
  await expect(page.getByRole("status").first()).toContainText("It is ended.");
  expect((await asked(page, address)).status).toBe(410);
});

/** A poster of an opportunity: made at the desk, printed on one page, and followed by somebody new and by a member. */
import type { Page } from "@playwright/test";
import { expectNoViolations } from "../axe";
import type { Desk } from "../desk";
import { goUnlocked, setPin } from "../pin";
import { DEMO } from "../server";
import { expect, test } from "../test";

/** At 96 dots an inch, without the margins. */
const A4 = { width: 703, height: 1032 };

/** The poster of the opportunity, with the code of the team. Gives the way that its address goes. */
async function printed(desk: Desk): Promise<string> {
  const { page } = desk;
  await page.goto("/staff/opportunities?show=published");
  await page.getByRole("link", { name: `Open ${DEMO.staffOpportunity}` }).click();
  await page.getByRole("link", { name: "A poster to print" }).click();
  await expectNoViolations(page, "choosing the code of a poster");
  await page.getByRole("radio", { name: /STAR-DEMO/ }).check();
  await page.getByRole("button", { name: "See the poster" }).click();
  await expect(page.getByRole("heading", { level: 1, name: DEMO.staffOpportunity })).toBeVisible();
  await expectNoViolations(page, "the poster of an opportunity");
  const address = await page.getByText(/\/join\/STAR-DEMO\/[0-9a-f]{6}$/).innerText();
  return address.slice(address.indexOf("/"));
}

/** What does not fit the paper, or stands over what follows it. */
function spilt(page: Page): Promise<string[]> {
  return page.evaluate((most) => {
    const parts = [...document.querySelectorAll(".poster, .poster > *, .poster-way > *")];
    const wrong = parts.filter((part) => {
      const here = part.getBoundingClientRect();
      const next = part.nextElementSibling?.getBoundingClientRect();
      const covers = next && here.bottom > next.top + 1 && here.right > next.left + 1;
      return covers || here.bottom > most.height + 1 || here.right > most.width + 1;
    });
    return wrong.map((part) => part.className.toString() + part.tagName);
  }, A4);
}

test("somebody new scans a poster, joins, and stands before what it is for; a member comes there at once", async ({
  desk,
  phone,
}) => {
  const { page } = desk;
  const way = await printed(desk);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(A4);
  expect(await spilt(page)).toEqual([]);

  await phone.go(way);
  await expect(phone.page.getByText(`Once you have joined, you come to: ${DEMO.staffOpportunity}.`)).toBeVisible();
  await expect(phone.page.getByLabel("Your join code")).toHaveValue("STAR-DEMO");
  await expectNoViolations(phone.page, "joining from a poster");
  await phone.page.getByLabel("What should we call you?").fill("Sam");
  await phone.button("Join").click();
  await expect(phone.heading(DEMO.staffOpportunity)).toBeVisible();
  await expect(phone.page).toHaveURL(/\/take-part\/[0-9a-f-]{36}$/);
  await expect(phone.link("I'd like to take part").first()).toBeVisible();

  // The same poster again, with and without signal, and with a PIN.
  await phone.go(way);
  await expect(phone.heading(DEMO.staffOpportunity)).toBeVisible();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.go(way);
  await expect(phone.heading(DEMO.staffOpportunity)).toBeVisible();
  await phone.context.setOffline(false);
  await setPin(phone);
  await phone.go(way);
  await expect(phone.heading(DEMO.staffOpportunity)).toBeVisible();
  await phone.context.setOffline(true);
  await goUnlocked(phone, way);
  await expect(phone.heading(DEMO.staffOpportunity)).toBeVisible();
});

test("the way on is kept through a reload with no signal, and Back does not lead in a circle", async ({ desk, phone }) => {
  const way = await printed(desk);
  // Somebody who has looked around before: the app is here, and nobody has joined.
  await phone.go("/take-part");
  await phone.worksOffline();
  await phone.go(way);
  await phone.context.setOffline(true);
  await phone.go(way);
  await expect(phone.page.getByLabel("Your join code")).toHaveValue("STAR-DEMO");
  await phone.button("Join").click();
  await expect(phone.page.getByRole("alert")).toContainText("Joining needs signal.");
  await phone.context.setOffline(false);
  await phone.button("Join").click();
  await expect(phone.heading(DEMO.staffOpportunity)).toBeVisible();
  await phone.page.goBack();
  await expect(phone.heading("Take part")).toBeVisible();
});

test("with no script the poster leads to the same place", async ({ desk, browser, server }) => {
  const way = await printed(desk);
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(way);
  await page.getByLabel("Your join code").fill("STAR-NONE");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByText(`Once you have joined, you come to: ${DEMO.staffOpportunity}.`)).toBeVisible();
  await page.getByLabel("Your join code").fill("star demo");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByRole("heading", { level: 1, name: DEMO.staffOpportunity })).toBeVisible();
  await page.goto(way);
  await expect(page.getByRole("heading", { level: 1, name: DEMO.staffOpportunity })).toBeVisible();
  await context.close();
});

test("a code is made on the spot, and goes on the poster", async ({ adminDesk }) => {
  const { page } = adminDesk;
  await page.goto("/staff/opportunities?show=published");
  await page.getByRole("link", { name: `Open ${DEMO.staffOpportunity}` }).click();
  await page.getByRole("link", { name: "A poster to print" }).click();
  await page.getByRole("link", { name: "Make a new code for it" }).click();
  await page.getByLabel("Name").fill("Library wall");
  await page.getByRole("button", { name: "Make the code" }).click();
  await expect(page.getByRole("heading", { level: 1, name: DEMO.staffOpportunity })).toBeVisible();
  await expect(page.getByRole("button", { name: "Print this page" })).toBeVisible();
  await page.getByRole("link", { name: "Choose another join code" }).click();
  await expect(page.getByRole("radio", { name: /Library wall/ })).toBeChecked();
});

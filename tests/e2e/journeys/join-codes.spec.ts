/** A code made at the desk: on paper, on a phone, stopped; and somebody who wants another name. */
import type { Page } from "@playwright/test";
import { expectNoViolations } from "../axe";
import { expect, test } from "../test";

/** At 96 dots an inch, without the margins. */
const A4 = { width: 703, height: 1032 };

/** What stands over what follows it, or beyond the paper. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate((most) => {
    const parts = [...document.querySelectorAll(".poster > *, .paper-cards > li > *")];
    const wrong = parts.filter((part) => {
      const next = part.nextElementSibling;
      const here = part.getBoundingClientRect();
      const there = next?.getBoundingClientRect();
      const covers = there && here.bottom > there.top + 1 && here.right > there.left + 1;
      return covers || here.bottom > most.height + 1 || here.right > most.width + 1;
    });
    return wrong.map((part) => part.className.toString() + part.tagName);
  }, A4);
}

test("staff make a code, somebody joins by its address, and changes their name with no signal", async ({
  desk,
  network,
  newPhone,
  phone,
}) => {
  const { page } = desk;
  await page.goto("/staff/join-codes");
  await page.getByLabel("Name").fill("Spring open day");
  await page.getByLabel("For how many people").fill("1");
  await page.getByRole("button", { name: "Make the code" }).click();
  await expect(page.getByRole("status").first()).toContainText("The code is made.");
  const address = await page.getByText(/\/join\/[A-Z0-9]{4}-[A-Z0-9]{4}$/).last().innerText();
  await expectNoViolations(page, "a code");

  await phone.go(new URL(address).pathname);
  await expect(phone.page.getByLabel("Your join code")).toHaveValue(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
  await phone.page.getByLabel("What should we call you?").fill("Sam");
  await phone.button("Join").click();
  await expect(phone.heading("You have joined, Sam.")).toBeVisible();
  await phone.worksOffline();
  await phone.expectSynced(network);

  // It is full: the next one is told so, and what to do.
  const late = await newPhone();
  await late.go(new URL(address).pathname);
  await late.button("Join").click();
  await expect(late.page.getByRole("alert")).toContainText("Ask your service for a new one.");

  await phone.context.setOffline(true);
  await phone.go("/my-phone");
  await phone.button("Change my name").click();
  const name = phone.page.getByLabel("What should we call you?");
  await expect(name).toHaveValue("Sam");
  await name.fill("Kit");
  await phone.expectDraft("Kit");
  await expectNoViolations(phone.page, "changing a name");
  await phone.button("Keep this name").click();
  await expect(phone.page.getByText("You are called Kit here.")).toBeVisible();
  await expect(phone.page.getByRole("heading", { name: "Your new name" })).toBeVisible();
  await phone.killAndReopen("/", { offline: true });
  await expect(phone.heading("Hello, Kit.")).toBeVisible();

  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await page.reload();
  await page.getByRole("link", { name: "Open Kit" }).click();
  await expect(page.getByText(/^Joined today .* with Spring open day\.$/)).toBeVisible();
});

test("my other phone learns my new name", async ({ network, newPhone, phone }) => {
  await phone.join("Sam");
  const second = await newPhone();
  await second.go(`/join/${await phone.showCode()}`);
  await second.button("Join").click();
  await expect(second.heading("You have joined, Sam.")).toBeVisible();
  await second.go("/my-phone");
  await second.button("Change my name").click();
  await second.page.getByLabel("What should we call you?").fill("");
  await second.button("Keep this name").click();
  await expect(second.page.getByText("You gave no name.")).toBeVisible();
  await second.expectNothingWaiting();
  await phone.expectSynced(network);
  await phone.go("/");
  await expect(phone.heading("Hello.")).toBeVisible();
});

test("a poster and a page of cards each fit one A4 page, and a stopped code says so on a phone", async ({ desk, phone }) => {
  const { page } = desk;
  for (const paper of ["A poster to print", "Cards to print"]) {
    await page.goto("/staff/join-codes/STARDEMO");
    await page.getByRole("link", { name: paper }).click();
    await expect(page.getByRole("button", { name: "Print this page" })).toBeVisible();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g), paper).toHaveLength(1);
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize(A4);
    expect(await overlaps(page), paper).toEqual([]);
    await page.emulateMedia({ media: null });
  }
  await page.goto("/staff/join-codes/STARDEMO");
  await page.getByRole("link", { name: "Stop it…" }).click();
  await page.getByRole("button", { name: "Stop it" }).click();
  await expect(page.getByRole("status").first()).toContainText("Stopped.");
  await phone.go("/join");
  await phone.page.getByLabel("Your join code").fill("star-demo");
  await phone.button("Join").click();
  await expect(phone.page.getByRole("alert")).toContainText("That code was stopped.");
});

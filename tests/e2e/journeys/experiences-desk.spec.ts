/** Experiences at the desk: read, answered, told what they came to; independent people; themes and the impact report. */
import type { Page } from "@playwright/test";
import { lookEveryWay } from "../look";
import { expect, test } from "../test";

/** The demo's: one that nobody has read, and one half-way with a story that waits for a yes. */
const NEW = /^Open what Ash \(made up\) shared/;
const HALF_WAY = /^Open what Lark \(made up\) shared/;

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();

test("one is read, taken on, answered, tagged, and told what it came to", async ({ adminDesk, desk }) => {
  test.slow();
  const { page } = desk;
  await desk.open("/staff/experiences");
  await expect(page.getByText("I could bring my dog.")).toHaveCount(0);
  await lookEveryWay(page, "the list of experiences");
  await page.getByRole("link", { name: NEW }).click();
  await expect(page.getByText("I could bring my dog.")).toBeVisible();
  await expect(page.getByText("Only to make the service better.")).toBeVisible();
  await lookEveryWay(page, "an experience");
  await press(page, "Take it on");
  await expect(page.getByText("You look into it now.")).toBeVisible();
  await page.getByLabel("Your words for Ash (made up)").fill("Thank you. We look for a picture.");
  await press(page, "See what Ash (made up) will see");
  await lookEveryWay(page, "a reply before it goes");
  await press(page, "Send this");
  await expect(page.getByText("Sent. Your words go to the phone of Ash (made up).")).toBeVisible();
  await page.getByLabel("Add what it touches").fill("places and rooms");
  await press(page, "Add");
  await expect(page.getByRole("button", { name: "Take away: places and rooms" })).toBeVisible();

  await page.getByRole("radio", { name: "Not possible, because…" }).check();
  await page.getByLabel("In words for Ash (made up)").fill("The wall is not ours. We asked the owner.");
  const see = page.getByRole("region", { name: "What it came to" }).getByRole("button");
  await see.click();
  await expect(page.getByText("This is not possible, because:")).toBeVisible();
  await lookEveryWay(page, "what it came to, before it goes");
  await press(page, "Send this");
  await expect(page.getByText("The phone of Ash (made up) says what it came to.")).toBeVisible();

  // A change of it holds nothing that they wrote: they allow no more than making it better.
  await press(page, "Begin a change");
  await expect(page.getByLabel("You said")).toHaveValue("");
  await desk.open("/staff/experiences?show=mine");
  await page.getByRole("link", { name: NEW }).click();
  await expect(page.getByRole("region", { name: "Changes that it had a part in" }).getByRole("link")).toBeVisible();
  await press(page, "Close it");
  await expect(page.getByText("Closed. If Ash (made up) answers, it opens again.")).toBeVisible();

  // Lookout covers for Harbour, so its staff read it too; the story half-way waits for its member.
  await adminDesk.open("/staff/experiences");
  await adminDesk.page.getByRole("link", { name: HALF_WAY }).click();
  await adminDesk.page.getByRole("link", { name: "See the story" }).click();
  await expect(adminDesk.page.getByText("Lark (made up) has not approved these words yet")).toBeVisible();
  await expect(adminDesk.page.getByRole("button", { name: "Publish it" })).toHaveCount(0);
  await lookEveryWay(adminDesk.page, "a story at the desk");
  await adminDesk.page.getByRole("checkbox", { name: "I have checked that it names nobody else" }).first().check();
  await press(adminDesk.page, "Keep that I checked it");
  await expect(adminDesk.page.getByText(/^Sam checked that it names nobody else/)).toBeVisible();
});

test("themes and the impact report show numbers that find nobody, and the report prints", async ({ desk }) => {
  const { page } = desk;
  await desk.open("/staff/themes");
  await expect(page.getByRole("img", { name: /^Hospital\. / })).toBeVisible();
  await expect(page.getByRole("img", { name: /^In the community/ })).toHaveCount(0);
  await page.getByText("The numbers in a table").first().click();
  await expect(page.getByRole("rowheader", { name: "In the community" })).toBeVisible();
  await lookEveryWay(page, "themes");
  await desk.open("/staff/impact");
  await expect(page.getByText("Different people in all")).toBeVisible();
  await lookEveryWay(page, "the impact report");
  await page.getByRole("link", { name: "The report to print" }).click();
  await expect(page.getByRole("heading", { name: "What people said, and what came of it" })).toBeVisible();
  await lookEveryWay(page, "the impact report to print");
});

test("an admin names independent people, and whom to turn to outside", async ({ adminDesk }) => {
  const { page } = adminDesk;
  await adminDesk.open("/staff/experiences/settings");
  await lookEveryWay(page, "nobody independent yet");
  await page.getByLabel("Their account").selectOption({ label: "Sam (admin@demo.example)" });
  await page.getByLabel("Name, as members read it").fill("Odile Marsh");
  await page.getByLabel("What they do, and why they are independent").fill("A trustee, who works in no team");
  await press(page, "Name them");
  await expect(page.getByText("Please choose an account")).toBeVisible();
  await expect(page.getByLabel("Name, as members read it")).toHaveValue("Odile Marsh");
  await page.getByLabel("How to reach them without Chorus").fill("01632 960 222");
  await press(page, "Name them");
  await expect(page.getByText("Saved. Phones have it at their next sync.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Name Odile Marsh no more" })).toBeVisible();
  await lookEveryWay(page, "independent people");
});

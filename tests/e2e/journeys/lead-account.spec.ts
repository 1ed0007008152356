/** A lead runs their group's opportunity from the desk, and the rest of the desk is not there for them. */
import { lookEveryWay } from "../look";
import { Desk } from "../desk";
import { openGroup, writeGroup } from "../groups";
import { addSession, showToMembers, startWriting, WHOLE, write } from "../programme";
import { DEMO } from "../server";
import { expect, test } from "../test";

const NAME = "Kinder letters";
const EMAIL = "lee@charity.example";
const PASSWORD = "four blue boats at noon";
const GROUP = "Letters group";

test("a lead is invited, gets a group, shows a weekly opportunity in it, prints its poster and says who came", async ({
  adminDesk,
  browser,
  phone,
  server,
}) => {
  // Every screen on the way is looked at.
  test.slow();
  const address = await adminDesk.invite("Lee", EMAIL, "Lead");
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
  const lee = new Desk(await context.newPage());
  const { page } = lee;
  await lee.comeIn(address, PASSWORD);
  await expect(page.getByText("No group yet. The desk is empty until there is one.")).toBeVisible();
  await lee.open("/staff/opportunities/new");
  await expect(page.getByText("You do not lead a group yet.")).toBeVisible();
  await lookEveryWay(page, "a new opportunity without a group");

  await writeGroup(adminDesk, GROUP);
  await openGroup(adminDesk.page, "Lee", "Priya");
  await lee.open("/staff/account");
  await expect(page.getByText(GROUP)).toBeVisible();
  await lookEveryWay(page, "the account of a lead");
  await adminDesk.open("/staff/accounts");
  await adminDesk.page.getByRole("link", { name: "Open the account of Lee" }).click();
  await expect(adminDesk.page.getByText(GROUP)).toBeVisible();
  await lookEveryWay(adminDesk.page, "the account of a lead, as an admin sees it");

  // What is others' is neither listed nor found, and what is for staff says so.
  await lee.signOut();
  await lee.signIn(EMAIL, PASSWORD);
  await expect(page.getByRole("heading", { level: 1, name: "Not looked at yet" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Chorus desk" }).getByRole("link")).toHaveText([
    /^Sign-ups/,
    "Opportunities",
    "Groups",
    /^Our words/,
    /^What changed/,
    /^Staff learning/,
    "Tell me by email",
  ]);
  await expect(page.getByText(DEMO.staffOpportunity)).toHaveCount(0);
  await lookEveryWay(page, "the board of a lead");
  await lee.open("/staff/check-ins");
  await expect(page.getByRole("heading", { level: 1, name: "This part of the desk is for staff" })).toBeVisible();
  await lookEveryWay(page, "what a lead reads where something is for staff");
  await page.getByRole("link", { name: "Go to the desk" }).click();

  await startWriting(lee, NAME);
  await expect(page.getByLabel("Which group it belongs to").getByRole("option")).toHaveText([GROUP]);
  await write(page, WHOLE);
  await lookEveryWay(page, "writing an opportunity of a group");
  await page.getByRole("button", { name: "Keep this for later" }).click();
  await expect(page.getByRole("link", { name: `In the group “${GROUP}”` })).toBeVisible();
  await addSession(page, 1, { "How many places": "6" });
  await page.getByLabel("How places are given").selectOption("At once, in the order they reach us");
  await page.getByLabel("Repeat", { exact: true }).selectOption("Every week");
  await page.getByLabel("How many in all").fill("3");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("link", { name: /^Open the session Tuesday/ })).toHaveCount(3);
  await showToMembers(page);
  await lookEveryWay(page, "an opportunity of a group");

  // A lead takes a code that is there: codes are made by staff.
  await page.getByRole("link", { name: "A poster to print" }).click();
  await expect(page.getByRole("radio", { name: new RegExp(DEMO.teamlessCode) })).toBeVisible();
  await expect(page.getByRole("link", { name: "Make a new code for it" })).toHaveCount(0);
  await lookEveryWay(page, "a lead chooses the code of a poster");
  await page.getByRole("radio", { name: new RegExp(DEMO.teamlessCode) }).check();
  await page.getByRole("button", { name: "See the poster" }).click();
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  const poster = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(poster.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);

  await phone.join("Sam");
  await phone.startSignUp(NAME);
  await phone.page.getByRole("radio", { name: /^Tuesday/ }).first().check();
  await phone.nextUntil(phone.button("Ask for a place"));
  await phone.button("Ask for a place").click();
  await expect(phone.heading("Thank you for asking.")).toBeVisible();
  await phone.expectNothingWaiting();

  // Its staff look first at nothing: the place was given at once, and the lead sees who comes.
  await lee.open("/staff/sign-ups?show=placed");
  await expect(lee.rows("Sam")).toHaveCount(1);
  await lee.openSignUp("Sam");
  await expect(page.getByText("Note for staff")).toHaveCount(0);
  await lookEveryWay(page, "a sign-up, as a lead sees it");
  await page.getByRole("button", { name: "They came" }).click();
  await expect(page.getByText(/^Marked as came by Lee/)).toBeVisible();
  await lookEveryWay(page, "somebody came, as a lead says it");
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText("Seen by Lee").first()).toBeVisible();
  await context.close();
});

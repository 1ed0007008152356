/**
 * The whole story, across three people. Sam writes in the app's plan, whose form has a title that presses; Lee leads
 * the group that reads such words; Priya is staff. What Sam says with no signal becomes gentler words, everybody learns
 * why, and Sam's own plan has them.
 */
import type { Page } from "@playwright/test";
import { passerBy } from "../changes";
import { Desk } from "../desk";
import { openPart, writePart } from "../plan";
import type { Phone } from "../phone";
import { expect, test } from "../test";

const GROUP = "Letters and words";
const FORM = "The plan in this app";
const PRESSING = "My targets for this month";
const GENTLE = "What helps me, in small steps";
const FEELS = "Like an exam. I put the phone away.";
const REASON = "A month is too far on a hard day, and a target can be missed.";
const TOOK_PART = "The Letters and words group, and Sam who said it first.";
const NOT_SENT = "Not sent yet, safe here";
const SOON = { timeout: 40_000 };

test("what somebody says with no signal becomes gentler words in their own plan, and everybody knows why", async ({
  adminDesk: admin,
  browser,
  desk: priya,
  network,
  newPhone,
  phone: sam,
  server,
}) => {
  test.slow();
  const address = await admin.invite("Lee", "lee@charity.example", "Lead");
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
  const lee = new Desk(await context.newPage());
  await lee.comeIn(address, "four blue boats at noon");
  await admin.open("/staff/groups");
  await admin.page.getByRole("link", { name: `Open the group ${GROUP}` }).click();
  await admin.page.getByLabel("Who on the staff can lead it").selectOption("Lee");
  await admin.page.getByRole("button", { name: "Let them lead it" }).click();

  // The form as it was, brought in for the group by Priya.
  await test.step("Priya brings the plan's form in, with the title that it had on paper", async () => {
    await priya.open("/staff/words/new?from=app");
    await priya.page.getByLabel("What is it called?").fill(FORM);
    await priya.page.getByLabel("Which words of this app?").selectOption("plan_form");
    await priya.page.getByLabel("Which group works on it?").selectOption(GROUP);
    await press(priya.page, "See the phrases");
    await press(priya.page, "Keep it, and let people read it");
    await publishNext(priya.page, PRESSING);
  });

  await test.step("Sam joins the group, and writes a plan under that title", async () => {
    await sam.join("Sam");
    await joinGroup(sam);
    await sam.worksOffline();
    await sam.go("/my-plan");
    await expect(sam.page.getByRole("heading", { name: PRESSING })).toBeVisible(SOON);
    await writePart(sam, PRESSING, "Tea on the back step");
  });

  await test.step("Sam says with no signal what the title does, and the phone is killed", async () => {
    await openForm(sam);
    await sam.context.setOffline(true);
    await phrase(sam, PRESSING).click();
    await sam.page.getByLabel("How does this feel to read?").fill(FEELS);
    await sam.page.getByLabel("What would you say instead?").fill("What helps me");
    await sam.button("Send this").click();
    await expect(sam.page.getByText(NOT_SENT)).toBeVisible();
    const { pathname } = new URL(sam.page.url());
    await sam.killAndReopen(pathname, { offline: true });
    await phrase(sam, PRESSING).click();
    await expect(sam.page.getByText(FEELS)).toBeVisible();
    await sam.context.setOffline(false);
    await sam.expectNothingWaiting();
  });

  await test.step("Lee gives it to the group, proposes words, and the group decides", async () => {
    await lee.open("/staff/words");
    await lee.page.getByRole("link", { name: `Open ${FORM}` }).click();
    await lee.page.getByRole("link", { name: `Open what was said about: ${PRESSING}` }).click();
    await expect(lee.page.getByText(FEELS)).toBeVisible();
    await press(lee.page, "I'll look at it");
    await press(lee.page, `Give it to ${GROUP}`);
    await lee.page.getByLabel("The words you propose").fill(GENTLE);
    await press(lee.page, "Propose this");
    await openPhrase(sam, PRESSING);
    await expect(sam.page.getByText(/The group Letters and words is talking about it\.$/)).toBeVisible(SOON);
    await lee.page.getByRole("link", { name: "Decide it" }).click();
    await lee.page.getByLabel("It changes", { exact: true }).check();
    await lee.page.getByLabel("Why?").fill(REASON);
    await lee.page.getByLabel("Who took part?").fill(TOOK_PART);
    await press(lee.page, "See what they will read");
    await press(lee.page, "Decide, and tell them");
    await expect(lee.page.getByText("It is decided, and the person is told.")).toBeVisible();
    await openPhrase(sam, PRESSING);
    await expect(sam.page.getByText("This was changed")).toBeVisible(SOON);
    await expect(sam.page.getByText(`Why: ${REASON}`)).toBeVisible();
  });

  await test.step("Priya publishes the app's new words, which Lee cannot", async () => {
    await lee.page.getByRole("link", { name: `Back to ${FORM}` }).click();
    await lee.page.getByRole("link", { name: "Write the next version" }).click();
    await press(lee.page, "See what changes");
    await expect(lee.page.getByText("Staff publish this app's own words.")).toBeVisible();
    await expect(lee.page.getByRole("button", { name: "Publish this version" })).toHaveCount(0);
    await priya.open("/staff/words");
    await priya.page.getByRole("link", { name: `Open ${FORM}` }).click();
    await publishNext(priya.page);
  });

  await test.step("Sam's plan keeps Sam's own words, and offers the new title with its reason", async () => {
    await sam.page.evaluate(() => dispatchEvent(new Event("online")));
    await sam.go("/my-plan");
    const offer = sam.page.getByRole("group", { name: "The words here have changed." });
    await expect(offer).toBeVisible(SOON);
    await expect(offer).toContainText(REASON);
    await expect(sam.page.getByRole("heading", { name: PRESSING })).toBeVisible();
    await sam.context.setOffline(true);
    await offer.getByRole("button", { name: "Use the new words" }).click();
    await expect(sam.page.getByRole("heading", { name: GENTLE })).toBeVisible();
    await expect(sam.page.getByText("Tea on the back step")).toBeVisible();
    await sam.killAndReopen("/my-plan", { offline: true });
    await expect(sam.page.getByRole("heading", { name: GENTLE })).toBeVisible();
    await sam.context.setOffline(false);
    const other = await newPhone();
    await other.go("/my-plan");
    await openPart(other, GENTLE);
  });

  let shared = "";
  await test.step("Lee writes what changed, Priya agrees, and everybody can read it", async () => {
    await lee.open("/staff/changes");
    await lee.page.getByRole("link", { name: /^Open: / }).first().click();
    await expect(lee.page.getByText(FEELS), "what somebody wrote is not put there for them").toHaveCount(0);
    await lee.page.getByRole("link", { name: "Change the words" }).click();
    await lee.page.getByLabel("You said", { exact: true }).fill("The title of the plan feels like an exam.");
    await press(lee.page, "Keep it");
    const { pathname } = new URL(lee.page.url());
    await priya.open(pathname);
    await press(priya.page, "I agree with these words");
    await press(priya.page, "Publish it now");
    shared = pathname.replace("/staff/changes", "/what-changed");
    await sam.go("/what-changed");
    await expect(sam.page.getByText("The title of the plan feels like an exam.").first()).toBeVisible(SOON);
    await sam.expectSynced(network);
    await sam.context.setOffline(true);
    await sam.killAndReopen(shared, { offline: true });
    await expect(sam.page.getByText(REASON)).toBeVisible();
    await sam.context.setOffline(false);
    const anybody = await passerBy(browser, server.url + shared);
    await expect(anybody.getByText(REASON)).toBeVisible();
    await anybody.context().close();
  });

  let note = "";
  await test.step("Lee makes the lesson of it, for the group, and a short training", async () => {
    await lee.open("/staff/learning/notes");
    await lee.page.getByRole("link", { name: /^Open: / }).first().click();
    await lee.page.getByRole("link", { name: "Change the words" }).click();
    await expect(lee.page.getByLabel("Before", { exact: true })).toHaveValue(PRESSING);
    await expect(lee.page.getByLabel("Now", { exact: true })).toHaveValue(GENTLE);
    await lee.page.getByLabel("What we do differently").fill("Ask what would help today. An empty line is fine.");
    await lee.page.getByLabel("Something to think about").fill("Which title of yours would you not want to fill in?");
    await lee.page.getByLabel("Whose work it is").selectOption(GROUP);
    await press(lee.page, "Keep it");
    await press(lee.page, "The group approves this");
    await press(lee.page, "Ask staff to read it");
    ({ pathname: note } = new URL(lee.page.url()));
    await lee.open("/staff/learning/trainings/new");
    await lee.page.getByLabel("What it is called").fill("Small steps, in five minutes");
    await lee.page.getByLabel("Whose work it is").selectOption(GROUP);
    await press(lee.page, "Start writing");
    await lee.page.getByLabel("What you say first").fill("We are people who fill these forms in.");
    await lee.page.getByLabel(new RegExp(`^Place of “${GENTLE}`)).fill("1");
    await press(lee.page, "Keep it");
    await press(lee.page, "The group says yes to this training");
  });

  await test.step("Priya learns it, in the group's words, and says so", async () => {
    await priya.open("/staff/learning");
    await expect(priya.page.getByText("Small steps, in five minutes")).toBeVisible();
    await priya.page.getByRole("link", { name: "Start reading" }).click();
    for (let lesson = 0; lesson < 3 && !(await priya.page.getByText(GENTLE).isVisible()); lesson += 1) {
      await press(priya.page, "I've read and understood this");
    }
    await expect(priya.page.getByText(PRESSING)).toBeVisible();
    await expect(priya.page.getByText(REASON)).toBeVisible();
    await expect(priya.page.getByText("Which title of yours would you not want to fill in?")).toBeVisible();
    await priya.page.getByLabel("A question back to the group").fill("May I still say “targets” if they do?");
    await press(priya.page, "I've read and understood this");
    await lee.open(note);
    await expect(lee.page.getByText("May I still say “targets” if they do?")).toBeVisible();
    await lee.page.getByLabel("What the group says").fill("Yes. It is their plan.");
    await press(lee.page, "Answer");
    await priya.open("/staff/learning");
    await priya.page.getByRole("link", { name: "Small steps, in five minutes" }).click();
    await priya.page.getByRole("link", { name: "Present it" }).click();
    await expect(priya.page.getByText("We are people who fill these forms in.")).toBeVisible();
    await expect(priya.page.getByText(REASON)).toBeVisible();
  });
  await context.close();
});

/** Writes the next version, of what waits for it or with the other words, and publishes it. */
async function publishNext(page: Page, words?: string): Promise<void> {
  await page.getByRole("link", { name: "Write the next version" }).click();
  if (words) await page.locator("[name='text.plan_form.what_helps']").fill(words);
  await press(page, "See what changes");
  await press(page, "Publish this version");
  await expect(page.getByText(/^The new version is published\./)).toBeVisible();
}

async function joinGroup(phone: Phone): Promise<void> {
  await phone.go("/take-part");
  await phone.link(GROUP).click();
  await phone.page.getByRole("checkbox", { name: "I've read this, and I agree" }).check();
  await phone.button("Join this group").click();
  await expect(phone.page.getByText("You are in this group.")).toBeVisible(SOON);
}

async function openForm(phone: Phone): Promise<void> {
  await phone.go("/our-words");
  await phone.link(FORM).click();
  await expect(phone.heading(FORM)).toBeVisible(SOON);
}

async function openPhrase(phone: Phone, words: string): Promise<void> {
  await openForm(phone);
  await phrase(phone, words).click(SOON);
}

function phrase(phone: Phone, words: string) {
  return phone.page.locator("button.phrase").filter({ hasText: words });
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Our words: what a member says with no signal, what a group says to it, and what the desk decides and publishes. */
import type { Page } from "@playwright/test";
import { lookEveryWay } from "../look";
import type { Phone, Tab } from "../phone";
import { expect, test } from "../test";

const DOCUMENT = "Recovery plan";
const TITLE = "My goals for the future";
const PRESSING = "Write down three targets that you commit to.";
const OWN = "How is your day <b>so far</b>?";
const NOT_SENT = "Not sent yet, safe here";
const SOON = { timeout: 40_000 };

test("a member says something with no signal, and reads what was decided and why, and the new words", async ({
  desk,
  phone,
}) => {
  // Every screen on the way is looked at.
  test.slow();
  // Anybody reads it; to say something they join.
  await openDocument(phone);
  await phrase(phone, PRESSING).click();
  await expect(phone.page.getByText(/To say something, join with a code/)).toBeVisible();
  await lookEveryWay(phone.page, "a document, not joined");
  await phone.join("Sam");
  await phone.worksOffline();
  await openDocument(phone);
  await phrase(phone, PRESSING).click();
  await phone.button("Send this").click();
  await expect(phone.page.getByText(/One of them is enough/)).toBeVisible();
  await phone.page.getByLabel("How does this feel to read?").fill("Like an exam <b>I fail</b>");
  await phone.expectDraft("Like an exam <b>I fail</b>");
  await lookEveryWay(phone.page, "saying something about a phrase");

  // What is begun stays through a phone that was off, and is sent when there is signal.
  await phone.context.setOffline(true);
  const address = new URL(phone.page.url()).pathname;
  await phone.killAndReopen(address, { offline: true });
  await phrase(phone, PRESSING).click();
  await expect(phone.page.getByLabel("How does this feel to read?")).toHaveValue("Like an exam <b>I fail</b>");
  await phone.page.getByLabel("What would you say instead?").fill("Is there one small thing you would like to try?");
  await phone.page.getByLabel("First letters of my name").check();
  await phone.button("Send this").click();
  const mine = () =>
    phone.page.locator(".card").filter({ has: phone.page.getByRole("heading", { name: "You said" }) });
  await expect(mine().getByText(NOT_SENT)).toBeVisible();
  await expect(phrase(phone, PRESSING)).toContainText("1 thing said");
  await phone.killAndReopen(address, { offline: true });
  await phrase(phone, PRESSING).click();
  await expect(mine().getByText("Like an exam <b>I fail</b>")).toBeVisible();
  await lookEveryWay(phone.page, "a suggestion that is not sent yet");
  await phone.go("/my-phone");
  await expect(phone.page.getByText("What you said about our words")).toBeVisible();
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await openPhrase(phone, address, PRESSING);
  await expect(mine().getByText(/^Sent .* Nobody has looked at it yet\.$/)).toBeVisible(SOON);

  // The desk takes it on, gives it to the group, and decides it with a reason.
  await desk.open("/staff/words");
  await lookEveryWay(desk.page, "the list of documents");
  await desk.page.getByRole("link", { name: `Open ${DOCUMENT}` }).click();
  await lookEveryWay(desk.page, "the board of a document");
  await desk.page.getByRole("link", { name: `Open what was said about: ${PRESSING}` }).click();
  await expect(desk.page.getByText(/^From S\., /)).toBeVisible();
  await press(desk.page, "I'll look at it");
  await press(desk.page, "Give it to Letters and words");
  await desk.page.getByLabel("The words you propose").fill("Is there one small thing you would like to try?");
  await press(desk.page, "Propose this");
  await lookEveryWay(desk.page, "a suggestion at the desk");
  await openPhrase(phone, address, PRESSING);
  await expect(mine().getByText(/The group Letters and words is talking about it\.$/)).toBeVisible(SOON);
  await desk.page.getByRole("link", { name: "Decide it" }).click();
  await desk.page.getByLabel("It changes", { exact: true }).check();
  await desk.page.getByLabel("Why?").fill("Three targets are too many on a hard day.");
  await desk.page.getByLabel("Who took part?").fill("The Letters and words group.");
  await lookEveryWay(desk.page, "deciding");
  await press(desk.page, "See what they will read");
  await expect(desk.page.getByText("Why: Three targets are too many on a hard day.")).toBeVisible();
  await lookEveryWay(desk.page, "what they will read");
  await press(desk.page, "Decide, and tell them");
  await expect(desk.page.getByText("It is decided, and the person is told.")).toBeVisible();
  await openPhrase(phone, address, PRESSING);
  await expect(mine().getByText("This was changed")).toBeVisible(SOON);
  await expect(mine().getByText("Why: Three targets are too many on a hard day.")).toBeVisible();
  await expect(mine().getByText("Like an exam <b>I fail</b>"), "beside their own words").toBeVisible();
  await lookEveryWay(phone.page, "what was decided");

  // The new words wait at the desk until the version is published, and then they are what people read.
  await desk.page.getByRole("link", { name: `Back to ${DOCUMENT}` }).click();
  await desk.page.getByRole("link", { name: "Write the next version" }).click();
  await lookEveryWay(desk.page, "writing the next version");
  await press(desk.page, "See what changes");
  await lookEveryWay(desk.page, "what changes");
  await press(desk.page, "Publish this version");
  await expect(desk.page.getByText(/^The new version is published\./)).toBeVisible();
  await openPhrase(phone, address, "Is there one small thing you would like to try?");
  await expect(mine().getByText(PRESSING), "what they read then").toBeVisible(SOON);
  await lookEveryWay(phone.page, "new words with what was said about the old ones");

  // Taking it back is free, also now.
  await phone.context.setOffline(true);
  await mine().getByRole("button", { name: "Take it back" }).click();
  await expect(phone.page.getByText("You took it back. It goes when there's signal.")).toBeVisible();
  await phone.context.setOffline(false);
  await expect(mine()).toHaveCount(0, SOON);
  await desk.page.reload();
  await expect(desk.page.getByText("1 was taken back by whoever wrote it.")).toBeVisible();
});

test("somebody of the group says that it speaks for them too, and writes about it, with no signal", async ({
  newPhone,
  phone,
}) => {
  await phone.join("Femi");
  await isInGroup(phone);
  await phone.worksOffline();
  await openDocument(phone);
  await expect(phone.button(new RegExp(TITLE))).toContainText("1 thing said", SOON);
  await phrase(phone, TITLE).click();
  await expect(phone.page.getByText("It makes my stomach turn.", { exact: false })).toBeVisible();
  await expect(phone.page.getByRole("heading", { name: "Someone says" }), "no name was given").toBeVisible();
  await expect(phone.page.getByText("Yes. A plan can be about today.")).toBeVisible();
  await phone.context.setOffline(true);
  await phone.button("This speaks for me too").click();
  await expect(phone.page.getByText("You said this speaks for you too")).toBeVisible();
  await expect(phone.page.getByText(NOT_SENT)).toBeVisible();
  await phone.button("Say something about this").click();
  await phone.page.getByLabel("What would you like to say?").fill("The future is too far away");
  await phone.expectDraft("The future is too far away");
  await lookEveryWay(phone.page, "writing to the group about words");
  await phone.button("Send to the group").click();
  const written = phone.page.getByRole("listitem").filter({ hasText: "The future is too far away" });
  await expect(written.getByText(NOT_SENT)).toBeVisible();
  await phone.context.setOffline(false);
  await expect(written.getByText(NOT_SENT)).toHaveCount(0, SOON);
  await lookEveryWay(phone.page, "what the group says about words");

  const other = await newPhone();
  await other.join("Ash");
  await isInGroup(other);
  await openDocument(other);
  await phrase(other, TITLE).click();
  await expect(other.page.getByText("It speaks for 2 other people too.")).toBeVisible(SOON);
  await expect(other.page.getByText("The future is too far away")).toBeVisible();
  await phone.button("It doesn't speak for me").click();
  await written.getByRole("button", { name: "Take it back" }).click();
  await phone.expectNothingWaiting();
  await openDocument(other);
  await phrase(other, TITLE).click();
  await expect(other.page.getByText("It speaks for 1 other person too.")).toBeVisible(SOON);
  await expect(other.page.getByText("Femi took their words back.")).toBeVisible(SOON);
});

test("staff paste a letter, see its phrases, and let people read it", async ({ desk, phone }) => {
  const { page } = desk;
  await desk.open("/staff/words");
  await page.getByRole("link", { name: "Bring in a document" }).click();
  await lookEveryWay(page, "bringing a document in");
  await page.getByLabel("Or take the words from a file").setInputFiles({
    name: "letter.md",
    mimeType: "text/markdown",
    buffer: Buffer.from("# Your visit\n\nCome when you can. <script>alert(1)</script>\n\n- Tea\n- Time\n"),
  });
  await press(page, "Take its words");
  await page.getByLabel("What is it called?").fill("A first visit");
  await page.getByLabel("What is it?", { exact: true }).selectOption("Letter");
  await press(page, "See the phrases");
  await expect(page.getByText("5 phrases")).toBeVisible();
  await lookEveryWay(page, "the phrases of a document");
  await press(page, "Keep it, and let people read it");
  await expect(page.getByText(/^It is kept\./)).toBeVisible();
  await phone.go("/our-words");
  await phone.link("A first visit").click();
  await expect(phone.heading("A first visit")).toBeVisible();
  await expect(phone.page.getByText("<script>alert(1)</script>")).toBeVisible();
  await lookEveryWay(phone.page, "a document");
});

async function openDocument(phone: Tab): Promise<void> {
  await phone.go("/our-words");
  await expect(phone.heading("Our words")).toBeVisible();
  await phone.link(DOCUMENT).click();
  await expect(phone.heading(DOCUMENT)).toBeVisible(SOON);
}

async function openPhrase(phone: Tab, address: string, words: string): Promise<void> {
  await phone.go(address);
  await phrase(phone, words).click(SOON);
}

function phrase(phone: Tab, words: string) {
  return phone.page.locator("button.phrase").filter({ hasText: words });
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

async function isInGroup(phone: Phone): Promise<void> {
  await phone.go("/take-part");
  await phone.link("Letters and words").click();
  await phone.page.getByRole("checkbox", { name: "I've read this, and I agree" }).check();
  await phone.button("Join this group").click();
  await expect(phone.page.getByText("You are in this group.")).toBeVisible(SOON);
}

test("the app's own words change on a phone that is open, stay with no signal, and are in the page for who comes new", async ({
  desk,
  newPhone,
  phone,
}) => {
  const { page } = desk;
  const prompt = (on: Phone, words: string) => on.page.getByRole("heading", { name: words, exact: true });
  await phone.join("Sam");
  await phone.go("/");
  await expect(prompt(phone, "How are things right now?")).toBeVisible();
  await desk.open("/staff/words/new?from=app");
  await page.getByLabel("What is it called?").fill("The first screen");
  await page.locator("select[name=section]").selectOption("today");
  await page.locator("button[value=see]").click();
  await page.locator("button[value=keep]").click();
  await page.getByRole("link", { name: "Write the next version" }).click();
  await page.locator("[name='text.today.prompt']").fill(OWN);
  await page.locator("button[value=see]").click();
  await page.locator("button[value=send]").click();
  // The phone is open all the while: its next round brings them, and the screen says them.
  await phone.page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(prompt(phone, OWN)).toBeVisible(SOON);
  await phone.worksOffline();
  await phone.killAndReopen("/", { offline: true });
  await expect(prompt(phone, OWN)).toBeVisible();
  const other = await newPhone();
  await other.go("/");
  await expect(prompt(other, OWN)).toBeVisible();
});

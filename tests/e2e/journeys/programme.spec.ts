/** Staff run an opportunity from an idea to thanked people, and phones follow it. */
import { lookEveryWay } from "../look";
import { Desk } from "../desk";
import { addSession, showToMembers, startWriting, tuesday, WHOLE, write } from "../programme";
import { DEMO } from "../server";
import { expect, test } from "../test";

const NAME = "Kinder letters";

test("a weekly opportunity is written, seen first, shown, and a session of it moves: who signed up is told", async ({
  desk,
  network,
  phone,
}) => {
  // Every screen on the way is looked at.
  test.slow();
  const { page } = desk;
  await startWriting(desk, NAME);

  // What is typed is kept by itself.
  await page.getByLabel("Why it is done").fill("People told us");
  await expect(page.getByText("Kept for later. Only staff see it.")).toBeVisible({ timeout: 15_000 });
  await page.reload();
  await expect(page.getByLabel("Why it is done")).toHaveValue("People told us");
  // Also what was typed last, when the page is left.
  await page.getByLabel("Who to ask").fill("Priya, 01632 960 101");
  await page.goto("/staff/sign-ups");
  await page.goBack();
  await expect(page.getByLabel("Who to ask")).toHaveValue("Priya, 01632 960 101");

  // Nothing is shown before it says why, what happens and what happens next.
  await page.getByRole("button", { name: "Show it to members" }).click();
  await expect(page.getByText("Please write this before members see it.")).toHaveCount(2);
  await lookEveryWay(page, "what is missing");
  await write(page, WHOLE);
  await page.getByLabel("Thank-you", { exact: true }).fill("A £15 voucher");
  await page.getByLabel("Members choose: all of it, less, or none").check();
  await page.getByLabel("Benefits").fill("It may change some benefits. Harbour Advice is free: 01632 960 150.");
  await page.getByLabel("We can pay travel before the day.").check();
  await page.getByLabel("Who to talk to before and after").fill("Dee");
  await lookEveryWay(page, "writing an opportunity");
  await page.getByRole("button", { name: "Keep it, and see it as a member will" }).click();
  await expect(page.getByText("Only staff see this page.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  await expect(page.getByText("Dee, before and after.")).toBeVisible();
  await lookEveryWay(page, "an opportunity as a member will see it");
  await page.getByRole("link", { name: "Back to the desk" }).click();
  await phone.go("/take-part");
  await expect(phone.page.getByText(NAME)).toHaveCount(0);

  await addSession(page, 2, { "How many places": "6" });
  await page.getByLabel("How places are given").selectOption("At once, in the order they reach us");
  await page.getByLabel("Repeat", { exact: true }).selectOption("Every week");
  await page.getByLabel("How many in all").fill("3");
  await lookEveryWay(page, "a new session");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("link", { name: /^Open the session Tuesday/ })).toHaveCount(3);
  await lookEveryWay(page, "an opportunity at the desk");
  await showToMembers(page);
  await lookEveryWay(page, "an opportunity that members see");

  // A phone sees it, and its person signs up for the first one.
  await phone.join("Sam");
  await phone.startSignUp(NAME);
  await phone.page.getByRole("radio", { name: /^Tuesday/ }).first().check();
  const thanks = phone.page.getByRole("radio", { name: "Some of it. Please talk to me first" });
  await phone.nextUntil(thanks);
  await lookEveryWay(phone.page, "the question about the thank-you");
  await thanks.check();
  await phone.nextUntil(phone.button("Ask for a place"));
  await expect(phone.page.getByRole("definition").filter({ hasText: "Some of it. Please talk to me first" })).toBeVisible();
  await phone.button("Ask for a place").click();
  await expect(phone.heading("Thank you for asking.")).toBeVisible();
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText("You have a place")).toBeVisible();

  // The session moves.
  await page.getByRole("link", { name: /^Open the session Tuesday/ }).first().click();
  await lookEveryWay(page, "a session");
  await page.getByRole("link", { name: "Move it to another time…" }).click();
  await page.getByLabel("Time", { exact: true }).fill("10:30");
  await page.getByLabel("Why it moves").fill("The room is taken in the afternoon.");
  await lookEveryWay(page, "moving a session");
  await page.getByRole("button", { name: "See what people will read" }).click();
  await expect(page.getByText("1 person has signed up, and gets these words.")).toBeVisible();
  await lookEveryWay(page, "what people will read");
  await page.getByRole("button", { name: "Move it" }).click();
  await expect(page.getByText("Done. Everyone who signed up is told.")).toBeVisible();
  await phone.expectSynced(network);
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText(/“This moved from .* 2pm to 3.30pm to .* 10.30am to 12pm. The room is taken/)).toBeVisible();
  await expect(phone.page.getByText("You have a place")).toBeVisible();
  await lookEveryWay(phone.page, "a sign-up whose session moved");
  await phone.go("/");
  await phone.link("Take part").first().click();
  await phone.link(NAME).click();
  await expect(phone.page.getByText(/^This moved. It was Tuesday/)).toBeVisible();
  await lookEveryWay(phone.page, "an opportunity whose session moved");

  // It is called off; nobody is left without a word.
  await page.getByRole("link", { name: `Back to ${NAME}` }).click();
  await page.getByRole("link", { name: "Call it off…" }).click();
  await page.getByLabel("Your words for everyone who signed up").fill("The money was cut. Sorry.");
  await lookEveryWay(page, "calling off");
  await page.getByRole("button", { name: /^See what everyone/ }).click();
  await lookEveryWay(page, "what people read when it is called off");
  await page.getByRole("button", { name: "Call it off and send this" }).click();
  await expect(page.getByText("Done. It is called off")).toBeVisible();
  await phone.expectSynced(network);
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText("“The money was cut. Sorry.”")).toBeVisible();
  await phone.link(NAME).click();
  await expect(phone.page.getByText("This is called off.")).toBeVisible();
  await lookEveryWay(phone.page, "an opportunity that is called off");
});

test("two who write at once, one of them without script, both see both texts; what came of it is told", async ({
  adminDesk: two,
  browser,
  phone,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const one = new Desk(await context.newPage());
  await one.signIn(DEMO.staff);
  await startWriting(one, NAME);
  const address = new URL(one.page.url()).pathname;
  await two.open(address);
  await write(one.page, WHOLE);
  await one.page.getByRole("button", { name: "Keep this for later" }).click();
  await expect(one.page.getByText("Kept. Only staff see it")).toBeVisible();
  await two.page.getByLabel("Why it is done").fill("Sam's own reason");
  await two.page.getByRole("button", { name: "Keep this for later" }).click();
  await expect(two.page.getByText("Priya kept something else while you wrote")).toBeVisible();
  await expect(two.page.getByLabel("Why it is done")).toHaveValue("Sam's own reason");
  await expect(two.page.getByText(WHOLE["Why it is done"])).toBeVisible();
  // What only Priya wrote is put together with it.
  await expect(two.page.getByLabel("What people would do")).toHaveValue(WHOLE["What people would do"]);
  await expect(two.page.getByText("What is kept now:")).toHaveCount(1);
  await lookEveryWay(two.page, "two who write at once");
  await two.page.getByLabel("Why it is done").fill(WHOLE["Why it is done"]);
  await two.page.getByRole("button", { name: "Keep it as it stands here" }).click();
  await showToMembers(two.page);

  await two.page.getByRole("link", { name: "It is over…" }).click();
  await lookEveryWay(two.page, "is it over");
  await two.page.getByRole("button", { name: "Yes, it is over" }).click();
  await two.page.getByRole("link", { name: "Tell members what came of it…" }).click();
  await two.page.getByLabel("What came of it, for members").fill("All three letters changed.\nOne stayed as it was.");
  await lookEveryWay(two.page, "what came of it");
  await two.page.getByRole("button", { name: "See it as a member will" }).click();
  await lookEveryWay(two.page, "what came of it, seen first");
  await two.page.getByRole("button", { name: "Tell members" }).click();
  await expect(two.page.getByText("Done. Members can read what came of it.")).toBeVisible();
  await two.page.getByRole("link", { name: "A letter for a benefits office" }).click();
  await lookEveryWay(two.page, "asking for a letter");
  await two.page.getByLabel("Their full name").fill("Alex Example");
  await two.page.getByLabel("Your organisation, with its address").fill("Harbour House, 1 Example Street");
  await two.page.getByRole("button", { name: "Make the letter" }).click();
  await expect(two.page.getByText(/^Alex Example takes part in “Kinder letters”/)).toBeVisible();
  await lookEveryWay(two.page, "a letter");
  await two.open("/staff/opportunities?show=reported_back");
  await lookEveryWay(two.page, "the list of opportunities");

  await phone.go("/take-part");
  await expect(phone.page.getByText("One stayed as it was.")).toBeVisible();
  await lookEveryWay(phone.page, "what came of these");
  await phone.link(NAME).click();
  await expect(phone.page.getByRole("heading", { name: "What came of it" })).toBeVisible();
  await lookEveryWay(phone.page, "an opportunity that was reported back");
  await context.close();
});

test("an agreement is said yes to when signing up with no signal, and again when it changes", async ({
  desk,
  network,
  phone,
}) => {
  const { page } = desk;
  await startWriting(desk, NAME);
  await write(page, { ...WHOLE, "What people agree to": "What is said here stays here." });
  await page.getByRole("button", { name: "Keep this for later" }).click();
  await addSession(page, 2, { "Link, and what is needed to get in": "https://meet.example/letters Code: 4102" });
  await page.getByLabel("How people meet").selectOption("Online");
  await page.getByLabel("How places are given").selectOption("At once, in the order they reach us");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await showToMembers(page);

  await phone.join("Sam");
  await phone.go("/take-part");
  await phone.link(NAME).click();
  await phone.page.getByText("Read the agreement").click();
  await expect(phone.page.getByText("What is said here stays here.")).toBeVisible();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.startSignUp(NAME);
  const agree = phone.page.getByRole("checkbox", { name: "I've read this, and I agree" });
  await phone.nextUntil(agree);
  await expect(phone.page.getByText("What is said here stays here.")).toBeVisible();
  await lookEveryWay(phone.page, "the agreement");
  await phone.nextUntil(phone.button("Ask for a place"));
  await phone.button("Ask for a place").click();
  await expect(phone.page.getByText("Please read the agreement, and tick the box if you agree.")).toBeVisible();
  await agree.check();
  await phone.nextUntil(phone.button("Ask for a place"));
  await phone.button("Ask for a place").click();
  await expect(phone.heading("Thank you for asking.")).toBeVisible();
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText("Not sent yet, and not yet a place.")).toBeVisible();
  await expect(phone.link("Join online")).toHaveCount(0);
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("You have a place")).toBeVisible();
  await expect(phone.link("Join online")).toHaveAttribute("href", "https://meet.example/letters");
  await expect(phone.page.getByText("Code: 4102")).toBeVisible();
  await lookEveryWay(phone.page, "the way in online");

  await page.getByRole("link", { name: "Change it" }).click();
  await page.getByLabel("What people agree to").fill("What is said here stays here. No names outside.");
  await page.getByRole("button", { name: "Show the changes to members" }).click();
  await expect(page.getByText("Done. Members see the changes now.")).toBeVisible();
  await phone.expectSynced(network);
  await phone.go("/my-sign-ups");
  await expect(phone.page.getByText("There is a new agreement for this. Please read it.")).toBeVisible();
  await lookEveryWay(phone.page, "a new agreement");
  await phone.context.setOffline(true);
  await phone.button("I agree to this").click();
  await expect(phone.page.getByText("There is a new agreement for this.")).toHaveCount(0);
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await desk.open("/staff/sign-ups");
  await desk.openSignUp("Sam");
  await expect(page.getByText("They said yes to it (version 2).")).toBeVisible();
});

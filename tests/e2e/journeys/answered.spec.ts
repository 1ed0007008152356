/** Answered: a shared check-in is looked after by someone, step by step, and nothing is left hanging. */
import { expectNoSidewaysScrolling, expectNoViolations } from "../axe";
import { Desk } from "../desk";
import { Member } from "../member";
import { DEMO } from "../server";
import { expect, test } from "../test";

const NOTE = "I would like to hear from someone";
const DAY_MS = 86_400_000;

test("a check-in goes from the phone to the desk and back, from hand to hand, to its end", async ({ browser, desk, network, phone, server }) => {
  await phone.join("Alex");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ feeling: "Hard", note: NOTE, wants: "A message" });
  await phone.go("/check-ins");
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();

  await desk.open("/staff/check-ins");
  await desk.openCheckIn("Alex");
  await expect(desk.page.getByText(NOTE)).toBeVisible();
  await expect(desk.page.getByRole("button", { name: "Close it" }), "something was asked for").toHaveCount(0);
  await expect(desk.page.getByText("it can be closed once someone has replied")).toBeVisible();
  await desk.page.getByRole("button", { name: "Take it on" }).click();
  await expect(desk.page.getByText("You have it now.")).toBeVisible();
  await desk.page.getByLabel("To", { exact: true }).selectOption({ label: "Sam, Lookout team" });
  await desk.page.getByLabel("Note for them").fill("Knows the ward");
  await desk.page.getByRole("button", { name: "Hand it over" }).click();
  await expect(desk.page.getByText("Your colleague has it now")).toBeVisible();

  await phone.expectSynced(network);
  await phone.go("/check-ins");
  await expect(phone.page.getByText("Seen by Priya")).toBeVisible();
  await expect(phone.page.getByText("Sam is looking after this")).toBeVisible();

  // Sam is of the team that covers.
  const other = await browser.newContext({ baseURL: server.url });
  const sam = new Desk(await other.newPage());
  await sam.signIn(DEMO.admin);
  await sam.open("/staff/check-ins?show=mine");
  await sam.openCheckIn("Alex");
  await expect(sam.page.getByText("Knows the ward")).toBeVisible();
  await sam.page.getByLabel("Words for Alex").fill("Shall we talk tomorrow?");
  await sam.page.getByRole("button", { name: "See what Alex will see" }).click();
  await expect(sam.page.getByText("Nothing has been sent yet.")).toBeVisible();
  await sam.page.getByRole("button", { name: "Send this" }).click();
  await expect(sam.page.getByText("Your words go to the phone of Alex.")).toBeVisible();

  await phone.expectSynced(network);
  await phone.go("/check-ins");
  await expect(phone.page.getByText("Shall we talk tomorrow?")).toBeVisible();
  await expect(phone.page.getByText("Knows the ward")).toHaveCount(0);
  await phone.context.setOffline(true);
  await phone.button("Answer back").click();
  const answer = phone.page.getByLabel("Your answer");
  await expect(phone.page.getByText("Nobody is watching this for emergencies.").first()).toBeVisible();
  await answer.fill("Yes, please");
  await phone.expectDraft("Yes, please");
  await phone.button("Send").last().click();
  const said = phone.page.getByRole("listitem").filter({ hasText: "Yes, please" }).last();
  await expect(said.getByText("Not sent yet, safe here")).toBeVisible();
  await expect(said.getByRole("button", { name: "Don't send" })).toBeVisible();
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();

  await sam.open("/staff/check-ins?show=mine");
  await expect(sam.rows("Alex")).toContainText("Answered back");
  await sam.openCheckIn("Alex");
  await expect(sam.page.getByText("Yes, please")).toBeVisible();
  await sam.page.getByRole("link", { name: "Copied to their record" }).click();
  await sam.page.getByRole("button", { name: "Yes, I copied it" }).click();
  await sam.page.getByRole("button", { name: "Close it" }).click();
  await expect(sam.page.getByText("If Alex answers, it opens again.")).toBeVisible();
  await other.close();

  await phone.expectSynced(network);
  await phone.go("/check-ins");
  await expect(phone.page.getByText(/^Finished /)).toBeVisible();
  await expect(phone.page.getByText(/^Copied to your record by Sam/)).toBeVisible();
});

test("an answer that was not sent leaves no byte, and stays on the phone", async ({ desk, network, phone }) => {
  await phone.join("Alex");
  await phone.worksOffline();
  await phone.share({ feeling: "OK", note: NOTE, wants: "A message" });
  await phone.expectNothingWaiting();
  await answerAtTheDesk(desk, "Alex", "Hello Alex");
  await phone.expectSynced(network);
  await phone.context.setOffline(true);
  await phone.go("/check-ins");
  await expect(phone.page.getByText("Hello Alex")).toBeVisible();
  await phone.button("Answer back").click();
  await phone.page.getByLabel("Your answer").fill("On second thoughts");
  await phone.button("Send").last().click();
  await phone.button("Don't send").click();
  await expect(phone.page.getByText("It is only on this phone")).toBeVisible();
  await expect(phone.page.getByText("On second thoughts")).toBeVisible();
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  const sent = network.requests(/^\/api\/sync$/).filter((request) => request.body.includes("On second thoughts"));
  expect(sent).toHaveLength(0);
});

test("a reading time that passes unopened is told, once the phone has heard of it, with the number to ring", async ({ desk, network, phone, server }) => {
  await phone.join("Alex");
  await phone.worksOffline();
  await phone.writeToTeam({ feeling: "Hard", note: NOTE });
  await expect(phone.page.getByText(/^They (next read these|read these now, until) .+\.$/)).toBeVisible();
  await expect(phone.page.getByText("When they are away, Lookout team reads them too.")).toBeVisible();
  await phone.button(`Send to ${DEMO.team}`).click();
  await expect(phone.page.getByText(/^Sent\. Your team (next reads these|reads these now, until) /)).toBeVisible();
  await phone.expectNothingWaiting();
  await phone.context.setOffline(true);

  // Four days go by for the server, so that a reading time passed, whatever day it is.
  await server.stop();
  await server.up(4 * DAY_MS);
  const alex = Member.behind(server, network);
  const passed = async () => (await alex.records("check_in"))[0]?.body.passed_at;
  await expect.poll(passed, { timeout: 30_000 }).toBeTruthy();
  await server.stop();
  await server.up();
  // For the server, the desk's session had ended meanwhile.
  await desk.page.context().clearCookies();
  await desk.signIn();
  await desk.open("/staff/check-ins");
  await expect(desk.rows("Alex")).toContainText("Promised by");

  await phone.go("/check-ins");
  await expect(phone.page.getByText(/^Sent /)).toBeVisible();
  await expect(phone.page.getByText("Nobody has opened this yet."), "it cannot know").toHaveCount(0);
  await phone.context.setOffline(false);
  await phone.go("/check-ins");
  await expect(phone.page.getByText("Nobody has opened this yet. Sorry. You can ring 01632 960 101.")).toBeVisible();
  await expect(phone.link("Ring Harbour team")).toHaveAttribute("href", "tel:01632 960 101");
});

test("the thread and the box to answer are for everyone", async ({ desk, network, phone }) => {
  await phone.join("Alex");
  await phone.share({ feeling: "OK", note: NOTE, wants: "A message" });
  await phone.expectNothingWaiting();
  await answerAtTheDesk(desk, "Alex", "Hello Alex, thank you for saying so.");
  await phone.expectSynced(network);
  await phone.go("/check-ins");
  await phone.button("Answer back").press("Enter");
  await phone.page.getByLabel("Your answer").fill("Thank you");
  for (const colorScheme of ["light", "dark"] as const) {
    await phone.page.emulateMedia({ colorScheme });
    await expectNoViolations(phone.page, `answering back, ${colorScheme}`);
    await expectNoViolations(desk.page, `a check-in at the desk, ${colorScheme}`);
  }
  await phone.page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScrolling(phone.page, "answering back at 320 px");
  await desk.page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScrolling(desk.page, "a check-in at the desk at 320 px");
});

/** Opens a person's check-in, sees the words first, and sends them. */
async function answerAtTheDesk(desk: Desk, name: string, words: string): Promise<void> {
  await desk.open("/staff/check-ins");
  await desk.openCheckIn(name);
  await desk.page.getByLabel(`Words for ${name}`).fill(words);
  await desk.page.getByRole("button", { name: `See what ${name} will see` }).click();
  await desk.page.getByRole("button", { name: "Send this" }).click();
  await expect(desk.page.getByText(`Your words go to the phone of ${name}.`)).toBeVisible();
}

/** Staff learn what changed in our words: the group approves a note, staff read it, and the group presents it. */
import { agreeAndPublish, writeChange } from "../changes";
import { lookEveryWay } from "../look";
import { expect, test } from "../test";

test("a wording that changed becomes a lesson, and whoever has a question hears back from the group", async ({ adminDesk, desk }) => {
  // Every screen on the way is looked at.
  test.slow();
  const { page } = desk;
  await writeChange(desk);
  await agreeAndPublish(adminDesk, page);
  // It made a note, which waits for its words and its group.
  await desk.open("/staff/learning/notes");
  await lookEveryWay(page, "the list of notes");
  await page.getByRole("row").getByRole("link", { name: /^Open: It now says “small steps”/ }).click();
  await expect(page.getByText(/^Before the group can approve it needs: what staff do differently/)).toBeVisible();
  await page.getByRole("link", { name: "Change the words" }).click();
  await page.getByLabel("Before", { exact: true }).fill("Goals");
  await page.getByLabel("What we do differently").fill("Ask what would help, and leave the line empty if nothing comes.");
  await page.getByLabel("Something to think about").fill("Which of your own forms has a word that weighs?");
  await page.getByLabel("Whose work it is").selectOption("Letters and words");
  await lookEveryWay(page, "writing a note");
  await page.getByRole("button", { name: "Keep it", exact: true }).click();
  const { pathname: note } = new URL(page.url());
  // An admin does not speak for the group; Priya leads it.
  await adminDesk.open(note);
  await expect(adminDesk.page.getByText("Someone who leads the group has to approve it.")).toBeVisible();
  await page.getByRole("button", { name: "The group approves this" }).click();
  await page.getByRole("button", { name: "Ask staff to read it" }).click();
  await expect(page.getByText("Done. It stands in everyone's list.")).toBeVisible();
  await lookEveryWay(page, "a note that is out");

  // One change a screen, and the next one after it.
  await adminDesk.open("/staff/learning");
  await expect(adminDesk.page.getByRole("link", { name: "Staff learning 2 to read" })).toBeVisible();
  await lookEveryWay(adminDesk.page, "what there is to read");
  await adminDesk.page.getByRole("link", { name: "Start reading" }).click();
  await expect(adminDesk.page.getByText("Do not send a warning.")).toBeVisible();
  await adminDesk.page.getByRole("button", { name: "I've read and understood this" }).click();
  await expect(adminDesk.page.getByText("Which of your own forms has a word that weighs?")).toBeVisible();
  await lookEveryWay(adminDesk.page, "a lesson");
  await adminDesk.page.getByLabel("A question back to the group").fill("May people still say “goals” if they like it?");
  await adminDesk.page.getByRole("button", { name: "I've read and understood this" }).click();
  await expect(adminDesk.page.getByText("Thank you. That was all there is to read.")).toBeVisible();
  await expect(adminDesk.page.getByRole("link", { name: "Staff learning", exact: true }).first()).toBeVisible();

  await desk.open(note);
  await page.getByLabel("What the group says").fill("Yes. It is their plan.");
  await lookEveryWay(page, "a question to the group");
  await page.getByRole("button", { name: "Answer" }).click();
  await expect(page.getByText("1 of 2 people have.")).toBeVisible();
  await page.getByRole("link", { name: "See by team" }).click();
  await lookEveryWay(page, "who has read it");
  await adminDesk.page.getByRole("link", { name: /^It now says “small steps”/ }).click();
  await expect(adminDesk.page.getByText("Yes. It is their plan.")).toBeVisible();
});

test("a group puts notes in an order, presents them and prints a handout", async ({ desk }) => {
  const { page } = desk;
  await desk.open("/staff/learning/trainings/new");
  await lookEveryWay(page, "a new training");
  await page.getByLabel("What it is called").fill("Kinder letters in ten minutes");
  await page.getByLabel("Whose work it is").selectOption("Letters and words");
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.getByLabel("What you say first").fill("We are people who got these letters.");
  await page.getByLabel(/^Place of “We have kept a time for you/).fill("1");
  await page.getByRole("button", { name: "Keep it", exact: true }).click();
  await expect(page.getByText("Kept. The group says yes to it before staff see it.")).toBeVisible();
  await lookEveryWay(page, "a training");
  await page.getByRole("button", { name: "The group says yes to this training" }).click();
  await expect(page.getByText("Done. Staff can see it.")).toBeVisible();
  const { pathname } = new URL(page.url());
  await page.getByRole("link", { name: "Present it" }).click();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("link", { name: "Next" }).first().click();
  await expect(page.getByRole("heading", { name: "Change 1 of 1" })).toBeInViewport();
  await lookEveryWay(page, "a training at a meeting");
  await desk.open(`${pathname}/handout`);
  await expect(page.getByText("Do not send a warning.")).toBeVisible();
  await lookEveryWay(page, "a handout");
});

/** Staff make a group and look after it: who leads, what is written, and what people ask to have looked at. */
import { GROUP_WORDS, InGroup, openGroup, writeGroup } from "../groups";
import { lookEveryWay } from "../look";
import { expect, test } from "../test";

const NAME = "First visits";

test("a group is written, named, opened; its lead writes, hides and looks, and others on the desk read none of it", async ({
  adminDesk,
  desk,
  server,
}) => {
  // Every screen on the way is looked at.
  test.slow();
  const { page } = desk;
  await writeGroup(desk, NAME);
  await lookEveryWay(page, "the draft of a group");
  await expect(page.getByText(/Before it can open it needs: someone who leads it/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Open it to members" })).toHaveCount(0);
  await openGroup(page, "Priya", "Sam");
  await lookEveryWay(page, "a group at the desk");
  const group = page.url().split("?")[0] ?? "";

  // What members see changes only after it was seen.
  await page.getByRole("link", { name: "Change the words" }).click();
  await page.getByLabel("When it meets").fill("Friday mornings, online.");
  await lookEveryWay(page, "writing a group");
  await page.getByRole("button", { name: "See it as a member will" }).click();
  await expect(page.getByText("Friday mornings, online.")).toBeVisible();
  await lookEveryWay(page, "a group as a member will see it");
  await page.getByRole("button", { name: "Show it to members" }).click();
  await expect(page.getByText("Done. Members see it so")).toBeVisible();

  // Somebody writes, and somebody asks to have it looked at: the desk learns of both by itself.
  await page.getByRole("link", { name: "What is written" }).click();
  await expect(page.getByText("Nothing is written yet.")).toBeVisible();
  const [ash, rosa] = [await InGroup.join(server, group, "Ash"), await InGroup.join(server, group, "Rosa")];
  const message = await ash.says("That leaflet is for idiots.");
  const said = page.locator("#said-there");
  await expect(said.getByText("That leaflet is for idiots.")).toBeVisible();
  await rosa.reports(message, "It hurts to read that.");
  await expect(page.getByRole("heading", { name: "Please look" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Groups 1 to look at" })).toBeVisible();
  await lookEveryWay(page, "what is written in a group");

  await page.getByLabel("Your words").fill("Thank you for coming. Let us be kind about every leaflet.");
  await page.getByRole("button", { name: "Write this to the group" }).click();
  await expect(said.getByText("Priya, at the desk")).toBeVisible();

  await page.getByRole("link", { name: /^Open what Ash wrote/ }).first().click();
  await expect(page.getByText("It hurts to read that.")).toBeVisible();
  await expect(page.getByText("Rosa")).toHaveCount(0);
  await lookEveryWay(page, "a reported message");
  await page.getByLabel("Why, for the group").fill("We speak kindly of what people made.");
  await page.getByRole("button", { name: "Take it out of sight" }).click();
  await expect(page.getByText("Done. It is out of sight.")).toBeVisible();
  await expect(page.getByText("That leaflet is for idiots.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Groups", exact: true })).toBeVisible();

  await page.getByRole("link", { name: "More about Ash in this group" }).click();
  await lookEveryWay(page, "a person of a group");
  await page.getByLabel(/^Why, for/).fill("Let us talk first. Ring me any morning.");
  await page.getByRole("button", { name: "Pause their writing" }).click();
  await expect(page.getByText("Let us talk first.")).toBeVisible();
  await page.getByRole("link", { name: `The people of ${NAME}` }).click();
  await expect(desk.rows("Ash").getByText("Reads, and does not write for now")).toBeVisible();
  await lookEveryWay(page, "the people of a group");

  // With no lead it says so; who looks after nothing here reads nothing here.
  await page.goto(group);
  await page.getByRole("button", { name: "End: Priya leads it no more" }).click();
  await expect(page.getByText("Nobody leads this group now. Please name someone.")).toBeVisible();
  expect((await page.request.get(`${group}/messages`)).status()).toBe(403);
  await desk.open("/staff/groups");
  await expect(desk.rows(NAME).getByText("Nobody leads this group now")).toBeVisible();
  await lookEveryWay(page, "the list of groups");

  // The backup ends it, with what came of it.
  await adminDesk.open(new URL(group).pathname);
  await adminDesk.page.getByRole("link", { name: "End it…" }).click();
  await adminDesk.page.getByLabel("What came of its work").fill("Two leaflets are kinder now.");
  await lookEveryWay(adminDesk.page, "ending a group");
  await adminDesk.page.getByRole("button", { name: "Yes, end it" }).click();
  await expect(adminDesk.page.getByText("Done. It has ended.")).toBeVisible();
  await expect(adminDesk.page.getByText("Two leaflets are kinder now.")).toBeVisible();
});

test("two who write about a group at once see both, and an opportunity is started in it", async ({ adminDesk, desk }) => {
  await writeGroup(desk, NAME);
  const edit = `${new URL(desk.page.url()).pathname}/edit`;
  await desk.open(edit);
  await adminDesk.open(edit);
  const label = "When it meets";
  await desk.page.getByLabel(label).fill("Mondays.");
  await desk.page.getByRole("button", { name: "Keep it", exact: true }).click();
  await expect(desk.page.getByText("Kept. Only staff see it")).toBeVisible();
  await adminDesk.page.getByLabel(label).fill("Fridays.");
  await adminDesk.page.getByRole("button", { name: "Keep it", exact: true }).click();
  await expect(adminDesk.page.getByText("Someone else changed this group while you wrote.")).toBeVisible();
  await expect(adminDesk.page.getByLabel(label)).toHaveValue("Fridays.");
  await expect(adminDesk.page.getByText("Mondays.")).toBeVisible();
  await lookEveryWay(adminDesk.page, "two who write about a group at once");
  await adminDesk.page.getByRole("button", { name: "Keep it as it stands here" }).click();
  await expect(adminDesk.page.getByText("Fridays.")).toBeVisible();
  await expect(adminDesk.page.getByText(GROUP_WORDS["Who it is for"])).toBeVisible();

  await adminDesk.page.getByRole("link", { name: "New opportunity in this group" }).click();
  await expect(adminDesk.page.getByText(`In the group “${NAME}”`)).toBeVisible();
  await adminDesk.page.getByLabel("Name").fill("Read the leaflet");
  await adminDesk.page.getByRole("button", { name: "Start writing" }).click();
  await expect(adminDesk.page.getByLabel("Which group it belongs to")).toHaveValue(/.+/);
  await desk.open("/staff/opportunities?show=draft");
  await expect(desk.rows("Read the leaflet").getByText(`In the group “${NAME}”`)).toBeVisible();
});

/** Without any script: Help now, the opportunities and plain forms. */
import { GROUP, putGroup, somebodyIn } from "../group";
import { DEMO } from "../server";
import { expect, test } from "../test";

test.use({ javaScriptEnabled: false });

test("without script, anyone can read Help now and the opportunities", async ({ page, network }) => {
  await page.goto(network.url);
  await page.getByRole("link", { name: "Help now" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "You can get help now." })).toBeVisible();
  await expect(page.getByRole("link", { name: /Samaritans/ }).first()).toHaveAttribute("href", /^tel:/);
  await page.getByRole("link", { name: "Chorus" }).click();
  await page.getByRole("link", { name: "Take part", exact: true }).click();
  await page.getByRole("link", { name: DEMO.staffOpportunity }).click();
  await expect(page.getByRole("heading", { level: 1, name: DEMO.staffOpportunity })).toBeVisible();
  await expect(page.getByText("You can stop at any time.")).toBeVisible();
});

test("without script, a joined member signs up and sends a check-in, each once, and nothing private is offered", async ({
  desk,
  page,
  network,
}) => {
  await page.goto(`${network.url}/join`);
  await page.getByLabel("Your join code").fill(DEMO.teamCode);
  await page.getByLabel("What should we call you?").fill("Sam");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page).toHaveURL(`${network.url}/`);

  await page.getByRole("link", { name: "Check in" }).click();
  await expect(page.getByText("Only me")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /keep/i })).toHaveCount(0);
  await page.getByRole("radio", { name: "Hard", exact: true }).check();
  await page.getByLabel(/Add anything/).fill("Sent from a plain page");
  await page.getByRole("checkbox", { name: /can see this check-in/ }).check();
  await page.getByRole("button", { name: /^Send to/ }).click();
  await expect(page.getByText(/^Sent\./)).toBeVisible();

  await page.goto(`${network.url}/take-part`);
  await page.getByRole("link", { name: DEMO.staffOpportunity }).click();
  await page.getByRole("link", { name: "I'd like to take part" }).first().click();
  await page.getByRole("textbox", { name: "What would make this easier for you?" }).fill("A quiet room");
  await page.getByRole("button", { name: "Ask for a place" }).click();
  await expect(page.getByText("Sent. It's not yet a place, until Chorus says so.")).toBeVisible();

  await desk.open("/staff/check-ins");
  await expect(desk.rows("Sam")).toHaveCount(1);
  await desk.open("/staff/sign-ups");
  await expect(desk.rows("Sam")).toHaveCount(1);
});

test("without script, somebody reads what a group agreed and joins it, once", async ({ page, network, server }) => {
  putGroup(server);
  await page.goto(`${network.url}${GROUP.path}`);
  await expect(page.getByText("To join a group, join Chorus first.")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Join Chorus" }).click();
  await page.getByLabel("Your join code").fill(DEMO.teamCode);
  await page.getByLabel("What should we call you?").fill("Sam");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page).toHaveURL(`${network.url}/`);
  await page.goto(`${network.url}/take-part`);
  await page.getByRole("link", { name: GROUP.title }).click();
  await expect(page.getByText("What is said here stays here.")).toBeVisible();
  await page.getByRole("button", { name: "Join this group" }).click();
  await expect(page.getByText(/tick the box if you agree/)).toBeVisible();
  await page.getByRole("checkbox", { name: "I've read this, and I agree" }).check();
  await page.getByRole("button", { name: "Join this group" }).click();
  await expect(page.getByText("You are in this group now. Chorus has it.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Join this group" })).toHaveCount(0);
  const femi = await somebodyIn(server, "Femi");
  const names = (await femi.records("group_person")).map((one) => one.body.name);
  expect(names.toSorted()).toEqual(["Femi", "Sam"]);
});

/** Involvement groups on members' phones: joining, writing, looking after each other, and leaving. */
import { expectNoViolations } from "../axe";
import { GROUP, inGroup, isIn, joinGroup, message, more, putGroup, somebodyIn, writeTo } from "../group";
import { lookEveryWay } from "../look";
import { Member } from "../member";
import { dump, PIN, setPin, unlock } from "../pin";
import { DEMO } from "../server";
import { expect, test } from "../test";

const NOT_SENT = "Not sent yet, safe here";
const SOON = { timeout: 40_000 };

test("somebody new finds a group, joins and writes with no signal, and it can be taken back at any time", async ({
  newPhone,
  phone,
  server,
}) => {
  putGroup(server, { opportunity: DEMO.staffOpportunity });
  // Somebody who only looks around can read it all.
  await phone.go("/take-part");
  await phone.link("See the groups").click();
  await expect(phone.page.getByText("A group meets more than once.")).toBeVisible();
  await expectNoViolations(phone.page, "Take part with groups");
  await phone.link(GROUP.title).click();
  await expect(phone.heading(GROUP.title)).toBeVisible();
  await expect(phone.page.getByText("What is said here stays here.")).toBeVisible();
  await expect(phone.page.getByText("Priya is there when the leads are not.")).toBeVisible();
  await expect(phone.page.getByText("To join a group, join Chorus first.")).toBeVisible();
  await phone.link(DEMO.staffOpportunity).click();
  await expect(phone.page.getByText("This is part of a group")).toBeVisible();
  await phone.link(GROUP.title).click();
  await lookEveryWay(phone.page, "a group");

  const other = await newPhone();
  await other.join("Femi");
  await isIn(other);
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.go(GROUP.path);
  await phone.button("Join this group").click();
  await expect(phone.page.getByRole("alert").getByText(/tick the box if you agree/)).toBeVisible();
  await joinGroup(phone);
  await expect(phone.page.getByText("You asked to join. You are not in it yet.")).toBeVisible();
  await expect(phone.page.getByText(NOT_SENT)).toBeVisible();
  await expectNoViolations(phone.page, "a group, asked to join");
  await phone.go("/my-phone");
  await expect(phone.page.getByText(`Joining ${GROUP.title}`)).toBeVisible();
  await phone.context.setOffline(false);
  await phone.go(GROUP.path);
  await expect(phone.page.getByText("You are in this group.")).toBeVisible(SOON);
  await phone.go("/take-part");
  await expect(phone.page.getByText("You are in it")).toBeVisible();
  await phone.link(`Your group: ${GROUP.title}`).click();
  await expect(phone.page.getByText("Nobody has written yet.")).toBeVisible();
  await expect(phone.page.getByText("Who is in it: 2 people")).toBeVisible();

  // What is begun stays, and what is sent with no signal says so, also after the phone was off.
  await phone.page.getByLabel("Write to the group").fill("Half of a thought");
  await phone.expectDraft("Half of a thought");
  await phone.context.setOffline(true);
  await phone.killAndReopen(GROUP.talk, { offline: true });
  await expect(phone.page.getByLabel("Write to the group")).toHaveValue("Half of a thought");
  await writeTo(phone, "Hello from the bus");
  await writeTo(phone, "Not this one");
  await message(phone, "Not this one").getByRole("button", { name: "Don't send" }).click();
  await expect(message(phone, "Not this one")).toHaveCount(0);
  await phone.killAndReopen(GROUP.talk, { offline: true });
  await expect(message(phone, "Hello from the bus").getByText(NOT_SENT)).toBeVisible();
  await lookEveryWay(phone.page, "in a group, not sent yet");
  await phone.go("/my-phone");
  await expect(phone.page.getByText(`Your words to ${GROUP.title}`)).toBeVisible();
  await phone.go(GROUP.talk);
  await phone.context.setOffline(false);
  await expect(message(phone, "Hello from the bus").getByText(NOT_SENT)).toHaveCount(0, SOON);
  await expect(message(phone, "Hello from the bus").getByText(/^You, /)).toBeVisible(SOON);

  await other.go(GROUP.talk);
  await expect(message(other, "Hello from the bus").getByText(/^Sam, /)).toBeVisible(SOON);
  await phone.context.setOffline(true);
  await message(phone, "Hello from the bus").getByRole("button", { name: "Take it back" }).click();
  await expect(phone.page.getByText("You took it back. It goes when there's signal.")).toBeVisible();
  await expect(phone.page.getByText("Hello from the bus")).toHaveCount(0);
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("You took it back. It goes when there's signal.")).toHaveCount(0, SOON);
  await other.go(GROUP.talk);
  await expect(other.page.getByText("Sam took their words back.")).toBeVisible(SOON);
  expect(await dump(other.page)).not.toContain("Hello from the bus");
});

test("somebody asks for a look, and who leads takes it out of sight with no signal, once their phone has a PIN", async ({
  network,
  newPhone,
  phone,
  server,
}) => {
  putGroup(server);
  const femi = await somebodyIn(server, "Femi");
  putGroup(server, { wrote: [[femi.id, "You are all useless"], [femi.id, "Sorry, a bad day"]] });
  await phone.join("Rosa");
  await isIn(phone);
  putGroup(server, { leads: [Member.behind(server, network).id] });
  const other = await newPhone();
  await other.join("Sam");
  await isIn(other);

  await other.worksOffline();
  await other.context.setOffline(true);
  await more(other, "You are all useless");
  await other.button("Please look at this").click();
  await expect(other.page.getByText(/So does Priya from staff\. Nobody is told who asked/)).toBeVisible();
  await other.page.getByLabel("What is wrong with it?").fill("It hurts to read");
  await expectNoViolations(other.page, "asking for a look");
  await other.button("Ask them to look").click();
  await expect(other.page.getByText("You asked for this to be looked at.")).toBeVisible();
  await expect(message(other, "You are all useless").getByText(NOT_SENT)).toBeVisible();
  await other.context.setOffline(false);
  await expect(message(other, "You are all useless").getByText(NOT_SENT)).toHaveCount(0, SOON);
  await other.killAndReopen(GROUP.talk);
  await expect(other.page.getByText("You asked for this to be looked at."), "it is remembered").toBeVisible();

  // Without a PIN nothing about it comes to the lead's phone.
  await phone.go(GROUP.talk);
  await expect(phone.page.getByText(/this phone needs a PIN/)).toBeVisible(SOON);
  await expectNoViolations(phone.page, "leading a group without a PIN");
  expect(await dump(phone.page)).not.toContain("It hurts to read");
  await setPin(phone);
  await phone.go(GROUP.talk);
  await unlock(phone);
  await expect(phone.page.getByRole("heading", { name: "Please look at these" })).toBeVisible(SOON);
  await expect(phone.page.getByText("What they say: It hurts to read")).toBeVisible();
  await lookEveryWay(phone.page, "what leads are asked to look at");
  expect(await dump(phone.page)).not.toContain("It hurts to read");

  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.button("Take it out of sight").first().click();
  await phone.page.getByLabel("Why do you take it out of sight?").fill("We are kind here");
  await expectNoViolations(phone.page, "taking something out of sight");
  await phone.button("Take it out of sight now").click();
  await expect(phone.page.getByRole("heading", { name: "Please look at these" })).toHaveCount(0);
  await expect(phone.page.getByText("You are all useless")).toHaveCount(0);
  await expect(phone.page.getByText(NOT_SENT)).toBeVisible();
  await phone.go("/my-phone");
  await unlock(phone, PIN);
  await expect(phone.page.getByText(`Taking something out of sight in ${GROUP.title}`)).toBeVisible();
  await phone.context.setOffline(false);
  await expect.poll(async () => await femi.records("group_message").then((all) => all.map((one) => one.body.state)), SOON).toContain("hidden");
  await other.go(GROUP.talk);
  await expect(other.page.getByText("Someone who leads took this out of sight.")).toBeVisible(SOON);
  await expect(other.page.getByText("We are kind here")).toHaveCount(0);
  expect(await dump(other.page)).not.toContain("You are all useless");

  // It can be shown again.
  await phone.go(GROUP.talk);
  await unlock(phone, PIN);
  await phone.button("Show it again").click();
  await other.go(GROUP.talk);
  await expect.poll(async () => {
    await other.go(GROUP.talk);
    return message(other, "You are all useless").count();
  }, SOON).toBe(1);
});

test("what a person writes can be folded away and shown again, and nobody is told", async ({ phone, server }) => {
  putGroup(server);
  const femi = await somebodyIn(server, "Femi");
  putGroup(server, { wrote: [[femi.id, "One thing"], [femi.id, "Another thing"]] });
  await phone.join("Sam");
  await isIn(phone);
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await more(phone, "Another thing");
  await phone.button("I'd rather not see what Femi writes").last().click();
  await expect(phone.page.getByText("Femi wrote 2 things. You chose not to see them.")).toBeVisible();
  await expect(phone.page.getByText("One thing")).toHaveCount(0);
  await phone.page.getByText("Who is in it: 2 people").click();
  await expect(phone.page.getByText("You chose not to see what they write.")).toBeVisible();
  await expectNoViolations(phone.page, "somebody muted");
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await phone.go(GROUP.talk);
  await expect(phone.page.getByText("Femi wrote 2 things. You chose not to see them.")).toBeVisible();
  expect(await femi.records("group_mute")).toEqual([]);
  await phone.button("Show me what Femi writes").first().click();
  await expect(phone.page.getByText("One thing")).toBeVisible();
});

test("an agreement that changed is read before writing, a pause says why, and an end says so", async ({
  network,
  phone,
  server,
}) => {
  putGroup(server);
  await phone.join("Sam");
  await isIn(phone);
  await phone.page.getByLabel("Write to the group").fill("Kept while reading");
  await phone.expectDraft("Kept while reading");
  const agreement = { version: 2, text: "We listen. We do not take pictures." };
  putGroup(server, { group: { agreement } });
  await phone.go(GROUP.talk);
  await expect(phone.page.getByText(/How we treat each other here has changed/)).toBeVisible(SOON);
  await expect(phone.page.getByText("We do not take pictures.")).toBeVisible();
  await expectNoViolations(phone.page, "an agreement that changed");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.page.getByRole("checkbox", { name: "I've read this, and I agree" }).check();
  await phone.button("I agree").click();
  await expect(phone.page.getByLabel("Write to the group")).toHaveValue("Kept while reading");
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();

  const me = Member.behind(server, network).id;
  putGroup(server, { group: { agreement }, paused: [[me, "Please talk to Rosa about Tuesday first."]] });
  await phone.go(GROUP.talk);
  await expect(phone.page.getByText("You can read, but not write here for now.")).toBeVisible(SOON);
  await expect(phone.page.getByText("Why: Please talk to Rosa about Tuesday first.")).toBeVisible();
  await expect(phone.page.getByText("Rosa and Femi")).toBeVisible();
  await lookEveryWay(phone.page, "writing paused");

  putGroup(server, { group: { agreement, state: "paused" }, paused: [[me, null]] });
  await phone.go(GROUP.path);
  await expect(phone.page.getByText("This group takes nobody new just now.")).toBeVisible(SOON);
  await phone.go(GROUP.talk);
  await expect(phone.page.getByLabel("Write to the group")).toHaveValue("Kept while reading");
  putGroup(server, { group: { agreement, state: "ended" } });
  await phone.go(GROUP.talk);
  await expect(phone.page.getByText(/This group is over, so nobody writes here now/)).toBeVisible(SOON);
  await expectNoViolations(phone.page, "a group that is over");
});

test("what was refused comes back and can be sent again", async ({ network, phone, server }) => {
  putGroup(server);
  await phone.join("Sam");
  await isIn(phone);
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await writeTo(phone, "Words that matter");
  const me = Member.behind(server, network).id;
  putGroup(server, { paused: [[me, "A pause"]] });
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await expect(phone.page.getByText("Words that matter")).toBeVisible(SOON);
  await expect(phone.page.getByText(/Writing is paused for you in this group/)).toBeVisible();
  await expectNoViolations(phone.page, "words for a group given back");
  putGroup(server, { paused: [[me, null]] });
  await phone.expectSynced(network);
  await phone.go("/my-phone");
  await phone.button("Change it and send again").click();
  await expect(phone.page.getByLabel("Write to the group")).toHaveValue("Words that matter");
  await phone.button("Send to the group").click();
  await expect(message(phone, "Words that matter").getByText(/^You, /)).toBeVisible(SOON);
});

test("leaving says what stays, takes words back with it, and nothing of the group is left on the phone", async ({
  phone,
  server,
}) => {
  putGroup(server);
  const femi = await somebodyIn(server, "Femi");
  putGroup(server, { wrote: [[femi.id, "Words of others"]] });
  await phone.join("Sam");
  await isIn(phone);
  await writeTo(phone, "Mine to take back");
  await expect(message(phone, "Mine to take back").getByText(/^You, /)).toBeVisible(SOON);
  expect(await dump(phone.page)).toContain("Words of others");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.button("Leave this group").click();
  await expect(phone.page.getByText(/What you wrote stays, and the group can read it/)).toBeVisible();
  await expectNoViolations(phone.page, "leaving a group");
  await phone.button("Leave, and take back the 1 thing I wrote").click();
  await expect(phone.page.getByText(/You left. It's not sent yet/)).toBeVisible();
  await expectNoViolations(phone.page, "left a group, not sent");
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await expect.poll(async () => await dump(phone.page), SOON).not.toContain('records "group:');
  const kept = await dump(phone.page);
  expect(kept).not.toContain("Words of others");
  expect(kept, "what was taken back is kept nowhere").not.toContain("Mine to take back");
  await phone.go(GROUP.talk);
  await expect(phone.page.getByText("You are not in this group, so there is nothing to read here.")).toBeVisible();
  const states = (await femi.records("group_message")).map((one) => one.body.state);
  expect(states.toSorted()).toEqual(["shown", "taken_back"]);
  expect((await femi.records("group_person")).map((one) => one.body.name)).toEqual(["Femi"]);
});

test("deleting what I shared takes back what I wrote in groups, and a copy has it", async ({ phone, server }) => {
  putGroup(server);
  const femi = await somebodyIn(server, "Femi");
  putGroup(server, { wrote: [[femi.id, "Words of others"]] });
  await phone.join("Sam");
  await isIn(phone);
  await writeTo(phone, "Mine");
  await phone.expectNothingWaiting();
  await phone.go("/my-phone/copy");
  await expect(phone.page.getByText("1 group, with what you wrote in it")).toBeVisible();
  await phone.go("/my-phone/delete-shared");
  await expect(phone.page.getByText("1 thing you wrote in a group")).toBeVisible();
  await phone.button("Delete what I shared").click();
  await phone.button("Yes, delete it").click();
  await expect(phone.page.getByText("Nothing that you shared is left with us.")).toBeVisible(SOON);
  const states = (await femi.records("group_message")).map((one) => one.body.state);
  expect(states.toSorted()).toEqual(["shown", "taken_back"]);
});

test("many, long, hostile and right-to-left words fit the smallest screen, also at twice the size", async ({
  phone,
  server,
}) => {
  const long = "x".repeat(200);
  putGroup(server);
  const odd = await somebodyIn(server, `${"Ann".repeat(66)}`);
  const rtl = await somebodyIn(server, "ليلى\u202e");
  const wrote: [string, string][] = Array.from({ length: 300 }, (_, nth) => [odd.id, `Message ${nth + 1}.`]);
  wrote.push([rtl.id, `مرحبا بالجميع ${long}`], [odd.id, `<b onclick="alert(1)">bold</b>\n\n\n${long}`]);
  putGroup(server, { wrote, group: { title: `Long ${long.slice(0, 150)}`, does: long, meets: long } });
  await phone.join("Sam");
  await isIn(phone);
  await expect(phone.page.getByText("Message 300.")).toBeVisible(SOON);
  await expect(phone.page.getByText("Message 100.")).toHaveCount(0);
  await expect(phone.page.getByText('<b onclick="alert(1)">bold</b>')).toBeVisible();
  await phone.button("Earlier ones").click();
  await expect(phone.page.getByText("Message 230.")).toBeVisible();
  await lookEveryWay(phone.page, "in a group with hostile words");
  await phone.page.setViewportSize({ width: 320, height: 640 });
  for (const path of [GROUP.talk, GROUP.path, "/take-part"]) {
    await phone.go(path);
    await phone.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(320);
  }
  await phone.go(GROUP.talk);
  await phone.link("To the newest").click();
  await expect(phone.page.getByLabel("Write to the group")).toBeInViewport();
});

test("a locked phone shows the group's page, and nothing that is written in it", async ({ phone, server }) => {
  putGroup(server);
  const femi = await somebodyIn(server, "Femi");
  putGroup(server, { wrote: [[femi.id, "Words of others"]] });
  await phone.join("Sam");
  await isIn(phone);
  await expect(phone.page.getByText("Words of others")).toBeVisible(SOON);
  await inGroup(femi, "write", { message: GROUP.id.replace("0001", "0002"), words: "More words" });
  await setPin(phone);
  await phone.go(GROUP.path);
  await expect(phone.heading(GROUP.title)).toBeVisible();
  await expect(phone.page.getByText("To join, or to see what people write, give your PIN first.")).toBeVisible();
  await expectNoViolations(phone.page, "a group on a locked phone");
  await phone.link("Give my PIN").click();
  await unlock(phone);
  await expect(phone.page.getByText("Words of others")).toBeVisible();
  expect(await dump(phone.page)).not.toContain("Words of others");
});

/** Peer support: somebody asks with no signal, staff ask a peer, both say yes, they write; and it can end at any time. */
import { expectNoViolations } from "../axe";
import { lookEveryWay } from "../look";
import { askForPeer, askPeer, becomeReady, isListed, makeSupporter, openAsk, question } from "../peers";
import { dump, expectSealed, goUnlocked, unlock } from "../pin";
import { expect, test } from "../test";

test.setTimeout(240_000);

const ABOUT = "Nights are long <b>\u202e🐦";
const NOT_WITH = "my cousin Odo";
const SAYS = "I have been on the ward too";

test("somebody asks with no signal, a peer says yes, they say yes, they write, and the peer takes a break", async ({
  desk,
  newPhone,
  phone,
}) => {
  const peer = await newPhone();
  await phone.join("Femi");
  await peer.join("Rosa");
  await makeSupporter(desk, "Rosa");
  await expectNoViolations(desk.page, "a peer supporter at the desk");
  await peer.go("/peer/supporting");
  await expect(peer.page.getByText(/this phone needs a PIN/)).toBeVisible();
  await expectNoViolations(peer.page, "supporting others, without a PIN");
  await becomeReady(peer, SAYS);
  await isListed(desk, "Rosa", "Ready");

  // With no signal: kept, and nobody is said to have seen it.
  await phone.go("/peer");
  await lookEveryWay(phone.page, "peer support, before asking");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.link("I'd like to talk to a peer").click();
  await question(phone, "What would you like to talk about?").fill("Begun");
  await expect.poll(async () => (await phone.stores()).drafts).toContain("Begun");
  await phone.killAndReopen("/peer/ask", { offline: true });
  await expect(question(phone, "What would you like to talk about?")).toHaveValue("Begun");
  await askForPeer(phone, { about: ABOUT, suits: "Evenings", notWith: NOT_WITH });
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await expect(phone.page.getByText(/^Nobody has seen this yet/)).toBeVisible();
  await expectNoViolations(phone.page, "an ask that waits");
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("Someone will look for a peer for you.", { exact: false })).toBeVisible({ timeout: 50_000 });

  // Staff read it, and ask the peer: nothing but that somebody would like to talk, and when.
  await openAsk(desk, "Femi");
  await expect(desk.page.getByText(NOT_WITH)).toBeVisible();
  await expectNoViolations(desk.page, "an ask at the desk");
  await askPeer(desk, "Rosa", true);
  await desk.open("/staff/peers");
  await expectNoViolations(desk.page, "peer support at the desk");
  await phone.go("/peer");
  await expect(phone.page.getByText("We have asked a peer")).toBeVisible({ timeout: 30_000 });

  await goUnlocked(peer, "/peer/supporting");
  await expect(peer.page.getByText("Someone would like to talk.", { exact: false })).toBeVisible({ timeout: 30_000 });
  await expect(peer.link("I'm worried about someone's safety")).toBeVisible();
  for (const words of ["Femi", "Nights", NOT_WITH]) await expect(peer.page.getByText(words)).toHaveCount(0);
  await lookEveryWay(peer.page, "a question to a peer");
  await peer.button("Yes, I can").click();
  await expect(peer.page.getByText("You said yes. They are being asked now.")).toBeVisible({ timeout: 30_000 });

  await phone.go("/peer");
  await expect(phone.page.getByText("Rosa would be glad to talk with you.")).toBeVisible({ timeout: 30_000 });
  await expect(phone.page.getByText(SAYS)).toBeVisible();
  await lookEveryWay(phone.page, "who the peer is");
  await phone.button("Yes, I'd like that").click();
  await phone.link("Talk with Rosa").click({ timeout: 30_000 });
  await expect(phone.page.getByText(/Priya from staff can read it only if one of you asks/)).toBeVisible();

  // They write, one of them with no signal.
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.page.getByLabel("Write to Rosa").fill("Hello, the nights are long");
  await phone.button("Send").click();
  await expect(phone.page.getByText("Not sent yet, safe here")).toBeVisible();
  await phone.context.setOffline(false);
  await goUnlocked(peer, "/peer/supporting");
  await peer.link("Talk with Femi").click({ timeout: 30_000 });
  await expect(peer.page.getByText("Hello, the nights are long")).toBeVisible({ timeout: 50_000 });
  await expect(peer.link("I'm worried about someone's safety")).toBeVisible();
  await lookEveryWay(peer.page, "a talk, the peer's side");
  await peer.page.getByLabel("Write to Femi").fill("They were for me too");
  await peer.button("Send").click();
  await expect(async () => {
    await phone.button("Look for something new").click();
    await expect(phone.page.getByText("They were for me too")).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 50_000 });
  await lookEveryWay(phone.page, "a talk");
  expect(await dump(peer.page)).toContain("peer:");
  await expectSealed(peer, ["the nights are long", "They were for me too"]);

  // Nobody of staff reads it until one of them asks.
  await openAsk(desk, "Femi");
  await expect(desk.page.getByText(/What they write to each other is closed/)).toBeVisible();
  await expect(desk.page.getByText("the nights are long")).toHaveCount(0);
  await phone.button("Ask Priya from staff to look at this").click();
  await expect(phone.page.getByText(/was asked to look at this/)).toBeVisible();
  await phone.expectNothingWaiting();
  await desk.open("/staff/peers");
  await desk.page.getByRole("link", { name: "Femi and Rosa" }).click();
  await expect(desk.page.getByText("Hello, the nights are long")).toBeVisible();
  await expectNoViolations(desk.page, "what two people write, at the desk");
  await desk.page.getByRole("button", { name: "I have looked. Close it again" }).click();
  await expect(desk.page.getByRole("link", { name: "Femi and Rosa" })).toHaveCount(0);

  // A break asks nobody new of her, and the talk goes on.
  await goUnlocked(peer, "/peer/supporting");
  await peer.button("Take a break").click();
  await expect(peer.page.getByText(/^You are taking a break/)).toBeVisible();
  await expect(peer.link("Talk with Femi")).toBeVisible();
  await isListed(desk, "Rosa", "Takes a break");

  // Taking it back takes all of it: from both phones, and from the desk.
  await phone.go("/peer");
  await phone.button("I don't need this any more").click();
  await phone.button("Yes, take it back").click();
  await expect(phone.link("Talk with Rosa"), "it is kept before the page is left").toHaveCount(0);
  await phone.expectNothingWaiting();
  await phone.go("/peer");
  await expect(phone.link("I'd like to talk to a peer")).toBeVisible();
  await goUnlocked(peer, "/peer/supporting");
  await expect(peer.page.getByText(/A talk with someone has ended/)).toBeVisible({ timeout: 30_000 });
  await expect(peer.page.getByText("Femi")).toHaveCount(0);
});

test("a peer is worried: what to do and whom to ring come first, and a note that waits has told nobody", async ({
  adminDesk,
  desk,
  phone,
}) => {
  await adminDesk.setUpSafety();
  await phone.join("Rosa");
  await makeSupporter(desk, "Rosa");
  await becomeReady(phone, SAYS);
  await phone.link("I'm worried about someone's safety").click();
  await expect(phone.page.getByRole("heading", { name: "What to do now" })).toBeVisible();
  await expect(phone.link(/^Ring Sam Okafor/)).toHaveAttribute("href", "tel:01632960200");
  await expect(phone.page.getByText("Sam from staff can read this, and no one else.")).toBeVisible();
  await lookEveryWay(phone.page, "a peer is worried");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.page.getByLabel("What worries you?").fill("They said goodbye twice");
  await phone.button("Send this to staff").click();
  await expect(phone.page.getByText("Not sent yet. Nobody knows of this yet.", { exact: false })).toBeVisible();
  await expectNoViolations(phone.page, "a worry that waits");
  await phone.killAndReopen("/peer/worried", { offline: true });
  await unlock(phone);
  await expect(phone.page.getByText("Not sent yet. Nobody knows of this yet.", { exact: false })).toBeVisible();
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("Sam can read it.", { exact: false })).toBeVisible({ timeout: 50_000 });
  await adminDesk.open("/staff/safety");
  await adminDesk.page.getByRole("link", { name: /^Open the record/ }).first().click();
  await expect(adminDesk.page.getByText("They said goodbye twice")).toBeVisible();
  await expect(adminDesk.page.getByText(/Rosa \(peer supporter\)/).first()).toBeVisible();
});

test("who supports others no more has nothing about them on their phone", async ({ desk, newPhone, phone }) => {
  const peer = await newPhone();
  await phone.join("Femi");
  await peer.join("Rosa");
  await makeSupporter(desk, "Rosa");
  await becomeReady(peer, SAYS);
  await isListed(desk, "Rosa", "Ready");
  await askForPeer(phone, { about: "Mornings", show: true });
  await phone.expectNothingWaiting();
  await openAsk(desk, "Femi");
  await askPeer(desk, "Rosa");
  await goUnlocked(peer, "/peer/supporting");
  await expect(peer.page.getByText("Mornings")).toBeVisible({ timeout: 30_000 });
  expect(await dump(peer.page)).toContain("peer:");
  await desk.open("/staff/peers");
  await desk.page.getByRole("link", { name: "Open Rosa" }).click();
  await desk.page.getByRole("button", { name: "End it" }).click();
  await goUnlocked(peer, "/peer/supporting");
  await expect(peer.page.getByText("This screen is for peer supporters.")).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => await dump(peer.page), { timeout: 30_000 }).not.toContain("peer:");
});

/** Pictures of groups on members' phones: Take part, a group's page, what is written in it, and who leads. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { GROUP, isIn, joinGroup, more, putGroup, somebodyIn, writeTo } from "../group";
import { Member } from "../member";
import { setPin, unlock } from "../pin";
import { DEMO } from "../server";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("groups on a member's phone", async ({ network, phone, server }) => {
  putGroup(server, { opportunity: DEMO.staffOpportunity });
  const femi = await somebodyIn(server, "Femi");
  const kit = await somebodyIn(server, "Kit");
  await phone.go("/take-part");
  await takeAll(phone.page, "take-part-groups");
  await phone.join("Sam");
  await phone.go(GROUP.path);
  await takeAll(phone.page, "group");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await joinGroup(phone);
  await phone.page.getByText("You asked to join.").waitFor();
  await takeAll(phone.page, "group-asked");
  await phone.context.setOffline(false);
  await phone.page.getByText("You are in this group.").waitFor({ timeout: 30_000 });
  const me = Member.behind(server, network).id;
  putGroup(server, {
    leads: [femi.id],
    wrote: [
      [femi.id, "Hello all. Next Tuesday we look at the letter about a first visit.\nBring one of your own, if you like."],
      [kit.id, "I have one from March. It frightened me."],
      [kit.id, "I can read it out."],
      [femi.id, "Thank you, Kit."],
    ],
  });
  await phone.go(GROUP.talk);
  await phone.page.getByText("Thank you, Kit.").waitFor({ timeout: 30_000 });
  await writeTo(phone, "I'll be there, by phone.");
  await phone.page.getByText(/^You, /).waitFor({ timeout: 30_000 });
  await phone.context.setOffline(true);
  await writeTo(phone, "Could someone send me the letter before?");
  await more(phone, "It frightened me");
  await phone.page.getByText("Who is in it: 3 people").click();
  await takeAll(phone.page, "in-group");
  await phone.button("Please look at this").first().click();
  await takeAll(phone.page, "in-group-report");
  await phone.button("Not now").click();
  await more(phone, "It frightened me");
  await phone.button("I'd rather not see what Kit writes").first().click();
  await phone.button("Leave this group").click();
  await takeAll(phone.page, "in-group-leave");
  await phone.button("No, stay").click();
  await phone.go("/take-part");
  await phone.page.getByText("You are in it").waitFor();
  await takeAll(phone.page, "take-part-in-group");
  await phone.go("/my-phone");
  await phone.page.getByText(/^Your words to/).waitFor();
  await takeAll(phone.page, "my-phone-group");
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  const agreement = { version: 2, text: "We listen. We do not talk over each other.\nWe take no pictures." };
  putGroup(server, { group: { agreement } });
  await phone.go(GROUP.talk);
  await phone.page.getByText("We take no pictures.").waitFor({ timeout: 30_000 });
  await takeAll(phone.page, "in-group-changed");
  putGroup(server, { paused: [[me, "Please talk to Femi about Tuesday first."]] });
  await phone.go(GROUP.talk);
  await phone.page.getByText("You can read, but not write here for now.").waitFor({ timeout: 30_000 });
  await takeAll(phone.page, "in-group-paused");
});

test("leading a group", async ({ network, newPhone, phone, server }) => {
  putGroup(server);
  const kit = await somebodyIn(server, "Kit");
  await phone.join("Femi");
  await isIn(phone);
  putGroup(server, { leads: [Member.behind(server, network).id], wrote: [[kit.id, "You are all useless."]] });
  const other = await newPhone();
  await other.join("Sam");
  await isIn(other);
  await more(other, "useless");
  await other.button("Please look at this").click();
  await other.page.getByLabel("What is wrong with it?").fill("It hurts to read.");
  await other.button("Ask them to look").click();
  await other.expectNothingWaiting();
  await phone.go(GROUP.talk);
  await phone.page.getByText(/this phone needs a PIN/).waitFor({ timeout: 30_000 });
  await takeAll(phone.page, "in-group-lead-no-pin");
  await setPin(phone);
  await phone.go(GROUP.path);
  await takeAll(phone.page, "group-locked");
  await phone.go(GROUP.talk);
  await unlock(phone);
  await expect(phone.page.getByText("What they say: It hurts to read.")).toBeVisible({ timeout: 30_000 });
  await takeAll(phone.page, "in-group-lead");
  await phone.button("Take it out of sight").first().click();
  await phone.page.getByLabel("Why do you take it out of sight?").fill("We are kind to each other here.");
  await phone.button("Take it out of sight now").click();
  await phone.page.getByText("Someone who leads took this out of sight.").waitFor();
  await takeAll(phone.page, "in-group-hidden");
});

async function takeAll(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

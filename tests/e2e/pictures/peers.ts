/** Pictures of peer support: asking and talking on a phone, a peer's own screens, and the desk's pages. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { askForPeer, askPeer, becomeReady, isListed, makeSupporter, openAsk, question } from "../peers";
import { goUnlocked } from "../pin";
import { expect, test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(300_000);

test("peer support, from asking to talking", async ({ adminDesk, desk, newPhone, phone }) => {
  await adminDesk.setUpSafety();
  const peer = await newPhone();
  await phone.join("Femi");
  await peer.join("Rosa");
  await makeSupporter(desk, "Rosa");
  await takeAll(desk.page, "desk-peer-supporter");
  await peer.go("/peer/supporting");
  await peer.page.getByText(/this phone needs a PIN/).waitFor();
  await takeAll(peer.page, "peer-supporting-new");
  await becomeReady(peer, "I have been on the ward too. I like walking.");
  await isListed(desk, "Rosa", "Ready");

  await phone.go("/peer");
  await phone.link("I'd like to talk to a peer").waitFor();
  await takeAll(phone.page, "peer");
  await phone.link("I'd like to talk to a peer").click();
  await question(phone, "What would you like to talk about?").fill("The nights, since I came home");
  await takeAll(phone.page, "peer-ask");
  await phone.nextUntil(question(phone, "Is there someone it should not be with?"));
  await takeAll(phone.page, "peer-ask-not-with");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await askForPeer(phone, { show: true, suits: "Evenings", notWith: "Nobody from the gardening group" });
  await phone.page.getByText("Not sent yet, safe here").waitFor();
  await takeAll(phone.page, "peer-not-sent");
  await phone.context.setOffline(false);
  await phone.page.getByText("Someone will look for a peer for you.", { exact: false }).waitFor({ timeout: 50_000 });

  await desk.open("/staff/peers");
  await takeAll(desk.page, "desk-peers");
  await openAsk(desk, "Femi");
  await takeAll(desk.page, "desk-peer-ask");
  await askPeer(desk, "Rosa", true);
  await takeAll(desk.page, "desk-peer-asked");
  await desk.open("/staff/peers/agreement");
  await takeAll(desk.page, "desk-peer-agreement");

  await goUnlocked(peer, "/peer/supporting");
  await peer.button("Yes, I can").waitFor({ timeout: 30_000 });
  await takeAll(peer.page, "peer-supporting");
  await peer.button("Yes, I can").click();
  await phone.go("/peer");
  await phone.button("Yes, I'd like that").waitFor({ timeout: 30_000 });
  await takeAll(phone.page, "peer-offered");
  await phone.button("Yes, I'd like that").click();
  await phone.link("Talk with Rosa").click({ timeout: 30_000 });
  await phone.page.getByLabel("Write to Rosa").fill("Hello. The nights are long.");
  await phone.button("Send").click();
  await goUnlocked(peer, "/peer/supporting");
  await peer.link("Talk with Femi").click({ timeout: 30_000 });
  await peer.page.getByText("Hello. The nights are long.").waitFor({ timeout: 50_000 });
  await peer.page.getByLabel("Write to Femi").fill("They were for me too. I made tea at four.");
  await peer.button("Send").click();
  await takeAll(peer.page, "peer-talk-peer");
  await expect(async () => {
    await phone.button("Look for something new").click();
    await expect(phone.page.getByText("They were for me too.", { exact: false })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 50_000 });
  await phone.button("Ask Priya from staff to look at this").click();
  await takeAll(phone.page, "peer-talk");
  await phone.expectNothingWaiting();
  await peer.link("I'm worried about someone's safety").click();
  await peer.page.getByRole("heading", { name: "What to do now" }).waitFor();
  await takeAll(peer.page, "peer-worried");
  await desk.open("/staff/peers");
  await takeAll(desk.page, "desk-peers-asked-to-look");
  await desk.page.getByRole("link", { name: "Femi and Rosa" }).click();
  await takeAll(desk.page, "desk-peer-talk");
});

async function takeAll(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.setViewportSize(SIZES.phone);
}

/** Peer support, as the people in it do it: somebody who asks, staff, and a peer. */
import { expect, type Locator } from "@playwright/test";
import type { Desk } from "./desk";
import type { Phone, Tab } from "./phone";
import { goUnlocked, setPin } from "./pin";

/** Staff ask a member to be a peer supporter, write their training down and say who looks after them. */
export async function makeSupporter(desk: Desk, name: string): Promise<void> {
  await desk.open(`/staff/people?name=${name}`);
  await desk.page.getByRole("link", { name: new RegExp(`^Open ${name}`) }).click();
  await desk.page.getByRole("button", { name: "Ask them to be a peer supporter" }).click();
  await expect(desk.page.getByText("They are asked on their phone.")).toBeVisible();
  await desk.page.getByLabel("Which training").fill("Listening well");
  await desk.page.getByLabel("On which day").fill("2026-05-01");
  await desk.page.getByRole("button", { name: "Write it down" }).click();
  await desk.page.getByLabel("Who of staff").selectOption({ label: "Priya (staff@demo.example)" });
  await desk.page.getByRole("button", { name: "They look after them" }).click();
}

/** On the peer's own phone: sets a PIN, agrees, and says something of themselves. */
export async function becomeReady(phone: Phone, about: string): Promise<void> {
  await setPin(phone);
  await goUnlocked(phone, "/peer/supporting");
  await phone.button("I've read this, and I agree").click();
  await phone.button("Write it").click();
  await phone.page.getByRole("textbox", { name: "What I say about me" }).fill(about);
  await phone.button("Keep this").click();
  await expect(phone.page.getByText(about)).toBeVisible();
}

/** Waits until the list of peer supporters says this of somebody. */
export async function isListed(desk: Desk, name: string, as: string): Promise<void> {
  const listed = async (): Promise<number> => {
    await desk.open("/staff/peers");
    return await desk.rows(name).filter({ hasText: as }).count();
  };
  await expect.poll(listed, { timeout: 50_000 }).toBe(1);
}

/** What is said with an ask. */
export interface Asked {
  about?: string;
  show?: true;
  suits?: string;
  notWith?: string;
}

/** The box of a question. */
export function question(tab: Tab, name: string): Locator {
  return tab.page.getByRole("textbox", { name });
}

/** Asks for a peer, question by question, as far as the phone can. */
export async function askForPeer(tab: Tab, { about, show, suits, notWith }: Asked): Promise<void> {
  await tab.go("/peer");
  await tab.link("I'd like to talk to a peer").click();
  if (about) await question(tab, "What would you like to talk about?").fill(about);
  if (show) await tab.page.getByRole("checkbox", { name: "You can show a peer what I wrote" }).check();
  const when = question(tab, "When suits you?");
  await tab.nextUntil(when);
  if (suits) await when.fill(suits);
  const apart = question(tab, "Is there someone it should not be with?");
  await tab.nextUntil(apart);
  if (notWith) await apart.fill(notWith);
  await tab.nextUntil(tab.button("Ask for a peer"));
  await tab.button("Ask for a peer").click();
  await expect(tab.heading("Thank you for asking.")).toBeVisible();
  await tab.link("Peer support").click();
}

/** Opens what somebody asked, at the desk. */
export async function openAsk(desk: Desk, name: string): Promise<void> {
  await desk.open("/staff/peers");
  await desk.page.getByRole("link", { name: `Open what ${name} asked` }).click();
  await expect(desk.page.getByRole("heading", { level: 1, name: `${name} would like to talk to a peer` })).toBeVisible();
}

/** Asks a peer about the ask that is open at the desk. */
export async function askPeer(desk: Desk, name: string, readNotWith = false): Promise<void> {
  await desk.page.getByLabel("Which peer").selectOption({ label: name });
  if (readNotWith) await desk.page.getByRole("checkbox", { name: /^I have read who it should not be with/ }).check();
  await desk.page.getByRole("button", { name: "Ask this peer" }).click();
  await expect(desk.page.getByText("The peer is asked.")).toBeVisible();
}

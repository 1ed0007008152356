/** Something changes because of what people said: two at the desk put it into words, and everyone reads it. */
import { agreeAndPublish, passerBy, SAID, writeChange } from "../changes";
import { lookEveryWay } from "../look";
import { expect, test } from "../test";

const HOSTILE = "</title><script>document.title='owned'</script> & \u202Edesrever 🌧 " + "w".repeat(400);

test("one writes it, another agrees, a phone reads it with no signal, and its page opens for anyone", async ({
  adminDesk,
  browser,
  desk,
  network,
  phone,
}) => {
  // Every screen on the way is looked at.
  test.slow();
  const { page } = desk;
  await desk.open("/staff/changes/new");
  await lookEveryWay(page, "a new change");
  await writeChange(desk);
  await expect(page.getByText("You wrote this last, so someone else has to agree with it.")).toBeVisible();
  await expect(page.getByRole("button", { name: "I agree" })).toHaveCount(0);
  await lookEveryWay(page, "a change that is written");
  await page.getByRole("link", { name: "Change the words" }).click();
  await lookEveryWay(page, "writing a change");
  const { pathname } = new URL(page.url());
  await page.goto(pathname.replace("/edit", ""));

  // The second person sees it as everyone will, and then agrees.
  await adminDesk.open("/staff/changes");
  await lookEveryWay(adminDesk.page, "the list of changes");
  await adminDesk.page.getByRole("link", { name: `Open: ${SAID}` }).click();
  await adminDesk.page.getByRole("link", { name: "See it as everyone will" }).click();
  await expect(adminDesk.page.getByText("It now says “small steps”")).toBeVisible();
  await lookEveryWay(adminDesk.page, "a change before it is out");
  const address = await agreeAndPublish(adminDesk, page);
  await lookEveryWay(adminDesk.page, "a change that is out");

  await phone.go("/");
  await phone.worksOffline();
  await phone.expectSynced(network);
  await phone.context.setOffline(true);
  await phone.go("/what-changed");
  await phone.button("Paperwork and wording").click();
  await expect(phone.link(/^You can ask for a text|A text the day before/)).toHaveCount(0);
  await expect(phone.page.getByText("Not yet")).toHaveCount(0);
  await lookEveryWay(phone.page, "what changed");
  await phone.link(SAID).click();
  await expect(phone.heading("You said, we did")).toBeVisible();
  await expect(phone.page.getByText("People felt pushed, and put the plan away.")).toBeVisible();
  await expect(phone.page).toHaveTitle("You said, we did · Chorus");
  await expect(phone.button("Copy the address")).toBeVisible();
  await lookEveryWay(phone.page, "one that changed");
  // With no signal, straight from its address.
  await phone.killAndReopen(address, { offline: true });
  await expect(phone.page.getByText("It now says “small steps”")).toBeVisible();
  await phone.context.setOffline(false);

  const anyone = await passerBy(browser, network.url + address);
  await expect(anyone.getByText(SAID)).toBeVisible();
  await expect(anyone.getByText("Who took part")).toBeVisible();
  await expect(anyone.getByText(/Priya|demo\.example/)).toHaveCount(0);
  expect(await anyone.context().cookies()).toEqual([]);
  await anyone.getByRole("link", { name: "See all that changed" }).click();
  await expect(anyone.getByText("Not yet")).toBeVisible();
  await anyone.context().close();
});

test("a phone shares by its own sheet where it has one, and else copies the address", async ({ newPhone, phone }) => {
  await phone.go("/what-changed");
  await phone.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await phone.link(/^The letter about a first visit/).click();
  await phone.button("Copy the address").click();
  await expect(phone.page.getByText("The address is copied.")).toBeVisible();
  expect(await phone.page.evaluate(() => navigator.clipboard.readText())).toBe(phone.page.url());

  const other = await newPhone();
  await other.context.addInitScript(() => {
    Object.assign(navigator, { share: async (what: object) => Object.assign(window, { shared: what }) });
  });
  await other.go(new URL(phone.page.url()).pathname);
  await other.button("Share this").click();
  const shared = () => other.page.evaluate(() => (window as unknown as { shared?: object }).shared);
  await expect.poll(shared).toEqual({ title: "What changed", url: other.page.url() });
});

test("what was put right leads to what is said now, and what is taken down is gone", async ({
  adminDesk,
  browser,
  desk,
  network,
  phone,
}) => {
  test.slow();
  await writeChange(desk);
  const old = await agreeAndPublish(adminDesk, desk.page);
  await phone.go(old);
  await expect(phone.page.getByText("People felt pushed")).toBeVisible();
  await phone.worksOffline();

  await adminDesk.page.getByRole("button", { name: "Put it right" }).click();
  await adminDesk.page.getByLabel("Who took part").fill("Seven people.");
  await adminDesk.page.getByRole("button", { name: "Keep it", exact: true }).click();
  const now = await agreeAndPublish(desk, adminDesk.page);
  await phone.expectSynced(network);
  await phone.go(old);
  await expect(phone.page.getByText("We have put this right since.")).toBeVisible();
  await lookEveryWay(phone.page, "one that was put right");
  await phone.link("Read what we say now").click();
  await expect(phone.page.getByText("Seven people.")).toBeVisible();
  await expect(phone.page).toHaveURL(network.url + now);

  await desk.page.getByRole("link", { name: "Take it down…" }).click();
  await lookEveryWay(desk.page, "taking a change down");
  await desk.page.getByLabel("Why").fill("It names a street that two people live in.");
  await desk.page.getByRole("button", { name: "Take it down" }).click();
  await expect(desk.page.getByText("Done. Nobody but the desk can read it now.")).toBeVisible();
  await lookEveryWay(desk.page, "a change that was taken down");
  await phone.expectSynced(network);
  await phone.context.setOffline(true);
  await phone.go(now);
  await expect(phone.heading("This isn't here")).toBeVisible();
  await phone.context.setOffline(false);
  await lookEveryWay(phone.page, "one that is not here");
  for (const address of [old, now]) {
    const anyone = await passerBy(browser, network.url + address);
    await expect(anyone.getByRole("heading", { name: "This isn't here" })).toBeVisible();
    await anyone.context().close();
  }
});

test("whatever is written is words on a phone and in the feed", async ({ adminDesk, desk, network, phone }) => {
  await writeChange(desk, { "You said": HOSTILE, Why: HOSTILE });
  const address = await agreeAndPublish(adminDesk, desk.page);
  await phone.go(address);
  await expect(phone.page).toHaveTitle("You said, we did · Chorus");
  await lookEveryWay(phone.page, "hostile words");
  await phone.go("/what-changed");
  await lookEveryWay(phone.page, "hostile words in the list");
  // A browser's own parser reads the feed, and each of its addresses opens.
  const feed = await phone.page.evaluate(async () => {
    const answer = await fetch(document.querySelector<HTMLLinkElement>("link[rel=alternate]")?.href ?? "");
    const xml = new DOMParser().parseFromString(await answer.text(), "application/xml");
    const text = (it: Element, name: string) => it.getElementsByTagName(name)[0]?.textContent ?? "";
    const entries = [...xml.getElementsByTagName("entry")].map((it) => ({
      content: text(it, "content"),
      href: it.getElementsByTagName("link")[0]?.getAttribute("href"),
    }));
    return { broken: xml.getElementsByTagName("parsererror").length, entries };
  });
  expect(feed.broken).toBe(0);
  expect(feed.entries[0]?.content).toContain(HOSTILE.trim());
  expect(feed.entries[0]?.href).toBe(network.url + address);
  expect(feed.entries).toHaveLength(4);
});

test("an opportunity that was reported back becomes a draft of what changed", async ({ desk }) => {
  await desk.open("/staff/opportunities?show=reported_back");
  await desk.page.getByRole("row").getByRole("link", { name: /^Open/ }).first().click();
  await desk.page.getByRole("button", { name: "Write what changed because of it" }).click();
  await expect(desk.page.getByLabel("We did", { exact: true })).toHaveValue(/.+/);
  await desk.page.getByLabel("You said", { exact: true }).fill("The letters are hard to read.");
  // Kept by itself, with no press.
  await expect(desk.page.locator("#kept")).not.toBeEmpty({ timeout: 15_000 });
  await desk.open("/staff/changes");
  await expect(desk.rows("The letters are hard to read.")).toBeVisible();
});

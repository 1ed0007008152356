/** Written on this phone before anyone joined on it: asked about, and never shown before it is somebody's. */
import { Member } from "../member";
import type { Phone } from "../phone";
import { DEMO } from "../server";
import { expect, test } from "../test";

const SECRET = "I slept in the car again";

test("Is this yours? Yes: it is mine from then on, and whoever joins later on this phone inherits none of it", async ({
  network,
  phone,
  server,
}) => {
  await phone.keep({ feeling: "Hard", note: SECRET });
  await phone.join("Sam");
  await askedWithoutShowing(phone, "Sam");
  await phone.button("Yes, they are mine").click();
  await expect(question(phone)).toHaveCount(0);
  await phone.go("/check-ins");
  await expect(phone.page.getByText(SECRET)).toBeVisible();
  await expect(phone.page.getByText("Only you can see this.")).toBeVisible();

  const femi = await Member.join(server, DEMO.teamCode, "Femi");
  await phone.hasCookieOf(femi);
  await phone.joinInPlaceOfSomeone("Femi");
  await expectNowhereOnTheScreens(phone, "Femi");
  await expect(question(phone)).toHaveCount(0);
  await phone.expectNothingWaiting();
  const here = Member.behind(server, network);
  expect(here.id).toBe(femi.id);
  expect(await here.records("check_in")).toEqual([]);
  expect(network.carrying(SECRET)).toEqual([]);
});

test("Is this yours? No: it stays hidden and stays on the phone, and is asked of the next person alone", async ({
  network,
  phone,
}) => {
  await phone.keep({ feeling: "Hard", note: SECRET });
  await phone.join("Sam");
  await askedWithoutShowing(phone, "Sam");
  await phone.button("No, leave them").click();
  await expect(question(phone)).toHaveCount(0);
  await phone.killAndReopen("/my-phone");
  await expect(phone.page.getByText("You are called Sam here.")).toBeVisible();
  await expect(question(phone)).toHaveCount(0);
  await expectNowhereOnTheScreens(phone, "Sam");
  expect((await phone.stores()).private, "whoever wrote it has not lost it").toContain(SECRET);

  await phone.deleteEverything();
  expect((await phone.stores()).private, "it is not Sam's to delete").toContain(SECRET);
  await phone.join("Femi");
  await askedWithoutShowing(phone, "Femi");
  expect(network.carrying(SECRET)).toEqual([]);
});

/** Today leads to the question; neither it nor any other screen shows a word of what it is about. */
async function askedWithoutShowing(phone: Phone, name: string): Promise<void> {
  await phone.go("/");
  await phone.link("Say if they are yours").click();
  await expect(question(phone)).toBeVisible();
  await expect(phone.page.getByText("1 thing was written on this phone before you joined.")).toBeVisible();
  await expectNowhereOnTheScreens(phone, name);
  await expect(question(phone)).toBeVisible();
}

/** Looks at each screen once it has said what the phone holds for this person. Ends on My phone. */
async function expectNowhereOnTheScreens(phone: Phone, name: string): Promise<void> {
  const screens = { "/": `Hello, ${name}.`, "/check-ins": "Nothing here yet.", "/my-phone": `You are called ${name} here.` };
  for (const [path, said] of Object.entries(screens)) {
    await phone.go(path);
    await expect(phone.page.getByText(said)).toBeVisible();
    await expect(phone.page.getByText(SECRET)).toHaveCount(0);
  }
}

function question(phone: Phone) {
  return phone.page.getByRole("heading", { name: "Is this yours?" });
}

/**
 * What makes it easier is asked once, kept with no signal, offered next time, and deleted: gone from the phone, from the
 * server and from the page of whoever leads.
 */
import { expectNoViolations } from "../axe";
import type { Desk } from "../desk";
import { lookEveryWay } from "../look";
import { Member } from "../member";
import type { Phone } from "../phone";
import { goUnlocked, setPin } from "../pin";
import { DEMO } from "../server";
import { dump } from "../store";
import { expect, test } from "../test";

const NEEDS = "Lampshade: a seat by the door";
const OTHER = "Lampshade two: large print";
const SHOW = "You can show this to the people who run it";

/** From the first question to the one about what makes it easier. */
async function toNeeds(phone: Phone, opportunity: string): Promise<void> {
  await phone.startSignUp(opportunity);
  await phone.nextUntil(phone.page.getByRole("checkbox", { name: SHOW }).or(phone.page.getByText("Same as last time?")).first());
}

/** From there to the end. */
async function askForPlace(phone: Phone): Promise<void> {
  await phone.nextUntil(phone.button("Ask for a place"));
  await phone.button("Ask for a place").click();
  await expect(phone.heading("Thank you for asking.")).toBeVisible();
}

async function keptOn(phone: Phone, words: string): Promise<boolean> {
  return JSON.stringify(await dump(phone.page)).includes(words);
}

async function makeLead(desk: Desk, name: string): Promise<void> {
  await desk.open(`/staff/people?name=${name}`);
  await desk.page.getByRole("link", { name: new RegExp(`^Open ${name}`) }).click();
  await desk.page.getByLabel("An opportunity").selectOption({ label: DEMO.firstOpportunity });
  await desk.page.getByRole("button", { name: "They lead this" }).click();
}

test("asked once, kept with no signal, offered next time, deleted: gone from the phone, the server and the lead's page", async ({
  desk,
  network,
  newPhone,
  phone,
  server,
}) => {
  test.setTimeout(180_000);
  await phone.join("Femi");
  await phone.worksOffline();
  await phone.expectSynced(network);
  const femi = Member.behind(server, network);
  const lead = await newPhone();
  await lead.join("Rosa");
  await makeLead(desk, "Rosa");
  await setPin(lead);

  await test.step("asked in full the first time, and kept with no signal", async () => {
    await toNeeds(phone, DEMO.staffOpportunity);
    await expect(phone.page.getByText("Same as last time?")).toHaveCount(0);
    await expect(phone.page.getByRole("checkbox", { name: "Keep this for next time" })).not.toBeChecked();
    await lookEveryWay(phone.page, "what makes it easier, the first time");
    await phone.context.setOffline(true);
    await phone.page.getByRole("textbox", { name: "What would make this easier for you?" }).fill(NEEDS);
    await phone.page.getByRole("checkbox", { name: "Keep this for next time" }).check();
    await phone.nextUntil(phone.button("Ask for a place"));
    await expect(phone.page.getByText(`“${NEEDS}” Nobody is shown this.`)).toBeVisible();
    await askForPlace(phone);
  });

  await test.step("offered with no signal, after the phone was off; nothing is picked beforehand", async () => {
    await phone.killAndReopen("/my-phone", { offline: true });
    const kept = phone.page.locator(".unsent").filter({ hasText: NEEDS });
    await expect(kept.getByText("Not sent yet, safe here")).toBeVisible();
    await lookEveryWay(phone.page, "My phone, with what is kept");
    await toNeeds(phone, DEMO.firstOpportunity);
    await expect(phone.page.getByText(NEEDS)).toBeVisible();
    for (const way of ["Yes, the same", "Something different", "Nothing this time"]) {
      await expect(phone.page.getByRole("radio", { name: way })).not.toBeChecked();
    }
    await expect(phone.page.getByRole("checkbox", { name: SHOW })).toBeHidden();
    await lookEveryWay(phone.page, "same as last time?");
    await phone.choose("Nothing this time");
    await expect(phone.page.getByRole("checkbox", { name: SHOW })).toBeHidden();
    await phone.choose("Something different");
    await expect(phone.page.getByRole("textbox", { name: "Something different" })).toBeVisible();
    await phone.choose("Yes, the same");
    await expect(phone.page.getByRole("textbox", { name: "Something different" })).toBeHidden();
    await expect(phone.page.getByRole("checkbox", { name: SHOW })).not.toBeChecked();
    await phone.page.getByRole("checkbox", { name: SHOW }).check();
    await phone.nextUntil(phone.button("Ask for a place"));
    await expect(phone.page.getByText(`“${NEEDS}” You can show this.`)).toBeVisible();
    await askForPlace(phone);
    await phone.context.setOffline(false);
    await phone.expectNothingWaiting();
  });

  await test.step("the lead sees the one that may be shown, the desk only that, and a change rewrites neither", async () => {
    expect((await femi.records("needs")).map(({ body }) => body.needs)).toEqual([NEEDS]);
    await openLeadPage(lead);
    await expect(lead.page.getByText(`What makes it easier: ${NEEDS}`)).toBeVisible({ timeout: 30_000 });
    await desk.open("/staff/sign-ups");
    await desk.openSignUp("Femi");
    await expect(desk.page.getByText("did not tick that it may be shown")).toBeVisible();
    await expect(desk.page.getByText(NEEDS)).toHaveCount(0);
    await phone.go("/my-phone");
    await phone.button("Change it").click();
    const field = phone.page.getByRole("textbox", { name: "What would make this easier for you?" });
    await expect(field).toHaveValue(NEEDS);
    await expectNoViolations(phone.page, "changing what makes it easier");
    await field.fill(OTHER);
    await phone.button("Keep it for next time").click();
    await expect(phone.page.getByText(OTHER)).toBeVisible();
    await phone.expectNothingWaiting();
    expect((await femi.records("needs")).map(({ body }) => body.needs)).toEqual([OTHER]);
    const asked = (await femi.records("sign_up")).map(({ body }) => body.access_needs);
    expect(asked).toEqual([NEEDS, NEEDS]);
  });

  await test.step("deleted with no signal, also from what was signed up for", async () => {
    await phone.worksOffline();
    await phone.context.setOffline(true);
    await phone.button("Delete it").click();
    await expect(phone.page.getByText(/has its own copy/)).toBeVisible();
    await lookEveryWay(phone.page, "deleting what makes it easier");
    await phone.button("Delete it here and there").click();
    await expect(phone.page.getByText("You deleted this. It is still to be taken away.")).toBeVisible();
    await phone.killAndReopen("/my-phone", { offline: true });
    await expect(phone.page.getByText("You deleted this. It is still to be taken away.")).toBeVisible();
    await expect(phone.page.getByText("Lampshade")).toHaveCount(0);
    await phone.context.setOffline(false);
    await phone.expectNothingWaiting();
    await expect(phone.page.getByText("You keep nothing here.")).toBeVisible();
  });

  await test.step("it is gone: from the phone, the server, the lead's page and the desk", async () => {
    await expect.poll(() => keptOn(phone, "Lampshade"), { timeout: 30_000 }).toBe(false);
    expect(await femi.records("needs")).toEqual([]);
    const asked = await femi.records("sign_up");
    expect(asked.map(({ body }) => body.access_needs)).toEqual([null, null]);
    expect(JSON.stringify(asked)).not.toContain("Lampshade");
    await openLeadPage(lead);
    await expect(lead.page.getByRole("heading", { name: "Femi" })).toBeVisible();
    await expect(lead.page.getByText("Lampshade")).toHaveCount(0, { timeout: 30_000 });
    await desk.page.reload();
    await expect(desk.page.getByText("did not tick that it may be shown")).toHaveCount(0);
    await toNeeds(phone, "Walk and talk by the harbour");
    await expect(phone.page.getByText("Same as last time?")).toHaveCount(0);
  });
});

test("what was never sent leaves no byte when it is deleted, and Delete what I shared takes what is kept", async ({
  network,
  phone,
  server,
}) => {
  await phone.join("Femi");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  // From here on the phone knows that there is no signal: nothing is tried.
  await phone.go("/my-phone");
  await expect(phone.page.getByText("No signal just now.")).toBeVisible();
  await phone.button("Write it down for next time").click();
  const field = phone.page.getByRole("textbox", { name: "What would make this easier for you?" });
  await field.fill(NEEDS);
  await phone.button("Keep it for next time").click();
  await expect(phone.page.getByText(NEEDS).first()).toBeVisible();
  await phone.button("Delete it").first().click();
  await phone.button("Yes, delete it").click();
  await expect(phone.page.getByText("You deleted this. It is still to be taken away.")).toBeVisible();
  expect(await keptOn(phone, "Lampshade")).toBe(false);
  await phone.button("Write it down for next time").click();
  await field.fill(OTHER);
  await phone.button("Keep it for next time").click();
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  expect(network.carrying(NEEDS)).toEqual([]);
  const femi = Member.behind(server, network);
  expect((await femi.records("needs")).map(({ body }) => body.needs)).toEqual([OTHER]);

  await phone.go("/my-phone/delete-shared");
  await expect(phone.page.getByText("What makes it easier for you, kept for next time")).toBeVisible();
  await phone.button("Delete what I shared").click();
  await phone.button("Yes, delete it").click();
  await expect.poll(() => femi.records("needs"), { timeout: 30_000 }).toEqual([]);
  await expect.poll(() => keptOn(phone, "Lampshade"), { timeout: 30_000 }).toBe(false);
});

async function openLeadPage(lead: Phone): Promise<void> {
  await goUnlocked(lead, "/");
  await lead.page.getByRole("link", { name: "Take part", exact: true }).click();
  await lead.link(DEMO.firstOpportunity).click();
  await lead.link("Who is coming").click();
}

/** Every screen, for everyone: no axe violation and no sideways scrolling, in light and dark, small and large. */
import type { Page } from "@playwright/test";
import { expectNoSidewaysScrolling } from "../axe";
import { lookEveryWay, PHONE } from "../look";
import { adminScreens, memberScreens, NOT_FOUND, safetyScreens, staffScreens } from "../screens";
import { DEMO } from "../server";
import { expect, test } from "../test";

test("no member screen has an axe violation or scrolls sideways", async ({ phone }) => {
  await phone.join("Sam");
  await phone.keep({ feeling: "Hard", note: "For me" });
  await phone.share({ feeling: "OK", note: "For the team" });
  const screens = await memberScreens(phone);
  for (const { name, path, heading, shows } of [...screens, NOT_FOUND]) {
    await phone.go(path);
    await expect(phone.heading(heading)).toBeVisible();
    if (shows) await expect(phone.link(shows)).toBeVisible();
    await lookEveryWay(phone.page, name);
    await expectRoomForLargeText(phone.page, name);
  }
});

test("no screen before joining, and none with a code on it, has an axe violation or scrolls sideways", async ({
  desk,
  phone,
}) => {
  for (const { path, heading } of [
    { path: "/join", heading: "Join Chorus" },
    { path: "/join/482190357716", heading: "Add this phone" },
    { path: "/my-phone/phones", heading: "My phones" },
    { path: "/my-phone/leave", heading: "Leave on this phone" },
    { path: "/my-phone/copy", heading: "A copy of everything" },
  ]) {
    await phone.go(path);
    await expect(phone.heading(heading)).toBeVisible();
    await lookEveryWay(phone.page, path);
  }
  await phone.join("Sam");
  await phone.expectNothingWaiting();
  await phone.showCode();
  await lookEveryWay(phone.page, "a code on the phone");
  await desk.open("/staff/people");
  await desk.page.getByRole("link", { name: "Open Sam" }).click();
  await desk.page.getByLabel("In person").check();
  await desk.page.getByRole("button", { name: "Make a code" }).click();
  await expect(desk.page.getByText(/^\d{4} \d{4} \d{4}$/)).toBeVisible();
  await lookEveryWay(desk.page, "a code at the desk");
});

test("no screen of several phones, of leaving or of a cleared phone has an axe violation or scrolls sideways", async ({
  newPhone,
  phone,
}) => {
  await phone.join("Sam");
  const second = await newPhone();
  await second.go(`/join/${await phone.showCode()}`);
  await second.button("Join").click();
  await expect(second.heading("You have joined, Sam.")).toBeVisible();
  await phone.go("/");
  await expect(phone.page.getByText(/^A new phone of yours/)).toBeVisible();
  await lookEveryWay(phone.page, "the news of another phone");
  await phone.go("/my-phone/phones");
  await phone.button("It is lost").click();
  await lookEveryWay(phone.page, "a lost phone, asked again");

  await second.worksOffline();
  await second.context.setOffline(true);
  await second.share({ note: "Not sent" });
  await second.go("/my-phone/leave");
  await expect(second.page.getByText("1 thing is waiting to be sent.")).toBeVisible();
  await lookEveryWay(second.page, "leaving with something not sent");
  await second.button("Keep them here for me").click();
  await lookEveryWay(second.page, "leaving, asked again");
  await phone.button("Yes, clear it").click();
  await expect(phone.page.getByText("Lost. It will clear itself when it next gets signal.")).toBeVisible();
  await phone.expectNothingWaiting();
  await second.context.setOffline(false);
  await expect(second.page.getByText("This phone was asked to be cleared.")).toBeVisible({ timeout: 30_000 });
  await lookEveryWay(second.page, "a cleared phone");
});

test("no step of deleting or leaving has an axe violation or scrolls sideways", async ({ phone }) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.share({ note: "For the team" });
  await phone.expectNothingWaiting();
  await phone.context.setOffline(true);
  await phone.go("/my-phone/delete-shared");
  await phone.button("Delete what I shared").click();
  await lookEveryWay(phone.page, "sure to delete");
  await phone.button("Yes, delete it").click();
  await expect(phone.page.getByText(/^Not sent yet/)).toBeVisible();
  await lookEveryWay(phone.page, "deleting waits");
  await phone.go("/my-phone/leave-chorus");
  await phone.button("Leave without sending").click();
  await lookEveryWay(phone.page, "sure to leave");
  await phone.button("Yes, leave Chorus").click();
  await expect(phone.page.getByText("Not sent yet. You have not left.")).toBeVisible();
  await lookEveryWay(phone.page, "leaving waits");
  await phone.context.setOffline(false);
  await expect(phone.page.getByText("You have left Chorus.")).toBeVisible({ timeout: 50_000 });
  await lookEveryWay(phone.page, "left");
});

test("no staff screen has an axe violation or scrolls sideways", async ({ adminDesk, desk, phone }) => {
  await phone.join("Sam");
  await phone.share({ feeling: "Hard", note: "For the team", wants: "A message" });
  await phone.signUp(DEMO.staffOpportunity, { needs: "A quiet room", note: "See you there" });
  await phone.expectNothingWaiting();
  const screens = [...(await staffScreens(desk)), ...(await adminScreens(adminDesk))];
  for (const { name, path, heading, admin } of screens) {
    const { page } = admin ? adminDesk : desk;
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await lookEveryWay(page, name);
    await expectRoomForLargeText(page, name);
  }
});

test("the desk's own doors have no axe violation and do not scroll sideways", async ({ page, server }) => {
  for (const path of ["/staff/sign-in", "/staff/nothing-here"]) {
    await page.goto(server.url + path);
    await lookEveryWay(page, path);
    await expectRoomForLargeText(page, path);
  }
});

/** On a phone of the usual width, with text at twice its size. */
async function expectRoomForLargeText(page: Page, name: string): Promise<void> {
  await page.setViewportSize(PHONE);
  const usual = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  await page.evaluate((size) => (document.documentElement.style.fontSize = `${size}px`), usual * 2);
  await expectNoSidewaysScrolling(page, `${name} with text at 200%`);
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
}

test("no page of an opportunity and its sessions has an axe violation, and all have room for large text", async ({ desk }) => {
  test.slow();
  const { page } = desk;
  await desk.open("/staff/opportunities");
  const one = await page.getByRole("link", { name: `Open ${DEMO.staffOpportunity}` }).getAttribute("href");
  await desk.open(one ?? "");
  const session = await page.getByRole("link", { name: /^Open the session/ }).first().getAttribute("href");
  const below = ["", "/edit", "/preview", "/step?step=close", "/cancel", "/letter", "/sessions/new"];
  const paths = ["/staff/opportunities", "/staff/opportunities/new", ...below.map((path) => `${one}${path}`)];
  for (const path of [...paths, session ?? "", `${session}/move`, `${session}/cancel`]) {
    await desk.open(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await lookEveryWay(page, path);
    await expectRoomForLargeText(page, path);
  }
});

test("no page about safety or mail has an axe violation or scrolls sideways", async ({ adminDesk, desk, phone }) => {
  await phone.join("Sam");
  await phone.share({ feeling: "Hard", note: "For the team", wants: "A message" });
  await phone.expectNothingWaiting();
  for (const { by, name, path, heading } of await safetyScreens(desk, adminDesk)) {
    await by.page.goto(path);
    await expect(by.page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await lookEveryWay(by.page, name);
  }
});

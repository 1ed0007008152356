/** Pictures of involvement groups at the desk: the list, one group, writing it, and what is inside of it. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { InGroup, openGroup, writeGroup } from "../groups";
import { test } from "../test";

const FOLDER = resolve(__dirname, "../../../docs/screens");
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

test.setTimeout(600_000);

test("a group at the desk", async ({ adminDesk, desk, server }) => {
  const { page } = desk;
  await writeGroup(desk, "First visits");
  await takeWhole(page, "desk-group-draft");
  await openGroup(page, "Priya", "Sam");
  const group = page.url().split("?")[0] ?? "";
  await page.getByRole("link", { name: "Change the words" }).click();
  await takeWhole(page, "desk-group-write");
  await page.getByLabel("What people agree to").fill("We listen, and nobody has to speak.\n\nWhat is said here stays with us.");
  const [ash, rosa] = [await InGroup.join(server, group, "Ash"), await InGroup.join(server, group, "Rosa")];
  await page.getByRole("button", { name: "See it as a member will" }).click();
  await takeWhole(page, "desk-group-preview");

  await rosa.says("I have read it twice. The second page is gentle, the first is not.");
  const message = await ash.says("That leaflet is for idiots.");
  await rosa.reports(message, "It hurts to read that.");
  await page.goto(group);
  await takeWhole(page, "desk-group");
  await page.goto(`${group}/messages`);
  await takeWhole(page, "desk-group-messages");
  await page.getByRole("link", { name: /^Open what Ash wrote/ }).first().click();
  await takeWhole(page, "desk-group-message");
  await page.getByRole("link", { name: "More about Ash in this group" }).click();
  await takeWhole(page, "desk-group-person");
  await page.getByRole("link", { name: "The people of First visits" }).click();
  await takeWhole(page, "desk-group-people");

  await adminDesk.open(new URL(group).pathname);
  await adminDesk.page.getByRole("button", { name: "End: Priya leads it no more" }).click();
  await takeWhole(adminDesk.page, "desk-group-no-lead");
  await adminDesk.page.getByRole("link", { name: "End it…" }).click();
  await takeWhole(adminDesk.page, "desk-group-end");
  await adminDesk.open("/staff/groups");
  await takeWhole(adminDesk.page, "desk-groups");
});

/** From top to bottom. */
async function takeWhole(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
}

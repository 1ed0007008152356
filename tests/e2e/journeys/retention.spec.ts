/** How long things are kept: an admin changes it, and a member reads it, with no signal too. */
import { expectNoSidewaysScrolling, expectNoViolations } from "../axe";
import { DEMO } from "../server";
import { expect, test } from "../test";

test("an admin says how long things are kept, and members read it", async ({ desk, phone }) => {
  await phone.join("Sam");
  await desk.page.context().clearCookies();
  await desk.signIn(DEMO.admin);
  await desk.open("/staff/retention");
  await desk.page.getByLabel("Shared check-ins, in days").fill("90");
  await desk.page.getByRole("button", { name: "Keep things this long" }).click();
  await expect(desk.page.getByRole("status").filter({ hasText: "Changed." })).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await desk.page.emulateMedia({ colorScheme });
    for (const [size, width] of [["phone", 360], ["desktop", 1280]] as const) {
      await desk.page.setViewportSize({ width, height: 740 });
      await expectNoViolations(desk.page, `retention, ${colorScheme}, ${width} px`);
      const folder = process.env.CHORUS_PICTURES;
      if (folder) await desk.page.screenshot({ path: `${folder}/desk-retention-${size}-${colorScheme}.png` });
    }
  }
  await desk.page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScrolling(desk.page, "retention at 320 px");

  await phone.go("/notice");
  await expect(phone.page.getByText("90 days after you sent them")).toBeVisible();
  await phone.expectNothingWaiting();
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.go("/notice");
  await expect(phone.page.getByText("90 days after you sent them")).toBeVisible();
});

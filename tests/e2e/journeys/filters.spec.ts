/** Finding ways to take part with no signal: by the kind of work, and by a place that is typed. */
import { expectNoViolations } from "../axe";
import { expect, test } from "../test";

test("filters work with no signal, and a place is typed, never looked up", async ({ phone }) => {
  await phone.go("/take-part");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  const titles = phone.page.getByRole("main").getByRole("heading", { level: 3 });
  const all = await titles.count();
  expect(all).toBeGreaterThan(3);
  await phone.page.getByRole("textbox", { name: /A place/ }).fill("harbour house");
  await expect.poll(() => titles.count()).toBeLessThanOrEqual(all);
  await phone.page.getByRole("textbox", { name: /A place/ }).fill("Timbuktu");
  await expect.poll(() => titles.count()).toBeLessThan(all);
  await expectNoViolations(phone.page, "ways to take part, with filters");
  await phone.page.getByRole("textbox", { name: /A place/ }).fill("");
  await expect(titles).toHaveCount(all);
  await phone.button("Recruitment panels").click();
  await expect(titles).toHaveCount(1);
  await phone.page.setViewportSize({ width: 360, height: 740 });
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

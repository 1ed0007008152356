/** With no signal and a cold start, every screen opens, and Help now is one tap away. */
import { expect, test } from "../test";
import { memberScreens } from "../screens";

for (const joined of [true, false]) {
  test(`${joined ? "joined" : "signed out"}, every screen opens with no signal after a cold start, and leads to Help now`, async ({
    phone,
  }) => {
    if (joined) await phone.join("Sam");
    else await phone.go("/");
    await phone.worksOffline();
    const paths = await memberScreens(phone);
    await phone.killAndReopen("/", { offline: true });

    for (const { path, heading } of paths) {
      await phone.go(path);
      await expect(phone.heading(heading)).toBeVisible();
      await expect(phone.page.getByText("Chorus is opening")).toHaveCount(0);
      await phone.page.getByRole("banner").getByRole("link", { name: "Help now" }).click();
      await expect(phone.heading("You can get help now.")).toBeVisible();
      await expect(phone.link(/Ring .*Samaritans/).first()).toHaveAttribute("href", "tel:116123");
    }
  });
}

/** What the server refuses comes back with its words, and with the reason. */
import { Member } from "../member";
import { DEMO } from "../server";
import { expect, test } from "../test";

const WORDS = "I can come by bus";
const NEEDS = "A seat near the door";

test("a sign-up that is refused is given back with its words and the reason, and nothing says sent", async ({
  network,
  phone,
  server,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.signUp(DEMO.staffOpportunity, { needs: NEEDS, note: WORDS });
  // Meanwhile the same person asks on another phone, which has signal.
  await Member.behind(server, network).signUpTo(DEMO.staffOpportunity);

  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await expect(phone.page.getByText(/You asked for a place in this session before/)).toBeVisible();
  await expect(phone.page.getByText(WORDS)).toBeVisible();
  await phone.go("/");
  await expect(phone.page.getByText("Something could not be sent. It's safe here.")).toBeVisible();
  const records = await Member.behind(server, network).records("sign_up");
  expect(records, "only the other phone's sign-up stands").toHaveLength(1);
  expect(records[0]?.body.note).toBeNull();

  await phone.go("/my-phone");
  await phone.button("Change it and send again").click();
  await expect(phone.page.locator("[name=access_needs]"), "every answer is there again").toHaveValue(NEEDS);
  await expect(phone.page.locator("[name=note]")).toHaveValue(WORDS);
});

/** After "Very hard", first the truth about who knows, then Help now. */
import { expect, test } from "../test";
import type { Phone } from "../phone";

const NOTE = "It is all too much";

test("very hard, kept: only you can see this, then Help now", async ({ phone }) => {
  await phone.join("Sam");
  await phone.keep({ feeling: "Very hard", note: NOTE });
  await expectTruthThenHelp(phone, /Only you can see this\./);
});

test("very hard, shared with no signal: it has not reached the team, then Help now; then it has", async ({ phone }) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ feeling: "Very hard", note: NOTE });
  await expectTruthThenHelp(phone, /This has not reached your team yet\. No signal\./);

  await phone.context.setOffline(false);
  await expectTruthThenHelp(phone, /^Sent\. Your team (next )?reads these /);
  await expect(phone.page.getByText(/not reached/)).toHaveCount(0);
});

/** The truth stands before everything else on the screen, and the first thing to press after it is Help now. */
async function expectTruthThenHelp(phone: Phone, truth: RegExp): Promise<void> {
  const main = phone.page.getByRole("main");
  const said = main.getByText(truth).first();
  await expect(said).toBeVisible();
  const first = main.getByRole("link").or(main.getByRole("button")).first();
  await expect(first).toHaveAccessibleName(/Help now/);
  const [truthBox, helpBox] = [await said.boundingBox(), await first.boundingBox()];
  expect(truthBox?.y).toBeLessThan(helpBox?.y ?? 0);
  expect((helpBox?.y ?? 0) + (helpBox?.height ?? 0), "without scrolling").toBeLessThan(740);
}

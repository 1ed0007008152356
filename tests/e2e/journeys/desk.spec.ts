/** The desk hears of arrivals by itself. */
import { Member } from "../member";
import { DEMO } from "../server";
import { expect, test } from "../test";

test("the list of sign-ups shows a new one within 2 seconds, by itself", async ({ desk, server }) => {
  await desk.open("/staff/sign-ups");
  await expect(desk.rows("Femi")).toHaveCount(0);
  const femi = await Member.join(server, DEMO.teamlessCode, "Femi");
  await femi.signUpTo(DEMO.staffOpportunity);
  const arrived = Date.now();
  await expect(desk.rows("Femi")).toHaveCount(1, { timeout: 5_000 });
  console.log(`The desk showed the new sign-up after ${Date.now() - arrived} ms.`);
});

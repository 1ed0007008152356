/** Staff are told by mail that something waits, and of nothing that anybody wrote. */
import { DEMO } from "../server";
import { Smtp } from "../smtp";
import { expect, test } from "../test";

const NOTE = "Nobody reads this in a mail";
const HALF_AN_HOUR_MS = 30 * 60_000;

test("staff choose a time; when it comes, one mail says how many things wait, without a word of them", async ({
  desk,
  phone,
  server,
}) => {
  const smtp = await Smtp.start();
  const withMail = { CHORUS_SMTP_URL: smtp.url, CHORUS_MAIL_FROM: "chorus@charity.example", CHORUS_PUBLIC_URL: server.url };
  await phone.join("Sam");
  await phone.share({ note: NOTE });
  await phone.expectNothingWaiting();

  const soon = new Date(Date.now() + HALF_AN_HOUR_MS);
  const time = soon.toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });
  await desk.open("/staff/mail");
  const own = desk.page.getByRole("region", { name: "Your times" });
  for (const day of await own.getByRole("checkbox").all()) await day.check();
  await own.getByLabel("Time 1").fill(time);
  await desk.page.getByRole("button", { name: "Keep these times" }).click();
  await expect(desk.page.getByText("Kept.")).toBeVisible();

  // The hour comes for the server.
  await server.stop();
  await server.up(HALF_AN_HOUR_MS + 60_000, withMail);
  await expect.poll(() => smtp.mails.length, { timeout: 30_000 }).toBe(1);
  expect(smtp.mails[0]).toContain(`To: ${DEMO.staff}`);
  // Sam's check-in, and what waits in the demo: an experience, and somebody who would like to talk to a peer.
  expect(smtp.mails[0]).toContain("3 things are waiting in Chorus");
  expect(smtp.mails[0]).not.toMatch(/Sam|Nobody reads/);

  // Started again, it knows that this was told.
  await server.stop();
  await server.up(HALF_AN_HOUR_MS + 120_000, withMail);
  await desk.open("/staff/mail");
  await expect(desk.page.getByText(/^The last email was sent for/)).toBeVisible();
  expect(smtp.mails).toHaveLength(1);
  smtp.stop();
});

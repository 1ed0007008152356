/** The server goes back to a backup: nothing that a phone sent is lost, and the phone says what happened. */
import { expect, test } from "../test";

test("what was sent after the backup is sent again, and the person is told", async ({ desk, phone, server }) => {
  await phone.join("Sam");
  await phone.share({ feeling: "OK", note: "Before the backup" });
  await phone.expectNothingWaiting();
  server.run("backup", "copy.db");
  await phone.share({ feeling: "Hard", note: "After the backup", wants: "A message" });
  await phone.expectNothingWaiting();

  await server.kill();
  server.run("restore", "copy.db");
  await server.up();

  await phone.go("/my-phone");
  await expect(phone.page.getByText("went back to an older copy")).toBeVisible({ timeout: 20_000 });
  await phone.expectNothingWaiting();
  await desk.open("/staff/check-ins");
  await expect(desk.rows("Sam")).toHaveCount(2);
});

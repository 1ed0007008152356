/** Two tabs of one phone are one phone. */
import { Member } from "../member";
import { DEMO } from "../server";
import { expect, test } from "../test";

test("what is written in two tabs at once is seen in both and arrives once", async ({ network, phone, server }) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  const first = phone.page;
  const second = await phone.openTab("/check-ins");

  await phone.share({ note: "From the first tab" });
  await expect(second.page.getByText("From the first tab")).toBeVisible();
  await second.share({ note: "From the second tab" });
  await phone.go("/check-ins");
  await expect(first.getByText("From the first tab")).toBeVisible();
  await expect(first.getByText("From the second tab")).toBeVisible();

  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await second.expectNothingWaiting();
  const records = await Member.behind(server, network).records("check_in");
  expect(records.map((record) => record.body.note).toSorted()).toEqual(["From the first tab", "From the second tab"]);
});

test("when somebody else joins in one tab, the other shows nothing of the last person, whose draft stays theirs", async ({
  network,
  phone,
  server,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  const other = await phone.openTab("/check-in");
  await other.note.fill("Half a thought of Sam's");
  await phone.page.bringToFront();
  await phone.hasCookieOf(await Member.join(server, DEMO.teamCode, "Femi"));
  await phone.joinInPlaceOfSomeone("Femi");
  await expect(other.heading("Hello, Femi.")).toBeVisible();
  await other.ready();
  await other.go("/check-in");
  await expect(other.note).toHaveValue("");
  await other.keep({ note: "Femi's own" });
  expect((await phone.stores()).drafts, "Sam may come back to it").toContain("Half a thought of Sam's");
  expect(network.carrying("Half a thought")).toEqual([]);
});

/** What is only mine never leaves the phone, and what I took back in time never left it. */
import { DEMO } from "../server";
import { expect, test } from "../test";

const SECRET = "Only the cat knows this";

test("a check-in for only me is in no request, however it was written and whatever comes after", async ({
  network,
  phone,
}) => {
  await phone.join("Sam");
  await phone.keep({ feeling: "Very hard", note: SECRET });
  await phone.go("/check-ins");
  await expect(phone.page.getByText(SECRET)).toBeVisible();
  await phone.share({ note: "This one is for the team" });
  await phone.expectNothingWaiting();
  expect(network.carrying("This one is for the team"), "the network does see what is shared").not.toEqual([]);
  expect(network.carrying(SECRET)).toEqual([]);
});

test("what is typed and pressed before the app has come stays on the phone, and is still there when it comes", async ({
  network,
  phone,
}) => {
  const arrive = network.hold(/\.wasm$/);
  await phone.joinByPlainForm("Sam");
  await phone.page.goto("/check-in", { waitUntil: "commit" });

  await phone.choose("Very hard");
  await phone.note.fill(SECRET);
  await expect(phone.page.getByText("Only me")).toBeHidden();
  await expect(phone.button("Keep on this phone")).toBeHidden();
  await phone.button(/^Send to/).click(); // Not ticked: nothing may be sent.
  await phone.page.getByLabel("Your number, email, or your worker's name").press("Enter");
  expect(network.carrying(SECRET)).toEqual([]);

  arrive();
  await phone.ready();
  await expect(phone.note).toHaveValue(SECRET);
  await expect(phone.page.getByRole("radio", { name: "Very hard" })).toBeChecked();
  await phone.button("Keep on this phone").click();
  await expect(phone.page.getByText("Only you can see this.")).toBeVisible();
  await phone.go("/check-ins");
  await expect(phone.page.getByText(SECRET)).toBeVisible();
  expect(network.carrying(SECRET)).toEqual([]);
  await phone.go("/my-phone");
  await expect(phone.page.getByText("You are called Sam here.")).toBeVisible();
  await expect(phone.page.getByText("Is this yours?"), "nobody else wrote here").toHaveCount(0);
});

test("what was shared with no signal and then not sent leaves no byte, and stays on the phone", async ({
  network,
  phone,
}) => {
  await phone.join("Sam");
  await phone.worksOffline();
  await phone.context.setOffline(true);
  await phone.share({ feeling: "Hard", note: SECRET });
  await phone.signUp(DEMO.staffOpportunity, { needs: SECRET });
  await phone.go("/my-phone");
  await phone.dontSendFirst();
  await phone.dontSendFirst();
  await phone.expectNothingWaiting();

  await phone.context.setOffline(false);
  await phone.expectSynced(network);
  await phone.go("/check-ins");
  await expect(phone.page.getByText(SECRET)).toBeVisible();
  const bodies = network.requests(/^\/api\/sync$/).map((sent) => JSON.parse(sent.body).commands);
  expect(bodies.flat(), "no command of any kind was sent").toEqual([]);
  expect(network.carrying(SECRET)).toEqual([]);
});

/** More than one phone, and phones that are lost. */
import type { Phone } from "../phone";
import { DEMO } from "../server";
import { caches_, dump, isNobodys } from "../store";
import { expect, test } from "../test";

/** A name that stands in no text of ours. */
const NAME = "Ottilie";
const NOTE = "Written on the first phone";
const SECRET = "Only on the lost phone";

/** The same person on another phone. */
async function pair(first: Phone, second: Phone): Promise<void> {
  const code = await first.showCode();
  await second.go("/join");
  await second.page.getByLabel("Your join code").fill(code);
  await second.button("Join").click();
  await expect(second.heading(/^You have joined/)).toBeVisible();
}

/** On My phones: the phone that this is not. */
function other(phone: Phone) {
  return phone.page.getByRole("listitem").filter({ hasText: "Last used" });
}

test("another phone of mine, by a code that is typed: both show the same, and the first says so", async ({
  newPhone,
  phone,
}) => {
  await phone.join(NAME);
  await phone.share({ note: NOTE });
  await phone.expectNothingWaiting();
  const second = await newPhone();
  await pair(phone, second);
  await second.go("/check-ins");
  await expect(second.page.getByText(NOTE)).toBeVisible();
  await second.go("/");
  await expect(second.heading("Hello, Ottilie.")).toBeVisible();
  await expect(second.page.getByText(/^A new phone of yours/), "it knows of itself").toHaveCount(0);

  await phone.go("/");
  const news = phone.page.getByText(/^A new phone of yours was added/);
  await expect(news).toBeVisible();
  await phone.button("OK, I have read this").click();
  await expect(news).toHaveCount(0);
  await phone.go("/my-phone/phones");
  await expect(phone.page.getByText("This phone", { exact: true })).toBeVisible();
  await expect(other(phone)).toHaveCount(1);
  await phone.go("/");
  await expect(phone.heading("Hello, Ottilie.")).toBeVisible();
  await expect(news, "once read, it stays away").toHaveCount(0);
});

test("another phone of mine, by the address in the picture: no name is asked, and a used code opens nothing", async ({
  newPhone,
  phone,
}) => {
  await phone.join(NAME);
  const code = await phone.showCode();
  await expect(phone.page.getByRole("img", { name: /picture/ })).toBeVisible();
  const second = await newPhone();
  await second.go(`/join/${code}`);
  await expect(second.heading("Add this phone")).toBeVisible();
  await expect(second.page.getByLabel("What should we call you?")).toHaveCount(0);
  await second.button("Join").click();
  await expect(second.heading("You have joined, Ottilie.")).toBeVisible();
  const third = await newPhone();
  await third.go(`/join/${code}`);
  await third.button("Join").click();
  await expect(third.page.getByText("We don't know that code.")).toBeVisible();
});

test("staff help somebody whom they know to a new phone, and her old phone says who helped", async ({
  desk,
  newPhone,
  phone,
}) => {
  await phone.join(NAME);
  await phone.expectNothingWaiting();
  await desk.open("/staff/people?name=ottil");
  await desk.page.getByRole("link", { name: "Open Ottilie" }).click();
  await desk.page.getByLabel("By phone, on a number that we had before").check();
  await desk.page.getByRole("button", { name: "Make a code" }).click();
  const code = await desk.page.getByText(/^\d{4} \d{4} \d{4}$/).textContent();
  const second = await newPhone();
  await second.go("/join");
  await second.page.getByLabel("Your join code").fill(code ?? "");
  await second.button("Join").click();
  await expect(second.heading("You have joined, Ottilie.")).toBeVisible();
  await phone.go("/");
  await expect(phone.page.getByText("A new phone of yours was added with the help of Priya")).toBeVisible();
});

test("signing out another phone, asked for with no signal: it sends no more, and keeps what is on it", async ({
  newPhone,
  phone,
}) => {
  await phone.join(NAME);
  await phone.worksOffline();
  const second = await newPhone();
  await pair(phone, second);
  await second.keep({ note: SECRET });
  await phone.expectNothingWaiting();
  await phone.go("/my-phone/phones");
  await expect(other(phone)).toHaveCount(1);
  await phone.context.setOffline(true);
  await other(phone).getByRole("button", { name: "Sign it out" }).click();
  await phone.button("Yes, sign it out").click();
  await expect(phone.page.getByText("Not sent yet. This needs signal")).toBeVisible();
  await phone.context.setOffline(false);
  await phone.expectNothingWaiting();
  await phone.go("/my-phone/phones");
  await expect(phone.page.getByText("Signed out. What is on it stays on it.")).toBeVisible();

  await second.share({ note: "After being signed out" });
  await second.go("/");
  await expect(second.page.getByText("1 thing not sent yet.")).toBeVisible();
  await expect(second.page.getByText(/join again/i)).toBeVisible();
  await second.go("/check-ins");
  await expect(second.page.getByText(SECRET)).toBeVisible();
});

for (const session of ["lives", "has expired"]) {
  test(`a lost phone that comes back clears itself and says so, when its session ${session}`, async ({
    newPhone,
    phone,
  }) => {
    await phone.join(NAME);
    const lost = await newPhone();
    await pair(phone, lost);
    await lost.worksOffline();
    await lost.keep({ note: SECRET });
    await lost.context.setOffline(true);
    await lost.share({ note: "Never sent" });
    await phone.go("/my-phone/phones");
    await other(phone).getByRole("button", { name: "It is lost" }).click();
    await expect(phone.page.getByText("You can't undo this.")).toBeVisible();
    await phone.button("Yes, clear it").click();
    await expect(phone.page.getByText("Lost. It will clear itself when it next gets signal.")).toBeVisible();
    await phone.expectNothingWaiting();

    if (session === "has expired") await lost.context.clearCookies();
    await lost.context.setOffline(false);
    await expect(lost.page.getByText("This phone was asked to be cleared.")).toBeVisible({ timeout: 30_000 });
    await expect(lost.page.getByText("What you sent is still with Chorus.")).toBeVisible();
    const left = (await dump(lost.page)).filter((row) => !isNobodys(row));
    expect(left.map(({ store, key }) => `${store} ${key}`)).toEqual(["meta cleared"]);
    const kept = await caches_(lost.page);
    for (const theirs of [SECRET, "Never sent", NAME, DEMO.team]) expect(kept).not.toContain(theirs);
    await lost.go("/check-ins");
    await expect(lost.page.getByText(SECRET)).toHaveCount(0);

    await expect(async () => {
      await phone.go("/my-phone/phones");
      await expect(phone.page.getByText("It got signal and was told to clear itself.")).toBeVisible({ timeout: 2_000 });
    }).toPass();
    // The same browser may join again, as a new phone.
    await lost.go("/");
    await lost.button("OK, I have read this").click();
    await pair(phone, lost);
    await lost.expectNothingWaiting();
  });
}

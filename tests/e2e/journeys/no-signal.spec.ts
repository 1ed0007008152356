/**
 * The heart of Chorus: check in and sign up with no signal, lose the browser, and find that nothing
 * was lost, that each thing reached the server exactly once, and that the answer came back.
 */
import { Member } from "../member";
import type { Phone } from "../phone";
import type { Mode, Proxy } from "../proxy";
import { DEMO, type Server } from "../server";
import { expect, test } from "../test";

interface Scene {
  phone: Phone;
  network: Proxy;
  server: Server;
}

/** A way in which signal goes and comes back. */
interface Loss {
  name: string;
  /** The browser itself believes that it is offline. */
  offline?: boolean;
  lose: (scene: Scene) => Promise<void>;
  regain: (scene: Scene) => Promise<void>;
}

const LOSSES: Loss[] = [
  {
    name: "the phone knew it was offline",
    offline: true,
    lose: ({ phone }) => phone.context.setOffline(true),
    regain: ({ phone }) => phone.context.setOffline(false),
  },
  {
    name: "the server was stopped",
    lose: async ({ network, server }) => {
      await network.set("refused");
      await server.stop();
    },
    regain: async ({ network, server }) => {
      await server.up();
      await network.set("pass");
    },
  },
  line("black hole", "nothing was ever answered"),
  line("late", "answers came after the phone gave up"),
  line("cut", "answers broke off half way"),
  line("delay", "answers took seconds"),
];

function line(mode: Mode, name: string): Loss {
  return {
    name,
    lose: ({ network }) => network.set(mode),
    regain: ({ network }) => network.set("pass"),
  };
}

const PRIVATE = "Walked to the river, for me alone";
const SHARED = "Slept badly since the move";
const ASKED = "A chair near the door, please";

for (const loss of LOSSES) {
  test(`what was written while ${loss.name} outlives a killed browser, arrives exactly once, and is answered`, async ({
    desk,
    network,
    phone,
    server,
  }) => {
    const scene = { phone, network, server };
    await phone.join("Sam");
    await phone.worksOffline();

    await test.step("with no signal: keep one check-in, share one, sign up", async () => {
      await loss.lose(scene);
      await phone.keep({ feeling: "OK", note: PRIVATE });
      await phone.share({ feeling: "Hard", note: SHARED, wants: "A message" });
      await phone.signUp(DEMO.staffOpportunity, { needs: ASKED, showNeeds: true });
    });

    await test.step("the browser is killed and opened again: all of it is there, and nothing says sent", async () => {
      await phone.killAndReopen("/", { offline: loss.offline });
      if (loss.name !== "answers took seconds") {
        await expect(phone.page.getByText("2 things not sent yet.")).toBeVisible();
      }
      await phone.go("/check-ins");
      await expect(phone.page.getByText(PRIVATE)).toBeVisible();
      await expect(phone.page.getByText(SHARED)).toBeVisible();
      await phone.go("/my-sign-ups");
      await expect(phone.page.getByText(DEMO.staffOpportunity).first()).toBeVisible();
      await expect(phone.page.getByText("You have a place")).toBeHidden();
    });

    await test.step("signal returns: each is on the server once", async () => {
      await loss.regain(scene);
      await phone.expectNothingWaiting();
      const member = Member.behind(server, network);
      const signUps = await member.records("sign_up");
      expect(signUps.map((record) => record.body.access_needs)).toEqual([ASKED]);
      const checkIns = await member.records("check_in");
      expect(checkIns.map((record) => record.body.note)).toEqual([SHARED]);
    });

    await test.step("staff see both, once, and confirm", async () => {
      await desk.open("/staff/check-ins");
      await expect(desk.rows("Sam")).toHaveCount(1);
      await desk.open("/staff/sign-ups");
      await expect(desk.rows("Sam")).toHaveCount(1);
      await desk.openSignUp("Sam");
      await expect(desk.page.getByText(ASKED)).toBeVisible();
      await desk.givePlace();
    });

    await test.step("the phone says who saw it, and that there is a place", async () => {
      await phone.go("/my-sign-ups");
      await expect(phone.page.getByText(/^Seen by /).first()).toBeVisible();
      await expect(phone.page.getByText("You have a place").first()).toBeVisible();
    });

    expect(network.carrying(PRIVATE), "no request ever carried the private check-in").toEqual([]);
    expect(server.log(), "nothing personal in the log").not.toMatch(new RegExp(`${SHARED}|${ASKED}|Sam`));
  });
}

/**
 * What each journey gets: a server with the demo organisation, the network in front of it, and as
 * many phones and desks as it asks for. All of it ends with the journey.
 */
import { test as base, type BrowserContext } from "@playwright/test";
import { Desk } from "./desk";
import { Phone } from "./phone";
import { Proxy } from "./proxy";
import { DEMO, Server } from "./server";

interface Scene {
  server: Server;
  network: Proxy;
  /** A phone, switched on, with nothing on it. */
  newPhone: () => Promise<Phone>;
  /** The first phone. */
  phone: Phone;
  /** A signed-in member of staff, on the office's own line: what happens to the network does not reach it. */
  desk: Desk;
  /** A signed-in admin. */
  admin: Desk;
}

export const test = base.extend<Scene>({
  server: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.remove();
  },
  network: async ({ server }, use) => {
    const network = await Proxy.start(server.port);
    await use(network);
    await network.close();
  },
  newPhone: async ({ playwright, network }, use) => {
    const phones: Phone[] = [];
    await use(async () => {
      const phone = new Phone(playwright.chromium, network.url);
      phones.push(phone);
      await phone.start();
      return phone;
    });
    for (const phone of phones) await phone.remove();
  },
  phone: async ({ newPhone }, use) => use(await newPhone()),
  admin: async ({ browser, server }, use) => {
    const context: BrowserContext = await browser.newContext({
      baseURL: server.url,
      viewport: { width: 1280, height: 800 },
    });
    const admin = new Desk(await context.newPage());
    await admin.signIn(DEMO.admin);
    await use(admin);
    await context.close();
  },
  desk: async ({ browser, server }, use) => {
    const context: BrowserContext = await browser.newContext({
      baseURL: server.url,
      viewport: { width: 1280, height: 800 },
    });
    const desk = new Desk(await context.newPage());
    await desk.signIn();
    await use(desk);
    await context.close();
  },
});

export { expect } from "@playwright/test";

/**
 * How the browser journeys run: two at a time, each with a server, a proxy and a phone of its own.
 * A journey that fails sometimes is a bug: one second try is given, and whatever needed it is printed as
 * flaky, to be mended.
 */
import { defineConfig } from "@playwright/test";
import { CHROMIUM_FLAGS, chromiumPath } from "./chromium";

export default defineConfig({
  testDir: ".",
  testMatch: "journeys/*.spec.ts",
  outputDir: "results",
  workers: 2,
  fullyParallel: true,
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 15_000,
    viewport: { width: 360, height: 740 },
    locale: "en-GB",
    timezoneId: "Europe/London",
    trace: "retain-on-failure",
    launchOptions: { executablePath: chromiumPath(), args: CHROMIUM_FLAGS },
  },
});

/**
 * The browser that the journeys run in: Debian's Chromium, found on PATH, never downloaded.
 */
import { accessSync, constants, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Chromium in a container, quiet on the network: whatever it sends is the app's own doing. */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-crash-restore-bubble",
];

/** The path of the `chromium` on PATH. */
export function chromiumPath(): string {
  for (const folder of (process.env.PATH ?? "").split(":")) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error("No chromium on PATH. `cargo xtask test` installs it.");
}

/**
 * Ends the browser that holds `profile` as a phone does when its memory runs out: SIGKILL, nothing
 * saved on the way. Playwright gives no process for a persistent context, so it is found by the
 * profile folder, which only that browser has on its command line.
 */
export function killBrowser(profile: string): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const words = commandLine(pid);
    const isBrowser =
      words.includes(`--user-data-dir=${profile}`) && !words.some((word) => word.startsWith("--type="));
    if (isBrowser) process.kill(Number(pid), "SIGKILL");
  }
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // It ended between the listing and the reading.
  }
}

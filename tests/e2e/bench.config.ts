/** The browser's half of the bench: one at a time, on a quiet machine. `npx playwright test -c bench.config.ts` */
import journeys from "./playwright.config";

export default { ...journeys, testMatch: "bench/*.ts", workers: 1, use: { ...journeys.use, trace: "off" as const } };

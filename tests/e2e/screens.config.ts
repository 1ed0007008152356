/** Takes the pictures in docs/screens. `npx playwright test -c screens.config.ts` */
import journeys from "./playwright.config";

export default { ...journeys, testMatch: "pictures/*.ts", use: { ...journeys.use, trace: "off" as const } };

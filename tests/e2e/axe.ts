/** axe-core in a page: no violation is the only result that passes. */
import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Looks at the page as it stands. `where` names it in the report. */
export async function expectNoViolations(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n  ${node.target.join(" ")}\n  ${node.failureSummary}`),
  );
  expect.soft(found, where).toEqual([]);
}

/** Nothing needs sideways scrolling. */
export async function expectNoSidewaysScrolling(page: Page, where: string): Promise<void> {
  const tooWide = await page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const past = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > innerWidth + 1);
    return past.map((it) => it.cloneNode(false) as Element).map((it) => it.outerHTML);
  });
  expect.soft(tooWide, `${where}: what is wider than the screen`).toEqual([]);
}

/** What a phone downloads to see Today for the first time: little, and from nobody else. */
import { expect, test } from "../test";

const TOTAL_LIMIT = 200_000;
const WASM_LIMIT = 165_000;

test("the first load of Today is at most 200 KB, its wasm at most 165 KB, and all of it is ours", async ({
  network,
  phone,
}) => {
  const strangers: string[] = [];
  phone.context.on("request", (request) => {
    if (!request.url().startsWith(network.url)) strangers.push(request.url());
  });
  await phone.go("/");
  await phone.worksOffline();
  const devtools = await phone.context.newCDPSession(phone.page);
  await devtools.send("Page.getAppManifest");

  const answers = network.sent.flatMap(({ path, answered }) => (answered ? [{ path, ...answered }] : []));
  const total = answers.reduce((sum, answer) => sum + answer.bytes, 0);
  const wasm = answers.filter((answer) => answer.type === "application/wasm");
  const rows = answers
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({ path, encoding, bytes }) => `${String(bytes).padStart(8)}  ${(encoding || "-").padEnd(4)}  ${path}`);
  console.log(["First load of Today, bytes of bodies as they crossed the line:", ...rows, `${String(total).padStart(8)}  in all`].join("\n"));

  expect(wasm, "the wasm crossed the line once").toHaveLength(1);
  expect(wasm[0]?.encoding).toBe("br");
  expect(wasm[0]?.bytes).toBeLessThanOrEqual(WASM_LIMIT);
  expect(total).toBeLessThanOrEqual(TOTAL_LIMIT);
  expect(strangers, "nothing is asked of anyone else").toEqual([]);
  expect(network.sent.filter((sent) => sent.answered && sent.answered.status >= 400)).toEqual([]);
});

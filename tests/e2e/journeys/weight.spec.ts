/** What a phone downloads to see Today for the first time: little, and from nobody else. */
import { expect, test } from "../test";

const TOTAL_LIMIT = 200_000;
const WASM_LIMIT = 171_000;
/** All other screens, and what few people use, come after it. */
const LATER_LIMIT = 212_000;
const isLater = ({ path }: { path: string }) => /^\/assets\/(screens|more|lock|copy|age|plan|remind)\./.test(path);

test("the first load of Today is at most 200 KB, its wasm at most 171 KB, and all of it is ours", async ({
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

  const all = network.sent.flatMap(({ path, answered }) => (answered ? [{ path, ...answered }] : []));
  const later = all.filter(isLater);
  const answers = all.filter((answer) => !isLater(answer));
  const total = answers.reduce((sum, answer) => sum + answer.bytes, 0);
  const afterIt = later.reduce((sum, answer) => sum + answer.bytes, 0);
  const wasm = answers.filter((answer) => answer.type === "application/wasm");
  const rows = answers
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({ path, encoding, bytes }) => `${String(bytes).padStart(8)}  ${(encoding || "-").padEnd(4)}  ${path}`);
  console.log(["First load of Today, bytes of bodies as they crossed the line:", ...rows, `${String(total).padStart(8)}  in all`, `${String(afterIt).padStart(8)}  after it`].join("\n"));

  expect(wasm, "the wasm crossed the line once").toHaveLength(1);
  expect(wasm[0]?.encoding).toBe("br");
  expect(wasm[0]?.bytes).toBeLessThanOrEqual(WASM_LIMIT);
  expect(total).toBeLessThanOrEqual(TOTAL_LIMIT);
  expect(later, "the other screens with their words, the lock, copies, the plan and reminders crossed it once").toHaveLength(7);
  expect(afterIt).toBeLessThanOrEqual(LATER_LIMIT);
  expect(strangers, "nothing is asked of anyone else").toEqual([]);
  expect(network.sent.filter((sent) => sent.answered && sent.answered.status >= 400)).toEqual([]);
});

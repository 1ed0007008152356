import { execSync } from "node:child_process";
import { setPin } from "../pin";
import { test } from "../test";
test("adhoc", async ({ phone }) => {
  test.setTimeout(120_000);
  await phone.join("Quillon");
  await phone.keep({ note: "the heron by the canal" });
  await setPin(phone);
  const dir = (phone as unknown as { profile: string }).profile;
  console.log(execSync(`grep -rlac 'h.*e.*heron by the canal\\|heron by the canal' ${dir}/Default/IndexedDB || true`).toString());
  const t = await phone.page.evaluate(async () => { const s = performance.now(); const c = (globalThis as any).chorus; const [id, salt, w] = await c.pin("make", ["407192", "600000"]); const a = performance.now() - s; return [a, id.length]; });
  console.log("make+open ms", t);
});

/** The app on a phone that shows codes for two-step sign-in (RFC 6238). */
import { createHmac } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What a phone with this key shows, so many half minutes from now. A desk takes the next one too. */
export function code(key: string, later = 0, aheadMs = 0): string {
  const step = BigInt(Math.floor((Date.now() + aheadMs) / 30_000) + later);
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(step);
  const digest = createHmac("sha1", bytes(key)).update(count).digest();
  const at = digest[19]! & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function bytes(key: string): Buffer {
  const bits = [...key.replace(/\s/g, "")].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
}

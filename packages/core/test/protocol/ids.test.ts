import { expect, test } from "vitest";
import { uuidV7 } from "../../src/protocol/ids.ts";

test("a UUID version 7 carries the time first, then version and variant, then the random bits", () => {
  const random = Uint8Array.from({ length: 16 }, () => 0xff);
  expect(uuidV7(0x0123456789ab, random)).toBe("01234567-89ab-7fff-bfff-ffffffffffff");
});

test("ids made later sort later", () => {
  const random = new Uint8Array(16);
  const ids = [1, 255, 256, 1_700_000_000_000, 1_700_000_000_001].map((time) => uuidV7(time, random));
  expect(ids.toSorted()).toEqual(ids);
});

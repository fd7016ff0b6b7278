import { randomFillSync } from "node:crypto";
import type { Random } from "../host/host.ts";

/** The machine's randomness; `bytes` is fit for ids and secrets. */
export const systemRandom: Random = {
  number: () => Math.random(),
  bytes: (length) => randomFillSync(new Uint8Array(length)),
};

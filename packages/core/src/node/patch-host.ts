import { tmpdir } from "node:os";
import type { Host } from "../host/host.ts";
import { systemClock } from "./clock.ts";
import { nodeFileSystem } from "./file-system.ts";
import { nodeProcessIdentity } from "./process-identity.ts";
import { systemRandom } from "./random.ts";

/** What patching files needs of a host. */
export type PatchHost = Pick<Host, "clock" | "random" | "env" | "platform" | "fs" | "identity">;

/** This machine, as far as patching files needs it: loads little. */
export function createPatchHost(): PatchHost {
  return {
    clock: systemClock,
    random: systemRandom,
    env: process.env,
    platform: { os: process.platform, arch: process.arch, temporaryDirectory: tmpdir() },
    fs: nodeFileSystem,
    identity: nodeProcessIdentity(),
  };
}

import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Guarantee } from "../src/guarantee.ts";
import type { Plan } from "../src/plan.ts";
import { chooseBackend, probeSupport, tryBwrap, type BackendChoice, type Support } from "../src/probe.ts";
import { planOf } from "./support/plans.ts";

const bwrap = { path: "/usr/bin/bwrap", proc: true, net: true, bindFd: true };
const both: Support = { landlockAbi: 7, seccomp: true, bwrap, reasons: [] };
const onlyLandlock: Support = { landlockAbi: 7, seccomp: true, reasons: ["bubblewrap (bwrap) is not installed."] };
const oldLandlock: Support = { ...onlyLandlock, landlockAbi: 2 };
const withoutScopes: Support = { ...both, landlockAbi: 5 };
const onlyBwrap: Support = { ...both, landlockAbi: 0, reasons: ["This kernel has no Landlock, or it is switched off."] };
const bwrapWithoutNet: Support = { ...both, bwrap: { ...bwrap, net: false } };
const nothing: Support = {
  landlockAbi: 0,
  seccomp: true,
  reasons: ["This kernel has no Landlock, or it is switched off.", "bubblewrap (bwrap) is not installed."],
};
const noFilter: Support = { ...both, seccomp: false, reasons: ["No filter."] };

const root = { path: "/w", dev: "1", ino: "2", born: "3", readOnly: [] };
const readOnly = planOf({});
const network = planOf({ network: "full", needs: ["write", "metadata", "abstract_sockets", "signals"] });
const writable = planOf({
  writableRoots: [root],
  needs: ["write", "metadata", "network", "carveout", "abstract_sockets", "signals", "processes", "ipc", "loopback"],
});
const writableOnline = planOf({
  network: "full",
  writableRoots: [root],
  needs: ["write", "metadata", "carveout", "abstract_sockets", "signals", "processes", "ipc"],
});
const secretive = planOf({
  deniedReads: ["/secret"],
  needs: ["write", "metadata", "network", "denied_reads", "abstract_sockets", "signals"],
});
const offlineOnly = planOf({ fullWrite: true, needs: ["network", "abstract_sockets", "signals"] });

describe("chooseBackend", () => {
  test.each<[string, Plan, Support, string]>([
    ["reads only", readOnly, both, "landlock"],
    ["reads only, no bwrap", readOnly, onlyLandlock, "landlock"],
    ["reads only, no Landlock", readOnly, onlyBwrap, "bwrap"],
    ["reads only, files could be emptied", readOnly, oldLandlock, "none"],
    ["reads only, no scopes", readOnly, withoutScopes, "bwrap"],
    ["reads, network", network, both, "landlock"],
    ["reads, network, no scopes", network, withoutScopes, "bwrap without abstract_sockets"],
    ["writes", writable, both, "bwrap"],
    ["writes, no Landlock", writable, onlyBwrap, "bwrap"],
    ["writes, no own network", writable, bwrapWithoutNet, "bwrap without loopback"],
    ["writes, no bwrap", writable, onlyLandlock, "landlock without metadata, carveout, processes, ipc, loopback"],
    ["writes, network", writableOnline, both, "bwrap"],
    ["writes, network, no Landlock", writableOnline, onlyBwrap, "bwrap without abstract_sockets"],
    ["hides files", secretive, both, "bwrap"],
    ["hides files, no bwrap", secretive, onlyLandlock, "none"],
    ["no network only", offlineOnly, both, "landlock"],
    ["no network only, no Landlock, no bwrap", offlineOnly, nothing, "landlock without signals"],
    ["nothing there", readOnly, nothing, "none"],
    ["no filter", readOnly, noFilter, "none"],
  ])("%s", (_, plan, support, expected) => {
    expect(inWords(chooseBackend(plan, support, []))).toBe(expected);
  });

  test("a required guarantee that is missing is a refusal that names it and the way out", () => {
    expect(chooseBackend(writable, onlyLandlock, ["carveout", "loopback"])).toEqual({
      backend: "none",
      reason:
        "The configuration requires carveout, loopback, which cannot be guaranteed on this machine. bubblewrap (bwrap) is not installed.",
      hint: "Install bubblewrap (bwrap) or take carveout, loopback out of sandbox.require.",
    });
  });

  test("a required guarantee that the plan does not need changes nothing", () => {
    expect(chooseBackend(readOnly, onlyLandlock, ["carveout"])).toEqual({ backend: "landlock", missing: [] });
  });

  test("a machine that can enforce nothing is refused with every reason and the way out", () => {
    expect(chooseBackend(readOnly, nothing, [])).toEqual({
      backend: "none",
      reason:
        "Commands cannot be confined on this machine. This kernel has no Landlock, or it is switched off. bubblewrap (bwrap) is not installed.",
      hint: expect.stringContaining("--dangerously-bypass-approvals-and-sandbox") as string,
    });
  });

  test("no subset of what is required makes a weaker backend win", () => {
    const all: Guarantee[] = [...writable.needs];
    for (const required of all) expect(inWords(chooseBackend(writable, both, [required]))).toBe("bwrap");
  });
});

describe("probeSupport", () => {
  let folder = "";
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "probe-test-")));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("says that bwrap is missing when PATH has none", async () => {
    const support = await probeSupport({ path: folder });
    expect([support.bwrap, support.reasons.at(-1)]).toEqual([undefined, "bubblewrap (bwrap) is not installed."]);
  });

  test("says why a bwrap does not start", async () => {
    fakeBwrap("echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1");
    const support = await probeSupport({ path: folder });
    expect([support.bwrap, support.reasons.at(-1)]).toEqual([
      undefined,
      `bubblewrap (${join(folder, "bwrap")}) cannot start: bwrap: setting up uid map: Permission denied.`,
    ]);
  });

  test("does not believe a bwrap that succeeds without having run anything", async () => {
    fakeBwrap("exit 0");
    expect((await tryBwrap(join(folder, "bwrap"))).ok).toBe(false);
  });

  test("finds out what a bwrap can still do without /proc and without a network namespace", async () => {
    fakeBwrap('case "$*" in *"--proc /proc"*) echo "Can\'t mount proc" >&2; exit 1;; --help) echo ;; *) echo started;; esac');
    expect(await tryBwrap(join(folder, "bwrap"))).toEqual({
      ok: true,
      bwrap: { path: join(folder, "bwrap"), proc: false, net: true, bindFd: false },
    });
    fakeBwrap(
      'case "$*" in *--unshare-net*) echo "loopback: Failed RTM_NEWADDR" >&2; exit 1;; --help) echo "  --bind-fd FD DEST";; *) echo started;; esac',
    );
    expect(await tryBwrap(join(folder, "bwrap"))).toEqual({
      ok: true,
      bwrap: { path: join(folder, "bwrap"), proc: true, net: false, bindFd: true },
    });
  });

  test("does not trust a bwrap of the workspace", async () => {
    fakeBwrap("echo started");
    expect((await probeSupport({ path: folder, untrusted: folder })).bwrap).toBeUndefined();
  });

  test("keeps what it found in a private file and tries again when bwrap changes", async () => {
    const cacheDirectory = join(folder, "cache");
    fakeBwrap("echo started");
    const first = await probeSupport({ path: folder, cacheDirectory });
    const file = join(cacheDirectory, "sandbox-support.json");
    expect([statSync(file).mode & 0o777, statSync(cacheDirectory).mode & 0o777]).toEqual([0o600, 0o700]);

    const cache = JSON.parse(readFileSync(file, "utf8")) as { key: string; support: Support };
    writeFileSync(file, JSON.stringify({ ...cache, support: { ...first, reasons: ["from the cache"] } }));
    expect((await probeSupport({ path: folder, cacheDirectory })).reasons).toEqual(["from the cache"]);

    fakeBwrap("echo 'it broke' >&2; exit 1");
    expect((await probeSupport({ path: folder, cacheDirectory })).reasons.at(-1)).toContain("it broke");
  });

  test("does not believe a cache that others can write", async () => {
    const cacheDirectory = join(folder, "cache");
    await probeSupport({ path: folder, cacheDirectory });
    const file = join(cacheDirectory, "sandbox-support.json");
    const cache = JSON.parse(readFileSync(file, "utf8")) as { key: string; support: Support };
    writeFileSync(file, JSON.stringify({ ...cache, support: { ...cache.support, reasons: ["forged"] } }));
    chmodSync(file, 0o666);
    expect((await probeSupport({ path: folder, cacheDirectory })).reasons).not.toContain("forged");
  });

  function fakeBwrap(script: string): void {
    writeFileSync(join(folder, "bwrap"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
});

function inWords(choice: BackendChoice): string {
  if (choice.backend === "none" || choice.missing.length === 0) return choice.backend;
  return `${choice.backend} without ${choice.missing.join(", ")}`;
}

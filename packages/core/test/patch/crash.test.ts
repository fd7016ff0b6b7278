import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import type { FileSystem, ProcessIdentity } from "../../src/host/host.ts";
import { applyPatch, type ApplyPatchOutcome } from "../../src/patch/apply.ts";
import { computePatch } from "../../src/patch/compute.ts";
import { parsePatch } from "../../src/patch/parse.ts";
import { recoverPatches } from "../../src/patch/recover.ts";
import { faultyFileSystem, type Fault } from "./faulty-file-system.ts";
import { generator, plantFiles, randomPatch, snapshotTree } from "./random-patch.ts";
import { OWNER } from "./workspace.ts";

/** Runs of each kind; `pnpm test:patches` has 10,000. */
const RUNS = Number(process.env["CODEX_TEST_PATCH_RUNS"] ?? 200);
const BASE = realpathSync(mkdtempSync(join(tmpdir(), "patch-crash-")));
afterAll(() => rmSync(BASE, { recursive: true, force: true }));

/** The process that starts after the one that applied has died. */
const NEXT: ProcessIdentity = { id: "m-b-n-2-2", hasEnded: () => Promise.resolve(true) };
const CLOCK = { now: () => 0 };

interface Trial {
  readonly root: string;
  readonly journals: string;
  readonly before: Record<string, string>;
  readonly patch: string;
}

function plant(seed: number): Trial {
  const folder = mkdtempSync(join(BASE, "run-"));
  const trial = { root: join(folder, "work"), journals: join(folder, "journals") };
  mkdirSync(trial.root);
  const { files, patch } = randomPatch(seed);
  plantFiles(trial.root, files);
  return { ...trial, before: snapshotTree(trial.root), patch };
}

async function apply({ root, journals, patch }: Trial, fs: FileSystem): Promise<ApplyPatchOutcome> {
  const parsed = parsePatch(patch);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const computed = await computePatch(parsed.patch, root, { fs: faultyFileSystem(undefined) });
  if (!computed.ok) throw new Error(computed.fault.message);
  return applyPatch(computed.action, fs, { token: "crashtest1", owner: OWNER, journalFolders: [{ path: journals }] });
}

async function recover({ root, journals }: Trial, fs: FileSystem): Promise<void> {
  await recoverPatches({ fs, clock: CLOCK, identity: NEXT, folders: [{ path: journals }], cwd: root });
}

interface Reference {
  readonly after: Record<string, string>;
  readonly operations: number;
}

/** The patch applied without a fault. */
async function reference(seed: number): Promise<Reference> {
  const trial = plant(seed);
  const fs = faultyFileSystem(undefined);
  const outcome = await apply(trial, fs);
  if (!outcome.ok) throw new Error(`seed ${seed}: ${outcome.message}`);
  const after = snapshotTree(trial.root);
  rmSync(join(trial.root, ".."), { recursive: true });
  return { after, operations: fs.operations() };
}

function stateOf(trial: Trial, after: Record<string, string>): "nothing" | "all" | "torn" {
  const now = snapshotTree(trial.root);
  if (isDeepStrictEqual(now, trial.before)) return "nothing";
  return isDeepStrictEqual(now, after) ? "all" : "torn";
}

type Run = (
  at: number,
  context: { readonly seed: number; readonly reference: Reference; readonly random: (below: number) => number },
) => Promise<void>;

/** Far beyond what one run takes on a busy disk, ms: a patch that waits for ever is told with its seed. */
const RUN_LIMIT_MS = 60_000;
/** A long check says now and then how far it is. */
const TOLD_EVERY = 1_000;

/** Calls `run` with each operation of patch after patch, until it was called `RUNS` times. */
async function eachOperation(run: Run): Promise<void> {
  let runs = 0;
  for (let seed = 1; runs < RUNS; seed++) {
    const known = await reference(seed);
    const random = generator(seed * 7919);
    for (let at = 0; at < known.operations && runs < RUNS; at++) {
      await limited(run(at, { seed, reference: known, random }), `operation ${at} of seed ${seed}`);
      if (++runs % TOLD_EVERY === 0) process.stderr.write(`${runs} of ${RUNS} runs, ${seed} patches\n`);
    }
  }
}

async function limited(work: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${RUN_LIMIT_MS} ms`)), RUN_LIMIT_MS);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

const KILLS = ["kill_before", "kill_midway", "kill_after"] as const;

describe("a patch that is cut off", () => {
  it(
    "is there whole or not at all after the next start, wherever the process was killed, that start included",
    { timeout: 3_600_000 },
    async () => {
      const endings = { nothing: 0, all: 0 };
      const torn: unknown[] = [];
      await eachOperation(async (at, { seed, reference: { after }, random }) => {
        const trial = plant(seed);
        const fault: Fault = { at, kind: KILLS[random(3)] ?? "kill_before" };
        await apply(trial, faultyFileSystem(fault)).catch(() => undefined);
        const restarts: Fault[] = [];
        for (let kills = random(3); kills > 0; kills--) {
          const again: Fault = { at: random(12), kind: KILLS[random(3)] ?? "kill_before" };
          restarts.push(again);
          await recover(trial, faultyFileSystem(again)).catch(() => undefined);
        }
        await recover(trial, faultyFileSystem(undefined));
        const state = stateOf(trial, after);
        const journals = readdirSync(join(trial.root, "..")).includes("journals") ? readdirSync(trial.journals) : [];
        if (state === "torn" || journals.length > 0) torn.push({ seed, fault, restarts, journals, tree: snapshotTree(trial.root) });
        else endings[state]++;
        rmSync(join(trial.root, ".."), { recursive: true });
      });
      expect(torn.slice(0, 3)).toEqual([]);
      expect(endings.nothing).toBeGreaterThan(RUNS / 4);
      expect(endings.all).toBeGreaterThan(RUNS / 10);
      expect(endings.nothing + endings.all).toBe(RUNS);
    },
  );
});

describe("a patch that fails", () => {
  const kinds: readonly Omit<Fault, "at">[] = [
    ...["ENOSPC", "EACCES", "EIO", "EROFS", "EPERM", "EMFILE"].map((code) => ({ kind: "fail" as const, code })),
    { kind: "full" },
    { kind: "full" },
  ];
  it(
    "leaves all or nothing at once, and says which; what a full disk keeps from being undone is undone at the next start",
    { timeout: 3_600_000 },
    async () => {
      const wrong: unknown[] = [];
      let undone = 0;
      await eachOperation(async (at, { seed, reference: { after }, random }) => {
        const trial = plant(seed);
        const fault: Fault = { at, kind: "fail", ...kinds[random(kinds.length)] };
        const outcome = await apply(trial, faultyFileSystem(fault));
        const wanted = outcome.ok ? "all" : "nothing";
        const owed = outcome.ok ? outcome.leftovers.length : outcome.notRestored.length;
        if (owed > 0) await recover(trial, faultyFileSystem(undefined));
        await recover(trial, faultyFileSystem(undefined));
        if (!outcome.ok) undone++;
        if (stateOf(trial, after) !== wanted)
          wrong.push({ seed, fault, outcome, patch: trial.patch, tree: snapshotTree(trial.root), before: trial.before });
        rmSync(join(trial.root, ".."), { recursive: true });
      });
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(undone).toBeGreaterThan(RUNS / 4);
    },
  );
});

// What applying patches costs: `pnpm bench:patch [--rounds N] [--peer PATH]`. Medians of interleaved rounds, each beside what the
// bare file system costs in the same round. PEER is another apply_patch, run as a program.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { applyPatchText } from "../packages/core/dist/index.js";

const BIN = fileURLToPath(new URL("../packages/cli/bin/apply_patch.js", import.meta.url));
const FILES = 10_000;
const HUNKS = 1_000;
const LINES = 210_000;

const { values } = parseArgs({ options: { rounds: { type: "string", default: "7" }, peer: { type: "string" } } });
const base = realpathSync(mkdtempSync(join(tmpdir(), "bench-patch-")));
process.env.CODEX_HOME = join(base, "home");
mkdirSync(process.env.CODEX_HOME);

const line = (n) => `  const value${n} = compute(${n}, "padding");`;
const big = Array.from({ length: LINES }, (_, n) => `${line(n)}\n`).join("");
const patchOf = (lines) => ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");
const hunks = Array.from({ length: HUNKS }, (_, i) => i * (LINES / HUNKS)).flatMap((n) => [
  ...["@@", ` ${line(n)}`, ` ${line(n + 1)}`, `-${line(n + 2)}`, `+  const changed${n} = 0;`, ` ${line(n + 3)}`],
]);
const hunksPatch = patchOf(["*** Update File: big.js", ...hunks]);
const names = Array.from({ length: FILES }, (_, i) => `pkg/f${i}.txt`);
const filesPatch = patchOf(names.flatMap((name, i) => [`*** Add File: ${name}`, `+line ${i}`]));
const largePatch = patchOf(["*** Add File: large.txt", ...Array.from({ length: 400_000 }, (_, n) => `+${line(n)}`)]);

const apply = (patch) => async (cwd) => {
  const result = await applyPatchText(patch, { cwd });
  if (!result.ok) throw new Error(result.message);
};
const program = (command, patch) => async (cwd) => {
  const { status, stderr } = spawnSync(command[0], command.slice(1), { cwd, input: patch, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
};
const withBig = (cwd) => writeFileSync(join(cwd, "big.js"), big);
const CASES = [
  { name: "1,000 hunks in 10 MB", prepare: withBig, run: apply(hunksPatch), limit: 150 },
  {
    name: "  read, write and rename of 10 MB",
    prepare: withBig,
    run: async (cwd) => replace(join(cwd, "big.js"), await readFile(join(cwd, "big.js"))),
  },
  { name: "10,000 one-line files", run: apply(filesPatch), limit: 3000 },
  { name: "  10,000 writeFile + rename", run: plainFiles },
  { name: "a 20 MB patch", run: apply(largePatch) },
  { name: "apply_patch, 10,000 files", run: program([process.execPath, BIN], filesPatch) },
  { name: "apply_patch, 1,000 hunks", prepare: withBig, run: program([process.execPath, BIN], hunksPatch) },
  { name: "apply_patch, one file", run: program([process.execPath, BIN], patchOf(["*** Add File: a", "+a"])) },
  ...(values.peer === undefined
    ? []
    : [
        { name: "peer, 10,000 files", run: program([values.peer], filesPatch) },
        { name: "peer, 1,000 hunks", prepare: withBig, run: program([values.peer], hunksPatch) },
        { name: "peer, one file", run: program([values.peer], patchOf(["*** Add File: a", "+a"])) },
      ]),
];

async function plainFiles(cwd) {
  mkdirSync(join(cwd, "pkg"));
  for (const [i, name] of names.entries()) await replace(join(cwd, name), `line ${i}\n`);
}

async function replace(path, content) {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

const times = new Map(CASES.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const { name, prepare, run } of CASES) {
    const cwd = mkdtempSync(join(base, "run-"));
    prepare?.(cwd);
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await run(cwd);
    const { user, system } = process.cpuUsage(cpu);
    times.get(name).push({ wall: performance.now() - start, cpu: (user + system) / 1000 });
    // Nothing is removed between the runs but what is large: ext4 passes over each inode that was freed in the last minute, which makes new
    // files ten times as dear, whoever writes them.
    for (const large of ["big.js", "large.txt"]) rmSync(join(cwd, large), { force: true });
  }
}
rmSync(base, { recursive: true });
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const shown = (ms) => ms.toFixed(0).padStart(6);
for (const { name, limit } of CASES) {
  const wall = times.get(name).map((one) => one.wall);
  const goal = limit === undefined ? "" : `   goal ${limit}`;
  const cpu = median(times.get(name).map((one) => one.cpu));
  process.stdout.write(
    `${name.padEnd(36)} ms: median ${shown(median(wall))}  least ${shown(Math.min(...wall))}  cpu here ${shown(cpu)}${goal}\n`,
  );
}

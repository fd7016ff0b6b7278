// pnpm bench: ours and its peers on the same work, run in turn, medians and ratios. `--help` tells the options.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CASES } from "./cases.mjs";
import { hasAccounting, measure } from "./measure.mjs";
import { findPeers } from "./peers.mjs";
import { median, summarise, tableOf } from "./report.mjs";

const HELP = `pnpm bench [--cases ${Object.keys(CASES).join(",")}] [--rounds 5] [--write]

Runs each case round by round, every program in turn, against a scripted model server on loopback.
Peers are the native codex, when it is on PATH or in a folder of CODEX_BENCH_PEERS (a folder where its npm package was installed will do).
--write puts the table into docs/performance.md.`;

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    rounds: { type: "string", default: "5" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  console.log(HELP);
} else {
  await bench(values.cases?.split(",") ?? Object.keys(CASES), Number(values.rounds), values.write === true);
}

async function bench(names, rounds, write) {
  const unknown = names.filter((name) => CASES[name] === undefined);
  if (unknown.length > 0 || !(rounds > 0)) throw new Error(`there is no case ${unknown.join(", ")}; see --help`);
  const peers = findPeers();
  if (!hasAccounting) console.error("Processor time and memory are not measured: that needs python3.");
  if (peers.length === 1) console.error("No peer was found; only our own figures are shown.");
  const root = await mkdtemp(join(tmpdir(), "codex-bench-home-"));
  try {
    const homes = new Map();
    for (const peer of peers) homes.set(peer, await mkdtemp(join(root, "home-")));
    const results = [];
    for (const name of names) results.push({ name, ...CASES[name], runs: await interleaved(CASES[name], { peers, homes, rounds }) });
    const table = tableOf(summarise(results, peers), peers);
    console.log(`\n${table}`);
    if (write) await writeTable(table);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** One warm-up round that does not count, then the rounds. */
async function interleaved(benchCase, { peers, homes, rounds }) {
  const runs = new Map(peers.map((peer) => [peer, []]));
  for (let round = benchCase.rounds === 1 ? 0 : -1; round < (benchCase.rounds ?? rounds); round++) {
    for (const peer of peers) {
      const result = await measure(peer, benchCase, homes.get(peer));
      if (result.exitCode !== 0) throw new Error(`${peer.name} ended with ${result.exitCode} in: ${benchCase.title}`);
      if (round >= 0) runs.get(peer).push(result);
      process.stderr.write(
        `${benchCase.title} · ${peer.name} · ${result.wallMs.toFixed(0)} ms · gap ${median(result.gapsMs).toFixed(1)} ms\n`,
      );
    }
  }
  return runs;
}

async function writeTable(table) {
  const file = new URL("../docs/performance.md", import.meta.url);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${process.platform} ${process.arch}, Node ${process.versions.node}, load ${loadavg()[0].toFixed(1)}`;
  const block = `<!-- bench:begin -->\n${machine}\n\n${table}\n<!-- bench:end -->`;
  const text = await readFile(file, "utf8");
  await writeFile(
    file,
    text.replace(/<!-- bench:begin -->[^]*<!-- bench:end -->/, () => block),
  );
}

// From runs to figures to a Markdown table.

export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The figures of one run, in the order they are shown. `of` gives a peer's value from its cases: NaN where a case was not run.
 * @type {{title: string, unit: string, digits: number, of: (cases: (name: string, pick: (run: object) => number | undefined) => number) => number}[]}
 */
const FIGURES = [
  { title: "`--version`, processor time", unit: "ms", digits: 1, of: (cases) => cases("version", (run) => run.cpuMs) },
  { title: "`--version`, wall", unit: "ms", digits: 1, of: (cases) => cases("version", (run) => run.wallMs) },
  { title: "spawn → first request", unit: "ms", digits: 0, of: (cases) => cases("text", (run) => run.firstRequestMs) },
  { title: "one answer, wall", unit: "ms", digits: 0, of: (cases) => cases("text", (run) => run.wallMs) },
  { title: "one answer, processor time", unit: "ms", digits: 0, of: (cases) => cases("text", (run) => run.cpuMs) },
  { title: "one answer, peak memory", unit: "MB", digits: 0, of: (cases) => cases("text", (run) => run.peakMb) },
  { title: "trivial command: gap between requests", unit: "ms", digits: 1, of: (cases) => cases("calls", (run) => median(run.gapsMs)) },
  { title: "trivial command: processor time", unit: "ms", digits: 1, of: (cases) => aboveText(cases, "calls", (run) => run.cpuMs) / 50 },
  { title: "8 × 100 ms commands in one answer: gap", unit: "ms", digits: 0, of: (cases) => cases("parallel", (run) => median(run.gapsMs)) },
  { title: "20,000 deltas, wall", unit: "ms", digits: 0, of: (cases) => cases("deltas", (run) => run.wallMs) },
  {
    title: "per delta, processor time",
    unit: "µs",
    digits: 1,
    of: (cases) => (aboveText(cases, "deltas", (run) => run.cpuMs) * 1000) / 20_000,
  },
  { title: "20,000 deltas, peak memory", unit: "MB", digits: 0, of: (cases) => cases("deltas", (run) => run.peakMb) },
  {
    title: "300 commands: gap around the 10th",
    unit: "ms",
    digits: 1,
    of: (cases) => cases("turns", (run) => median(run.gapsMs.slice(5, 15))),
  },
  { title: "300 commands: gap at the end", unit: "ms", digits: 1, of: (cases) => cases("turns", (run) => median(run.gapsMs.slice(-10))) },
  { title: "300 commands, peak memory", unit: "MB", digits: 0, of: (cases) => cases("turns", (run) => run.peakMb) },
  { title: "50 MB of output, wall", unit: "ms", digits: 0, of: (cases) => cases("output", (run) => run.wallMs) },
  {
    title: "50 MB of output, memory above one answer",
    unit: "MB",
    digits: 1,
    of: (cases) => aboveText(cases, "output", (run) => run.peakMb),
  },
];

function aboveText(cases, name, pick) {
  return cases(name, pick) - cases("text", pick);
}

/** @returns {{title: string, unit: string, digits: number, values: number[]}[]} one value per peer; figures nobody has are left out */
export function summarise(results, peers) {
  const runsOf = new Map(results.map((result) => [result.name, result.runs]));
  const casesOf = (peer) => (name, pick) => median((runsOf.get(name)?.get(peer) ?? []).map(pick).filter((value) => value !== undefined));
  return FIGURES.map(({ of, ...figure }) => ({ ...figure, values: peers.map((peer) => of(casesOf(peer))) })).filter(
    ({ values }) => !values.every(Number.isNaN),
  );
}

/** The ratio is ours to the peer: below 1 is better than the peer. */
export function tableOf(rows, peers) {
  const others = peers.slice(1);
  const head = ["figure", ...peers.map((peer) => peer.name), ...others.map((peer) => `ours / ${peer.name}`)];
  const lines = rows.map(({ title, unit, digits, values }) => {
    const cells = values.map((value) => (Number.isNaN(value) ? "–" : `${value.toFixed(digits)} ${unit}`));
    const ratios = others.map((_, index) => (values[0] / values[index + 1]).toFixed(2).replace("NaN", "–"));
    return [title, ...cells, ...ratios];
  });
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

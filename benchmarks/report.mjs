// From runs to figures to a Markdown table.

export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @returns {{title: string, unit: string, digits: number, values: number[]}[]} one value per peer; NaN where it was not measured */
export function summarise(results, peers) {
  const byName = new Map(results.map((result) => [result.name, result]));
  const rows = [];
  const row = (title, [digits, unit], of) => rows.push({ title, unit, digits, values: peers.map(of) });
  const figure = (name, pick) => (peer) =>
    median((byName.get(name)?.runs.get(peer) ?? []).map(pick).filter((value) => value !== undefined));
  const has = (name) => byName.has(name);

  if (has("version")) {
    row(
      "`--version`, processor time",
      [1, "ms"],
      figure("version", (run) => run.cpuMs),
    );
    row(
      "`--version`, wall",
      [1, "ms"],
      figure("version", (run) => run.wallMs),
    );
  }
  if (has("text")) {
    row(
      "spawn → first request",
      [0, "ms"],
      figure("text", (run) => run.firstRequestMs),
    );
    row(
      "one answer, wall",
      [0, "ms"],
      figure("text", (run) => run.wallMs),
    );
    row(
      "one answer, processor time",
      [0, "ms"],
      figure("text", (run) => run.cpuMs),
    );
    row(
      "one answer, peak memory",
      [0, "MB"],
      figure("text", (run) => run.peakMb),
    );
  }
  if (has("calls")) {
    row(
      "trivial command: gap between requests",
      [1, "ms"],
      figure("calls", (run) => median(run.gapsMs)),
    );
    if (has("text"))
      row(
        "trivial command: processor time",
        [1, "ms"],
        (peer) => (figure("calls", (run) => run.cpuMs)(peer) - figure("text", (run) => run.cpuMs)(peer)) / 50,
      );
  }
  if (has("parallel"))
    row(
      "8 × 100 ms commands in one answer: gap",
      [0, "ms"],
      figure("parallel", (run) => median(run.gapsMs)),
    );
  if (has("deltas")) {
    row(
      "20,000 deltas, wall",
      [0, "ms"],
      figure("deltas", (run) => run.wallMs),
    );
    if (has("text"))
      row(
        "per delta, processor time",
        [1, "µs"],
        (peer) => ((figure("deltas", (run) => run.cpuMs)(peer) - figure("text", (run) => run.cpuMs)(peer)) * 1000) / 20_000,
      );
    row(
      "20,000 deltas, peak memory",
      [0, "MB"],
      figure("deltas", (run) => run.peakMb),
    );
  }
  if (has("turns")) {
    row(
      "300 commands: gap around the 10th",
      [1, "ms"],
      figure("turns", (run) => median(run.gapsMs.slice(5, 15))),
    );
    row(
      "300 commands: gap at the end",
      [1, "ms"],
      figure("turns", (run) => median(run.gapsMs.slice(-10))),
    );
    row(
      "300 commands, peak memory",
      [0, "MB"],
      figure("turns", (run) => run.peakMb),
    );
  }
  if (has("output")) {
    row(
      "50 MB of output, wall",
      [0, "ms"],
      figure("output", (run) => run.wallMs),
    );
    if (has("text"))
      row(
        "50 MB of output, memory above one answer",
        [1, "MB"],
        (peer) => figure("output", (run) => run.peakMb)(peer) - figure("text", (run) => run.peakMb)(peer),
      );
  }
  return rows;
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

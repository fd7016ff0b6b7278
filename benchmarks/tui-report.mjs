// @ts-check
// From measurements of interfaces to a Markdown table.
import { median } from "./report.mjs";

/** @typedef {{ name: string, kind: string, figures: any }} Result */

/** A budget that is a number is an upper bound. @type {readonly { title: string, kind: string, of: (figures: any) => number, unit: string, digits?: number, budget?: number }[]} */
const FIGURES = [
  { title: "first paint", kind: "start", of: (f) => f.firstPaintMs, unit: "ms", budget: 120 },
  { title: "input usable", kind: "start", of: (f) => f.usableMs, unit: "ms", budget: 180 },
  { title: "processor time until then", kind: "start", of: (f) => f.cpuMs, unit: "ms", budget: 130 },
  { title: "memory 5 s after the start", kind: "start", of: (f) => f.rss, unit: "MB", budget: 90 },
  { title: "the same with processes it detached, PSS", kind: "start", of: (f) => f.setPss, unit: "MB" },
  { title: "idle for 10 s: processor", kind: "start", of: (f) => f.idlePercent, unit: "%", digits: 2, budget: 0.05 },
  { title: "idle for 10 s: bytes", kind: "start", of: (f) => f.idleBytes, unit: "B", budget: 0 },
  { title: "key → echo, median", kind: "start", of: (f) => f.keyMs.median, unit: "ms", digits: 1, budget: 3 },
  { title: "key → echo, 95th of 100", kind: "start", of: (f) => f.keyMs.p95, unit: "ms", digits: 1, budget: 12 },
  { title: "bytes per key", kind: "start", of: (f) => f.keyBytes.median, unit: "B", budget: 60 },
  { title: "100 tokens a second: processor", kind: "stream", of: (f) => f.streamPercent, unit: "%", digits: 1, budget: 5 },
  { title: "100 tokens a second: bytes a second", kind: "stream", of: (f) => f.streamBytesPerSecond, unit: "B" },
  { title: "100,000 lines: had, of them, within four minutes", kind: "long", of: (f) => f.lines, unit: "lines" },
  { title: "100,000 lines: memory of the largest process at its peak", kind: "long", of: (f) => f.peak, unit: "MB", budget: 130 },
  { title: "100,000 lines: memory of all its processes, PSS", kind: "long", of: (f) => f.pss, unit: "MB" },
  { title: "100,000 lines: idle, processor", kind: "long", of: (f) => f.idlePercent, unit: "%", digits: 2, budget: 0.05 },
  { title: "100,000 lines: key → echo, median", kind: "long", of: (f) => f.keyMs.median, unit: "ms", digits: 1, budget: 3 },
  { title: "100,000 lines: key → echo, 95th of 100", kind: "long", of: (f) => f.keyMs.p95, unit: "ms", digits: 1, budget: 12 },
  { title: "100,000 lines: bytes of a page", kind: "long", of: (f) => f.pages.bytes.median, unit: "B", budget: 5000 },
  { title: "100,000 lines: resize, wall", kind: "long", of: (f) => f.resizes.wallMs.median, unit: "ms", budget: 50 },
  { title: "100,000 lines: resize, processor time", kind: "long", of: (f) => f.resizes.cpuMs.median, unit: "ms" },
];

/** Medians of each figure by program. @param {readonly Result[]} results @param {readonly string[]} names */
export function tableOfInterfaces(results, names) {
  const rows = FIGURES.map(({ title, kind, of, unit, digits = 0, budget }) => {
    const cells = names.map((name) => {
      const value = median(results.filter((result) => result.name === name && result.kind === kind).map(({ figures }) => of(figures)));
      return Number.isNaN(value) ? "–" : `${value.toFixed(digits)} ${unit}`;
    });
    return `| ${title} | ${cells.join(" | ")} | ${budget === undefined ? "" : `≤ ${String(budget)} ${unit}`} |`;
  });
  return [`| | ${names.join(" | ")} | budget |`, `| --- |${" --- |".repeat(names.length + 1)}`, ...rows].join("\n");
}

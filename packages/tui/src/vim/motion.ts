import type { Motion } from "./parse-command.ts";
import { firstInLine, lineEnd, lineStart, type Unit, type Units } from "./units.ts";
import type { Find } from "./vim.ts";

/** Where a motion leads. */
export interface Moved {
  readonly index: number;
  /** An operator takes the unit at the far end as well. */
  readonly inclusive: boolean;
  /** An operator takes whole lines. */
  readonly linewise: boolean;
}

export interface Start {
  readonly units: Units;
  readonly index: number;
  readonly count: number | undefined;
  readonly lastFind: Find | undefined;
}

/** Follows a motion; undefined when it leads nowhere, as `f` to a character that is not there. */
export function follow({ key, character }: Motion, start: Start): Moved | undefined {
  const { units, index } = start;
  const times = start.count ?? 1;
  switch (key) {
    case "h":
      return to(Math.max(lineStart(units, index), index - times));
    case "l":
    case " ":
      return to(Math.min(lineEnd(units, index), index + times));
    case "j":
    case "k":
      return byLines(units, index, key === "j" ? times : -times);
    case "0":
      return to(lineStart(units, index));
    case "^":
      return to(firstInLine(units, index));
    case "$":
      return {
        index: Math.max(lineStart(units, index), lineEnd(units, downLines(units, index, times - 1)) - 1),
        inclusive: true,
        linewise: false,
      };
    case "gg":
    case "G":
      return { index: firstInLine(units, lineNumber(units, start.count ?? (key === "G" ? Infinity : 1))), inclusive: true, linewise: true };
    case "{":
    case "}":
      return to(repeat(times, index, (at) => paragraph(units, at, key === "}" ? 1 : -1)));
    case "%":
      return bracket(units, index);
    case "f":
    case "F":
    case "t":
    case "T":
      return find({ key, character }, start);
    case ";":
    case ",":
      return start.lastFind === undefined ? undefined : find(key === ";" ? start.lastFind : reversed(start.lastFind), start, true);
    default:
      return byWords(key, start, times);
  }
}

function to(index: number, inclusive = false): Moved {
  return { index, inclusive, linewise: false };
}

function repeat(times: number, index: number, step: (index: number) => number): number {
  let at = index;
  for (let left = times; left > 0; left--) {
    const next = step(at);
    if (next === at) break;
    at = next;
  }
  return at;
}

function byWords(key: string, { units, index }: Start, times: number): Moved | undefined {
  const big = key === key.toUpperCase();
  switch (key.toLowerCase()) {
    case "w":
      return to(repeat(times, index, (at) => nextWord(units, at, big)));
    case "b":
      return to(repeat(times, index, (at) => previousWord(units, at, big)));
    case "e":
      return to(
        repeat(times, index, (at) => wordEnd(units, at, big)),
        true,
      );
    default:
      return undefined;
  }
}

/** Units of one class belong together; `big` tells blanks from everything else only. */
export function classOf(unit: Unit | undefined, big: boolean): string {
  if (unit === undefined || unit.kind === "blank" || unit.kind === "break") return "";
  return big ? "word" : unit.kind;
}

function isEmptyLine({ all }: Units, at: number): boolean {
  return all[at]?.kind === "break" && (at === 0 || all[at - 1]?.kind === "break");
}

function nextWord(units: Units, from: number, big: boolean): number {
  const { all } = units;
  let at = from;
  const kind = classOf(all[at], big);
  while (at < all.length && kind !== "" && classOf(all[at], big) === kind) at += 1;
  while (at < all.length && classOf(all[at], big) === "" && (at === from || !isEmptyLine(units, at))) at += 1;
  return at;
}

function previousWord(units: Units, from: number, big: boolean): number {
  const { all } = units;
  let at = from - 1;
  while (at > 0 && classOf(all[at], big) === "" && !isEmptyLine(units, at)) at -= 1;
  const kind = classOf(all[at], big);
  while (at > 0 && kind !== "" && classOf(all[at - 1], big) === kind) at -= 1;
  return Math.max(0, at);
}

function wordEnd({ all }: Units, from: number, big: boolean): number {
  let at = from + 1;
  while (at < all.length && classOf(all[at], big) === "") at += 1;
  if (at >= all.length) return Math.max(from, all.length - 1);
  const kind = classOf(all[at], big);
  while (at + 1 < all.length && classOf(all[at + 1], big) === kind) at += 1;
  return at;
}

/** Lines up and down at the same column, for operators; the cursor alone moves by rows of the screen. */
function byLines(units: Units, index: number, by: number): Moved | undefined {
  const column = index - lineStart(units, index);
  const target = by > 0 ? downLines(units, index, by) : upLines(units, index, -by);
  if (lineStart(units, target) === lineStart(units, index)) return undefined;
  return { index: Math.min(lineStart(units, target) + column, lineEnd(units, target)), inclusive: true, linewise: true };
}

function downLines(units: Units, index: number, count: number): number {
  return repeat(count, index, (at) => {
    const end = lineEnd(units, at);
    return end === units.all.length ? at : end + 1;
  });
}

function upLines(units: Units, index: number, count: number): number {
  return repeat(count, index, (at) => {
    const start = lineStart(units, at);
    return start === 0 ? at : start - 1;
  });
}

/** An index in the line of that number, from 1; the last one when there are not so many. */
function lineNumber(units: Units, number: number): number {
  return downLines(units, 0, number - 1);
}

function paragraph(units: Units, from: number, by: 1 | -1): number {
  const { all } = units;
  let at = from + by;
  while (at > 0 && at < all.length && !isEmptyLine(units, at)) at += by;
  return Math.max(0, Math.min(at, all.length));
}

function find({ key, character }: Find, { units, index, count }: Start, again = false): Moved | undefined {
  const till = key === "t" || key === "T";
  const by = key === "f" || key === "t" ? 1 : -1;
  // `t` again would stay before the one it stands at.
  let at = again && till && units.all[index + by]?.text === character ? index + by : index;
  for (let left = count ?? 1; left > 0; left--) {
    const found = nextInLine(units, at, { by, character });
    if (found === undefined) return undefined;
    at = found;
  }
  return to(till ? at - by : at, by === 1);
}

function nextInLine(
  units: Units,
  from: number,
  { by, character }: { readonly by: 1 | -1; readonly character: string },
): number | undefined {
  for (let at = from + by; at >= 0 && at < units.all.length && units.all[at]?.kind !== "break"; at += by) {
    if (units.all[at]?.text === character) return at;
  }
  return undefined;
}

const REVERSED = { f: "F", F: "f", t: "T", T: "t" } as const;

function reversed({ key, character }: Find): Find {
  return { key: REVERSED[key], character };
}

const PAIRS = ["()", "[]", "{}"] as const;

/** From the first bracket at or behind the cursor in its line to the one that belongs to it. */
function bracket(units: Units, index: number): Moved | undefined {
  const end = lineEnd(units, index);
  for (let at = index; at < end; at++) {
    const text = units.all[at]?.text ?? "";
    const pair = PAIRS.find((each) => text !== "" && each.includes(text));
    if (pair === undefined) continue;
    const match = text === pair[0] ? closing(units, at, pair) : opening(units, at, pair);
    return match === undefined ? undefined : to(match, true);
  }
  return undefined;
}

/** The bracket that closes the one at `from`. */
export function closing({ all }: Units, from: number, pair: string): number | undefined {
  let depth = 0;
  for (let at = from; at < all.length; at++) {
    if (all[at]?.text === pair[0]) depth += 1;
    if (all[at]?.text === pair[1]) depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** The bracket that opens what the one at `from` closes; from within, the one that is open there. */
export function opening({ all }: Units, from: number, pair: string): number | undefined {
  let depth = all[from]?.text === pair[1] ? 0 : 1;
  for (let at = from; at >= 0; at--) {
    if (all[at]?.text === pair[1]) depth += 1;
    if (all[at]?.text === pair[0]) depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

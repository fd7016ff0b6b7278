import { classOf, closing, opening } from "./motion.ts";
import { lineEnd, lineStart, type Units } from "./units.ts";

/** Units from `from` up to `to`, without it. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly linewise: boolean;
}

export interface ObjectAt {
  readonly units: Units;
  readonly index: number;
  readonly around: boolean;
}

/** What a text object takes in at the cursor; undefined when there is none. */
export function textObject(key: string, place: ObjectAt): Span | undefined {
  switch (key) {
    case "w":
    case "W":
      return word(place, key === "W");
    case "p":
      return paragraph(place);
    case '"':
    case "'":
    case "`":
      return quoted(place, key);
    default: {
      const pair = PAIRS[key];
      return pair === undefined ? undefined : bracketed(place, pair);
    }
  }
}

const PAIRS: Readonly<Record<string, string>> = {
  "(": "()",
  ")": "()",
  b: "()",
  "[": "[]",
  "]": "[]",
  "{": "{}",
  "}": "{}",
  B: "{}",
  "<": "<>",
  ">": "<>",
};

function word({ units, index, around }: ObjectAt, big: boolean): Span | undefined {
  const { all } = units;
  const [low, high] = [lineStart(units, index), lineEnd(units, index)];
  if (low === high) return undefined;
  const stretch = (from: number, by: 1 | -1): number => {
    const kind = classOf(all[from], big);
    let at = from;
    while (at + by >= low && at + by < high && classOf(all[at + by], big) === kind) at += by;
    return at;
  };
  const from = stretch(index, -1);
  const to = stretch(index, 1) + 1;
  if (!around) return { from, to, linewise: false };
  // With the blanks behind it, else with those before.
  if (to < high && (classOf(all[to], big) === "" || classOf(all[from], big) === ""))
    return { from, to: stretch(to, 1) + 1, linewise: false };
  const blanks = from > low && classOf(all[from - 1], big) === "" ? stretch(from - 1, -1) : from;
  return { from: blanks, to, linewise: false };
}

/** Lines between empty ones; `around` takes those behind it as well. */
function paragraph({ units, index, around }: ObjectAt): Span {
  const isEmpty = (at: number): boolean => lineStart(units, at) === lineEnd(units, at);
  const wanted = isEmpty(index);
  let from = lineStart(units, index);
  while (from > 0 && isEmpty(from - 1) === wanted) from = lineStart(units, from - 1);
  const last = (at: number, empty: boolean): number => {
    let end = lineEnd(units, at);
    while (end < units.all.length && isEmpty(end + 1) === empty) end = lineEnd(units, end + 1);
    return end;
  };
  let end = last(index, wanted);
  if (around && end < units.all.length) end = last(end + 1, !wanted);
  return { from, to: Math.min(end + 1, units.all.length), linewise: true };
}

function quoted({ units, index, around }: ObjectAt, quote: string): Span | undefined {
  const marks: number[] = [];
  for (let at = lineStart(units, index); at < lineEnd(units, index); at++) if (units.all[at]?.text === quote) marks.push(at);
  for (let pair = 0; pair + 1 < marks.length; pair += 2) {
    const [open = 0, close = 0] = marks.slice(pair, pair + 2);
    // The first pair that is not yet over.
    if (index <= close) return { from: around ? open : open + 1, to: around ? close + 1 : close, linewise: false };
  }
  return undefined;
}

function bracketed({ units, index, around }: ObjectAt, pair: string): Span | undefined {
  const open = units.all[index]?.text === pair[0] ? index : opening(units, index, pair);
  const close = open === undefined ? undefined : closing(units, open, pair);
  if (open === undefined || close === undefined) return undefined;
  return { from: around ? open : open + 1, to: around ? close + 1 : close, linewise: false };
}

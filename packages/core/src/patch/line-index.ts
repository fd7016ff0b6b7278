import { foldPunctuation, trim, trimEnd } from "./fold.ts";
import { toReadable, type SourceLines } from "./source-lines.ts";

/** How closely a line has to agree, strictest first. */
export const PASSES = ["exact", "trailing_space", "surrounding_space", "punctuation"] as const;
export type Pass = (typeof PASSES)[number];

/** Where the wanted lines of one patch section stand in one file, under one pass. */
export interface LineIndex {
  /** Lines that agree with the wanted `line`, ascending. */
  places(line: string): readonly number[];
  /** Do the lines from `start` on agree with all of `lines`? `start` counts lines of the file. */
  agrees(start: number, lines: readonly string[]): boolean;
}

/** A line, as byte string, in the form that is compared under `pass`. */
export function comparedForm(line: string, pass: Pass): string {
  switch (pass) {
    case "exact":
      return line;
    case "trailing_space":
      return trimEnd(toReadable(line));
    case "surrounding_space":
      return trim(toReadable(line));
    case "punctuation":
      return trim(foldPunctuation(trim(toReadable(line))));
  }
}

/**
 * Indexes `source` for the `wanted` byte strings, one index per pass, each made on first use. One pass over the file per
 * index, whatever the number of hunks.
 */
export function indexLines(source: SourceLines, wanted: Iterable<string>): (pass: Pass) => LineIndex {
  const lines = [...new Set(wanted)];
  const made = new Map<Pass, LineIndex>();
  return (pass) => {
    const known = made.get(pass);
    if (known !== undefined) return known;
    const index = buildIndex(source, lines, pass);
    made.set(pass, index);
    return index;
  };
}

function buildIndex(source: SourceLines, wanted: readonly string[], pass: Pass): LineIndex {
  const forms = new Map(wanted.map((line) => [line, comparedForm(line, pass)]));
  // Each distinct form gets a number, so that comparing lines is comparing numbers.
  const ids = new Map<string, number>();
  for (const form of forms.values()) if (!ids.has(form)) ids.set(form, ids.size);
  const idOfLine = new Int32Array(source.count).fill(-1);
  const places: number[][] = Array.from({ length: ids.size }, () => []);
  const take = (line: number): void => {
    const id = ids.get(comparedForm(source.text(line), pass));
    if (id === undefined) return;
    idOfLine[line] = id;
    places[id]?.push(line);
  };
  // Most lines of a large file are in no hunk: told from their bytes, they cost no string.
  if (pass === "exact") source.among(wanted).forEach(take);
  else for (let line = 0; line < source.count; line++) take(line);
  const idOf = (line: string): number => ids.get(forms.get(line) ?? comparedForm(line, pass)) ?? -2;
  return {
    places: (line) => places[idOf(line)] ?? [],
    agrees: (start, lines) => lines.every((line, offset) => idOfLine[start + offset] === idOf(line)),
  };
}

import { describe, expect, it } from "vitest";
import { applyEdits, editsOf } from "../../src/patch/line-edits.ts";
import { placeChunks } from "../../src/patch/match.ts";
import { parsePatch } from "../../src/patch/parse.ts";
import { readLines, toByteString } from "../../src/patch/source-lines.ts";
import { diffContents, renderHunks } from "../../src/patch/unified-diff.ts";
import { patchOf } from "./workspace.ts";

const CASES = 2_000;
const TEXTS = [
  "",
  "a",
  "b",
  "}",
  "  indented",
  "\ttab",
  "caf\u00e9",
  "\u2013 dash",
  "trailing  ",
  "+plus",
  "-minus",
  "@@ at",
  "*** stars",
  "x\u00a0y",
];
const RAW_BYTES = ["\xff\xfe", "\x00", "\xe9", "lone\rcr"];

/** Every line is one of its kind, so that any hunk has one place; line ends are drawn per line. */
interface Case {
  readonly before: string[];
  readonly patch: string;
  readonly expected: string;
}

describe("random updates", () => {
  it("change what the hunks say and not one byte beside", () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const { before, patch, expected } = randomCase(generator(seed));
      // A part of a larger buffer, wherever in a word it starts.
      const source = readLines(Buffer.from("\n".repeat(seed % 4) + before.join(""), "latin1").subarray(seed % 4));
      const parsed = parsePatch(patch);
      const section = parsed.ok ? parsed.patch.sections[0] : undefined;
      if (section?.type !== "update") throw new Error(`seed ${seed}: ${JSON.stringify(parsed)}`);
      const placed = placeChunks(source, section.chunks);
      if (!placed.ok) throw new Error(`seed ${seed}: ${JSON.stringify(placed.failure)}\n${patch}`);
      const after = Buffer.from(applyEdits(source, editsOf(source, placed.placements))).toString("latin1");
      expect({ seed, after }).toEqual({ seed, after: expected });
    }
  });

  it("give the same hunks whether the edits are known or found again", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { before, expected } = randomCase(generator(seed));
      const source = readLines(Buffer.from(before.join(""), "latin1"));
      const hunks = await diffContents(source.bytes, Buffer.from(expected, "latin1"));
      const lines = readLines(Buffer.from(expected, "latin1"));
      expect(hunks === "").toBe(before.join("") === expected);
      expect(patched(before, hunks)).toEqual(
        Array.from({ length: lines.count }, (_, i) => Buffer.from(lines.text(i) + lines.terminator(i), "latin1").toString("utf8")),
      );
      expect(renderHunks(source, [])).toBe("");
    }
  });
});

function randomCase(random: (below: number) => number): Case {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const ends = pick([["\n"], ["\r\n"], ["\n", "\r\n"]]);
  const count = 1 + random(50);
  const texts = Array.from({ length: count }, (_, i) => (random(8) === 0 ? pick(RAW_BYTES) : toByteString(pick(TEXTS))) + `#${i}`);
  const before = texts.map((text) => text + pick(ends));
  if (random(3) === 0) before[count - 1] = texts[count - 1] ?? "";
  const lines: string[] = ["*** Update File: f"];
  const after: string[] = [];
  let at = 0;
  while (at < count) {
    const skip = random(4) === 0 ? 8 + random(8) : random(3);
    after.push(...before.slice(at, at + skip));
    at = Math.min(count, at + skip);
    if (at === count) break;
    at = addHunk({ at, lines, after, before, texts, random });
  }
  if (lines.length === 1) lines.push("@@", ` ${shown(texts[0] ?? "")}`);
  return { before, patch: patchOf(...lines), expected: after.join("") };
}

/** Replaces one line after at most one line of context; raw bytes in context are left to the fuzzy passes. */
function addHunk(state: {
  at: number;
  lines: string[];
  after: string[];
  before: string[];
  texts: string[];
  random: (below: number) => number;
}): number {
  const { lines, after, before, texts, random } = state;
  let { at } = state;
  lines.push("@@");
  if (random(2) === 0 && at + 1 < texts.length) {
    lines.push(` ${shown(texts[at] ?? "")}`);
    after.push(before[at] ?? "");
    at++;
  }
  lines.push(`-${shown(texts[at] ?? "")}`);
  const old = before[at] ?? "";
  const end = old.slice((texts[at] ?? "").length);
  const added = Array.from({ length: random(3) }, (_, i) => `new ${at}.${i} \u00e9`);
  for (const [i, text] of added.entries()) {
    lines.push(`+${text}`);
    after.push(toByteString(text) + (end === "" && i < added.length - 1 ? firstEnd(before) : end));
  }
  return at + 1;
}

function firstEnd(before: readonly string[]): string {
  return /\r?\n$/.exec(before[0] ?? "")?.[0] ?? "\n";
}

/** A line as a model sees it. */
function shown(byteString: string): string {
  return Buffer.from(byteString, "latin1").toString("utf8");
}

/** Applies hunks without headers to lines, strictly. Texts are compared as UTF-8. */
function patched(before: readonly string[], hunks: string): string[] {
  const old = before.map((line) => Buffer.from(line, "latin1").toString("utf8"));
  const output: string[] = [];
  let at = 0;
  for (const marked of hunks
    .replaceAll("\n\\ No newline at end of file\n", "\u0001\n")
    .split(/(?<=\n)/)
    .filter((text) => text !== "")) {
    const line = marked.endsWith("\u0001\n") ? marked.slice(0, -2) : marked;
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (header !== null) {
      const start = Number(header[1]) - (header[2] === "0" ? 0 : 1);
      while (at < start) output.push(old[at++] ?? "");
      if (Number(header[3]) - (header[4] === "0" ? 0 : 1) !== output.length) throw new Error(`the new lines do not start there: ${line}`);
    } else if (line.startsWith("+")) output.push(line.slice(1));
    else {
      if (line.slice(1) !== old[at++]) throw new Error(`the hunk does not fit at ${JSON.stringify(line)}`);
      if (line.startsWith(" ")) output.push(line.slice(1));
    }
  }
  return [...output, ...old.slice(at)];
}

function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

import { describe, expect, it } from "vitest";
import { applyEdits, editsOf } from "../../src/patch/line-edits.ts";
import { placeChunks } from "../../src/patch/match.ts";
import { parsePatch, type Chunk } from "../../src/patch/parse.ts";
import { readLines, type SourceLines } from "../../src/patch/source-lines.ts";
import { patchOf } from "./workspace.ts";

const LINES = 200_000;

describe("the cost of a large patch", () => {
  it.each([
    ["exact hunks", 1_000, (line: number) => `  entry ${line};`, 0],
    ["hunks that fit only when folded", 1_000, (line: number) => `entry ${line};`, 2],
    ["a single hunk", 1, (line: number) => `  entry ${line};`, 0],
  ])("makes a string of each line once per loose pass for %s", (_name, count, ...[oldLine, passes]) => {
    let reads = 0;
    const source = readLines(
      Buffer.from(Array.from({ length: LINES }, (_, line) => (line % 2 === 0 ? `  entry ${line};\n` : "}\n")).join("")),
    );
    const counted: SourceLines = {
      ...source,
      text: (line) => {
        reads++;
        return source.text(line);
      },
    };
    const step = LINES / count;
    const chunks = chunksOf(
      Array.from({ length: count }, (_, i) => ["@@", ` ${oldLine(i * step)}`, " }", `-${oldLine(i * step + 2)}`, `+changed ${i}`]).flat(),
    );
    const placed = placeChunks(counted, chunks);
    if (!placed.ok) throw new Error(placed.failure.type);
    expect(placed.placements.map((placement) => placement.start)).toEqual(Array.from({ length: count }, (_, i) => i * step));
    // And of the lines that the exact pass finds, the closing braces being half of all, and of a few whose bytes look like them.
    expect(reads).toBeGreaterThanOrEqual(LINES * passes);
    expect(reads).toBeLessThanOrEqual(LINES * (passes + 0.52) + 2 * count);
    const after = readLines(applyEdits(source, editsOf(source, placed.placements)));
    expect([after.count, after.text(2), after.text(3), after.text(LINES - 2)]).toEqual([LINES, "changed 0", "}", `  entry ${LINES - 2};`]);
  });
});

function chunksOf(lines: readonly string[]): readonly Chunk[] {
  const parsed = parsePatch(patchOf("*** Update File: f", ...lines));
  const section = parsed.ok ? parsed.patch.sections[0] : undefined;
  if (section?.type !== "update") throw new Error("not an update");
  return section.chunks;
}

import { fileLine } from "../cells/file-line.ts";
import type { TextTools } from "../cells/render-context.ts";
import { harmlessText } from "../text/ansi.ts";
import { diffLines } from "../text/diff-lines.ts";
import { fileDiffs } from "../text/file-diffs.ts";
import { languageOf } from "../text/highlight.ts";
import type { Line } from "../text/line.ts";
import { truncateLine, wrapText } from "../text/wrap.ts";

/** The output of `git diff` file by file; of several files their list goes before. */
export function diffViewLines(
  text: string,
  width: number,
  { diffWords, highlightDiff }: Pick<TextTools, "diffWords" | "highlightDiff">,
): Line[] {
  if (text === "") return [[{ text: "looking…", style: { fg: "muted", italic: true } }]];
  const files = fileDiffs(text);
  if (files.length === 0) return wrapText(harmlessText(text), { width, style: { fg: "muted" } });
  const list = files.length === 1 ? [] : [...files.map((file) => truncateLine(fileLine(file), width)), []];
  const bodies = files.flatMap((file, index) => {
    const title: Line = fileLine(file).map((span) => ({ ...span, style: { ...span.style, bold: true } }));
    const body =
      file.rows.length === 0
        ? wrapText(harmlessText(file.notes), { width, style: { fg: "muted" } })
        : diffLines(file.rows, { width, diffWords, highlight: highlightDiff, language: languageOf(file.name) });
    return [...(index === 0 ? [] : [[]]), truncateLine(title, width), ...body];
  });
  return [...list, ...bodies];
}

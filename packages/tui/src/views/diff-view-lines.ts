import type { TextTools } from "../cells/render-context.ts";
import { harmlessText } from "../text/ansi.ts";
import { countChanges, diffLines, parseUnifiedDiff } from "../text/diff-lines.ts";
import { languageOf } from "../text/highlight.ts";
import type { Line } from "../text/line.ts";
import { wrapText } from "../text/wrap.ts";

/** The output of `git diff` file by file. */
export function diffViewLines(
  text: string,
  width: number,
  { diffWords, highlightDiff }: Pick<TextTools, "diffWords" | "highlightDiff">,
): Line[] {
  if (text === "") return [[{ text: "looking…", style: { fg: "muted", italic: true } }]];
  if (!text.startsWith("diff --git ")) return wrapText(harmlessText(text), { width, style: { fg: "muted" } });
  return text.split(/^(?=diff --git )/m).flatMap((file, index) => {
    const rows = parseUnifiedDiff(file);
    const { added, removed } = countChanges(rows);
    const name = fileName(file);
    const title: Line = [
      { text: name, style: { bold: true } },
      { text: added > 0 ? `  +${String(added)}` : "", style: { fg: "added" } },
      { text: removed > 0 ? `  −${String(removed)}` : "", style: { fg: "removed" } },
    ];
    const body =
      rows.length === 0
        ? wrapText(notes(file), { width, style: { fg: "muted" } })
        : diffLines(rows, { width, diffWords, highlight: highlightDiff, language: languageOf(name) });
    return [...(index === 0 ? [] : [[]]), title, ...body];
  });
}

function fileName(file: string): string {
  const after = /^\+\+\+ (?:b\/)?(.+)$/m.exec(file)?.[1];
  const before = /^--- (?:a\/)?(.+)$/m.exec(file)?.[1];
  const name = after !== undefined && after !== "/dev/null" ? after : (before ?? /^diff --git a\/(.+) b\//.exec(file)?.[1] ?? "");
  return harmlessText(name.replace(/\t.*$/, ""));
}

/** What stands for a file without lines: a mode, a rename, a binary. */
function notes(file: string): string {
  return file
    .trimEnd()
    .split("\n")
    .slice(1)
    .filter((line) => !line.startsWith("index "))
    .join(" · ");
}

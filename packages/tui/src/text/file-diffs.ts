import { harmlessText } from "./ansi.ts";
import { countChanges, parseUnifiedDiff, type DiffRow } from "./diff-rows.ts";

/** One file of a diff: added, deleted, modified or renamed. */
export interface FileDiff {
  readonly letter: "A" | "D" | "M" | "R";
  /** Safe to show. */
  readonly name: string;
  readonly rows: readonly DiffRow[];
  readonly added: number;
  readonly removed: number;
  /** What stands for a file without lines: a mode, a rename, a binary. */
  readonly notes: string;
}

/** What `git diff` prints, file by file. */
export function fileDiffs(text: string): readonly FileDiff[] {
  if (!text.startsWith("diff --git ")) return [];
  return text.split(/^(?=diff --git )/m).map((file) => {
    const rows = parseUnifiedDiff(file);
    const head = file.split(/^(?:---|@@) /m)[0] ?? "";
    return { letter: letterOf(head), name: nameOf(file, head), rows, ...countChanges(rows), notes: notesOf(file) };
  });
}

function letterOf(head: string): FileDiff["letter"] {
  if (/^new file mode /m.test(head)) return "A";
  if (/^deleted file mode /m.test(head)) return "D";
  return /^rename from /m.test(head) ? "R" : "M";
}

function nameOf(file: string, head: string): string {
  const [from, to] = [/^rename from (.+)$/m.exec(head)?.[1], /^rename to (.+)$/m.exec(head)?.[1]];
  if (from !== undefined && to !== undefined) return harmlessText(`${from} → ${to}`);
  const after = /^\+\+\+ (?:b\/)?(.+)$/m.exec(file)?.[1];
  const before = /^--- (?:a\/)?(.+)$/m.exec(file)?.[1];
  const name = after !== undefined && after !== "/dev/null" ? after : (before ?? /^diff --git a\/(.+) b\//.exec(file)?.[1] ?? "");
  return harmlessText(name.replace(/\t.*$/, ""));
}

function notesOf(file: string): string {
  return file
    .trimEnd()
    .split("\n")
    .slice(1)
    .filter((line) => !line.startsWith("index "))
    .join(" · ");
}

/** A row of a diff. Numbers count from 1. */
export type DiffRow =
  | { readonly kind: "context" | "added" | "removed"; readonly number: number; readonly text: string }
  /** Lines are left out here. */
  | { readonly kind: "gap" }
  /** Something that is no line of the file, e.g. that it ends without a line break. */
  | { readonly kind: "note"; readonly text: string };

/** A row that is a line of the file. */
export type TextRow = Extract<DiffRow, { readonly number: number }>;

/** The hunks of a unified diff of one file. File headers are passed over. */
export function parseUnifiedDiff(diff: string): DiffRow[] {
  const rows: DiffRow[] = [];
  let [before, after] = [1, 1];
  let inHunk = false;
  for (const line of trimEnd(diff).split("\n")) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (header !== null) {
      [before, after] = [Number(header[1]), Number(header[2])];
      if (inHunk || before > 1) rows.push({ kind: "gap" });
      inHunk = true;
    } else if (!inHunk) continue;
    else if (line.startsWith("+")) rows.push({ kind: "added", number: after++, text: line.slice(1) });
    else if (line.startsWith("-")) rows.push({ kind: "removed", number: before++, text: line.slice(1) });
    else if (line.startsWith("\\")) rows.push({ kind: "note", text: line.slice(2) });
    else {
      rows.push({ kind: "context", number: after, text: line.slice(1) });
      before++;
      after++;
    }
  }
  return rows[0]?.kind === "gap" ? rows.slice(1) : rows;
}

/** The rows of a file that is added or removed whole. */
export function wholeFile(kind: "added" | "removed", content: string): DiffRow[] {
  return content === ""
    ? []
    : trimEnd(content)
        .split("\n")
        .map((text, index) => ({ kind, number: index + 1, text }));
}

/** How many lines a diff adds and removes. */
export function countChanges(rows: readonly DiffRow[]): { readonly added: number; readonly removed: number } {
  const count = (kind: DiffRow["kind"]): number => rows.reduce((sum, row) => sum + (row.kind === kind ? 1 : 0), 0);
  return { added: count("added"), removed: count("removed") };
}

function trimEnd(text: string): string {
  return text.replace(/\n$/, "");
}

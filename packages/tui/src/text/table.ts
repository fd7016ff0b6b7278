import type { Line } from "./line.ts";
import { lineWidth } from "./line.ts";
import { wrapLine } from "./wrap.ts";

export interface Table {
  readonly header: readonly Line[];
  readonly rows: readonly (readonly Line[])[];
}

export interface TableOptions {
  readonly width: number;
  readonly align: readonly ("left" | "right" | "center" | null)[];
}

/** No column gets narrower than this while others could give. */
const MIN_COLUMN = 6;

/** A table with ruled head; cells wrap. Too narrow a screen gets one block per row instead. */
export function tableLines({ header, rows }: Table, { width, align }: TableOptions): Line[] {
  const columns = header.length;
  const natural = header.map((cell, column) => Math.max(1, lineWidth(cell), ...rows.map((row) => lineWidth(row[column] ?? []))));
  const gaps = 3 * (columns - 1);
  if (width - gaps < columns * MIN_COLUMN && width - gaps < sum(natural)) return stackedRows({ header, rows }, width);
  const widths = shrink(natural, width - gaps);
  const ruled = widths.map((cells) => "─".repeat(cells)).join("─┼─");
  return [
    ...rowLines(header, widths, align).map((line) => line.map((span) => ({ ...span, style: { bold: true, ...span.style } }))),
    [{ text: ruled, style: { fg: "border" } }],
    ...rows.flatMap((row) => rowLines(row, widths, align)),
  ];
}

function rowLines(row: readonly Line[], widths: readonly number[], align: TableOptions["align"]): Line[] {
  const cells = widths.map((width, column) => wrapLine(row[column] ?? [], { width }));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    cells.flatMap((lines, column): Line => {
      const line = lines[index] ?? [];
      const blank = Math.max(0, (widths[column] ?? 0) - lineWidth(line));
      const before = align[column] === "right" ? blank : align[column] === "center" ? Math.floor(blank / 2) : 0;
      const padded = [{ text: " ".repeat(before) }, ...line, { text: " ".repeat(blank - before) }];
      return column === 0 ? padded : [{ text: " │ ", style: { fg: "border" } }, ...padded];
    }),
  );
}

function stackedRows({ header, rows }: Table, width: number): Line[] {
  return rows.flatMap((row, index) => {
    const lines = row.flatMap((cell, column) => {
      const title = [...(header[column] ?? []).map((span) => ({ ...span, style: { bold: true, ...span.style } })), { text: ": " }];
      return wrapLine([...title, ...cell], { width, rest: [{ text: "  " }] });
    });
    return index === 0 ? lines : [[], ...lines];
  });
}

/** Takes cells from the widest columns until all fit. */
function shrink(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let excess = sum(widths) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMN) break;
    const second = Math.max(MIN_COLUMN, ...widths.filter((width) => width < widest));
    const at = widths.flatMap((width, column) => (width === widest ? [column] : []));
    const step = Math.min(widest - second, Math.max(1, Math.floor(excess / at.length)));
    for (const column of at) {
      if (excess <= 0) break;
      widths[column] = widest - step;
      excess -= step;
    }
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import { harmlessText } from "../text/ansi.ts";
import type { Line } from "../text/line.ts";
import { wrapText } from "../text/wrap.ts";
import type { Cell } from "../state/cell.ts";
import { plural } from "../text/format.ts";
import type { RenderContext } from "./render-context.ts";

/** Rows of a message that the history shows; the transcript has all. */
const ROWS = 40;

export function userLines({ text, images }: Extract<Cell, { kind: "user" }>, { width, full }: RenderContext): Line[] {
  const bar: Line = [{ text: "▌ ", style: { fg: "user" } }];
  const lines = text === "" ? [] : wrapText(harmlessText(text), { width, first: bar, rest: bar, style: { bold: true } });
  const shown =
    full || lines.length <= ROWS
      ? lines
      : [...lines.slice(0, ROWS), [...bar, { text: `… ${plural(lines.length - ROWS, "more line")}`, style: { fg: "muted" } as const }]];
  const attached: Line[] = images === 0 ? [] : [[...bar, { text: `with ${plural(images, "image")}`, style: { fg: "muted" } }]];
  return [...shown, ...attached];
}

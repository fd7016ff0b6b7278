import type { Rect, Surface } from "../screen/surface.ts";
import type { Line, Span } from "../text/line.ts";
import { plainText } from "../text/line.ts";

/** Writes lines one below the other. */
export function drawLines(surface: Surface, lines: readonly Line[], { x, y, height }: Pick<Rect, "x" | "y" | "height">): void {
  for (const [row, line] of lines.slice(0, height).entries()) surface.write(x, y + row, line);
}

/** A rounded frame around the whole surface, with a title in its upper edge. */
export function drawFrame(
  surface: Surface,
  { title, color }: { readonly title: string; readonly color: "border" | "borderFocused" | "warning" | "danger" | "command" },
): void {
  const { width, height } = surface;
  if (width < 2 || height < 2) return;
  const style = { fg: color } as const;
  const head = title === "" ? "" : `─ ${title} `;
  surface.write(0, 0, [
    { text: "╭", style },
    { text: head, style: { ...style, bold: true } },
    { text: "─".repeat(Math.max(0, width - 2 - head.length)), style },
    { text: "╮", style },
  ]);
  for (let y = 1; y < height - 1; y++) {
    surface.write(0, y, [{ text: "│", style }]);
    surface.write(width - 1, y, [{ text: "│", style }]);
  }
  surface.write(0, height - 1, [{ text: `╰${"─".repeat(width - 2)}╯`, style }]);
}

/** The line with every place that holds `text` marked, upper and lower case alike. */
export function markMatches(line: Line, text: string): Line {
  if (text === "") return line;
  const plain = plainText(line).toLowerCase();
  const wanted = text.toLowerCase();
  if (!plain.includes(wanted)) return line;
  const marked: Span[] = [];
  let offset = 0;
  for (const span of line) {
    let from = 0;
    for (const [start, end] of matchesIn(plain, wanted)) {
      const a = Math.max(start - offset, from);
      const b = Math.min(end - offset, span.text.length);
      if (b <= a) continue;
      if (a > from) marked.push({ ...span, text: span.text.slice(from, a) });
      marked.push({ text: span.text.slice(a, b), style: { ...span.style, bg: "searchMatch" } });
      from = b;
    }
    if (from < span.text.length) marked.push({ ...span, text: span.text.slice(from) });
    offset += span.text.length;
  }
  return marked;
}

function* matchesIn(text: string, wanted: string): Generator<readonly [number, number]> {
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) yield [at, at + wanted.length];
}

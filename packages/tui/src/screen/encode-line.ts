import { clusterEnd, clusterWidth, shownCluster } from "../text/cluster.ts";
import type { Line } from "../text/line.ts";
import { StyleTable } from "./style-table.ts";
import { THEMES, type ColorDepth, type ThemeName } from "./theme.ts";

export interface LineEncoding {
  readonly width: number;
  readonly theme: ThemeName;
  readonly colorDepth: ColorDepth;
}

/** Lines as bytes for a terminal's scrollback: each cut to the width, ended by a line end, plain again at its end. */
export function encodeLines(lines: readonly Line[], { width, theme, colorDepth }: LineEncoding): string {
  const styles = new StyleTable(THEMES[theme], colorDepth);
  return lines.map((line) => `${encodeLine(line, styles, width)}\u001b[K\r\n`).join("");
}

function encodeLine(line: Line, styles: StyleTable, width: number): string {
  let bytes = "";
  let style = 0;
  let used = 0;
  for (const span of line) {
    const next = span.style === undefined ? 0 : styles.intern(span.style);
    const { text, cells } = shownText(span.text, width - used);
    if (text === "") continue;
    bytes += styles.transition(style, next) + text;
    style = next;
    used += cells;
  }
  return bytes + styles.transition(style, 0);
}

function shownText(text: string, room: number): { readonly text: string; readonly cells: number } {
  let shown = "";
  let cells = 0;
  for (let index = 0; index < text.length;) {
    const end = clusterEnd(text, index);
    const cluster = text.slice(index, end);
    const width = clusterWidth(cluster);
    if (cells + width > room) break;
    if (width > 0) shown += shownCluster(cluster);
    cells += width;
    index = end;
  }
  return { text: shown, cells };
}

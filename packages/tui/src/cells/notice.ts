import type { Cell, NoticeLevel } from "../state/cell.ts";
import type { Style } from "../screen/style.ts";
import { harmlessText } from "../text/ansi.ts";
import type { Line } from "../text/line.ts";
import { wrapText } from "../text/wrap.ts";
import type { RenderContext } from "./render-context.ts";

/** Something the session has to say that is nobody's answer. */
export function noticeLines({ level, text, hint }: Extract<Cell, { kind: "notice" }>, { width }: RenderContext): Line[] {
  const { sign, signStyle, style } = LEVELS[level];
  return [
    ...wrapText(harmlessText(text), { width, first: [{ text: `${sign} `, style: signStyle }], style }),
    ...(hint === "" ? [] : wrapText(harmlessText(hint), { width, first: [{ text: "  " }], style: { fg: "muted" } })),
  ];
}

const LEVELS: Readonly<Record<NoticeLevel, { readonly sign: string; readonly signStyle: Style; readonly style: Style }>> = {
  info: { sign: "ℹ", signStyle: { fg: "accent" }, style: {} },
  event: { sign: "·", signStyle: { fg: "muted" }, style: { fg: "muted" } },
  warning: { sign: "▲", signStyle: { fg: "warning" }, style: { fg: "warning" } },
  error: { sign: "✗", signStyle: { fg: "danger", bold: true }, style: { fg: "danger", bold: true } },
};

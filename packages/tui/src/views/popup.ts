import type { Surface } from "../screen/surface.ts";
import type { FuzzyMatch } from "../state/fuzzy.ts";
import type { Popup, State } from "../state/model.ts";
import { commandQuery, POPUP_ROWS, popupEntries } from "../state/popup.ts";
import { unknownCommand } from "../state/slash-commands.ts";
import type { Line, Span } from "../text/line.ts";
import { textWidth } from "../text/width.ts";
import { truncateLine, truncateText } from "../text/wrap.ts";

/** Rows that the list takes above the composer. */
export function popupHeight(state: State, popup: Popup): number {
  const count = popupEntries(state, popup).length;
  return Math.min(POPUP_ROWS, Math.max(1, count)) + (titleOf(popup, count) === undefined ? 0 : 1);
}

/** A list with the marked entry in sight. */
export function drawPopup(surface: Surface, state: State, popup: Popup): void {
  const entries = popupEntries(state, popup);
  const title = titleOf(popup, entries.length);
  if (title !== undefined) {
    const end = surface.write(2, 0, truncateLine(title, surface.width - 4));
    if (popup.type === "prompts") surface.placeCursor(end, 0, "bar");
  }
  const list = surface.sub({
    x: 0,
    y: title === undefined ? 0 : 1,
    width: surface.width,
    height: surface.height - (title === undefined ? 0 : 1),
  });
  if (entries.length === 0) {
    list.write(2, 0, [{ text: truncateText(emptyText(state, popup), list.width - 4), style: { fg: "muted", italic: true } }]);
    return;
  }
  const top = Math.max(0, Math.min(popup.selected - Math.floor(list.height / 2), entries.length - list.height));
  const shown = entries.slice(top, top + list.height);
  const widest = Math.min(
    Math.floor(surface.width / 2),
    Math.max(...entries.map(({ label }) => textWidth(label.text.split("\n")[0] ?? ""))),
  );
  for (const [row, { label, help }] of shown.entries()) {
    const marked = top + row === popup.selected;
    if (marked) list.fill({ bg: "selection" }, { x: 1, y: row, width: list.width - 2, height: 1 });
    const line: Line = [
      { text: marked ? "▸ " : "  ", style: { fg: "accent" } },
      ...labelSpans(label, marked),
      ...(help === ""
        ? []
        : [
            {
              text: `${" ".repeat(Math.max(0, widest - textWidth(label.text)))}  ${help}`,
              style: { fg: marked ? "selectionText" : "muted" } as const,
            },
          ]),
    ];
    const ground = marked ? ({ bg: "selection" } as const) : {};
    // How many there are stands behind the last row that is seen.
    const count =
      row === shown.length - 1 && entries.length > shown.length ? ` ${String(popup.selected + 1)}/${String(entries.length)}` : "";
    const styled = line.map((span) => ({ ...span, style: { ...ground, ...span.style } }));
    list.write(1, row, truncateLine(styled, list.width - 2 - count.length));
    list.write(list.width - 1 - count.length, row, [{ text: count, style: { fg: "muted", ...ground } }]);
  }
}

function titleOf(popup: Popup, count: number): Line | undefined {
  switch (popup.type) {
    case "commands":
    case "files":
      return undefined;
    case "choices":
      return [{ text: popup.choice.title, style: { bold: true } }];
    case "prompts":
      return [
        { text: `search ${String(count)}: `, style: { fg: "muted" } },
        { text: popup.query, style: { bold: true } },
      ];
  }
}

function emptyText(state: State, popup: Popup): string {
  if (popup.type === "files") return popup.searching ? "looking…" : "no file fits";
  if (popup.type === "prompts") return "no earlier message fits";
  return unknownCommand({ name: commandQuery(state.editor) ?? "", argument: "" }) ?? "nothing fits";
}

/** The entry with the letters that were typed in colour. Of several lines only the first is shown. */
function labelSpans({ text, positions }: FuzzyMatch, marked: boolean): Span[] {
  const [first = "", ...more] = text.split("\n");
  const fg = marked ? "selectionText" : "text";
  const hits = new Set(positions);
  const spans: { text: string; hit: boolean }[] = [];
  for (let at = 0; at < first.length; at++) {
    const hit = hits.has(at);
    const last = spans.at(-1);
    if (last !== undefined && last.hit === hit) last.text += first.charAt(at);
    else spans.push({ text: first.charAt(at), hit });
  }
  const shown: Span[] = spans.map((span) => ({ text: span.text, style: span.hit ? { fg: "accent", bold: true } : { fg } }));
  return more.length === 0 ? shown : [...shown, { text: truncateText(` ⏎ ${more.join(" ")}`, 40), style: { fg: "muted" } }];
}

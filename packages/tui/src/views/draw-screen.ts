import type { Surface } from "../screen/surface.ts";
import type { State } from "../state/model.ts";
import { plural } from "../text/format.ts";
import type { Line } from "../text/line.ts";
import { truncateText } from "../text/wrap.ts";
import { approvalHeight, drawApproval } from "./approval.ts";
import { composerHeight, drawComposer } from "./composer.ts";
import { drawFooter } from "./footer.ts";
import { drawGitWarning } from "./git-warning.ts";
import type { HistoryPane } from "./history-pane.ts";
import { drawOverlay } from "./overlay.ts";
import { drawPopup, popupHeight } from "./popup.ts";
import type { QuestionPane } from "./question-pane.ts";
import type { ScrollPane } from "./scroll-pane.ts";
import { drawStatusLine } from "./status-line.ts";

export interface Panes {
  readonly history: HistoryPane;
  /** Of the overlay that is open. */
  readonly overlay: ScrollPane | undefined;
  readonly question: QuestionPane;
}

/** The whole frame. */
export function drawScreen(surface: Surface, state: State, panes: Panes): void {
  if (state.overlay !== undefined && panes.overlay !== undefined) {
    drawOverlay(surface, state, { overlay: state.overlay, pane: panes.overlay });
    return;
  }
  const { width, height } = surface;
  const rows = bottomRows(state, height);
  const historyHeight = Math.max(0, height - rows.total);
  panes.history.focused = state.focus === "history";
  panes.history.draw(surface.sub({ x: 0, y: 0, width, height: historyHeight }));
  if (state.gitWarning) return drawGitWarning(surface, state);
  let y = historyHeight;
  const next = (rowsTaken: number): Surface => {
    const part = surface.sub({ x: 0, y, width, height: rowsTaken });
    y += rowsTaken;
    return part;
  };
  if (rows.popup > 0 && state.popup !== undefined) drawPopup(next(rows.popup), state, state.popup);
  if (rows.status > 0 && state.task !== undefined) drawStatusLine(next(rows.status), state, state.task);
  if (rows.queue > 0) drawQueue(next(rows.queue), state);
  const [approval] = state.approvals;
  if (approval === undefined) drawComposer(next(rows.input), state);
  else drawApproval(next(rows.input), state, { approval, pane: panes.question });
  if (rows.footer > 0) drawFooter(next(rows.footer), state, !panes.history.following);
}

/** How many rows a live area below the native scrollback wants at most. */
export function liveRows(state: State, cellRows: number): number {
  // On fewer rows the footer would give way, as on a low screen.
  return Math.min(state.size.rows, Math.max(2, cellRows) + bottomRows(state, state.size.rows).total);
}

interface BottomRows {
  readonly popup: number;
  readonly status: number;
  readonly queue: number;
  readonly input: number;
  readonly footer: number;
  readonly total: number;
}

/** Rows of the history that a question leaves, from which on the status has a row as well. */
const STATUS_FROM = 16;

/** What stands below the history. On a low screen the history keeps a row as long as it can. */
function bottomRows(state: State, height: number): BottomRows {
  const [approval] = state.approvals;
  const input = Math.min(height, approval === undefined ? composerHeight(state) : approvalHeight(state, approval));
  const footer = height - input >= 3 ? 1 : 0;
  const status = state.task !== undefined && height - input - footer >= (approval === undefined ? 2 : STATUS_FROM) ? 1 : 0;
  const left = height - input - footer - status;
  const queue = state.queue.length === 0 || approval !== undefined ? 0 : Math.min(state.queue.length, 3, Math.max(0, left - 1));
  const popup =
    state.popup === undefined || approval !== undefined ? 0 : Math.min(popupHeight(state, state.popup), Math.max(0, left - queue));
  return { popup, status, queue, input, footer, total: input + footer + status + queue + popup };
}

/** The messages that wait, the next one first. */
function drawQueue(surface: Surface, state: State): void {
  const hidden = state.queue.length - surface.height;
  for (let row = 0; row < surface.height; row++) {
    const draft = state.queue[row];
    if (draft === undefined) continue;
    const isLast = row === surface.height - 1 && hidden > 0;
    const note = isLast ? `  and ${plural(hidden, "more message")}` : "";
    const line: Line = [
      { text: " ⏎ ", style: { fg: "accent" } },
      { text: truncateText(draft.text.replaceAll("\n", " "), Math.max(8, surface.width - 6 - note.length)), style: { fg: "muted" } },
      { text: note, style: { fg: "muted" } },
    ];
    surface.write(0, row, line);
  }
}

import type { Surface } from "../screen/surface.ts";
import { shortPath } from "../state/command-text.ts";
import type { State } from "../state/model.ts";
import { formatCount } from "../text/format.ts";
import { lineWidth, type Line, type Span } from "../text/line.ts";
import { textWidth } from "../text/width.ts";
import { truncateLine } from "../text/wrap.ts";

/** The last row: what holds, or a word to the user; at the right how full the model's memory is. */
export function drawFooter(surface: Surface, state: State, scrolled: boolean): void {
  const left = surface.write(2, 0, viMode(state));
  // A word to the user comes before the numbers.
  const isCramped = left + textWidth(state.toast) + 5 + lineWidth(rightSide(state)) > surface.width;
  const right = state.toast !== "" && isCramped ? [] : rightSide(state);
  const rightWidth = lineWidth(right);
  const room = surface.width - left - (rightWidth === 0 ? 2 : 3) - rightWidth;
  surface.write(left, 0, truncateLine(leftSide(state, scrolled, room), room));
  surface.write(surface.width - 2 - rightWidth, 0, right);
}

/** The mode of the vi keys, and what is typed of a command. */
function viMode({ vim, approvals }: State): Line {
  if (vim === undefined || approvals.length > 0) return [];
  const name = { insert: "INSERT", normal: "NORMAL", visual: "VISUAL", "visual-line": "V-LINE" }[vim.mode];
  return [
    { text: name, style: { fg: vim.mode === "insert" ? "muted" : "accent", bold: true } },
    { text: vim.pending.length === 0 ? "  " : ` ${vim.pending.join("")}  `, style: { fg: "accent" } },
  ];
}

function leftSide(state: State, scrolled: boolean, room: number): Line {
  if (state.toast !== "") return [{ text: state.toast, style: { fg: "accent" } }];
  if (state.focus === "history") return [{ text: "↑/↓ j/k line · b/space page · g/G ends · tab back", style: { fg: "muted" } }];
  if (scrolled) return [{ text: "↓ ctrl-end follows again · pgup/pgdn scroll", style: { fg: "muted" } }];
  // A newcomer must not take it for one of the model's.
  if (state.editor.text.startsWith("!") && state.approvals.length === 0)
    return [{ text: "your own command, no sandbox; the model sees it next", style: { fg: "muted" } }];
  const { facts } = state;
  if (facts.model === "") return [{ text: state.phase === "failed" ? "no session" : "starting…", style: { fg: "muted" } }];
  const parts: Span[] = [
    { text: `${facts.model}${facts.effort === "" ? "" : ` ${facts.effort}`}` },
    { text: facts.sandbox, style: { fg: facts.sandbox === "danger-full-access" ? "danger" : "muted" } },
    { text: facts.approval, style: { fg: "muted" } },
    { text: `${shortPath(facts.cwd, facts.home)}${facts.branch === "" ? "" : ` (${facts.branch})`}`, style: { fg: "muted" } },
  ];
  // The last parts give way first.
  for (let count = parts.length; count > 1; count--) {
    const line = joined(parts.slice(0, count));
    if (lineWidth(line) <= room) return line;
  }
  return joined(parts.slice(0, 1));
}

function joined(parts: readonly Span[]): Line {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [{ text: " · ", style: { fg: "border" } } as Span, part]));
}

function rightSide(state: State): Line {
  const { context, contextWindow, session, task } = state.usage;
  const tokens = session.total_tokens + task.total_tokens;
  const left = contextWindow === undefined || context === 0 ? undefined : Math.max(0, Math.round(100 - (100 * context) / contextWindow));
  const wide = state.size.columns >= 60;
  const parts: Span[] = [
    ...(state.mouse === "off" ? [{ text: "mouse off" }] : []),
    ...(tokens > 0 && wide ? [{ text: `${formatCount(tokens)} tokens`, style: { fg: "muted" } as const }] : []),
    ...(left === undefined ? [] : [{ text: `${String(left)}% left`, style: { fg: left < 15 ? "warning" : "muted" } as const }]),
    ...(tokens === 0 && wide ? [{ text: "? help", style: { fg: "muted" } as const }] : []),
  ];
  return joined(parts);
}

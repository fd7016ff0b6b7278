import { spinner } from "../cells/glyphs.ts";
import type { Surface } from "../screen/surface.ts";
import type { State, Task } from "../state/model.ts";
import { formatCount, formatElapsed } from "../text/format.ts";
import { lineWidth, type Line } from "../text/line.ts";
import { truncateText } from "../text/wrap.ts";

/** One row above the composer while a task runs: how long, how many tokens, how to stop it, what was logged last. */
export function drawStatusLine(surface: Surface, state: State, task: Task): void {
  surface.write(1, 0, statusLine(state, task, surface.width - 2));
}

function statusLine(state: State, task: Task, width: number): Line {
  // What waits for an answer does not look as if it worked.
  const waits = state.approvals.length > 0 && !task.interrupting;
  const word = task.interrupting ? "Stopping" : waits ? "Waiting for you" : "Working";
  const tokens = state.usage.task.total_tokens;
  const facts = [formatElapsed(state.now - task.startedAt), ...(tokens > 0 ? [`${formatCount(tokens)} tokens`] : []), "esc to stop"];
  const head: Line = [
    waits ? { text: "? ", style: { fg: "warning", bold: true } } : { text: `${spinner(state.tick)} `, style: { fg: "accent" } },
    { text: word, style: { bold: true } },
  ];
  const note = facts.join(" · ");
  const used = lineWidth(head) + 2 + note.length;
  const line: Line = [...head, { text: `  ${note}`, style: { fg: "muted" } }];
  const room = width - used - 3;
  if (room < 8 || state.logLine === "" || waits) return line;
  return [...line, { text: `   ${truncateText(state.logLine, room)}`, style: { fg: "muted", dim: true } }];
}

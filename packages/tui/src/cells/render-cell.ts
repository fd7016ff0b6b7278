import type { Cell } from "../state/cell.ts";
import type { Line } from "../text/line.ts";
import { agentLines, reasoningLines } from "./agent.ts";
import { declinedLines, decisionLines } from "./decision.ts";
import { execLines } from "./exec.ts";
import { noticeLines } from "./notice.ts";
import { patchLines } from "./patch.ts";
import { planLines } from "./plan.ts";
import type { RenderContext } from "./render-context.ts";
import { sessionLines } from "./session.ts";
import { toolLines } from "./tool.ts";
import { turnEndLines } from "./turn-end.ts";
import { userLines } from "./user.ts";

/** A cell as lines, a blank one last. */
export function renderCell(cell: Cell, context: RenderContext): Line[] {
  const lines = contentLines(cell, context);
  return lines.length === 0 ? [] : [...lines, []];
}

function contentLines(cell: Cell, context: RenderContext): Line[] {
  switch (cell.kind) {
    case "session":
      return sessionLines(cell.facts, context);
    case "user":
      return userLines(cell, context);
    case "agent":
      return agentLines(cell.text, context);
    case "reasoning":
      return reasoningLines(cell.text, context);
    case "exec":
      return execLines(cell, context);
    case "tool":
      return toolLines(cell, context);
    case "patch":
      return patchLines(cell, context);
    case "declined":
      return declinedLines(cell, context);
    case "decision":
      return decisionLines(cell, context);
    case "plan":
      return planLines(cell, context);
    case "notice":
      return noticeLines(cell, context);
    case "turn_end":
      return turnEndLines(cell, context);
  }
}

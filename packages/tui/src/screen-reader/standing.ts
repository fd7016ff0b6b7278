import { shortPath } from "../state/command-text.ts";
import type { State } from "../state/model.ts";
import { plural } from "../text/format.ts";
import { spokenTime } from "./spoken-time.ts";

/** How things stand, as Tab tells it: what runs, what waits, the settings, what is left of the model's window. */
export function standing({ task, queue, facts, usage, vim, now, logLine, phase }: State): string {
  const { context, contextWindow } = usage;
  const left =
    contextWindow === undefined || context === 0
      ? ""
      : `${String(Math.max(0, Math.round(100 - (100 * context) / contextWindow)))}% of the context left`;
  const doing =
    task === undefined ? (phase === "starting" ? "starting" : "nothing runs") : `working for ${spokenTime(now - task.startedAt)}`;
  return [
    doing,
    ...(task !== undefined && logLine !== "" ? [logLine] : []),
    ...(queue.length > 0 ? [`${plural(queue.length, "message")} waiting`] : []),
    facts.model,
    `sandbox ${facts.sandbox}`,
    `approval ${facts.approval}`,
    `folder ${shortPath(facts.cwd, facts.home)}${facts.branch === "" ? "" : ` on ${facts.branch}`}`,
    left,
    ...(vim === undefined ? [] : [`vi keys, ${vim.mode} mode`]),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

import type { Cell, ExecCell } from "../state/cell.ts";
import { commandText } from "../state/command-text.ts";
import { outputText } from "../state/live-output.ts";
import type { Facts } from "../state/facts.ts";
import { harmlessText } from "../text/ansi.ts";

/** A conversation as a Markdown file. */
export function exportMarkdown(cells: readonly Cell[], facts: Facts): string {
  const head = `# Codex session ${facts.sessionId}\n\n- model: ${facts.model}\n- folder: ${facts.cwd}\n- approval: ${facts.approval}\n- sandbox: ${facts.sandbox}\n`;
  return [head, ...cells.map(sourceText).filter((text) => text !== "")].join("\n") + "\n";
}

/** What a cell shows, as source text. */
function sourceText(cell: Cell): string {
  switch (cell.kind) {
    case "user":
      return `## User\n\n${cell.text}\n`;
    case "agent":
      return `## Codex\n\n${cell.text}\n`;
    case "reasoning":
      return `> ${cell.text.replaceAll("\n", "\n> ")}\n`;
    case "exec":
      return approvalText(cell) + fenced("console", `$ ${commandText(cell.command)}\n${harmlessText(outputText(cell.output))}`);
    case "tool":
      return fenced("", `${cell.tool}(${cell.arguments})\n${harmlessText(cell.end?.output ?? "")}`);
    case "patch": {
      const changes = Object.entries(cell.changes).map(([path, change]) => changeText(path, change));
      return approvalText(cell) + fenced("diff", changes.join("\n"));
    }
    case "plan":
      return `${cell.plan.map(({ step, status }) => `- [${status === "completed" ? "x" : " "}] ${step}`).join("\n")}\n`;
    case "notice":
      return `_${cell.text}_\n`;
    case "declined":
      return `_declined: ${cell.command.length > 0 ? commandText(cell.command) : cell.tool}: ${cell.decision.reason}_\n`;
    case "decision":
      return `_${cell.decision.replaceAll("_", " ")}: ${cell.subject}${cell.detail === "" ? "" : `: ${cell.detail}`}_\n`;
    case "session":
    case "turn_end":
      return "";
  }
}

/** The text a user wants on the clipboard from a cell: without headings and fences. */
export function copyText(cell: Cell): string {
  switch (cell.kind) {
    case "user":
    case "agent":
    case "reasoning":
    case "notice":
      return cell.text;
    case "exec":
      return `$ ${commandText(cell.command)}\n${harmlessText(outputText(cell.output))}`;
    default:
      return sourceText(cell);
  }
}

function approvalText({ approval }: Pick<ExecCell, "approval">): string {
  if (approval === undefined) return "";
  return `_${approval.decision.replaceAll("_", " ")}${approval.detail === "" ? "" : `: ${approval.detail}`}_\n\n`;
}

function changeText(path: string, change: Extract<Cell, { kind: "patch" }>["changes"][string]): string {
  if (change === "delete") return `--- ${path}\n+++ /dev/null`;
  if ("add" in change) return `--- /dev/null\n+++ ${path}\n${change.add.content.replace(/^/gm, "+")}`;
  return `--- ${path}\n+++ ${change.update.move_path ?? path}\n${change.update.unified_diff.trimEnd()}`;
}

/** A fence that the text does not hold itself. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/^`+/gm), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}\n`;
}

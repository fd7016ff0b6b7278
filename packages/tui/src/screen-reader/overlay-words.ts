import type { Overlay, State } from "../state/model.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import { parseUnifiedDiff } from "../text/diff-lines.ts";
import { plainText, type Line } from "../text/line.ts";
import { helpLines } from "../views/help-lines.ts";
import { mcpLines } from "../views/mcp-lines.ts";
import { statusLines } from "../views/status-lines.ts";
import { beginWords, cellWords, countWords, rowWords, type Place } from "./cell-words.ts";

/** What a full-screen view holds, said at once; undefined while it is made. */
export function overlayWords(state: State, { type, text }: Overlay): string[] | undefined {
  switch (type) {
    case "transcript": {
      const place: Place = { facts: state.facts, full: true };
      const begun = state.live.filter((cell) => (cell.kind === "exec" || cell.kind === "tool") && cell.end === undefined);
      return [
        "Transcript.",
        ...state.history.flatMap((cell) => cellWords(cell, place)),
        ...begun.flatMap((cell) => beginWords(cell, place)),
      ];
    }
    case "diff":
      return text === "" ? undefined : diffWords(text);
    case "help":
      return ["Keys and commands.", ...joined(helpLines(state, WIDE))];
    case "status":
      return ["Status.", ...joined(statusLines(state, WIDE))];
    case "mcp":
      return ["MCP servers.", ...joined(mcpLines(state, WIDE))];
  }
}

/** Wide enough for an entry to be one line. */
const WIDE = 1000;

/** Columns become commas, signs that a view is decorated with are left out. */
function joined(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => {
    const text = plainText(line)
      .replace(/[●○◌✗]/gu, "")
      .trim()
      .replace(/ {2,}/g, ", ");
    return text === "" ? [] : [text];
  });
}

function diffWords(text: string): string[] {
  if (!text.startsWith("diff --git ")) return [harmlessText(text)];
  return text.split(/^(?=diff --git )/m).flatMap((file) => {
    const rows = parseUnifiedDiff(file);
    const name = /^\+\+\+ b\/(.+)$/m.exec(file)?.[1] ?? /^--- a\/(.+)$/m.exec(file)?.[1] ?? /^diff --git a\/(.+) b\//.exec(file)?.[1] ?? "";
    return [`File ${plainLine(name)}.${countWords(rows)}`, ...rows.map(rowWords)];
  });
}

import type { Overlay, State } from "../state/model.ts";
import { harmlessText, plainLine } from "../text/ansi.ts";
import { fileDiffs } from "../text/file-diffs.ts";
import { plainText, type Line } from "../text/line.ts";
import { helpLines, keymapLines } from "../views/help-lines.ts";
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
    case "keymap":
      return ["Keys and the names of what they do.", ...joined(keymapLines(state, WIDE))];
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
  const files = fileDiffs(text);
  if (files.length === 0) return [harmlessText(text)];
  return files.flatMap(({ name, rows }) => [`File ${plainLine(name)}.${countWords(rows)}`, ...rows.map(rowWords)]);
}

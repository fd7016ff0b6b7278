import type { FileChange } from "@codex/core";
import type { Style } from "../terminal/paint.ts";

export interface ChangeLine {
  readonly text: string;
  readonly style: Style;
}

/** A patch as lines: per file `A|D|M|R path`, then what is added and removed. */
export function changeLines(changes: Readonly<Record<string, FileChange>>): ChangeLine[] {
  return Object.entries(changes).flatMap(([path, change]) => {
    if (change === "delete") return [title(`D ${path}`)];
    if ("add" in change) return [title(`A ${path}`), ...addedLines(change.add.content)];
    const { unified_diff, move_path } = change.update;
    return [title(move_path === null ? `M ${path}` : `R ${path} -> ${move_path}`), ...diffLines(unified_diff)];
  });
}

function title(text: string): ChangeLine {
  return { text, style: "bold" };
}

function addedLines(content: string): ChangeLine[] {
  return splitLines(content).map((line) => ({ text: `+${line}`, style: "green" }));
}

function diffLines(diff: string): ChangeLine[] {
  return splitLines(diff).map((text) => {
    const header = text.startsWith("+++ ") || text.startsWith("--- ") || text.startsWith("@@");
    const style = header ? "cyan" : text.startsWith("+") ? "green" : text.startsWith("-") ? "red" : "dim";
    return { text, style };
  });
}

function splitLines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

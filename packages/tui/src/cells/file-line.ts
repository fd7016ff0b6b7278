import { plainLine } from "../text/ansi.ts";
import type { FileDiff } from "../text/file-diffs.ts";
import type { Span } from "../text/line.ts";

export const LETTER_COLOR = { A: "success", D: "danger", M: "warning", R: "accent" } as const;

/** A changed file: what happened to it, its name, its size in lines. */
export function fileLine({ letter, name, added, removed }: Pick<FileDiff, "letter" | "name" | "added" | "removed">): Span[] {
  return [
    { text: `${letter} `, style: { fg: LETTER_COLOR[letter], bold: true } },
    { text: `${plainLine(name)} ` },
    ...changeCounts(added, removed),
  ];
}

/** `+3 −1` in colours. */
export function changeCounts(added: number, removed: number): Span[] {
  return [
    ...(added > 0 ? [{ text: `+${String(added)}`, style: { fg: "added" } as const }] : []),
    ...(added > 0 && removed > 0 ? [{ text: " " }] : []),
    ...(removed > 0 ? [{ text: `−${String(removed)}`, style: { fg: "removed" } as const }] : []),
  ];
}

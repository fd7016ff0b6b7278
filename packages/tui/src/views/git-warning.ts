import type { Surface } from "../screen/surface.ts";
import { shortPath } from "../state/command-text.ts";
import type { State } from "../state/model.ts";
import type { Line } from "../text/line.ts";
import { wrapText } from "../text/wrap.ts";
import { drawFrame, drawLines } from "./draw-lines.ts";

/** Asks whether to go on in a folder without version control. */
export function drawGitWarning(surface: Surface, { facts }: State): void {
  const width = Math.min(surface.width, Math.max(35, Math.floor(surface.width * 0.6)));
  const text = `${shortPath(facts.cwd, facts.home)} is not inside a git repository. What Codex changes here cannot be looked at and undone with git.`;
  const lines: Line[] = [
    ...wrapText(text, { width: width - 4 }),
    [],
    [{ text: "y", style: { fg: "accent", bold: true } }, { text: "  go on" }],
    [{ text: "n", style: { fg: "accent", bold: true } }, { text: "  leave" }],
  ];
  const height = Math.min(surface.height, lines.length + 4);
  const box = surface.sub({ x: Math.floor((surface.width - width) / 2), y: Math.floor((surface.height - height) / 2), width, height });
  box.fill({});
  drawFrame(box, { title: "Not a Git repository", color: "danger" });
  drawLines(box, lines, { x: 2, y: 2, height: height - 3 });
}

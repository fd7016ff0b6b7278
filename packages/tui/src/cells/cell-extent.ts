import type { Cell } from "../state/cell.ts";

/** About how many characters a cell shows, for a guess at its height that costs nothing. */
export function cellExtent(cell: Cell): number {
  switch (cell.kind) {
    case "user":
    case "agent":
    case "reasoning":
    case "notice":
      return cell.text.length;
    case "exec":
      return 80 * (2 + Math.min(cell.by === "user" ? 25 : 6, cell.output.lines));
    case "tool":
      return 160 + (cell.end === undefined ? 0 : 300);
    case "patch":
      return 80 * (2 + Object.keys(cell.changes).length * 10);
    case "plan":
      return 80 * (cell.plan.length + 1);
    case "session":
      return 80 * 8;
    case "turn_end":
      return 80 * (1 + Math.min(7, cell.files.length));
    case "declined":
    case "decision":
      return 80;
  }
}

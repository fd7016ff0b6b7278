import type { Surface } from "../screen/surface.ts";
import type { Overlay, State } from "../state/model.ts";
import { truncateLine } from "../text/wrap.ts";
import type { Line } from "../text/line.ts";
import type { ScrollPane } from "./scroll-pane.ts";

const TITLES: Readonly<Record<Overlay["type"], string>> = {
  transcript: "Transcript",
  diff: "Changes",
  help: "Keys and commands",
  keymap: "Keys and their names",
  status: "Status",
  mcp: "MCP servers",
};

/** A view that fills the screen: a head, what is scrolled, the keys. */
export function drawOverlay(
  surface: Surface,
  state: State,
  { overlay, pane }: { readonly overlay: Overlay; readonly pane: ScrollPane },
): void {
  const { width, height } = surface;
  const title = ` ${TITLES[overlay.type]} `;
  surface.write(0, 0, [
    { text: "──", style: { fg: "border" } },
    { text: title, style: { fg: "accent", bold: true } },
    { text: "─".repeat(Math.max(0, width - 2 - title.length)), style: { fg: "border" } },
  ]);
  pane.mark(overlay.search);
  pane.draw(surface.sub({ x: 0, y: 1, width, height: height - 3 }));
  surface.write(0, height - 2, [{ text: "─".repeat(width), style: { fg: "border" } }]);
  if (overlay.searching) {
    const end = surface.write(1, height - 1, [{ text: "/", style: { fg: "accent", bold: true } }, { text: overlay.search }]);
    surface.placeCursor(end, height - 1, "bar");
    return;
  }
  surface.write(1, height - 1, truncateLine(hints(state, overlay), width - 2));
}

function hints(state: State, overlay: Overlay): Line {
  if (state.toast !== "") return [{ text: state.toast, style: { fg: "accent" } }];
  const keys = [
    ["q", state.approvals.length > 0 ? "back to the question that waits" : "close"],
    ["↑↓", "line"],
    ["b/space", "page"],
    ["/", "search"],
    ...(overlay.search === "" ? [] : [["n/N", "next"]]),
    ...(overlay.type === "transcript" ? [["y", "copy the top entry"]] : []),
  ];
  return keys.flatMap(([key = "", meaning = ""], index): Line => [
    { text: `${index === 0 ? "" : "   "}${key}`, style: { fg: "accent" } },
    { text: ` ${meaning}`, style: { fg: "muted" } },
  ]);
}

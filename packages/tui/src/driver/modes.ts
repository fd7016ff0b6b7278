import type { MouseMode } from "./driver.ts";

/** What setting and resetting modes takes: blessed's Program, or anything like it. */
export interface ModeWriter {
  setMode(mode: string): unknown;
  resetMode(mode: string): unknown;
  write(text: string): unknown;
}

export interface ModeOptions {
  readonly alternateScreen: boolean;
  readonly mouse: MouseMode;
  /** The terminal knows xterm's CSI > 4 m: others take it for colours. */
  readonly modifyOtherKeys: boolean;
}

const ALTERNATE_SCREEN = "?1049";
const AUTOWRAP = "?7";
const CURSOR = "?25";
const FOCUS = "?1004";
const PASTE = "?2004";
const SYNCHRONIZED = "?2026";
const GRAPHEMES = "?2027";
const COLOR_SCHEME = "?2031";
const CLICKS = "?1000";
const DRAGS = "?1002";
const SGR_MOUSE = "?1006";

/**
 * Sets every mode the interface needs and keeps the window's title. Wheel events come with clicks only, all motion is never asked for; without autowrap a glyph that is
 * wider than expected cannot scroll the screen.
 */
export function enterModes(writer: ModeWriter, { alternateScreen, mouse, modifyOtherKeys }: ModeOptions): void {
  writer.write("\u001b[22;0t");
  if (alternateScreen) {
    writer.setMode(ALTERNATE_SCREEN);
    writer.write("\u001b[H\u001b[J");
  }
  writer.resetMode(AUTOWRAP);
  writer.setMode(PASTE);
  writer.setMode(FOCUS);
  writer.write(`\u001b[>1u${modifyOtherKeys ? "\u001b[>4;2m" : ""}`);
  enterMouse(writer, mouse);
  writer.write("\u001b[m");
}

export function enterMouse(writer: ModeWriter, mouse: MouseMode): void {
  if (mouse === "off") return;
  writer.setMode(CLICKS);
  if (mouse === "full") writer.setMode(DRAGS);
  writer.setMode(SGR_MOUSE);
}

export function leaveMouse(writer: ModeWriter): void {
  for (const mode of [SGR_MOUSE, DRAGS, CLICKS]) writer.resetMode(mode);
}

/** Undoes all of it, wherever the output was cut: the first bytes end any sequence that was begun. */
export function leaveModes(writer: ModeWriter, { alternateScreen, modifyOtherKeys }: ModeOptions): void {
  writer.write("\u001b\\\u001b]8;;\u001b\\\u001b[m");
  if (alternateScreen) writer.write("\u001b[r");
  leaveMouse(writer);
  writer.write(`\u001b[<u${modifyOtherKeys ? "\u001b[>4m" : ""}`);
  for (const mode of [FOCUS, PASTE, SYNCHRONIZED, GRAPHEMES, COLOR_SCHEME]) writer.resetMode(mode);
  writer.setMode(AUTOWRAP);
  writer.write("\u001b[0 q");
  writer.setMode(CURSOR);
  if (alternateScreen) writer.resetMode(ALTERNATE_SCREEN);
  else writer.write("\r\u001b[J");
  writer.write("\u001b[23;0t");
}

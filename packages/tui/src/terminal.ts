import type { Clock } from "@codex/core";
import type { MouseMode, Size, TerminalDriver } from "./driver/driver.ts";
import type { InputEvent } from "./input/event.ts";
import type { Surface } from "./screen/surface.ts";
import type { ColorDepth, ThemeName } from "./screen/theme.ts";
import type { Line } from "./text/line.ts";

export interface TerminalOptions {
  readonly driver: TerminalDriver;
  readonly clock: Clock;
  /** Draws the whole frame. Called once per frame, never while the terminal is lent or stopped. */
  readonly paint: (surface: Surface) => void;
  /** Events in order. A frame is requested after each by itself. */
  readonly onEvent: (event: InputEvent) => void;
  /** Default "auto": dark until the terminal has said otherwise. */
  readonly theme?: ThemeName | "auto" | undefined;
  /** Default: what the driver's facts say. */
  readonly colorDepth?: ColorDepth | undefined;
  /** Rows of the live area at the bottom instead of the alternate screen; what is done goes to the native scrollback by `print`. */
  readonly inlineRows?: number | undefined;
  readonly mouse?: MouseMode | undefined;
  readonly reducedMotion?: boolean | undefined;
}

export interface TerminalCapabilities {
  readonly colorDepth: ColorDepth;
  readonly theme: ThemeName;
  /** Modified keys as shift-enter are told apart. */
  readonly keyboard: "kitty" | "modify-other-keys" | "plain";
  readonly synchronizedOutput: boolean;
  readonly graphemes: boolean;
  readonly focused: boolean;
}

/** The terminal as the interface sees it: events in, frames out, everything given back at the end. */
export interface Terminal {
  readonly size: Size;
  readonly capabilities: TerminalCapabilities;
  /** Takes the terminal and paints the first frame before it returns. */
  open(): void;
  /** Asks for a frame after a change that did not come as an event. */
  request(): void;
  /** Calls `tick` every `interval` ms and paints, until the returned function is called. With reduced motion it does nothing. */
  animate(interval: number, tick: () => void): () => void;
  setTheme(theme: ThemeName | "auto"): void;
  setMouse(mode: MouseMode): void;
  setTitle(title: string): void;
  /** Tells the user something while the window has no focus: OSC 9 and a bell. Does nothing while it has. */
  notify(message: string): void;
  /** Puts text on the clipboard by OSC 52. False = too long for it. */
  copy(text: string): boolean;
  /** Lines above the live area, into the native scrollback. Only with `inlineRows`. */
  print(lines: readonly Line[]): void;
  /** Rows of the live area. Only with `inlineRows`. */
  setInlineRows(rows: number): void;
  suspend(): void;
  /** Gives the terminal to another program, as an editor, while `use` runs. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** Gives the terminal back. Then `farewell` stands on the normal screen. */
  close(farewell?: readonly Line[]): void;
}

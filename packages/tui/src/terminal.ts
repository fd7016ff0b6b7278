import type { Clock } from "@codex/core";
import type { EndSignal, MouseMode, Size, TerminalDriver } from "./driver/driver.ts";
import { knowsModifyOtherKeys } from "./driver/terminal-facts.ts";
import { Decoder } from "./input/decoder.ts";
import type { DecodedEvent, InputEvent, TerminalReply } from "./input/event.ts";
import { WheelBurst } from "./input/wheel.ts";
import { encodeLines } from "./screen/encode-line.ts";
import { ERASE_BELOW, reserveRows, rowsAfterReflow, toOrigin } from "./screen/inline-area.ts";
import { createScheduler, type FrameScheduler } from "./screen/scheduler.ts";
import { Screen } from "./screen/screen.ts";
import type { Surface } from "./screen/surface.ts";
import { themeForBackground, type ColorDepth, type ThemeName } from "./screen/theme.ts";
import { CLIPBOARD_LIMIT, clipboardSequence, MODE_QUERIES, notificationSequence, titleSequence } from "./screen/terminal-sequences.ts";
import type { Line } from "./text/line.ts";

export interface TerminalOptions {
  readonly driver: TerminalDriver;
  readonly clock: Pick<Clock, "monotonic" | "timer">;
  /** Called right before each frame: the last moment to change what it shows, or to print. */
  readonly prepare?: (() => void) | undefined;
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
  /** What stands on the normal screen when the process ends without `close`: by an error nobody caught, or an exit. */
  readonly farewell?: (() => readonly Line[]) | undefined;
}

export interface TerminalCapabilities {
  readonly colorDepth: ColorDepth;
  readonly theme: ThemeName;
  /** Whether modified keys as shift-enter are told apart: surely, perhaps, or not. */
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
  /** Gives the terminal back, if no signal did before. Then `farewell` stands on the normal screen. Once. */
  close(farewell?: readonly Line[]): void;
}

/** ms between frames that nobody pressed a key for: a text that streams in moves smoothly, and half of a frame's cost is the terminal's. */
const FRAME_INTERVAL = 50;
const REMOTE_FRAME_INTERVAL = 66;

export function createTerminal(options: TerminalOptions): Terminal {
  return new DrivenTerminal(options);
}

class DrivenTerminal implements Terminal {
  readonly #options: TerminalOptions;
  readonly #driver: TerminalDriver;
  readonly #screen: Screen;
  readonly #scheduler: FrameScheduler;
  readonly #decoder = new Decoder();
  readonly #wheel: WheelBurst;
  #cancelExpiry: (() => void) | undefined;
  #theme: ThemeName | "auto";
  #background: "dark" | "light" = "dark";
  #capabilities: TerminalCapabilities;
  #title = "";
  #size: Size = { columns: 80, rows: 24 };
  #inlineRows: number | undefined;
  /** Inline: bytes that go before the next frame. */
  #before = "";
  #open = false;
  #closed = false;
  /** Modes that were found to be known, set again after a stop. */
  #extraModes = "";

  constructor(options: TerminalOptions) {
    const { driver, clock, theme = "auto", inlineRows } = options;
    const { facts } = driver;
    const colorDepth = options.colorDepth ?? facts.colorDepth;
    this.#options = options;
    this.#driver = driver;
    this.#theme = theme;
    this.#inlineRows = inlineRows;
    this.#capabilities = {
      colorDepth,
      theme: theme === "auto" ? "dark" : theme,
      keyboard: knowsModifyOtherKeys(facts) ? "modify-other-keys" : "plain",
      synchronizedOutput: false,
      graphemes: false,
      focused: true,
    };
    this.#screen = new Screen({
      theme: this.#capabilities.theme,
      colorDepth,
      inline: inlineRows !== undefined,
      backgroundErase: facts.backgroundErase,
    });
    this.#scheduler = createScheduler({
      clock,
      prepare: options.prepare,
      paint: () => this.#paint(),
      minInterval: facts.remote ? REMOTE_FRAME_INTERVAL : FRAME_INTERVAL,
      reducedMotion: options.reducedMotion,
    });
    this.#wheel = new WheelBurst(clock, (event) => this.#emit(event));
  }

  get size(): Size {
    return this.#size;
  }

  get capabilities(): TerminalCapabilities {
    return this.#capabilities;
  }

  open(): void {
    const handlers = {
      input: (bytes: Uint8Array) => this.#received(bytes),
      end: (signal: EndSignal | undefined) => this.#ended(signal),
      resize: (size: Size) => this.#resized(size),
      drain: () => this.#scheduler.drained(),
      resume: () => this.#resumed(),
    };
    this.#driver.start(handlers, {
      alternateScreen: this.#inlineRows === undefined,
      mouse: this.#options.mouse,
      lastWords: () => this.#encode(this.#options.farewell?.() ?? []),
    });
    this.#open = true;
    this.#size = this.#driver.size();
    this.#startArea();
    this.#paint();
    if (!/^(dumb|linux|vt\d|$)/.test(this.#driver.facts.term)) this.#driver.write(MODE_QUERIES);
  }

  request(): void {
    this.#scheduler.request("output");
  }

  animate(interval: number, tick: () => void): () => void {
    return this.#scheduler.animate(interval, tick);
  }

  setTheme(theme: ThemeName | "auto"): void {
    this.#theme = theme;
    this.#applyTheme();
  }

  setMouse(mode: MouseMode): void {
    this.#driver.setMouse(mode);
  }

  setTitle(title: string): void {
    if (title === this.#title) return;
    this.#title = title;
    this.#write(titleSequence(title));
  }

  notify(message: string): void {
    if (!this.#capabilities.focused) this.#write(notificationSequence(message, this.#driver.facts.multiplexer === "tmux"));
  }

  copy(text: string): boolean {
    const sequence = clipboardSequence(text, this.#driver.facts.multiplexer === "tmux");
    if (sequence.length > CLIPBOARD_LIMIT) return false;
    this.#write(sequence);
    return true;
  }

  print(lines: readonly Line[]): void {
    const rows = this.#areaRows();
    if (this.#inlineRows === undefined || lines.length === 0 || !this.#open) return;
    this.#before += this.#toOrigin() + this.#encode(lines) + reserveRows(rows);
    this.#screen.start(this.#size.columns, rows);
    this.request();
  }

  setInlineRows(rows: number): void {
    if (this.#inlineRows === undefined || rows === this.#inlineRows) return;
    const origin = this.#toOrigin();
    this.#inlineRows = Math.max(1, rows);
    if (!this.#open) return;
    this.#before += origin;
    this.#startArea();
    this.request();
  }

  suspend(): void {
    this.#leaveArea();
    this.#driver.suspend();
  }

  async lend<T>(use: () => Promise<T>): Promise<T> {
    this.#leaveArea();
    this.#scheduler.pause();
    try {
      return await this.#driver.lend(use);
    } finally {
      this.#scheduler.unpause();
    }
  }

  close(farewell: readonly Line[] = []): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leaveArea();
    this.#shut();
    this.#driver.stop(this.#encode(farewell));
  }

  #shut(): void {
    this.#open = false;
    this.#scheduler.close();
    this.#wheel.close();
    this.#cancelExpiry?.();
  }

  #paint(): boolean {
    const before = this.#before;
    this.#before = "";
    const bytes = before + this.#screen.draw(this.#options.paint);
    return bytes === "" || this.#driver.write(bytes);
  }

  #write(bytes: string): void {
    if (this.#open) this.#driver.write(bytes);
  }

  #emit(event: InputEvent): void {
    this.#options.onEvent(event);
    this.#scheduler.request("input");
  }

  #received(bytes: Uint8Array): void {
    this.#decoded(this.#decoder.decode(bytes, this.#options.clock.monotonic()));
  }

  #decoded(events: readonly DecodedEvent[]): void {
    for (const event of events) {
      if (!this.#open) return;
      if (event.kind === "reply") this.#replied(event.reply);
      else if (event.kind === "mouse" && event.action === "wheel") this.#wheel.add(event);
      else {
        if (event.kind === "focus") this.#capabilities = { ...this.#capabilities, focused: event.focused };
        this.#emit(event);
      }
    }
    this.#cancelExpiry?.();
    const wait = this.#decoder.waitsFor;
    this.#cancelExpiry = wait === undefined ? undefined : this.#options.clock.timer(wait, () => this.#decoded(this.#decoder.expire()));
  }

  #replied(reply: TerminalReply): void {
    if (reply.type === "color" && reply.which === "background") this.#background = themeForBackground(reply.rgb);
    if (reply.type === "color-scheme") this.#background = reply.scheme;
    if (reply.type === "kitty-keyboard" && reply.flags !== 0) {
      this.#capabilities = { ...this.#capabilities, keyboard: "kitty" };
      this.#decoder.escapeIsSequence = true;
    }
    if (reply.type === "mode") this.#modeReported(reply.mode, reply.state);
    this.#applyTheme();
  }

  /** State 0: not known; 4: known and for ever off. */
  #modeReported(mode: number, state: number): void {
    if (state < 1 || state > 3) return;
    if (mode === 2026) {
      this.#capabilities = { ...this.#capabilities, synchronizedOutput: true };
      this.#screen.painter.synchronized = true;
    }
    if (mode === 2027) this.#capabilities = { ...this.#capabilities, graphemes: true };
    if (mode === 2027 || mode === 2031) {
      this.#extraModes += `\u001b[?${mode}h`;
      this.#write(`\u001b[?${mode}h`);
    }
  }

  #applyTheme(): void {
    const theme = this.#theme === "auto" ? this.#background : this.#theme;
    if (theme === this.#capabilities.theme) return;
    this.#capabilities = { ...this.#capabilities, theme };
    this.#screen.setTheme(theme);
    this.request();
  }

  #resized(size: Size): void {
    const before = this.#size;
    this.#size = size;
    if (this.#inlineRows === undefined) this.#screen.forget(size.columns, size.rows);
    else {
      const { front, cursorRow } = this.#screen.painter;
      this.#before += toOrigin(size.columns < before.columns ? rowsAfterReflow(front, cursorRow, size.columns) : cursorRow);
      this.#startArea();
    }
    this.#emit({ kind: "resize", ...size });
  }

  #resumed(): void {
    this.#write(this.#extraModes);
    this.#size = this.#driver.size();
    if (this.#inlineRows === undefined) this.#screen.forget(this.#size.columns, this.#size.rows);
    else this.#startArea();
    this.#emit({ kind: "resume" });
  }

  #ended(signal: EndSignal | undefined): void {
    if (!this.#open) return;
    this.#shut();
    this.#options.onEvent({ kind: "end", signal });
  }

  /** The screen, or the live area, is blank from here on. */
  #startArea(): void {
    const { columns, rows } = this.#size;
    if (this.#inlineRows !== undefined) this.#before += reserveRows(this.#areaRows());
    this.#screen.start(columns, this.#inlineRows === undefined ? rows : this.#areaRows());
  }

  #areaRows(): number {
    return Math.min(this.#inlineRows ?? 0, this.#size.rows);
  }

  /** Inline: the live area disappears, and what comes next stands in its place. */
  #leaveArea(): void {
    if (this.#inlineRows !== undefined && this.#open) this.#driver.write(`${this.#before}${this.#toOrigin()}${ERASE_BELOW}`);
    this.#before = "";
  }

  #toOrigin(): string {
    return toOrigin(this.#screen.painter.cursorRow);
  }

  #encode(lines: readonly Line[]): string {
    if (lines.length === 0) return "";
    const { theme, colorDepth } = this.#capabilities;
    return encodeLines(lines, { width: this.#size.columns, theme, colorDepth });
  }
}

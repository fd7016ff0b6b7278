export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What the environment says about the terminal before it was asked anything. */
export interface TerminalFacts {
  /** The value of TERM. */
  readonly term: string;
  /** The value of TERM_PROGRAM. */
  readonly program: string;
  readonly colorDepth: "none" | "16" | "256" | "true";
  readonly multiplexer: "tmux" | "screen" | undefined;
  /** Over a remote connection: frames are rarer. */
  readonly remote: boolean;
  /** Erasing leaves the background colour behind. */
  readonly backgroundErase: boolean;
}

export type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface DriverHandlers {
  readonly input: (bytes: Uint8Array) => void;
  /**
   * The terminal is gone, or the process was asked to end by a signal; the terminal was given back already. After a signal the process has a
   * few seconds to end by itself with 128 + n, then the signal does it.
   */
  readonly end: (signal: EndSignal | undefined) => void;
  readonly resize: (size: Size) => void;
  /** What was written reached the terminal after `write` had returned false. */
  readonly drain: () => void;
  /** The process was continued after a stop, or the terminal came back from `lend`. The screen holds somebody else's text. */
  readonly resume: () => void;
}

export interface DriverOptions {
  /** Default true. Without it the terminal's own scrollback stays. */
  readonly alternateScreen?: boolean | undefined;
  /** Default "wheel". "full" also reports clicks and drags. */
  readonly mouse?: MouseMode | undefined;
  /** What stands on the screen that was there before when the process ends without `stop`: by an error nobody caught, or an exit. */
  readonly lastWords?: (() => string) | undefined;
}

export type MouseMode = "off" | "wheel" | "full";

/**
 * The door to the terminal. From `start` to `stop` it owns raw mode, the alternate screen and every mode; `stop` gives the terminal back as it
 * was and may be called any number of times. Whatever ends the process between them (a throw, a rejection, an exit, a signal) does the same.
 */
export interface TerminalDriver {
  readonly facts: TerminalFacts;
  /** Both standard streams are terminals. */
  readonly interactive: boolean;
  size(): Size;
  start(handlers: DriverHandlers, options?: DriverOptions): void;
  /** Queues output. False = full: write no more before `drain`. */
  write(data: string): boolean;
  setMouse(mode: MouseMode): void;
  /** Gives the terminal back, stops the process as ctrl-z does in a shell, takes the terminal again when continued. */
  suspend(): void;
  /** Gives the terminal to another program while `use` runs, then takes it back and calls `resume`. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** @param lastWords stand on the screen that was there before, also when a signal had given that back already */
  stop(lastWords?: string): void;
}

import type { DriverHandlers, DriverOptions, EndSignal, MouseMode, Size, TerminalDriver, TerminalFacts } from "./driver.ts";

export interface MemoryDriverOptions {
  readonly size?: Size;
  readonly facts?: Partial<TerminalFacts>;
}

/** A driver without a terminal: tests type into it and read what was written. */
export class MemoryDriver implements TerminalDriver {
  readonly facts: TerminalFacts;
  readonly interactive = true;
  /** What was written since `take`. */
  #written = "";
  #size: Size;
  #handlers: DriverHandlers | undefined;
  #full = false;
  readonly #encoder = new TextEncoder();
  /** What happened to the terminal itself, in order. */
  readonly log: string[] = [];

  constructor({ size = { columns: 80, rows: 24 }, facts }: MemoryDriverOptions = {}) {
    this.#size = size;
    this.facts = {
      term: "xterm-256color",
      program: "",
      colorDepth: "true",
      multiplexer: undefined,
      remote: false,
      backgroundErase: true,
      ...facts,
    };
  }

  size(): Size {
    return this.#size;
  }

  start(handlers: DriverHandlers, { alternateScreen = true, mouse = "wheel" }: DriverOptions = {}): void {
    this.#handlers = handlers;
    this.log.push(`start ${alternateScreen ? "alternate" : "inline"} mouse=${mouse}`);
  }

  write(data: string): boolean {
    this.#written += data;
    return !this.#full;
  }

  setMouse(mode: MouseMode): void {
    this.log.push(`mouse ${mode}`);
  }

  suspend(): void {
    this.log.push("suspend");
  }

  async lend<T>(use: () => Promise<T>): Promise<T> {
    this.log.push("lend");
    try {
      return await use();
    } finally {
      this.log.push("take back");
      this.#handlers?.resume();
    }
  }

  stop(lastWords = ""): void {
    this.#written += lastWords;
    if (this.#handlers === undefined) return;
    this.#handlers = undefined;
    this.log.push("stop");
  }

  /** What was written since the last call. */
  take(): string {
    const written = this.#written;
    this.#written = "";
    return written;
  }

  /** Sends what a terminal would send: text is typed, sequences are what they are. */
  type(input: string | Uint8Array): void {
    this.#handlers?.input(typeof input === "string" ? this.#encoder.encode(input) : input);
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#handlers?.resize(this.#size);
  }

  /** The terminal takes no more output until `drain`. */
  fill(): void {
    this.#full = true;
  }

  drain(): void {
    this.#full = false;
    this.#handlers?.drain();
  }

  resume(): void {
    this.#handlers?.resume();
  }

  /** The terminal is gone, or a signal asks for the end. */
  end(signal?: EndSignal): void {
    const handlers = this.#handlers;
    this.stop();
    handlers?.end(signal);
  }
}

import type { ReadStream, WriteStream } from "node:tty";
import { createBlessedProgram } from "./blessed-program.ts";
import type { DriverHandlers, DriverOptions, MouseMode, Size, TerminalDriver, TerminalFacts } from "./driver.ts";
import { enterModes, enterMouse, leaveModes, leaveMouse, type ModeOptions } from "./modes.ts";
import { stopJob, watchProcess } from "./process-end.ts";
import { knowsModifyOtherKeys, terminalFacts } from "./terminal-facts.ts";
import { TerminalOutput } from "./terminal-output.ts";
import { createFirstProgram, type TerminalProgram } from "./terminal-program.ts";

/** When the process was asked to stop and is not continued, nor stopped, after so long, ms, nothing could stop it. */
const STOP_TIMEOUT = 200;

/** The driver of the process's own terminal. */
export function createBlessedDriver(): TerminalDriver {
  return new BlessedDriver(process.stdin, process.stdout);
}

class BlessedDriver implements TerminalDriver {
  readonly facts: TerminalFacts = terminalFacts(process.env);
  readonly interactive: boolean;
  readonly #stdin: ReadStream;
  readonly #stdout: typeof process.stdout;
  #program: TerminalProgram;
  #loading: NodeJS.Immediate | undefined;
  #output: TerminalOutput | undefined;
  #handlers: DriverHandlers | undefined;
  #modes: ModeOptions;
  #unwatch: (() => void) | undefined;
  /** "own": modes are set and input is read. "lent": another program has the terminal. "stopped": the process is about to be. */
  #state: "off" | "own" | "lent" | "stopped" = "off";
  #stopTimer: NodeJS.Timeout | undefined;

  constructor(stdin: ReadStream, stdout: typeof process.stdout) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.interactive = stdin.isTTY && stdout.isTTY;
    this.#program = createFirstProgram(streamSize(stdout));
    this.#modes = { alternateScreen: true, mouse: "wheel", modifyOtherKeys: knowsModifyOtherKeys(this.facts) };
  }

  size(): Size {
    return this.#program.size();
  }

  start(handlers: DriverHandlers, { alternateScreen = true, mouse = "wheel", lastWords }: DriverOptions = {}): void {
    if (this.#state !== "off") throw new Error("the terminal was started before");
    this.#handlers = handlers;
    this.#modes = { ...this.#modes, alternateScreen, mouse };
    this.#output = new TerminalOutput(this.#stdout, handlers.drain);
    this.#unwatch = watchProcess({
      ending: () => this.#end(true, wordsOf(lastWords)),
      signal: (signal) => {
        this.#end(true);
        handlers.end(signal);
      },
    });
    process.on("SIGTSTP", this.#onStop);
    process.on("SIGCONT", this.#onContinue);
    this.#program.onResize(() => handlers.resize(this.size()));
    this.#loading = setImmediate(() => this.#loadBlessed(handlers));
    this.#stdout.on("resize", this.#onResize);
    this.#stdout.on("error", this.#onGone);
    this.#stdin.on("data", this.#onData);
    this.#stdin.on("end", this.#onGone);
    this.#stdin.on("error", this.#onGone);
    this.#enter();
  }

  write(data: string): boolean {
    return this.#state === "own" && this.#output !== undefined ? this.#output.write(data) : true;
  }

  setMouse(mode: MouseMode): void {
    this.#modes = { ...this.#modes, mouse: mode };
    if (this.#state !== "own") return;
    leaveMouse(this.#program);
    enterMouse(this.#program, mode);
    this.write(this.#program.take());
  }

  suspend(): void {
    if (this.#state !== "own") return;
    this.#leave("stopped", { last: false });
    process.removeListener("SIGTSTP", this.#onStop);
    stopJob();
    this.#stopTimer = setTimeout(this.#onContinue, STOP_TIMEOUT);
  }

  async lend<T>(use: () => Promise<T>): Promise<T> {
    if (this.#state !== "own") throw new Error("the terminal is not there to be lent");
    this.#leave("lent", { last: false });
    try {
      return await use();
    } finally {
      this.#takeBack();
    }
  }

  stop(lastWords = ""): void {
    if (this.#state === "off") this.#output?.writeLast(lastWords, { afterAll: true });
    else this.#end(false, lastWords);
    this.#unwatch?.();
  }

  #loadBlessed(handlers: DriverHandlers): void {
    this.#program = createBlessedProgram(this.size());
    this.#program.onResize(() => handlers.resize(this.size()));
  }

  /** @param last nothing is written after this: what waits to be written is passed by */
  #end(last: boolean, lastWords = ""): void {
    if (this.#state === "off") return;
    if (this.#state === "own") this.#leave("off", { last, lastWords });
    this.#state = "off";
    clearTimeout(this.#stopTimer);
    clearImmediate(this.#loading);
    process.removeListener("SIGTSTP", this.#onStop);
    process.removeListener("SIGCONT", this.#onContinue);
    this.#stdout.removeListener("resize", this.#onResize);
    this.#stdin.removeListener("data", this.#onData);
    this.#stdin.removeListener("end", this.#onGone);
    if (!last) this.#output?.release();
  }

  readonly #onData = (bytes: Uint8Array): void => {
    if (this.#state === "own") this.#handlers?.input(bytes);
  };

  readonly #onResize = (): void => {
    this.#program.resized(streamSize(this.#stdout));
  };

  readonly #onGone = (): void => {
    if (this.#state === "off") return;
    this.stop();
    this.#handlers?.end(undefined);
  };

  readonly #onStop = (): void => {
    if (this.#state === "own") this.suspend();
    else if (this.#state === "lent") process.kill(process.pid, "SIGSTOP");
  };

  readonly #onContinue = (): void => {
    clearTimeout(this.#stopTimer);
    if (this.#state !== "stopped" && this.#state !== "own") return;
    if (this.#state === "stopped") process.on("SIGTSTP", this.#onStop);
    // Stopped without having been asked: the modes are still set, and are to be set once only.
    else leaveModes(this.#program, this.#modes);
    this.#enter();
    this.#onResize();
    this.#handlers?.resume();
  };

  #takeBack(): void {
    if (this.#state !== "lent") return;
    this.#enter();
    this.#onResize();
    this.#handlers?.resume();
  }

  #enter(): void {
    this.#state = "own";
    // Another program may have changed the terminal behind Node's back, which then takes a mode it has set before for set.
    this.#stdin.setRawMode(false);
    this.#stdin.setRawMode(true);
    this.#stdin.resume();
    enterModes(this.#program, this.#modes);
    this.#output?.write(this.#program.take());
  }

  #leave(state: "off" | "lent" | "stopped", { last, lastWords = "" }: { readonly last: boolean; readonly lastWords?: string }): void {
    this.#state = state;
    leaveModes(this.#program, this.#modes);
    this.#program.write(lastWords);
    this.#output?.writeLast(this.#program.take(), { afterAll: !last });
    try {
      this.#stdin.setRawMode(false);
    } catch {
      // The terminal is gone: there is no mode to restore.
    }
    this.#stdin.pause();
  }
}

/** The process ends by some error: one more must not keep the terminal from being given back. */
function wordsOf(lastWords: (() => string) | undefined): string {
  try {
    return lastWords?.() ?? "";
  } catch {
    return "";
  }
}

function streamSize({ columns, rows }: WriteStream): Size {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

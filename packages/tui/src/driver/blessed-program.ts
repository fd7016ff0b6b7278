import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import type { Size } from "./driver.ts";
import type { TerminalProgram } from "./terminal-program.ts";

/** The part of blessed's Program that is used here. */
interface Program extends EventEmitter {
  readonly cols: number;
  readonly rows: number;
  setMode(mode: string): boolean;
  resetMode(mode: string): boolean;
  write(text: string): boolean;
}

interface ProgramClass {
  new (options: { readonly input: EventEmitter; readonly output: EventEmitter; readonly tput: boolean }): Program;
  /** Set: the class has put its listener for the process's exit in place, or shall not. */
  _bound?: boolean;
}

// An import of a CommonJS module takes Node 30 ms longer than this.
const require = createRequire(import.meta.url);

/**
 * blessed's Program between two stand-ins for the standard streams. Its key and mouse decoding never sees a byte and its output is collected: both are
 * the driver's business. Without terminfo, which would cost 5 to 15 ms at every start and knows none of the modes that are set.
 */
export function createBlessedProgram(size: Size): TerminalProgram {
  let collected = "";
  const output = Object.assign(new EventEmitter(), {
    writable: true,
    isTTY: true,
    columns: size.columns,
    rows: size.rows,
    write: (text: string) => {
      collected += text;
      return true;
    },
  });
  const program = createProgram(output);
  return {
    setMode: (mode) => program.setMode(mode),
    resetMode: (mode) => program.resetMode(mode),
    write: (text) => program.write(text),
    take: () => {
      const text = collected;
      collected = "";
      return text;
    },
    size: () => ({ columns: program.cols, rows: program.rows }),
    resized: ({ columns, rows }) => {
      output.columns = columns;
      output.rows = rows;
      output.emit("resize");
    },
    onResize: (listener) => {
      program.on("resize", listener);
    },
  };
}

/** Inside tmux the constructor would run `tmux -V` and wait for it; and it would put its own listener for the exit before all others. */
function createProgram(output: EventEmitter): Program {
  const ProgramClass = require("blessed/lib/program.js") as ProgramClass;
  ProgramClass._bound = true;
  const { env } = process;
  const tmux = env["TMUX"];
  delete env["TMUX"];
  try {
    return new ProgramClass({ input: new EventEmitter(), output, tput: false });
  } finally {
    if (tmux !== undefined) env["TMUX"] = tmux;
  }
}

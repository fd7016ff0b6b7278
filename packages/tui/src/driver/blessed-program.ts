import { EventEmitter } from "node:events";
import Program from "blessed/lib/program.js";
import type { Size } from "./driver.ts";
import type { ModeWriter } from "./modes.ts";

/** blessed's Program between two stand-ins for the standard streams. */
export interface BlessedProgram extends ModeWriter {
  /** What it has written since the last call. */
  take(): string;
  size(): Size;
  /** The real output has another size now. */
  resized(size: Size): void;
  onResize(listener: () => void): void;
}

/**
 * Makes a Program whose key and mouse decoding never sees a byte and whose output is collected: both are the driver's business. Without
 * terminfo, which would cost 5 to 15 ms at every start and knows none of the modes that are set.
 */
export function createBlessedProgram(size: Size): BlessedProgram {
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
  const program = withoutTmux(() => new Program({ input: new EventEmitter(), output, tput: false }));
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
function withoutTmux<T>(make: () => T): T {
  const { env } = process;
  const tmux = env["TMUX"];
  delete env["TMUX"];
  Program._bound = true;
  Program._exitHandler = () => undefined;
  try {
    return make();
  } finally {
    if (tmux !== undefined) env["TMUX"] = tmux;
  }
}

import type { Size } from "./driver.ts";
import type { ModeWriter } from "./modes.ts";

/** What knows the terminal's size and collects the sequences that set its modes. */
export interface TerminalProgram extends ModeWriter {
  /** What it has written since the last call. */
  take(): string;
  size(): Size;
  /** The real output has another size now. */
  resized(size: Size): void;
  onResize(listener: () => void): void;
}

/** The program of the first frame, which is drawn in less time than it takes to load blessed. */
export function createFirstProgram(first: Size): TerminalProgram {
  let collected = "";
  let size = first;
  let tell = (): void => undefined;
  return {
    setMode: (mode) => (collected += `\u001b[${mode}h`),
    resetMode: (mode) => (collected += `\u001b[${mode}l`),
    write: (text) => (collected += text),
    take: () => {
      const text = collected;
      collected = "";
      return text;
    },
    size: () => size,
    resized: (next) => {
      size = next;
      tell();
    },
    onResize: (listener) => (tell = listener),
  };
}

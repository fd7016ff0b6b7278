declare module "blessed/lib/program.js" {
  import type { EventEmitter } from "node:events";

  /** The part of blessed's Program that is used here. */
  class Program extends EventEmitter {
    /** Set: the class has put its listener for the process's exit in place, or shall not. */
    static _bound?: boolean;
    static _exitHandler?: () => void;
    constructor(options: { readonly input: EventEmitter; readonly output: EventEmitter; readonly tput: boolean });
    readonly cols: number;
    readonly rows: number;
    setMode(mode: string): boolean;
    resetMode(mode: string): boolean;
    write(text: string): boolean;
    destroy(): void;
  }
  export default Program;
}

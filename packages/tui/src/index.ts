export type { Terminal, TerminalCapabilities, TerminalOptions } from "./terminal.ts";

export { createBlessedDriver } from "./driver/blessed-driver.ts";
export type { TerminalDriver, TerminalFacts } from "./driver/driver.ts";
export { createTerminal, type Terminal, type TerminalCapabilities, type TerminalOptions } from "./terminal.ts";

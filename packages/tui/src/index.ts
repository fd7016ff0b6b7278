export { App, type AppEnd, type AppOptions } from "./app.ts";
export type { Connection, SessionHandle } from "./connection.ts";
export { createBlessedDriver } from "./driver/blessed-driver.ts";
export type { TerminalDriver, TerminalFacts } from "./driver/driver.ts";
export { createTerminal, type Terminal, type TerminalCapabilities, type TerminalOptions } from "./terminal.ts";
export { loadVoice, type Voice } from "./screen-reader/voice.ts";

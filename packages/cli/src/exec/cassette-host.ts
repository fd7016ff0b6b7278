/** Loaded only for --record and --replay. */
export { readCassette, recordingHost, replayHost } from "@codex/core";

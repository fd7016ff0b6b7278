/**
 * One thing a confined command cannot do, or can do in a private place.
 *
 * - `write`: nothing outside the writable roots is created, changed, emptied, renamed or removed.
 * - `network`: no connection leaves, none comes in, and no Unix socket outside is reached.
 * - `carveout`: `.git`, `.codex` and `.agents` inside writable roots stay as they are.
 * - `metadata`: owners, modes, times and attributes outside the writable roots stay as they are.
 * - `denied_reads`: the plan's denied paths cannot be read.
 * - `loopback`: servers and clients of the command reach each other on a loopback of their own.
 * - `abstract_sockets`: abstract Unix sockets outside (D-Bus, X11) are not reached.
 * - `signals`: processes outside get no signals.
 * - `processes`: processes outside are not seen, and their scheduling cannot be changed.
 * - `ipc`: System V and POSIX queues, semaphores and shared memory of others are not reached.
 */
export type Guarantee = (typeof GUARANTEES)[number];

export const GUARANTEES = [
  "write",
  "network",
  "carveout",
  "metadata",
  "denied_reads",
  "loopback",
  "abstract_sockets",
  "signals",
  "processes",
  "ipc",
] as const;

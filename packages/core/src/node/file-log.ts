import type { Logger as PinoLogger } from "pino";
import type { Clock, Logger, LogLevel } from "../host/host.ts";
import { logFile } from "./log-file.ts";
import { createRedactor } from "./redact.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const FILE_NAME = "codex.log";
/** Records that may wait for the disk; more are counted and dropped. */
const QUEUE_LENGTH = 1000;
/** Between a record and its way to the disk, ms: by then the first request has been sent. */
const FLUSH_DELAY_MS = 500;
const MAX_BYTES = 5 * 1024 * 1024;
const KEPT_FILES = 3;

export interface FileLogOptions {
  /** Absolute; made when missing, mode 0700. */
  readonly directory: string;
  /** The least that is written. Default info. */
  readonly level?: LogLevel | undefined;
  /** Its secrets never reach the file. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Told once, when the log cannot be written. */
  readonly onProblem?: ((message: string) => void) | undefined;
  readonly maxBytes?: number;
}

export interface FileLog extends Logger {
  /** Records that never reached the disk. */
  readonly dropped: number;
}

interface LogRecord {
  readonly level: LogLevel;
  readonly time: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * A log of JSON lines in `codex.log`, mode 0600, at most four files of 5 MB. Writing only queues; the file and pino are
 * touched later. A log that cannot be written loses its records and harms nothing else.
 */
export function createFileLog(options: FileLogOptions): FileLog {
  const { clock } = options;
  const least = LEVELS.indexOf(options.level ?? "info");
  const redact = createRedactor(options.env);
  const file = logFile({ directory: options.directory, name: FILE_NAME, maxBytes: options.maxBytes ?? MAX_BYTES, keep: KEPT_FILES });
  let queue: LogRecord[] = [];
  let overflow = 0;
  let dropped = 0;
  let warned = false;
  let cancelTimer: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  const writeQueue = async (): Promise<void> => {
    const records = queue;
    const missing = overflow;
    queue = [];
    overflow = 0;
    if (missing > 0) records.push({ level: "warn", time: clock.now(), message: "log records dropped", fields: { count: missing } });
    if (records.length === 0) return;
    try {
      await file.append(await serialize(records));
    } catch (error) {
      dropped += records.length;
      if (warned) return;
      warned = true;
      options.onProblem?.(`The log in ${options.directory} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const flush = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    writing = writing.then(writeQueue).catch(() => undefined);
    return writing;
  };

  return {
    get dropped() {
      return dropped;
    },
    write(level, message, fields = {}) {
      if (LEVELS.indexOf(level) < least) return;
      if (queue.length >= QUEUE_LENGTH) {
        overflow++;
        dropped++;
        return;
      }
      queue.push({ level, time: clock.now(), message: String(redact(message)), fields: copied(redact, fields) });
      cancelTimer ??= clock.timer(FLUSH_DELAY_MS, () => void flush(), { unref: true });
    },
    flush,
  };
}

/** Fields are copied at once, since the caller may change them; one that throws when it is read costs the fields, not the record. */
function copied(redact: (value: unknown) => unknown, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return redact(fields) as Readonly<Record<string, unknown>>;
  } catch {
    return { fields: "unreadable" };
  }
}

async function serialize(records: readonly LogRecord[]): Promise<string> {
  // The default export: a bundled CommonJS module has no other when it is imported at run time.
  const { default: pino } = await import("pino");
  const lines: string[] = [];
  let time = 0;
  const logger: PinoLogger = pino(
    {
      level: "debug",
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date(time).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      // A field called level or time must not take the place of ours.
      nestedKey: "fields",
    },
    { write: (line: string) => void lines.push(line) },
  );
  for (const record of records) {
    time = record.time;
    if (Object.keys(record.fields).length === 0) logger[record.level](record.message);
    else logger[record.level](record.fields, record.message);
  }
  return lines.join("");
}

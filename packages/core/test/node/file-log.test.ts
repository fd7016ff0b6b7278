import { execFile } from "node:child_process";
import {
  existsSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../src/host/host.ts";
import { createFileLog, type FileLog, type FileLogOptions } from "../../src/node/file-log.ts";

const CLOCK: Clock = { now: () => 1_700_000_000_000, monotonic: () => 0, timer: () => () => undefined };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("writes JSON lines of level info and above", async () => {
  const log = open();
  log.write("debug", "too small");
  log.write("info", "started", { level: "mine", time: 1, nested: { list: [1, "two"] } });
  log.write("error", "failed");
  await log.flush();
  expect(lines()).toEqual([
    {
      level: "info",
      time: "2023-11-14T22:13:20.000Z",
      pid: process.pid,
      fields: { level: "mine", time: 1, nested: { list: [1, "two"] } },
      msg: "started",
    },
    { level: "error", time: "2023-11-14T22:13:20.000Z", pid: process.pid, msg: "failed" },
  ]);
});

test("writes nothing and makes nothing before the first flush", async () => {
  const log = open();
  log.write("info", "waits");
  expect(existsSync(directory())).toBe(false);
  await log.flush();
  expect(lines()).toHaveLength(1);
});

test("is private, also when it was not", async () => {
  mkdirSync(directory(), { mode: 0o755 });
  writeFileSync(path(), "");
  chmodSync(path(), 0o644);
  const log = open();
  log.write("info", "x");
  await log.flush();
  expect([statSync(directory()).mode & 0o777, statSync(path()).mode & 0o777]).toEqual([0o700, 0o600]);
});

test("begins a new file when one is full, and keeps three old ones", async () => {
  const log = open({ maxBytes: 300 });
  for (let i = 0; i < 12; i++) {
    log.write("info", `${i} ${"x".repeat(150)}`);
    await log.flush();
  }
  expect(readdirSync(directory()).sort()).toEqual(["codex.log", "codex.log.1", "codex.log.2", "codex.log.3"]);
  const numbers = ["codex.log.3", "codex.log.2", "codex.log.1", "codex.log"].map((name) => Number.parseInt(lines(name)[0].msg, 10));
  expect(numbers).toEqual([8, 9, 10, 11]);
  expect(readdirSync(directory()).every((name) => (statSync(join(directory(), name)).mode & 0o777) === 0o600)).toBe(true);
});

test("of two processes loses no line and mixes none", async () => {
  const script = join(folder, "writer.mjs");
  const { build } = await import("tsup");
  writeFileSync(
    join(folder, "writer.ts"),
    `import { logFile } from ${JSON.stringify(join(import.meta.dirname, "../../src/node/log-file.ts"))};
     const file = logFile({ directory: ${JSON.stringify(directory())}, name: "codex.log", maxBytes: 1e9, keep: 3 });
     for (let i = 0; i < 100; i++) await file.append(JSON.stringify({ msg: process.argv[2] + i, pad: "x".repeat(3000) }) + "\\n");`,
  );
  await build({
    config: false,
    silent: true,
    entry: [join(folder, "writer.ts")],
    format: "esm",
    outDir: folder,
    clean: false,
    outExtension: () => ({ js: ".mjs" }),
  });
  const run = promisify(execFile);
  await Promise.all([run(process.execPath, [script, "a"]), run(process.execPath, [script, "b"])]);
  const written = lines().map((line) => line.msg);
  for (const name of ["a", "b"])
    expect(written.filter((msg) => msg.startsWith(name))).toEqual(Array.from({ length: 100 }, (_, i) => name + i));
});

test("hides secrets wherever they stand", async () => {
  const log = open({ env: { MY_API_KEY: "hunter2hunter2", HOME: "/home/me" } });
  log.write("info", "sent sk-abcdefgh12345678 with hunter2hunter2 from /home/me", {
    headers: { Authorization: "Bearer xyz.abc", "content-type": "json" },
    text: "authorization: Bearer eyJhbGciOi, then more",
    input_tokens: 12,
    error: new Error("key hunter2hunter2 refused", { cause: "sk-proj-AAAABBBBCCCC" }),
  });
  await log.flush();
  expect(lines()).toEqual([
    expect.objectContaining({
      msg: "sent [redacted] with [redacted] from /home/me",
      fields: {
        headers: { Authorization: "[redacted]", "content-type": "json" },
        text: "[redacted], then more",
        input_tokens: 12,
        error: { name: "Error", message: "key [redacted] refused", cause: "[redacted]" },
      },
    }),
  ]);
});

test("takes fields as they are now, cyclic and throwing ones too", async () => {
  const log = open();
  const fields: Record<string, unknown> = { state: "now" };
  fields["self"] = fields;
  log.write("info", "cyclic", fields);
  fields["state"] = "later";
  log.write(
    "info",
    "throws",
    Object.defineProperty({}, "bad", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    }),
  );
  await log.flush();
  expect(lines()[0].fields["state"]).toBe("now");
  expect(lines().at(1)?.fields).toEqual({ fields: "unreadable" });
});

test("drops what is too much and says how much", async () => {
  const log = open();
  for (let i = 0; i < 1200; i++) log.write("info", String(i));
  await log.flush();
  expect(lines()).toHaveLength(1001);
  expect(lines().at(-1)).toMatchObject({ msg: "log records dropped", fields: { count: 200 } });
  expect(log.dropped).toBe(200);
});

test.each([
  ["its folder is a file", () => writeFileSync(directory(), "")],
  ["the file is a folder", () => mkdirSync(path(), { recursive: true })],
  ["the file is a link", () => (mkdirSync(directory()), symlinkSync(join(folder, "target"), path()))],
  ["the file is a link to a device", () => (mkdirSync(directory()), symlinkSync("/dev/full", path()))],
])("harms nothing and warns once when %s", async (_, arrange) => {
  arrange();
  const problems: string[] = [];
  const log = open({ onProblem: (message) => problems.push(message) });
  for (let i = 0; i < 3; i++) {
    log.write("info", "lost");
    await log.flush();
  }
  expect(problems).toEqual([expect.stringContaining(`The log in ${directory()} cannot be written`)]);
  expect(log.dropped).toBe(3);
  expect(existsSync(join(folder, "target"))).toBe(false);
});

test("works again once the cause is gone", async () => {
  writeFileSync(directory(), "");
  const log = open();
  log.write("info", "lost");
  await log.flush();
  rmSync(directory());
  log.write("info", "kept");
  await log.flush();
  expect(lines().map((line) => line.msg)).toEqual(["kept"]);
});

function open(options: Partial<FileLogOptions> = {}): FileLog {
  return createFileLog({ directory: directory(), env: {}, clock: CLOCK, ...options });
}

function directory(): string {
  return join(folder, "log");
}

function path(name = "codex.log"): string {
  return join(directory(), name);
}

interface Line {
  readonly msg: string;
  readonly fields: Record<string, unknown>;
}

function lines(name?: string): [Line, ...Line[]] {
  const text = readFileSync(path(name), "utf8").trimEnd();
  return text.split("\n").map((line) => JSON.parse(line) as Line) as [Line, ...Line[]];
}

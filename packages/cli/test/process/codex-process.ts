import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FakeResponsesServer, type ScriptedTurn, startFakeResponsesServer } from "@codex/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { EXEC_EVENT, type ExecEvent } from "../../src/exec/events.ts";

const BIN = fileURLToPath(new URL("../../bin/codex.js", import.meta.url));
const SCHEMA = new URL("../../schema/exec-events.schema.json", import.meta.url);
const isExecEvent = new Ajv2020({ strict: false }).compile<ExecEvent>(JSON.parse(readFileSync(SCHEMA, "utf8")));

/** A folder to work in, a Codex home and a fake provider, all of one test's own. */
export interface Place extends AsyncDisposable {
  /** A git repository, as far as anybody looks. */
  readonly cwd: string;
  readonly home: string;
  readonly server: FakeResponsesServer;
  readonly env: Readonly<Record<string, string>>;
  start(args: readonly string[], options?: StartOptions): CodexProcess;
  run(args: readonly string[], options?: StartOptions): Promise<Finished>;
}

export interface StartOptions {
  /** What stdin brings before it ends; null leaves it open. Default: nothing. */
  readonly stdin?: string | Uint8Array | null;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CodexProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly finished: Promise<Finished>;
  /** Resolves once stdout, stderr or both hold `text`. */
  shows(text: string): Promise<void>;
  /** What has come so far. */
  readonly text: { readonly stdout: string; readonly stderr: string };
}

export async function openPlace(turns: readonly ScriptedTurn[]): Promise<Place> {
  if (!existsSync(join(BIN, "../../dist/main.js"))) throw new Error("the command line is not built: run pnpm build");
  const root = mkdtempSync(join(tmpdir(), "codex-cli-"));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  mkdirSync(join(cwd, ".git"), { recursive: true });
  mkdirSync(home);
  const server = await startFakeResponsesServer(turns);
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, CODEX_HOME: home, OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: server.url };
  const running = new Set<ChildProcessWithoutNullStreams>();
  const start = (args: readonly string[], options: StartOptions = {}): CodexProcess => {
    const started = startCodex(args, { ...options, cwd: options.cwd ?? cwd, env: { ...env, ...options.env } });
    running.add(started.child);
    return started;
  };
  return {
    cwd,
    home,
    server,
    env,
    start,
    run: (args, options) => start(args, options).finished,
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill("SIGKILL");
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function startCodex(args: readonly string[], { stdin = "", cwd, env }: StartOptions): CodexProcess {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: env as Record<string, string>, stdio: "pipe" });
  // A process that reads no stdin leaves before it was written.
  child.stdin.on("error", () => undefined);
  if (stdin !== null) child.stdin.end(stdin);
  const text = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
      for (const check of waiting) check();
    });
  }
  const finished = once(child, "close").then(([code, signal]): Finished => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...text,
  }));
  const shows = (wanted: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!text.stdout.includes(wanted) && !text.stderr.includes(wanted)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      void finished.then(() => reject(new Error(`ended without showing ${wanted}:\n${text.stdout}${text.stderr}`)));
    });
  return { child, finished, shows, text };
}

/** The lines of `--json`, each held against the schema that is shipped; there is exactly one terminal line and it is the last. */
export function eventsOf({ stdout }: Finished): ExecEvent[] {
  const lines = stdout.split("\n").slice(0, -1);
  const events = lines.map((line) => {
    const value: unknown = JSON.parse(line);
    if (!isExecEvent(value)) throw new Error(`not a line of the shipped schema: ${line}\n${JSON.stringify(isExecEvent.errors)}`);
    // The schema is open to what later versions add; this version writes nothing that it does not name.
    expect(EXEC_EVENT.parse(value)).toEqual(value);
    return value;
  });
  const terminal = events.flatMap(({ type }, index) => (type === "turn.completed" || type === "turn.failed" ? [index] : []));
  expect(terminal).toEqual([events.length - 1]);
  return events;
}

/** Whether a process does something still: the system may take a moment to end one. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Dead, but not waited for by anybody: a container may lack a process 1 that does it.
    return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
}

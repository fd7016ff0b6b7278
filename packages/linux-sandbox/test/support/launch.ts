import { spawn, type StdioOptions } from "node:child_process";
import { programFile } from "../../src/probe.ts";

export interface Launched {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LaunchOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Words in front of the launcher. */
  readonly before?: readonly string[];
  readonly launcher?: string;
  readonly started?: (pid: number) => void;
}

/** Runs the built launcher with the given words and collects what it prints. */
export async function launch(words: readonly string[], options: LaunchOptions = {}): Promise<Launched> {
  const [file = "", ...args] = [...(options.before ?? []), process.execPath, options.launcher ?? programFile("launcher-main"), ...words];
  const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
  const child = spawn(file, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  if (child.pid !== undefined && options.started !== undefined) {
    const { started, pid } = { started: options.started, pid: child.pid };
    child.stdout?.once("data", () => started(pid));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout: stdout(), stderr: stderr() }));
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

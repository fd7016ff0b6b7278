import { readAnswer, type ApprovalAnswer, type ApprovalHandler } from "@codex/core";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { permissionRequest } from "../exec/permission-request.ts";

/** An answer is one line of JSON; a program that writes more than this writes something else. Bytes. */
const LARGEST_ANSWER = 64 * 1024;
/** What is kept of its stderr, for the reason of a no. Bytes. */
const KEPT_STDERR = 4 * 1024;

/** What an answering program is started with. */
export interface ApproverPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Asks a program: started anew for each question, without a shell, with the question as one line of JSON on its stdin. The first line
 * it writes is the answer; after that, and when its time is over, it is ended with everything that it started.
 */
export function openCommandApprover(program: string, place: ApproverPlace): ApprovalHandler {
  const running = new Set<ChildProcessWithoutNullStreams>();
  process.on("exit", () => running.forEach(end));
  return async (request, signal) => {
    const child = spawn(program, [], { cwd: place.cwd, env: place.env, stdio: "pipe", detached: process.platform !== "win32" });
    running.add(child);
    const stop = (): void => end(child);
    signal.addEventListener("abort", stop, { once: true });
    try {
      // A program that reads nothing may be gone by now.
      child.stdin.on("error", () => undefined);
      child.stdin.end(`${JSON.stringify(permissionRequest(request))}\n`);
      return answerIn(await firstLine(child));
    } finally {
      signal.removeEventListener("abort", stop);
      end(child);
      running.delete(child);
    }
  };
}

type Said = { readonly type: "line"; readonly text: string } | { readonly type: "nothing"; readonly why: string };

function firstLine(child: ChildProcessWithoutNullStreams): Promise<Said> {
  let [out, err] = [Buffer.alloc(0), Buffer.alloc(0)];
  child.stderr.on("data", (chunk: Buffer) => {
    if (err.length < KEPT_STDERR) err = Buffer.concat([err, chunk]);
  });
  return new Promise((resolve) => {
    const nothing = (why: string): void => resolve({ type: "nothing", why });
    child.stdout.on("data", (chunk: Buffer) => {
      out = Buffer.concat([out, chunk]);
      const line = wholeLine(out);
      if (line !== undefined) resolve({ type: "line", text: line });
      else if (out.length > LARGEST_ANSWER) nothing(`wrote more than ${String(LARGEST_ANSWER)} bytes and no line`);
    });
    child.once("error", (error: NodeJS.ErrnoException) => nothing(`cannot be started: ${error.code ?? error.message}`));
    child.once("close", (code, signal) => {
      const rest = out.toString("utf8").trim();
      if (rest !== "") return resolve({ type: "line", text: rest });
      const said = err.toString("utf8").trim().split("\n", 1)[0] ?? "";
      const how = signal === null ? `exited with ${String(code)}` : `was ended by ${signal}`;
      nothing(`${how} without an answer${said === "" ? "" : `: ${said}`}`);
    });
  });
}

/** The first line that is not blank; undefined while it is not whole. */
function wholeLine(bytes: Buffer): string | undefined {
  const lines = bytes.subarray(0, LARGEST_ANSWER).toString("utf8").split("\n").slice(0, -1);
  return lines.find((line) => line.trim() !== "");
}

function answerIn(said: Said): ApprovalAnswer {
  const denied = (why: string): ApprovalAnswer => ({ decision: "denied", reason: `the approver ${why}` });
  if (said.type === "nothing") return denied(said.why);
  let value: unknown;
  try {
    value = JSON.parse(said.text);
  } catch {
    return denied("gave an answer that is not JSON");
  }
  const read = readAnswer(value);
  return read.ok ? read.answer : denied(`gave no decision: ${read.message}`);
}

/** Ends the program and its group. */
function end(child: ChildProcessWithoutNullStreams): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

import { readAnswer, type ApprovalAnswer, type ApprovalHandler } from "@codex/core";
import { readLines } from "../proto/read-lines.ts";
import { harmless } from "../terminal/harmless.ts";

interface Waiting {
  readonly callId: string;
  readonly settle: (answer: ApprovalAnswer) => void;
}

const NOBODY: ApprovalAnswer = { decision: "denied", reason: "stdin has ended, so nobody can answer" };

/**
 * Takes answers from stdin, one JSON object a line: `call_id` and what an approval answer holds. A line that cannot be used is told on
 * stderr and leaves its question open. Stdin is read from the first question on.
 */
export function openStdioApprover(): ApprovalHandler {
  const waiting: Waiting[] = [];
  let ended = false;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    let number = 0;
    try {
      for await (const line of readLines(process.stdin)) {
        number += 1;
        const fault = take(line.toString("utf8"), waiting);
        if (fault !== undefined) process.stderr.write(harmless(`codex exec: line ${String(number)} of stdin is no answer: ${fault}\n`));
      }
    } catch {
      // A stdin that cannot be read has ended as well.
    }
    ended = true;
    for (const { settle } of waiting.splice(0)) settle(NOBODY);
  };
  return (request, signal) =>
    new Promise((resolve) => {
      const one: Waiting = { callId: request.call_id, settle: resolve };
      waiting.push(one);
      signal.addEventListener(
        "abort",
        () => {
          const at = waiting.indexOf(one);
          if (at !== -1) waiting.splice(at, 1);
        },
        { once: true },
      );
      if (ended) resolve(NOBODY);
      reading ??= read();
    });
}

/** Hands one line to the question it answers; returns what is wrong with it. */
function take(line: string, waiting: Waiting[]): string | undefined {
  if (line.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`;
  }
  const read = readAnswer(value);
  if (!read.ok) return read.message;
  const callId = (value as { readonly call_id?: unknown }).call_id;
  const open = waiting.filter((one) => callId === undefined || one.callId === callId);
  const [one] = open;
  if (one === undefined)
    return callId === undefined ? "nothing is asked" : `no question with the call_id ${JSON.stringify(callId)} is open`;
  if (callId === undefined && open.length > 1) return `${String(open.length)} questions are open: say which with call_id`;
  waiting.splice(waiting.indexOf(one), 1);
  one.settle(read.answer);
  return undefined;
}

import { CodexError, createNodeHost, didYouMean, loadConfig, quoteCommand, type DecisionExplanation } from "@codex/core";
import { readFile } from "node:fs/promises";
import { DONE } from "../exit.ts";
import { callRecords, type CallRecord, type CallStep } from "../explain/call-record.ts";
import { findRollout } from "../explain/find-rollout.ts";
import type { EXPLAIN_OPTIONS } from "../flags/commands.ts";
import type { Values } from "../flags/option.ts";
import { harmless } from "../terminal/harmless.ts";

/** `codex explain`: why a call ran, was asked about or was declined. Reads the session's record and nothing else. */
export async function explain(values: Values<typeof EXPLAIN_OPTIONS>, callId: string | undefined): Promise<number> {
  const host = createNodeHost();
  const { codexHome } = await loadConfig({ processCwd: process.cwd() }, host);
  const path = await findRollout(values.session, codexHome, process.cwd());
  const calls = callRecords(await read(path));
  if (callId === undefined) {
    process.stdout.write(values.json ? `${JSON.stringify({ session: path, calls }, undefined, 2)}\n` : harmless(list(calls, path)));
    return DONE;
  }
  const call = findCall(callId, calls, path);
  process.stdout.write(values.json ? `${JSON.stringify({ session: path, ...call }, undefined, 2)}\n` : harmless(describe(call)));
  return DONE;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CodexError("file_unreadable", `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function findCall(wanted: string, calls: readonly CallRecord[], path: string): CallRecord {
  const exact = calls.find(({ call_id }) => call_id === wanted);
  if (exact !== undefined) return exact;
  const fitting = calls.filter(({ call_id }) => call_id.startsWith(wanted));
  const [only] = fitting;
  if (fitting.length === 1 && only !== undefined) return only;
  const ids = calls.map(({ call_id }) => call_id);
  const what = fitting.length > 1 ? `${String(fitting.length)} calls begin with ${wanted}` : `there is no call ${wanted}`;
  const hint = "`codex explain` without a call lists them; --session names another session.";
  throw new CodexError("usage", `${what} in ${path}${didYouMean(wanted, ids)}`, { hint });
}

function list(calls: readonly CallRecord[], path: string): string {
  if (calls.length === 0) return `No calls in ${path}\n`;
  const rows = calls.map((call) => [call.call_id, outcome(call), subject(call)] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map(([id, verdict, what]) => `${id.padEnd(widths[0] ?? 0)}  ${verdict.padEnd(widths[1] ?? 0)}  ${what}\n`).join("");
}

function outcome({ steps }: CallRecord): string {
  const last = steps.findLast(({ type }) => type === "allowed" || type === "declined");
  return last === undefined || !("decision" in last) ? "not decided" : `${last.type} (${last.decision.layer})`;
}

function subject({ command, tool }: CallRecord): string {
  const text = command === undefined ? tool : quoteCommand(command);
  const line = text.split("\n", 1)[0] ?? "";
  return line === text ? line : `${line} …`;
}

function describe(call: CallRecord): string {
  const { call_id, tool, command, cwd, steps } = call;
  const what = command === undefined ? [] : [`  ${quoteCommand(command)}`, ...(cwd === undefined ? [] : [`  in ${cwd}`])];
  const none = "Nothing was decided about it: it was answered before anything could run, or its tool asks nobody.";
  const told = steps.length === 0 ? [none] : steps.flatMap(stepLines);
  return `${[`${call_id}: ${tool}`, ...what, "", ...told].join("\n")}\n`;
}

function stepLines(step: CallStep): readonly string[] {
  switch (step.type) {
    case "asked":
      return [
        step.denial === undefined ? "Asked about" : "Asked about again, after the sandbox had refused something",
        ...decisionLines(step.decision),
      ];
    case "allowed": {
      const grants = (step.grants ?? []).map((grant) => `  granted: ${JSON.stringify(grant)}`);
      return [`Allowed${step.review === undefined ? "" : ` by the answer ${step.review}`}`, ...decisionLines(step.decision), ...grants];
    }
    case "declined":
      return [`Declined${step.review === undefined ? "" : ` by the answer ${step.review}`}`, ...decisionLines(step.decision)];
    case "ran": {
      const denied = step.denial?.denied === true ? `; the sandbox refused it ${step.denial.path ?? step.denial.what ?? "something"}` : "";
      const permission = step.denial?.permission === undefined ? [] : [`  would allow that: ${step.denial.permission}`];
      return [`Ran: ${step.exit_code === null ? "no exit code" : `exit code ${String(step.exit_code)}`}${denied}`, ...permission];
    }
    case "applied":
      return [step.success ? "Applied" : "Not applied: the files could not be written"];
  }
}

function decisionLines({ layer, reason, rule, change = [] }: DecisionExplanation): readonly string[] {
  const place = rule === undefined ? [] : [`  rule: ${rule.file}:${String(rule.line)}:${String(rule.column)} (${rule.decision})`];
  const because = rule?.justification === undefined ? [] : [`  it says: ${rule.justification}`];
  return [`  decided by: ${layer}`, `  because: ${reason}`, ...place, ...because, ...change.map((text) => `  would change it: ${text}`)];
}

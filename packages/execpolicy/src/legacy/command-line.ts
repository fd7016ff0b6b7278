import { nearMiss } from "../starlark/near-miss.ts";
import type { CommandResult, CommandWorld } from "../prefix/check.ts";
import { describePolicyError } from "../starlark/source.ts";
import { checkCall, type LegacyPolicy } from "./check.ts";
import { DEFAULT_POLICY } from "./default-policy.ts";
import type { ExecCall } from "./exec-call.ts";
import { loadLegacyPolicy } from "./load.ts";
import { requireSafeExitCode } from "./verdict.ts";

const USAGE = `Usage: codex-execpolicy [--require-safe] [-p FILE] check PROGRAM [ARGS...]
       codex-execpolicy [--require-safe] [-p FILE] check-json JSON

Says what a policy makes of one command, as one line of JSON: safe, match, forbidden or unverified.
JSON is {"program": "ls", "args": ["-l"]}; args may be left out.

  -p, --policy FILE   the policy to use instead of the built-in one
      --require-safe  exit with 12 for match, 13 for unverified, 14 for forbidden
  -h, --help          print this text
  -V, --version       print the version

Exit code 0 once there is a result (see --require-safe), 1 when the policy or the command cannot be read, 2 for a wrong use.
`;

/** The program `codex-execpolicy`; pure but for the world it is given. */
export async function runLegacyCommand(
  args: readonly string[],
  world: CommandWorld & { readonly version: string },
): Promise<CommandResult> {
  const parsed = parseArguments(args);
  if (parsed.type === "help") return { exitCode: 0, stdout: USAGE, stderr: "" };
  if (parsed.type === "version") return { exitCode: 0, stdout: `codex-execpolicy ${world.version}\n`, stderr: "" };
  if (parsed.type === "misuse") return { exitCode: 2, stdout: "", stderr: `${parsed.message}\n\n${USAGE}` };
  if (parsed.type === "failure") return fail(parsed.message);
  const policy = await readPolicy(parsed.policy, world);
  if (typeof policy === "string") return fail(policy);
  const verdict = checkCall(policy, parsed.call);
  return { exitCode: parsed.requireSafe ? requireSafeExitCode(verdict) : 0, stdout: `${JSON.stringify(verdict)}\n`, stderr: "" };
}

function fail(message: string): CommandResult {
  return { exitCode: 1, stdout: "", stderr: `${message}\n` };
}

async function readPolicy(path: string | undefined, world: CommandWorld): Promise<LegacyPolicy | string> {
  const file = path === undefined ? { ok: true as const, text: DEFAULT_POLICY } : await world.readFile(path);
  if (!file.ok) return `the policy ${path ?? ""} cannot be read: ${file.message}`;
  const loaded = loadLegacyPolicy({ path: path ?? "default.policy", text: file.text });
  return loaded.ok ? loaded.policy : describePolicyError(loaded.error);
}

type Parsed =
  | { readonly type: "help" }
  | { readonly type: "version" }
  /** Wrong use of the command line. */
  | { readonly type: "misuse"; readonly message: string }
  /** The command to judge cannot be told. */
  | { readonly type: "failure"; readonly message: string }
  | { readonly type: "check"; readonly call: ExecCall; readonly policy: string | undefined; readonly requireSafe: boolean };

function parseArguments(args: readonly string[]): Parsed {
  let policy: string | undefined;
  let requireSafe = false;
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? "";
    if (argument === "-h" || argument === "--help" || argument === "help") return { type: "help" };
    if (argument === "-V" || argument === "--version") return { type: "version" };
    if (argument === "--require-safe") requireSafe = true;
    else if (argument === "-p" || argument === "--policy") {
      at += 1;
      policy = args[at];
      if (policy === undefined) return { type: "misuse", message: `${argument} wants a file.` };
    } else if (argument.startsWith("--policy=")) policy = argument.slice("--policy=".length);
    else if (/^-p./u.test(argument)) policy = argument.slice(2).replace(/^=/u, "");
    else {
      const command = readCommand(argument, args.slice(at + 1));
      return command.type === "call" ? { type: "check", call: command.call, policy, requireSafe } : command;
    }
  }
  return { type: "misuse", message: "One of the commands check and check-json is wanted." };
}

type Command = { readonly type: "call"; readonly call: ExecCall } | { readonly type: "misuse" | "failure"; readonly message: string };

const OPTIONS = ["--require-safe", "--policy", "--help", "--version"];

function readCommand(command: string, rest: readonly string[]): Command {
  if (command === "check") return readWords(rest[0] === "--" ? rest.slice(1) : rest);
  if (command === "check-json") {
    const [json, ...more] = rest;
    if (json === undefined || more.length > 0) return { type: "misuse", message: "check-json takes one argument, the JSON." };
    return readJson(json);
  }
  const option = command.startsWith("-");
  const near = nearMiss(command, option ? OPTIONS : ["check", "check-json"]);
  const hint = near === undefined ? "" : ` Did you mean \`${near}\`?`;
  return { type: "misuse", message: `There is no ${option ? "option" : "command"} \`${command}\`.${hint}` };
}

function readWords([program, ...args]: readonly string[]): Command {
  return program === undefined
    ? { type: "failure", message: "no command is given: check PROGRAM [ARGS...]" }
    : { type: "call", call: { program, args } };
}

function readJson(text: string): Command {
  try {
    const value: unknown = JSON.parse(text);
    if (isExecCall(value)) return { type: "call", call: { program: value.program, args: value.args ?? [] } };
    return { type: "failure", message: 'this JSON is no command: it wants {"program": STRING, "args": [STRING...]}' };
  } catch (error) {
    return { type: "failure", message: `the command is no JSON: ${error instanceof Error ? error.message : "it cannot be read"}` };
  }
}

function isExecCall(value: unknown): value is { readonly program: string; readonly args?: readonly string[] } {
  if (typeof value !== "object" || value === null || !("program" in value) || typeof value.program !== "string") return false;
  if (!("args" in value)) return true;
  return Array.isArray(value.args) && value.args.every((arg: unknown) => typeof arg === "string");
}

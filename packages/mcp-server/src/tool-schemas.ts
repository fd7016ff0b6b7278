import { didYouMean } from "@codex/core";
import type { Tool } from "@codex/mcp-types";
import * as z from "zod/mini";

/**
 * The arguments of the tools: what parses them, and what `src/generated/tools.ts` is made from. This loads zod, so a server loads it
 * with its first call only.
 */

const text = (description: string): z.ZodMiniString => z.string().check(z.describe(description));

const CODEX_ARGUMENTS = z.object({
  "approval-policy": z.optional(
    z
      .enum(["auto-edit", "unless-allow-listed", "on-failure", "never"])
      .check(z.describe("When the agent asks before it acts. Questions reach you as elicitations; a host that has none declines them.")),
  ),
  cwd: z.optional(text("Folder the agent works in. A relative path starts at the server's own folder, which is also the default.")),
  "disable-response-storage": z.optional(
    z.boolean().check(z.describe("Zero data retention: the model's provider is told to store nothing.")),
  ),
  model: z.optional(text("Model to ask instead of the configured one.")),
  prompt: text("What the agent is to do, in plain words."),
  "sandbox-permissions": z.optional(
    z
      .array(
        z.enum([
          "disk-full-read-access",
          "disk-write-cwd",
          "disk-write-platform-user-temp-folder",
          "disk-write-platform-global-temp-folder",
          "disk-full-write-access",
          "network-full-access",
        ]),
      )
      .check(
        z.describe("What commands may do, in place of the configured sandbox; an empty list grants nothing. With `sandbox`, added to it."),
      ),
  ),
  profile: z.optional(text("Profile of the user's configuration to work under.")),
  config: z.optional(
    z
      .record(z.string(), z.unknown())
      .check(z.describe("Settings for this thread, as config.toml has them: keys, dotted if need be, and their values.")),
  ),
  sandbox: z.optional(
    z
      .enum(["read-only", "workspace-write", "danger-full-access"])
      .check(z.describe("What commands may touch, as a named set of permissions.")),
  ),
  "base-instructions": z.optional(text("Instructions to the model that replace the built-in ones.")),
});

const CODEX_REPLY_ARGUMENTS = z.object({
  threadId: text("The thread to go on with, as `codex` returned it."),
  prompt: text("What to say next."),
});

const CODEX_CLOSE_ARGUMENTS = z.object({
  threadId: text("The thread to close, as `codex` returned it."),
});

const OUTPUT = z.object({
  threadId: text("Names the thread, for codex-reply and codex-close."),
  content: text("The agent's last message, or what went wrong."),
});

export type CodexArguments = z.infer<typeof CODEX_ARGUMENTS>;

export type Parsed<T> = { readonly ok: true; readonly values: T } | { readonly ok: false; readonly message: string };

type Arguments = Readonly<Record<string, unknown>>;

/** Words of earlier servers that are still taken: their configurations are in use. They are not advertised. */
const FORMER_POLICIES = ["untrusted", "on-request"] as const;

export interface CodexCall extends Omit<CodexArguments, "approval-policy"> {
  /** As the configuration takes it. */
  readonly "approval-policy"?: string | undefined;
}

export function parseCodexArguments(given: Arguments): Parsed<CodexCall> {
  const former = FORMER_POLICIES.find((word) => word === given["approval-policy"]);
  if (former === undefined) return withPrompt(parsed(CODEX_ARGUMENTS, given));
  const { "approval-policy": _, ...rest } = given;
  const others = withPrompt(parsed(CODEX_ARGUMENTS, rest));
  return others.ok ? { ok: true, values: { ...others.values, "approval-policy": former } } : others;
}

export function parseReplyArguments(given: Arguments): Parsed<z.infer<typeof CODEX_REPLY_ARGUMENTS>> {
  return withPrompt(parsed(CODEX_REPLY_ARGUMENTS, withThreadId(given)));
}

export function parseCloseArguments(given: Arguments): Parsed<z.infer<typeof CODEX_CLOSE_ARGUMENTS>> {
  return parsed(CODEX_CLOSE_ARGUMENTS, withThreadId(given));
}

/** Threads were once called conversations. */
function withThreadId(given: Arguments): Arguments {
  const { conversationId, ...rest } = given;
  return typeof conversationId !== "string" ? given : { threadId: conversationId, ...rest };
}

function parsed<S extends z.ZodMiniObject>(schema: S, given: Arguments): Parsed<z.infer<S>> {
  const names = Object.keys(schema.shape);
  // A misspelt `sandbox` that is passed over would let more happen than was meant.
  const unknown = Object.keys(given).filter((key) => !names.includes(key));
  const result = schema.safeParse(given);
  const faults = [
    ...unknown.map((key) => `there is no argument \`${key}\`${didYouMean(key, names)}`),
    ...(result.error?.issues ?? []).map((issue) => describeIssue(issue, given)),
  ];
  if (result.data !== undefined && faults.length === 0) return { ok: true, values: result.data };
  return { ok: false, message: `${faults.join("\n")}\nThe arguments are ${names.join(", ")}.` };
}

function withPrompt<T extends { readonly prompt: string }>(result: Parsed<T>): Parsed<T> {
  return result.ok && result.values.prompt.trim() === "" ? { ok: false, message: "`prompt` is empty" } : result;
}

function describeIssue(issue: z.core.$ZodIssue, given: Arguments): string {
  const name = issue.path.map((key) => (typeof key === "number" ? `[${String(key)}]` : String(key))).join("");
  const found = issue.path.reduce<unknown>((inside, key) => Object(inside)[key], given);
  if (found === undefined) return `\`${name}\` is missing`;
  if (issue.code === "invalid_value") {
    const near = typeof found === "string" ? didYouMean(found, issue.values.map(String)) : "";
    return `\`${name}\`: expected one of ${issue.values.join(", ")}, found ${shown(found)}${near}`;
  }
  return `\`${name}\`: expected ${issue.code === "invalid_type" ? named(issue.expected) : "another value"}, found ${shown(found)}`;
}

const NAMES: Readonly<Record<string, string>> = { string: "text", boolean: "true or false", array: "a list", record: "an object" };

function named(expected: string): string {
  return NAMES[expected] ?? expected;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}

/** The tools as a host sees them. */
export function describeTools(): readonly Tool[] {
  const outputSchema = objectSchema(OUTPUT);
  const works = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true };
  return [
    {
      name: "codex",
      title: "Codex",
      description:
        "Gives a coding agent a task in a folder: it reads and changes files and runs commands there, within its sandbox, and says what it did. Starts a new thread.",
      inputSchema: objectSchema(CODEX_ARGUMENTS),
      outputSchema,
      annotations: { title: "Codex", ...works },
    },
    {
      name: "codex-reply",
      title: "Codex Reply",
      description: "Goes on with a thread that `codex` started: the agent remembers all of it.",
      inputSchema: objectSchema(CODEX_REPLY_ARGUMENTS),
      outputSchema,
      annotations: { title: "Codex Reply", ...works },
    },
    {
      name: "codex-close",
      title: "Codex Close",
      description: "Closes a thread that is no longer needed: what still runs in it is stopped.",
      inputSchema: objectSchema(CODEX_CLOSE_ARGUMENTS),
      outputSchema,
      annotations: { title: "Codex Close", readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
  ];
}

function objectSchema(schema: z.ZodMiniObject): Tool["inputSchema"] {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.propertyNames === undefined) return;
      delete jsonSchema.propertyNames;
      jsonSchema.additionalProperties = true;
    },
  });
  return json as Tool["inputSchema"];
}

import { describe, expect, test } from "vitest";
import { TOOLS } from "../src/generated/tools.ts";
import { describeTools, parseCodexArguments, parseReplyArguments } from "../src/tool-schemas.ts";

test("the tools a server lists without loading zod are the ones the parsing schemas describe", async () => {
  const source = `// DO NOT EDIT: written by \`pnpm generate\` from src/tool-schemas.ts.

import type { Tool } from "@codex/mcp-types";

export const TOOLS: readonly Tool[] = ${JSON.stringify(describeTools(), null, 2)};
`;
  await expect(source, "pnpm --filter @codex/mcp-server generate").toMatchFileSnapshot("../src/generated/tools.ts");
});

test("codex takes ten properties in a fixed order, with fixed words, and needs the prompt alone", () => {
  const [codex] = TOOLS;
  const withoutDescriptions = JSON.stringify(codex?.inputSchema, (key, value: unknown) =>
    key === "description" && typeof value === "string" ? undefined : value,
  );
  // As text: the order of the keys counts.
  expect(withoutDescriptions).toBe(
    JSON.stringify({
      type: "object",
      properties: {
        "approval-policy": { type: "string", enum: ["auto-edit", "unless-allow-listed", "on-failure", "never"] },
        cwd: { type: "string" },
        "disable-response-storage": { type: "boolean" },
        model: { type: "string" },
        prompt: { type: "string" },
        "sandbox-permissions": {
          type: "array",
          items: {
            type: "string",
            enum: [
              "disk-full-read-access",
              "disk-write-cwd",
              "disk-write-platform-user-temp-folder",
              "disk-write-platform-global-temp-folder",
              "disk-full-write-access",
              "network-full-access",
            ],
          },
        },
        profile: { type: "string" },
        config: { type: "object", additionalProperties: true },
        sandbox: { type: "string", enum: ["read-only", "workspace-write", "danger-full-access"] },
        "base-instructions": { type: "string" },
      },
      required: ["prompt"],
    }),
  );
});

test("every tool returns a thread and a text, and says what it is for", () => {
  for (const { inputSchema, outputSchema, description } of TOOLS) {
    expect(outputSchema).toMatchObject({
      type: "object",
      properties: { threadId: { type: "string" }, content: { type: "string" } },
      required: ["threadId", "content"],
    });
    expect(description?.length).toBeGreaterThan(40);
    for (const property of Object.values(inputSchema.properties ?? {})) expect(property).toHaveProperty("description");
  }
});

describe("arguments", () => {
  test("that fit are taken as they are", () => {
    const given = { prompt: "x", cwd: "a", config: { a: { b: [1] } }, sandbox: "read-only", "sandbox-permissions": ["disk-write-cwd"] };
    expect(parseCodexArguments(given)).toEqual({ ok: true, values: given });
  });

  test.each([
    [{}, "`prompt` is missing"],
    [{ prompt: " " }, "`prompt` is empty"],
    [{ prompt: null }, "`prompt`: expected text, found null"],
    [{ prompt: "x", sandox: "read-only" }, "there is no argument `sandox`; did you mean `sandbox`?"],
    [{ prompt: "x", approval_policy: "never" }, "there is no argument `approval_policy`; did you mean `approval-policy`?"],
    [
      { prompt: "x", sandbox: "readonly" },
      '`sandbox`: expected one of read-only, workspace-write, danger-full-access, found "readonly"; did you mean `read-only`?',
    ],
    [{ prompt: "x", "sandbox-permissions": ["disk-write-cwd", 7] }, "`sandbox-permissions[1]`: expected one of"],
    [{ prompt: "x", "sandbox-permissions": "disk-write-cwd" }, '`sandbox-permissions`: expected a list, found "disk-write-cwd"'],
    [{ prompt: "x", config: [1] }, "`config`: expected an object, found [1]"],
    [{ prompt: "x", "disable-response-storage": "yes" }, '`disable-response-storage`: expected true or false, found "yes"'],
  ])("%j is refused: %s", (given, message) => {
    expect(parseCodexArguments(given)).toEqual({ ok: false, message: expect.stringContaining(message) });
  });

  test("the approval policies of earlier servers are still taken, and conversationId for threadId", () => {
    const values = { prompt: "x", "approval-policy": "on-request" };
    expect(parseCodexArguments(values)).toEqual({ ok: true, values });
    expect(parseReplyArguments({ conversationId: "t", prompt: "x" })).toEqual({ ok: true, values: { threadId: "t", prompt: "x" } });
  });
});

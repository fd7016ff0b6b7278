import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, say, startFakeResponsesServer, type FakeResponsesServer, type ScriptedTurn } from "@codex/core";
import { expect, onTestFinished, test } from "vitest";
import { CODEX, JUDGES } from "../support/judges.ts";

interface Run {
  readonly code: number;
  readonly items: readonly Record<string, unknown>[];
  readonly model: FakeResponsesServer;
}

/** `codex exec --json` with these servers and a scripted model, in a folder with one file. */
async function exec(turns: readonly ScriptedTurn[], servers: (cwd: string) => string): Promise<Run> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "interop-")));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  mkdirSync(join(cwd, ".git"), { recursive: true });
  mkdirSync(home);
  writeFileSync(join(cwd, "a.txt"), "content of a\n");
  writeFileSync(join(home, "config.toml"), servers(cwd));
  const model = await startFakeResponsesServer(turns);
  onTestFinished(async () => {
    await model.close();
    rmSync(root, { recursive: true });
  });
  const env = { PATH: process.env["PATH"], HOME: root, CODEX_HOME: home, OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: model.url };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CODEX, "exec", "--json", "go"], { cwd, env }, (error, stdout) => {
      const lines = stdout.trim().split("\n");
      const events = lines.map((line) => JSON.parse(line) as { type: string; item?: Record<string, unknown> });
      const items = events.flatMap(({ type, item }) => (type === "item.completed" && item !== undefined ? [item] : []));
      resolve({ code: error === null ? 0 : Number(error.code), items, model });
    });
    child.stdin?.end();
  });
}

const server = (name: string, program: string, args: readonly string[] = [], more = ""): string =>
  `[mcp_servers.${name}]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${JSON.stringify([program, ...args])}\nrequired = true\n${more}\n`;

const textsOf = (item: Record<string, unknown> | undefined): string => JSON.stringify(item?.["result"]);

test("exec works with all four reference servers at once", async () => {
  const { code, items, model } = await exec(
    [
      call("mcp__everything__echo", { message: "hello" }, "c1"),
      call("mcp__files__read_text_file", { path: "a.txt" }, "c2"),
      call("mcp__memory__create_entities", { entities: [{ name: "Ada", entityType: "person", observations: ["writes"] }] }, "c3"),
      call("mcp__thinking__sequentialthinking", { thought: "x", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 }, "c4"),
      call("mcp__everything__get-tiny-image", {}, "c5"),
      call("list_mcp_resources", { server: "everything" }, "c6"),
      say("Done."),
    ],
    (cwd) =>
      [
        server("everything", JUDGES.everything, ["stdio"], 'default_tools_approval_mode = "approve"'),
        server("files", JUDGES.filesystem, [cwd]),
        server("memory", JUDGES.memory, [], `default_tools_approval_mode = "approve"\nenv = { MEMORY_FILE_PATH = "${cwd}/memory.jsonl" }`),
        server("thinking", JUDGES.sequentialThinking),
      ].join("\n"),
  );
  expect(items.filter((item) => item["type"] === "error")).toEqual([]);
  const calls = items.filter((item) => item["type"] === "mcp_tool_call");
  expect(calls.map(({ server: name, tool, status }) => [name, tool, status])).toEqual([
    ["everything", "echo", "completed"],
    ["files", "read_text_file", "completed"],
    ["memory", "create_entities", "completed"],
    ["thinking", "sequentialthinking", "completed"],
    ["everything", "get-tiny-image", "completed"],
  ]);
  expect(textsOf(calls[0])).toContain("Echo: hello");
  expect(textsOf(calls[1])).toContain("content of a");
  const sent = model.requests.map(({ body }) => JSON.stringify(body["input"]));
  expect(sent.some((input) => input.includes('"type":"input_image","image_url":"data:image/png;base64,'))).toBe(true);
  expect(sent.some((input) => input.includes("demo://resource"))).toBe(true);
  expect(code).toBe(0);
});

test("every tool that the reference servers offer has a name and a schema that models take", async () => {
  const { model, code } = await exec([say("Done.")], (cwd) =>
    [
      server("everything", JUDGES.everything, ["stdio"]),
      server("files", JUDGES.filesystem, [cwd]),
      server("memory", JUDGES.memory),
      server("thinking", JUDGES.sequentialThinking),
    ].join("\n"),
  );
  expect(code).toBe(0);
  const tools = model.requests[0]?.body["tools"] as readonly { readonly name: string; readonly parameters?: object }[];
  const ofServers = tools.filter(({ name }) => name.startsWith("mcp__"));
  expect(ofServers.length).toBeGreaterThan(30);
  for (const { name, parameters } of ofServers) {
    expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(parameters).toMatchObject({ type: "object", properties: expect.any(Object) as object });
    expect(JSON.stringify(parameters)).not.toMatch(/"\$schema"|"\$ref"/);
  }
});

test("with no approvals a tool that may destroy something is declined by exec, and one that only reads runs", async () => {
  const { items } = await exec(
    [
      call("mcp__files__write_file", { path: "b.txt", content: "x" }, "c1"),
      call("mcp__files__list_directory", { path: "." }, "c2"),
      say("Done."),
    ],
    (cwd) => server("files", JUDGES.filesystem, [cwd]),
  );
  expect(items.slice(0, 2)).toMatchObject([
    { type: "tool_call", tool: "mcp__files__write_file", status: "declined" },
    { type: "mcp_tool_call", tool: "list_directory", status: "completed" },
  ]);
});

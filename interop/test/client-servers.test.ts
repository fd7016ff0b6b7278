import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectHttp, connectStdio, type ClientOptions, type McpClient } from "@codex/mcp-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { JUDGES } from "../support/judges.ts";

async function open(program: string, args: readonly string[] = [], options: ClientOptions = {}): Promise<McpClient> {
  const warnings: string[] = [];
  const client = await connectStdio(
    { command: process.execPath, args: [program, ...args], env: { MEMORY_FILE_PATH: join(folder(), "memory.jsonl") } },
    { ...options, onWarning: (text) => warnings.push(text) },
  );
  onTestFinished(async () => {
    await client.close();
    expect(warnings).toEqual([]);
  });
  await client.initialize();
  return client;
}

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "interop-")));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const textsOf = ({ content }: { readonly content: readonly object[] }): string =>
  content.flatMap((block) => ("text" in block ? [String(block.text)] : [])).join("\n");

describe("server-everything over its streams", () => {
  test("echoes, adds, sends an image, links and structured content", async () => {
    const client = await open(JUDGES.everything, ["stdio"]);
    const names = (await client.listAllTools()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["echo", "get-sum", "get-tiny-image", "get-structured-content"]));

    expect(textsOf(await client.callTool("echo", { message: "né 🙂" }))).toBe("Echo: né 🙂");
    expect(textsOf(await client.callTool("get-sum", { a: 2, b: 3 }))).toContain("5");
    const image = await client.callTool("get-tiny-image");
    expect(image.content.find(({ type }) => type === "image")).toMatchObject({ mimeType: "image/png" });
    const structured = await client.callTool("get-structured-content", { location: "New York" });
    expect(structured.structuredContent).toMatchObject({ conditions: expect.any(String) as unknown });
  });

  test("reports progress, lists resources and templates, and reads one", async () => {
    const client = await open(JUDGES.everything, ["stdio"]);
    const steps: number[] = [];
    await client.callTool(
      "trigger-long-running-operation",
      { duration: 0.3, steps: 3 },
      { onProgress: ({ progress }) => steps.push(progress) },
    );
    expect(steps).toEqual([1, 2, 3]);
    const [resource] = await client.listAllResources();
    const { contents } = await client.readResource(resource?.uri ?? "");
    expect(contents).toHaveLength(1);
    expect((await client.listAllResourceTemplates()).length).toBeGreaterThan(0);
    expect((await client.listAllPrompts()).length).toBeGreaterThan(0);
  });

  test("asks the user through us", async () => {
    const asked: string[] = [];
    const client = await open(JUDGES.everything, ["stdio"], {
      elicit: async ({ message }) => {
        asked.push(message);
        return { action: "decline" };
      },
    });
    const names = (await client.listAllTools()).map(({ name }) => name);
    expect(names).toContain("trigger-elicitation-request");
    expect(textsOf(await client.callTool("trigger-elicitation-request"))).toMatch(/declin/i);
    expect(asked).toHaveLength(1);
  });

  test("gives an error for a tool that is not there, and goes on", async () => {
    const client = await open(JUDGES.everything, ["stdio"]);
    const answer = await client.callTool("nothing").catch((error: unknown) => error);
    expect(answer instanceof Error ? answer.message : textsOf(answer as never)).toMatch(/nothing/);
    await client.ping();
  });
});

test("server-everything over streamable HTTP", async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [JUDGES.everything, "streamableHttp"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes(String(port))) resolve();
    });
  });
  const client = await connectHttp({ url: `http://127.0.0.1:${String(port)}/mcp` });
  onTestFinished(() => client.close());
  await client.initialize();
  expect(textsOf(await client.callTool("echo", { message: "over http" }))).toBe("Echo: over http");
});

test("server-filesystem reads what it may and refuses the rest", async () => {
  const root = folder();
  writeFileSync(join(root, "a.txt"), "content of a");
  const client = await open(JUDGES.filesystem, [root]);
  expect(textsOf(await client.callTool("read_text_file", { path: join(root, "a.txt") }))).toContain("content of a");
  expect(await client.callTool("read_text_file", { path: "/etc/hostname" })).toMatchObject({ isError: true });
});

test("server-memory remembers", async () => {
  const client = await open(JUDGES.memory);
  await client.callTool("create_entities", { entities: [{ name: "Ada", entityType: "person", observations: ["writes programs"] }] });
  expect(textsOf(await client.callTool("search_nodes", { query: "Ada" }))).toContain("writes programs");
});

test("server-sequential-thinking thinks", async () => {
  const client = await open(JUDGES.sequentialThinking);
  const step = { thought: "one", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 };
  expect(textsOf(await client.callTool("sequentialthinking", step))).toContain('"thoughtNumber": 1');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

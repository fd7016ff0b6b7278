import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectStdio, newStdioClient } from "../src/index.ts";
import { connectFixture, failureOf, FIXTURE, openFixture, textOf, until } from "./support/connection.ts";

describe("what a server writes", () => {
  test("may be torn anywhere, also inside a character", async () => {
    const client = await openFixture();
    expect(textOf(await client.callTool("torn"))).toBe("né 🙂");
  });

  test("may begin with a banner and lines that are no messages", async () => {
    const warnings: string[] = [];
    const client = await openFixture(["banner"], { onWarning: (text) => warnings.push(text) });

    expect(textOf(await client.callTool("echo", { message: "hi" }))).toBe("hi");
    expect(warnings).toEqual([
      "fixture wrote a line to its output that is no message: Welcome to the server!",
      expect.stringContaining("fixture sent an invalid message: not JSON"),
      "fixture sent an invalid message: the list of messages is empty",
    ]);
  });

  test("may be a line of ten megabytes", async () => {
    const client = await openFixture();
    const text = textOf(await client.callTool("big", { length: 10_000_000 }));
    expect(text).toBe("é".repeat(5_000_000));
  });

  test("fails only its own request when it is longer than we take", async () => {
    const client = await openFixture([], { maxMessageBytes: 1024 * 1024 });

    expect(await failureOf(client.callTool("big", { length: 5_000_000 }))).toMatchObject({
      kind: "protocol",
      message: "fixture answered with a message of 5 MiB, more than is taken",
    });
    expect(textOf(await client.callTool("echo", { message: "alive" }))).toBe("alive");
  });

  test("may be a gigabyte of noise without filling the memory", async () => {
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    onTestFinished(() => clearInterval(watch));

    const client = await openFixture(["flood"], { maxMessageBytes: 16 * 1024 * 1024 });

    expect(textOf(await client.callTool("echo", { message: "alive" }))).toBe("alive");
    expect(peak - before).toBeLessThan(200 * 1024 * 1024);
  }, 60_000);

  test("to stderr is kept at its end for whoever explains a failure", async () => {
    const client = await openFixture(["stderr"]);
    await until(() => client.stderrTail.endsWith("xxthe last words é\n"));
    expect(client.stderrTail).toHaveLength(8191);
  });
});

test("a server that closes its output but stays is ended, and what waits for it", async () => {
  const client = await openFixture(["ignore-eof"], { graceMs: 100 });
  expect(await failureOf(client.callTool("mute"))).toMatchObject({
    kind: "closed",
    message: "fixture closed its output and was ended by SIGTERM",
  });
});

test("a server that does not read is told so much and no more", async () => {
  const client = await openFixture();
  await client.callTool("deaf");
  const megabyte = "x".repeat(1024 * 1024);

  const calls = Array.from({ length: 80 }, () => failureOf(client.callTool("echo", { message: megabyte })));
  const [first] = await Promise.all(calls.slice(-1));
  await client.close();

  expect(first).toMatchObject({ kind: "closed", message: "fixture does not read its input" });
  expect(await calls[0]).toMatchObject({ kind: "closed", message: "the connection to fixture was closed" });
});

describe("a server that does not start", () => {
  test("because there is no such program says where it was looked for", async () => {
    const start = connectStdio({ command: "no-such-mcp-server" }, { name: "docs", base: { PATH: "/usr/bin:/bin" } });
    expect(await failureOf(start)).toMatchObject({
      kind: "spawn",
      message: "docs did not start: `no-such-mcp-server` was not found on the PATH (/usr/bin:/bin)",
    });
  });

  test("because its folder is not on the PATH says where it lies", async () => {
    const home = mkdtempSync(join(tmpdir(), "mcp-home-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const { mkdirSync, writeFileSync } = await import("node:fs");
    const bin = join(home, ".nvm/versions/node/v20.1.0/bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "npx"), "#!/bin/sh\n", { mode: 0o755 });

    const error = await failureOf(connectStdio({ command: "npx" }, { base: { PATH: "/nowhere", HOME: home } }));

    expect(error.hint).toBe(`There is ${join(bin, "npx")}: give that as the command, or add its folder to PATH in the server's env.`);
  });

  test("because its working directory is missing says so", async () => {
    const start = connectStdio({ command: process.execPath, cwd: "/no/such/folder" }, { name: "docs" });
    expect(await failureOf(start)).toMatchObject({
      kind: "spawn",
      message: "docs did not start: its folder /no/such/folder does not exist",
    });
  });

  test("because it exits at once ends initialize with its last words", async () => {
    const client = await connectFixture(["exit-at-once"]);
    expect(await failureOf(client.initialize())).toMatchObject({
      kind: "closed",
      message: "fixture exited with code 3; the last it wrote to stderr:\nno configuration found",
    });
  });
});

describe("the environment of a server", () => {
  test("has what is given and nothing secret", async () => {
    process.env["SECRET_API_KEY"] = "sk-1";
    onTestFinished(() => void delete process.env["SECRET_API_KEY"]);
    const client = await newStdioClient(process.execPath, [FIXTURE], { GIVEN: "yes" });
    onTestFinished(() => client.close());
    await client.initialize();

    const env = JSON.parse(textOf(await client.callTool("env"))) as Record<string, string>;

    expect(env).toMatchObject({ GIVEN: "yes", PATH: process.env["PATH"] });
    expect(env).not.toHaveProperty("SECRET_API_KEY");
  });

  test("has more only where that is asked for", async () => {
    const base = { PATH: process.env["PATH"], TOKEN: "t", OTHER: "o" };
    const client = await connectStdio({ command: process.execPath, args: [FIXTURE], envVars: ["TOKEN"] }, { base });
    onTestFinished(() => client.close());
    await client.initialize();

    const env = JSON.parse(textOf(await client.callTool("env"))) as Record<string, string>;

    expect(env).toEqual({ PATH: process.env["PATH"], TOKEN: "t" });
  });

  test.each([{ PLAIN: "1" }, { "dotted.name": "1", IFS: ":" }])("is exactly what it should be, with %j", async (extra) => {
    const env = { PATH: process.env["PATH"] ?? "", ...extra };
    const client = await connectStdio({ command: process.execPath, args: [FIXTURE], env }, { base: {} });
    onTestFinished(() => client.close());
    await client.initialize();
    expect(JSON.parse(textOf(await client.callTool("env")))).toEqual(env);
  });
});

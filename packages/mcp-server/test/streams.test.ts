import { call, say, stall, times } from "@codex/core";
import { beforeAll, describe, expect, test } from "vitest";
import { answers, isEvent, openServer, textOf, until, type Message } from "./support/server-process.ts";

const skip = process.platform === "win32";
beforeAll(() => {
  if (skip) console.log("skipped: Windows has no signals, and writes to pipes block there");
});

const FREE = { sandbox: "danger-full-access", "approval-policy": "never" };

describe.skipIf(skip)("a host that does not read", () => {
  test("slows the agent down instead of filling the memory, and misses nothing", async () => {
    const steps = 60;
    const server = await openServer([...times(steps, call("shell", { command: ["bash", "-c", "yes | head -c 200000"] })), say("done")]);
    const { id } = server.callTool("codex", { prompt: "x", ...FREE });
    await server.shows(isEvent("exec_command_end"));
    server.child.stdout.pause();
    await quiet(() => server.provider.requests.length);
    expect(server.provider.requests.length).toBeLessThan(steps / 3);
    server.child.stdout.resume();
    expect(textOf(await server.shows(answers(id)))).toBe("done");
    const ends = (server.messages as readonly Message[]).filter(isEvent("exec_command_end"));
    expect(ends).toHaveLength(steps);
    expect(answers(id)(server.messages.at(-1) as Message)).toBe(true);
  });

  test("is not read from any further either, until it reads", async () => {
    const server = await openServer();
    const count = 300_000;
    server.child.stdout.pause();
    const ping = (id: number): string => `{"jsonrpc":"2.0","id":${String(id)},"method":"ping"}\n`;
    let taken = 0;
    // One after the other: what the pipe has taken is known by the write.
    const writeFrom = (first: number): void => {
      if (first === count) return;
      const text = Array.from({ length: 10_000 }, (_, index) => ping(1000 + first + index)).join("");
      server.child.stdin.write(text, () => {
        taken += 10_000;
        writeFrom(first + 10_000);
      });
    };
    writeFrom(0);
    await quiet(() => taken);
    expect(taken).toBeLessThan(count);
    server.child.stdout.resume();
    await until(() => server.messages.length === count + 1);
    expect(server.messages.at(-1)).toEqual({ jsonrpc: "2.0", id: 1000 + count - 1, result: {} });
  });

  test("still ends the server with SIGTERM", async () => {
    const server = await openServer([...times(20, call("shell", { command: ["bash", "-c", "yes | head -c 200000"] }))]);
    server.callTool("codex", { prompt: "x", ...FREE });
    await server.shows(isEvent("exec_command_end"));
    server.child.stdout.pause();
    await quiet(() => server.provider.requests.length);
    server.child.kill("SIGTERM");
    await until(() => server.child.exitCode !== null);
    server.child.stdout.resume();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
});

describe.skipIf(skip)("stdout belongs to the protocol", () => {
  const preload = (code: string): readonly string[] => [
    "--import",
    `data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2", () => { ${code} });`)}`,
  ];

  test("what anything else in the process writes there goes to stderr", async () => {
    const { BIN } = await import("./support/server-process.ts");
    const server = await openServer([say("done")], { program: [...preload('console.log("stray"); process.stdout.write("line\\n")'), BIN] });
    server.child.kill("SIGUSR2");
    await until(() => server.stderr.includes("stray\nline\n"));
    expect(textOf(await server.callTool("codex", { prompt: "x" }).answer)).toBe("done");
  });

  test("a fault inside answers what is open, is told on stderr, and ends the server with 1", async () => {
    const { BIN } = await import("./support/server-process.ts");
    const server = await openServer([stall()], { program: [...preload('throw new Error("boom")'), BIN] });
    const { id } = server.callTool("codex", { prompt: "x" });
    await server.provider.received(1);
    server.child.kill("SIGUSR2");
    expect((await server.shows(answers(id))).result).toMatchObject({ isError: true });
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(server.stderr).toContain("boom");
  });
});

/** Resolves when the value has not changed for a while. */
async function quiet(value: () => number): Promise<void> {
  for (let [last, same] = [NaN, 0]; same < 100; same = value() === last ? same + 1 : 0, last = value()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

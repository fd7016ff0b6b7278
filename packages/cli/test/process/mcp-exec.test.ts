import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, say } from "@codex/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventsOf, isRunning, openPlace, type Place } from "./codex-process.ts";

const SERVER = fileURLToPath(new URL("../../../core/test/mcp/fixtures/server.mjs", import.meta.url));
/** A server with a child, and where the system tells what descends from what, one that has left its process group. */
const FAMILY = ["grandchild", ...(process.platform === "linux" ? ["stray"] : [])];
const STUBBORN = ["ignore-eof", "ignore-term", ...FAMILY];

function configure(place: Place, faults: readonly string[], settings = "required = true"): string {
  const starts = join(place.cwd, "starts");
  const args = JSON.stringify([SERVER, `starts=${starts}`, ...faults]);
  writeFileSync(
    join(place.home, "config.toml"),
    `[mcp_servers.a]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${args}\n${settings}\n`,
  );
  onTestFinished(() => {
    for (const pid of pidsIn(starts)) if (isRunning(pid)) process.kill(pid, "SIGKILL");
  });
  return starts;
}

function pidsIn(file: string): readonly number[] {
  try {
    return readFileSync(file, "utf8").trim().split("\n").map(Number);
  } catch {
    return [];
  }
}

test("exec shows a server's call to a person and to a program", async () => {
  await using human = await openPlace([call("mcp__a__echo", { message: "hello" }, "c1"), say("Done.")]);
  configure(human, []);
  const shown = await human.run(["exec", "go"]);
  expect(shown).toMatchObject({ code: 0, stdout: "Done.\n" });
  expect(shown.stderr).toContain('tool\na.echo {"message":"hello"}\n');
  expect(shown.stderr).toMatch(/a\.echo succeeded in \d.*:\nhello\n/);

  await using program = await openPlace([call("mcp__a__echo", { message: "hello" }, "c1"), call("mcp__a__fail", {}, "c2"), say("Done.")]);
  configure(program, []);
  const events = eventsOf(await program.run(["exec", "--json", "go"]));
  const item = { id: "item_0", type: "mcp_tool_call", server: "a", tool: "echo", arguments: { message: "hello" } };
  expect(events.filter((event) => "item" in event && event.item.id === "item_0")).toEqual([
    { type: "item.started", item: { ...item, result: null, error: null, status: "in_progress" } },
    { type: "item.completed", item: { ...item, result: { content: [{ type: "text", text: "hello" }] }, error: null, status: "completed" } },
  ]);
  expect(events).toContainEqual({
    type: "item.completed",
    item: {
      id: "item_1",
      type: "mcp_tool_call",
      server: "a",
      tool: "fail",
      arguments: {},
      result: { content: [{ type: "text", text: "no cheese" }] },
      error: null,
      status: "failed",
    },
  });
});

test("a required server that does not start fails the run with its name and a hint", async () => {
  await using place = await openPlace([say("never")]);
  configure(place, ["exit-at-once"]);
  const { code, stderr, stdout } = await place.run(["exec", "go"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("the required MCP server a cannot be used: a exited with code 3");
  expect(stderr).toContain("Mend its settings in [mcp_servers.a], or set required = false there.");
});

test("a tool that may do harm is declined by exec, which asks nobody, unless its settings approve it", async () => {
  await using place = await openPlace([call("mcp__a__write", {}, "c1"), say("Done.")]);
  configure(place, []);
  expect((await place.run(["exec", "go"])).stderr).toContain('approval_mode = "approve"');
  await using approved = await openPlace([call("mcp__a__write", {}, "c1"), say("Done.")]);
  configure(approved, [], 'required = true\ntools.write.approval_mode = "approve"');
  expect((await approved.run(["exec", "go"])).stderr).toMatch(/a\.write succeeded/);
});

describe.skipIf(process.platform === "win32")(
  "a server that ignores the end of its input and TERM, and has children that do too, is gone (POSIX)",
  () => {
    const gone = (starts: string): Promise<void> => expect.poll(() => pidsIn(starts).filter(isRunning), { timeout: 20_000 }).toEqual([]);

    test("after the end of exec", async () => {
      await using place = await openPlace([say("Done.")]);
      const starts = configure(place, STUBBORN);
      expect(await place.run(["exec", "go"])).toMatchObject({ code: 0 });
      expect(pidsIn(starts)).toHaveLength(1 + FAMILY.length);
      expect(pidsIn(starts).filter(isRunning)).toEqual([]);
    });

    test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)("after %s to exec in a call", async (signal) => {
      await using place = await openPlace([call("mcp__a__hang", {}, "c1"), say("Done.")]);
      const starts = configure(place, STUBBORN);
      const codex = place.start(["exec", "--json", "go"]);
      await codex.shows("mcp_tool_call");
      expect(pidsIn(starts)).toHaveLength(1 + FAMILY.length);
      codex.child.kill(signal);
      const finished = await codex.finished;
      expect(finished.signal).toBe(signal === "SIGKILL" ? "SIGKILL" : null);
      await gone(starts);
    });

    test("after SIGTERM while it starts", async () => {
      await using place = await openPlace([say("Done.")]);
      const starts = configure(place, [...STUBBORN, "hang-initialize"]);
      const codex = place.start(["exec", "--json", "go"]);
      await expect.poll(() => pidsIn(starts).length, { timeout: 20_000 }).toBe(1 + FAMILY.length);
      codex.child.kill("SIGTERM");
      await codex.finished;
      await gone(starts);
    });

    test("after a next start, when exec and what watched over its servers were killed", async () => {
      await using place = await openPlace([call("mcp__a__hang", {}, "c1"), say("Done.")]);
      const starts = configure(place, STUBBORN);
      const codex = place.start(["exec", "--json", "go"]);
      await codex.shows("mcp_tool_call");
      const children = execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(codex.child.pid)], { encoding: "utf8" });
      const [, watchdog = ""] = /^\s*(\d+) sh$/m.exec(children) ?? [];
      process.kill(Number(watchdog), "SIGKILL");
      codex.child.kill("SIGKILL");
      await codex.finished;
      const left = pidsIn(starts);
      expect(left.filter(isRunning)).toEqual(left);

      // The model's script is over, so this run fails; its start is what matters.
      await place.run(["exec", "again"]);
      expect(left.filter(isRunning)).toEqual([]);
      await gone(starts);
    });
  },
);

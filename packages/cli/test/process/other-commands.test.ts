import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { call, say, stall } from "@codex/core";
import { describe, expect, test } from "vitest";
import { openPlace } from "./codex-process.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };

describe("codex", () => {
  test.each([[["--version"]], [["-V"]], [["exec", "--version"]], [["--json", "-V"]]])("%j prints the version", async (args) => {
    await using place = await openPlace([]);
    expect(await place.run(args)).toEqual({ code: 0, signal: null, stdout: `codex ${version}\n`, stderr: "" });
  });

  test.each([
    [["--help"], "Usage: codex [OPTIONS] [PROMPT]"],
    [["exec", "-h"], "Usage: codex exec [OPTIONS] [PROMPT]"],
    [["help", "p"], "Usage: codex proto [OPTIONS]"],
    [["completion", "bash"], "complete -o default -F _codex codex"],
  ])("%j prints to stdout and exits 0", async (args, text) => {
    await using place = await openPlace([]);
    const { code, stdout, stderr } = await place.run(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(text);
  });

  test.each([
    [[], "The interactive interface needs a terminal."],
    [["fix the bug"], "The interactive interface needs a terminal."],
    [["exce"], 'there is no command "exce"; did you mean `exec`?'],
    [["--modle", "x"], "error: there is no option --modle"],
    [["help", "exce"], 'error: there is no command "exce"; did you mean `exec`?'],
    [["completion"], "error: the shell is missing"],
    [["proto", "x"], 'error: unexpected argument "x"'],
  ])("%j is refused with 2 and nothing on stdout", async (args, text) => {
    await using place = await openPlace([]);
    const { code, stdout, stderr } = await place.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(text)).toBe(true);
  });

  test("completes commands, options and values in bash", async (context) => {
    await using place = await openPlace([]);
    const { stdout } = await place.run(["completion", "bash"]);
    const complete = (line: string): string[] => {
      const words = line.split(" ");
      const script = `${stdout}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${String(words.length - 1)}; _codex; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout: reply, error } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
      if (error !== undefined) context.skip("there is no bash");
      return reply.trim().split("\n");
    };
    expect(complete("codex ex")).toEqual(["exec", "explain", "execpolicy"]);
    expect(complete("codex execpolicy c")).toEqual(["check"]);
    expect(complete("codex exec --approvals d")).toEqual(["deny"]);
    expect(complete("codex exec --out")).toEqual(["--output-schema", "--output-last-message"]);
    expect(complete("codex exec --color a")).toEqual(["always", "auto"]);
    expect(complete("codex completion z")).toEqual(["zsh"]);
  });
});

describe("codex proto", () => {
  const submission = (id: string, op: unknown): string => `${JSON.stringify({ id, op })}\n`;
  const input = (text: string): unknown => ({ type: "user_input", items: [{ type: "text", text }] });
  const idsAndTypes = (stdout: string): string[] =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string; msg: { type: string } })
      .map(({ id, msg }) => `${id} ${msg.type}`);

  test("begins with session_configured, answers under the client's ids, and ends with stdin once the task is done", async () => {
    await using place = await openPlace([{ ...say("Hi."), delayMs: 50 } as never]);
    const { code, stdout, stderr } = await place.run(["proto"], { stdin: submission("mine", input("hi")) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const shown = idsAndTypes(stdout).filter((line) => !line.includes("delta"));
    expect(shown).toEqual([
      "0 session_configured",
      "mine task_started",
      "mine agent_message",
      "mine token_count",
      "mine task_complete",
      "0 shutdown_complete",
    ]);
  });

  test("names a line it cannot read and goes on", async () => {
    await using place = await openPlace([say("Hi.")]);
    const stdin = `\nnot json\n{"id":"a"}\n${submission("b", { type: "dance" })}${submission("c", input("hi"))}`;
    const { code, stdout, stderr } = await place.run(["p"], { stdin });
    expect(code).toBe(0);
    expect(stderr.split("\n").map((line) => line.split(" is not a submission: ")[0])).toEqual([
      "codex proto: line 2",
      "codex proto: line 3",
      "codex proto: line 4",
      "",
    ]);
    expect(idsAndTypes(stdout)).toContain("c task_complete");
  });

  test("declines what nobody is left to approve", async () => {
    await using place = await openPlace([call("shell", { command: ["touch", "x"] }), say("No.")]);
    const { code, stdout } = await place.run(["proto", "-a", "untrusted"], { stdin: submission("a", input("go")) });
    expect(code).toBe(0);
    expect(idsAndTypes(stdout)).toEqual(expect.arrayContaining(["a exec_approval_request", "a tool_call_declined", "a task_complete"]));
  });

  test("declines what was asked when the client goes away", async () => {
    await using place = await openPlace([call("shell", { command: ["touch", "x"] }), say("No.")]);
    const codex = place.start(["proto", "-a", "untrusted"], { stdin: null });
    codex.child.stdin.write(submission("a", input("go")));
    await codex.shows("exec_approval_request");
    codex.child.stdin.end();
    const { code, stdout } = await codex.finished;
    expect(code).toBe(0);
    expect(idsAndTypes(stdout)).toEqual(expect.arrayContaining(["a tool_call_declined", "a task_complete"]));
  });

  test("runs what the client approves", async () => {
    await using place = await openPlace([call("shell", { command: ["touch", "approved"] }, "call_1"), say("Ok.")]);
    const codex = place.start(["proto", "-a", "untrusted"], { stdin: null });
    codex.child.stdin.write(submission("a", input("go")));
    await codex.shows("exec_approval_request");
    codex.child.stdin.end(submission("b", { type: "exec_approval", call_id: "call_1", decision: "approved" }));
    const { code, stdout } = await codex.finished;
    expect(code).toBe(0);
    expect(idsAndTypes(stdout)).toContain("a exec_command_end");
  });

  test("ends with a shutdown op while stdin stays open", async () => {
    await using place = await openPlace([stall()]);
    const codex = place.start(["proto"], { stdin: null });
    codex.child.stdin.write(submission("a", input("go")));
    await codex.shows("task_started");
    codex.child.stdin.write(submission("b", { type: "shutdown" }));
    const { code, stdout } = await codex.finished;
    expect(code).toBe(0);
    expect(idsAndTypes(stdout).slice(-2)).toEqual(["a turn_aborted", "b shutdown_complete"]);
  });

  test("ends by a signal with the last event and its exit code", async () => {
    await using place = await openPlace([stall()]);
    const codex = place.start(["proto"], { stdin: null });
    codex.child.stdin.write(submission("a", input("go")));
    await codex.shows("task_started");
    codex.child.kill("SIGTERM");
    const { code, stdout, stderr } = await codex.finished;
    expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
    expect(idsAndTypes(stdout).slice(-2)).toEqual(["a turn_aborted", "0 shutdown_complete"]);
  });
});

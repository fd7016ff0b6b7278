import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Processes } from "../../src/host/host.ts";
import { createLoginShells, type LoginShells } from "../../src/exec/login-shell.ts";
import { runCommand } from "../../src/exec/run-command.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { createProcesses } from "../../src/node/processes.ts";

let home: string;
let processes: Processes;
let shells: LoginShells;
/** What was really started for commands, not for looking at the login. */
let started: string[][];
const session = new AbortController();

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "login-test-"));
  processes = createProcesses({ clock: systemClock, temporaryDirectory: home });
  shells = createLoginShells({ fs: nodeFileSystem, run: processes.run, signal: session.signal });
  started = [];
});
afterEach(async () => {
  await shells.settled();
  await processes.close();
  rmSync(home, { recursive: true, force: true });
});

describe("a profile that only exports variables", () => {
  test("is run once, and its variables are there on every call", async () => {
    profile(`echo x >> ${home}/count; export TOOL_HOME=/opt/tool PATH="/opt/tool/bin:$PATH"`);
    const script = "echo $TOOL_HOME ${PATH%%:*} $SHLVL";
    const first = await bash(script);
    const runs = readFileSync(join(home, "count"), "utf8").length;
    const second = await bash(script);
    expect([first, second]).toEqual(["/opt/tool /opt/tool/bin 1\n", "/opt/tool /opt/tool/bin 1\n"]);
    expect(started).toEqual([
      ["bash", "-lc", script],
      ["bash", "-c", script],
    ]);
    expect(readFileSync(join(home, "count"), "utf8")).toHaveLength(runs);
  });

  test("keeps values with newlines, quotes and no value at all", async () => {
    profile(`export ODD=$'a\\n"b"\\'c\\' = d' EMPTY=`);
    const script = `printf '<%s>' "$ODD" "\${EMPTY-unset}"`;
    const outputs = [await bash(script), await bash(script)];
    expect(outputs).toEqual([`<a\n"b"'c' = d><>`, `<a\n"b"'c' = d><>`]);
    expect(fast()).toEqual([false, true]);
  });

  test("is also skipped for -l -c and for another directory", async () => {
    profile("export A=1");
    await bash("true");
    expect(await run(["bash", "-l", "-c", "echo $A; pwd"], { cwd: "/" })).toBe("1\n/\n");
    expect(started.at(-1)).toEqual(["bash", "-c", "echo $A; pwd"]);
  });

  test("passes on what differs between calls", async () => {
    profile("export A=1");
    await run(["bash", "-lc", "true"], { env: { CODEX_TOOL_CALL_ID: "one" } });
    expect(await run(["bash", "-lc", "echo $A $CODEX_TOOL_CALL_ID"], { env: { CODEX_TOOL_CALL_ID: "two" } })).toBe("1 two\n");
    expect(fast()).toEqual([false, true]);
  });

  test("is run again in another environment", async () => {
    profile('export COPY="$OTHER"');
    await bash("true");
    expect(await run(["bash", "-lc", "echo $COPY"], { env: { OTHER: "x" } })).toBe("x\n");
    expect(fast()).toEqual([false, false]);
  });

  test("is run again once it was changed", async () => {
    profile("export A=1");
    await bash("true");
    profile("export A=22");
    const outputs = [await bash("echo $A"), await bash("echo $A")];
    expect(outputs).toEqual(["22\n", "22\n"]);
    expect(fast()).toEqual([false, false, true]);
  });
});

describe("a profile is run once, and the shell is as after it, when it", () => {
  test.each([
    ["defines a function", "greet() { echo hello; }", "greet", "hello\n"],
    ["defines a function under an odd name", "a-b.c() { echo odd; }", "a-b.c", "odd\n"],
    ["defines a function in a subshell", "greet() ( cd / && pwd )", "greet; pwd", "/\nHOME\n"],
    ["defines a function with a here-document", "greet() { cat <<'E'\n'$x' \"`\n}\nE\n}", "greet", "'$x' \"`\n}\n"],
    ["defines a function and uses it at once", "greet() { export A=$1; }\ngreet b", "echo $A; greet c; echo $A", "b\nc\n"],
    ["exports a function", "greet() { echo hello; }; export -f greet", "bash -c greet", "hello\n"],
    ["keeps a function from its children", "greet() { echo hello; }", "bash -c 'type -t greet || echo none'", "none\n"],
    ["sets a variable it does not export", "plain=here", "echo $plain; bash -c 'echo $plain'", "here\n\n"],
    ["sets lists and tables", "l=(1 'a b' $'\\n'); declare -A t=([k]=v)", 'echo ${#l[@]} "${l[1]}" ${t[k]}', "3 a b v\n"],
    ["makes a variable read-only", "export FIXED=1; readonly FIXED", "(FIXED=2) 2>/dev/null || echo refused", "refused\n"],
    [
      "defines an alias that nothing uses",
      "alias say='echo said'",
      "alias say; say 2>/dev/null || echo none",
      "alias say='echo said'\nnone\n",
    ],
    ["matches something", "[[ abc =~ b ]] && export A=1", "echo $A", "1\n"],
  ])("%s", async (_, text, script, output) => {
    profile(text);
    const wanted = output.replace("HOME", home);
    expect([await bash(script), await bash(script)]).toEqual([wanted, wanted]);
    expect(fast()).toEqual([false, true]);
  });

  test.each([
    ["a failing command is named with its line", "\nnosuch-program", "bash: line 2: nosuch-program: command not found\n"],
    ["a comment on the first line is one", "# echo never\necho second $LINENO", "second 2\n"],
    ["nothing of the setup is left", "declare -F; compgen -v __; env | grep -c BASH_FUNC", "declare -f greet\n0\n"],
    ["no script is no script", "", ""],
  ])("%s", async (_, script, output) => {
    profile("greet() { echo hello; }");
    const outputs = [await bash(script), await bash(script)];
    expect(outputs[1]).toBe(outputs[0]);
    expect(outputs[0]).toContain(output);
    expect(fast()).toEqual([false, true]);
  });
});

describe("a profile is run each time when it", () => {
  test.each([
    ["defines more than an environment holds", `greet() { echo ${"x".repeat(130_000)} | wc -c; }`, "greet", "130001\n"],
    ["makes aliases usable", "shopt -s expand_aliases; alias say='echo said'", "say", "said\n"],
    ["sets an option", "set -o nounset", "(echo $nothing) 2>/dev/null || echo refused", "refused\n"],
    ["sets the umask", "umask 077", "umask", "0077\n"],
    ["sets a limit", "ulimit -n 100", "ulimit -n", "100\n"],
    ["sets a trap", "trap 'echo bye' EXIT", "echo hi", "hi\nbye\n"],
    ["changes the directory", "cd /", "pwd", "/\n"],
    ["opens a file", "exec 7</dev/null", "[ -e /dev/fd/7 ] && echo open", "open\n"],
    ["sets arguments", "set -- one two", "echo $# $1", "2 one\n"],
    ["turns a builtin off", "enable -n printf", "type -t printf", "file\n"],
    ["prints something", "echo noise", "echo hi", "noise\nhi\n"],
    ["prints to stderr", "echo noise >&2", "echo hi", "noise\nhi\n"],
    ["fails the shell", "exit 3", "echo never", ""],
  ])("%s", async (_, text, script, output) => {
    profile(text);
    expect([await bash(script), await bash(script)]).toEqual([output, output]);
    expect(fast()).toEqual([false, false]);
  });

  test("has a logout that prints", async () => {
    writeFileSync(join(home, ".bash_logout"), "echo bye\n");
    expect([await bash("exit 0"), await bash("exit 0")]).toEqual(["bye\n", "bye\n"]);
    expect(fast()).toEqual([false, false]);
  });
});

test("a descriptor that the agent was started with, and that not all its commands get, is not taken for the profile's", async () => {
  let looks = 0;
  shells = createLoginShells({
    fs: nodeFileSystem,
    signal: session.signal,
    run: (request, signal) => {
      const inheriting = ["bash", "-c", 'exec 251</dev/null; exec "$@"', "bash", ...request.argv] as const;
      return processes.run(looks++ === 0 ? { ...request, argv: inheriting } : request, signal);
    },
  });
  profile("greet() { echo hello; }");
  expect([await bash("greet"), await bash("greet")]).toEqual(["hello\n", "hello\n"]);
  expect(fast()).toEqual([false, true]);
});

test("a slow profile holds up nothing but its own calls", async () => {
  profile(`while [ ! -e ${home}/go ]; do sleep 0.01; done; export A=1`);
  writeFileSync(join(home, "go"), "");
  await run(["bash", "-lc", "true"], { settle: false });
  rmSync(join(home, "go"));
  expect(await run(["bash", "-c", "echo quick"], { settle: false })).toBe("quick\n");
  const meanwhile = run(["bash", "-lc", "echo $A"], { settle: false });
  writeFileSync(join(home, "go"), "");
  expect(await meanwhile).toBe("1\n");
  await shells.settled();
  expect(await bash("echo $A")).toBe("1\n");
});

test("what runs in the background ends with the session", async () => {
  const controller = new AbortController();
  shells = createLoginShells({ fs: nodeFileSystem, run: processes.run, signal: controller.signal });
  await run(["bash", "-lc", "true"], { settle: false });
  profile("sleep 600");
  shells.learn({ argv: ["bash", "-lc", "true"], cwd: home, env: environment({}) });
  controller.abort();
  await shells.settled();
});

test("other commands and other shells are left alone", async () => {
  profile("export A=1");
  const other = join(home, "fish");
  writeFileSync(other, "#!/bin/sh\necho mine\n");
  chmodSync(other, 0o700);
  const calls = [
    ["echo", "-lc", "x"],
    [other, "-lc", "x"],
    ["bash", "-lc", "echo $0", "zero"],
    ["bash", "-c", "echo x"],
    ["bash", "-ilc", "true"],
  ] as const;
  for (const argv of calls) {
    await run([...argv] as [string, ...string[]]);
    await run([...argv] as [string, ...string[]]);
  }
  expect(started).toEqual(calls.flatMap((argv) => [[...argv], [...argv]]));
});

test("a program that is only called bash is run as often as it was asked for", async () => {
  const own = join(home, "bash");
  writeFileSync(own, `#!/bin/sh\necho x >> ${home}/count\n`, { mode: 0o700 });
  await run([own, "-lc", "true"]);
  await run(["./bash", "-lc", "true"]);
  expect(readFileSync(join(home, "count"), "utf8")).toBe("x\nx\n");
});

test("a shell whose functions cannot be listed keeps its login", async () => {
  writeFileSync(join(home, ".profile"), "export A=1\n");
  const dash = ["/bin/dash", "/usr/bin/dash"].find((path) => existsSync(path));
  writeFileSync(join(home, "sh"), `#!/bin/sh\nexec ${dash ?? "sh"} "$@"\n`, { mode: 0o700 });
  const env = { PATH: `${home}:${process.env["PATH"] ?? ""}` };
  const outputs = [await run(["sh", "-lc", "echo $A"], { env }), await run(["sh", "-lc", "echo $A"], { env })];
  expect(outputs).toEqual(["1\n", "1\n"]);
  // Where sh is bash, it is known and the login may go.
  if (dash !== undefined) expect(started.map((argv) => argv[1])).toEqual(["-lc", "-lc"]);
});

let age = 0;

function profile(text: string): void {
  const path = join(home, ".bash_profile");
  writeFileSync(path, `${text}\n`);
  utimesSync(path, ++age, age);
}

function environment(extra: Readonly<Record<string, string>>): Record<string, string> {
  return { HOME: home, PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", ...extra };
}

function bash(script: string): Promise<string> {
  return run(["bash", "-lc", script]);
}

interface Run {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Wait until the look at the login is over. Default true. */
  readonly settle?: boolean;
}

async function run(argv: [string, ...string[]], { cwd = home, env = {}, settle = true }: Run = {}): Promise<string> {
  const watched: Processes = { ...processes, run: (request, signal) => (started.push([...request.argv]), processes.run(request, signal)) };
  const result = await runCommand(
    { argv, cwd, timeoutMs: 60_000, env: environment(env) },
    { host: { clock: systemClock, processes: watched }, signal: session.signal, loginShells: shells },
  );
  if (settle) await shells.settled();
  return result.output;
}

/** For each command, whether its login was left out. */
function fast(): boolean[] {
  return started.map((argv) => argv[1] === "-c");
}

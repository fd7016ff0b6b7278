import { spawn } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import koffi from "koffi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Children } from "../src/children.ts";
import { loadPosixSpawn } from "../src/posix-spawn.ts";
import type { Command } from "../src/started-child.ts";
import { openLibc, type Libc } from "../src/syscalls.ts";

const libc = openLibc();
// What started the tests may have left descriptors open.
libc.closeAllOnExec(3);
const children = new Children(libc);
const PATH = process.env["PATH"] ?? "";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "spawn-program-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a command prints and how it ends, or why it does not start. */
type Ran = { readonly output: string; readonly code: number | null; readonly signal: string | null } | { readonly failure: unknown };

async function ours(command: Command, by: Children = children): Promise<Ran> {
  const file = join(folder, ".output");
  const output = openSync(file, "w");
  try {
    const exit = await by.spawn({ ...command, stdio: ["ignore", output, output] }).exit;
    return { output: readFileSync(file, "utf8"), ...exit } as Ran;
  } catch (error) {
    return { failure: (error as NodeJS.ErrnoException).code };
  } finally {
    closeSync(output);
  }
}

async function nodes({ argv: [program = "", ...args], cwd, env }: Command): Promise<Ran> {
  const file = join(folder, ".output");
  const output = openSync(file, "w");
  try {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
    return await new Promise<Ran>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => resolve({ failure: error.code }));
      child.once("exit", (code, signal) => resolve({ output: readFileSync(file, "utf8"), code, signal }));
    });
  } catch (error) {
    return { failure: (error as NodeJS.ErrnoException).code };
  } finally {
    closeSync(output);
  }
}

describe("a program is started as Node would start it", () => {
  const STATE = "grep -E '^Sig(Blk|Ign|Cgt):' /proc/self/status; umask; ulimit -n; ls /proc/self/fd; tty; cat";
  test.each<[string, string[], Record<string, string>?]>([
    ["plain words", ["printf", "<%s>", "a", "", "b c", "$(id)", "é😀", "x\ny\u0001"]],
    ["an exit code", ["sh", "-c", "echo out; echo err >&2; exit 7"]],
    ["a signal", ["sh", "-c", "kill -TERM $$"]],
    ["a signal with a core", ["sh", "-c", "ulimit -c 0; kill -QUIT $$"]],
    ["signals, mask, limits and descriptors", ["sh", "-c", STATE]],
    [
      "its session and group are its own",
      ["sh", "-c", 'read -r pid _ _ _ group session _ < /proc/self/stat; [ "$group $session" = "$$ $$" ]; echo $?'],
    ],
    ["the name by which it was called", ["sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline"]],
    ["the environment", ["env"], { "a.b": "c=d", EMPTY: "", LINES: "x\ny", PATH }],
    ["an empty environment", ["/usr/bin/env"], {}],
    ["no PATH", ["env"], { A: "a" }],
    ["a PATH with nothing in it", ["env"], { PATH: "/nowhere" }],
    ["a PATH with an empty folder", ["script"], { PATH: `${delimiter}/nowhere` }],
    ["a PATH with a relative folder", ["program"], { PATH: `bin${delimiter}/bin` }],
    ["one that may not be executed, and another further on", ["true"], { PATH: `closed${delimiter}${PATH}` }],
    ["one that may not be executed", ["true"], { PATH: "closed" }],
    ["a file in the PATH", ["true"], { PATH: `script${delimiter}${PATH}` }],
    ["a script without a first line", ["./script", "a b", "c"]],
    ["the same by PATH", ["script", "a b"], { PATH: `.${delimiter}${PATH}` }],
    ["a script", ["./bin/program", "a b"]],
    ["a script whose interpreter is missing", ["./orphan"]],
    ["a link", ["./link"]],
    ["a link to itself", ["./loop"]],
    ["no program", ["no-such-program"]],
    ["no program by path", ["/nowhere/program"]],
    ["a folder", ["./bin"]],
    ["what is no folder", ["./script/program"]],
    ["an argument that is too long", ["true", "x".repeat(200_000)]],
    ["a NUL in an argument", ["true", "a\0b"]],
    ["a NUL in a variable", ["true"], { PATH, A: "a\0b" }],
    ["a name that is too long", [`./${"x".repeat(300)}`]],
  ])("%s", async (_, argv, env = { PATH, A: "a" }) => {
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, "closed"));
    writeFileSync(join(folder, "closed/true"), "");
    writeFileSync(join(folder, "bin/program"), '#!/bin/sh\necho "program $0 $*"', { mode: 0o755 });
    writeFileSync(join(folder, "script"), 'echo "script $0 $*"', { mode: 0o755 });
    writeFileSync(join(folder, "orphan"), "#!/nowhere/interpreter\n", { mode: 0o755 });
    symlinkSync("bin/program", join(folder, "link"));
    symlinkSync("loop", join(folder, "loop"));
    const command = { argv, cwd: folder, env };
    expect(await ours(command)).toEqual(await nodes(command));
  });

  test.each(["gone", "file", "closed/gone"])("from a folder that is none: %s", async (name) => {
    writeFileSync(join(folder, "file"), "");
    const command = { argv: ["true"], cwd: join(folder, name), env: { PATH } };
    expect(await ours(command)).toEqual(await nodes(command));
  });
});

test("a signal without a name is one all the same", async () => {
  expect(await ours({ argv: ["sh", "-c", "kill -34 $$"], cwd: folder, env: { PATH } })).toEqual({
    output: "",
    code: null,
    signal: "SIG34",
  });
});

test("an empty name is no program", async () => {
  expect(await ours({ argv: [""], cwd: folder, env: { PATH } })).toEqual({ failure: "ENOENT" });
  expect(await ours({ argv: [], cwd: folder, env: { PATH } })).toEqual({ failure: "ENOENT" });
});

test("descriptors land where they are told to, also when their numbers cross, and no copy of them stays", async () => {
  const files = ["a", "b", "c"].map((name) => {
    writeFileSync(join(folder, name), name);
    return openSync(join(folder, name), "r");
  });
  // Numbers that the child is to have something else at.
  const low = files.map((file, index) => libc.duplicate(file, 3 + ((index + 1) % 3)));
  const output = openSync(join(folder, ".output"), "w");
  const before = readdirSync("/proc/self/fd");
  const stdio = ["ignore" as const, output, output, ...low, ...files, low[0] ?? 0];
  const { exit } = children.spawn({ argv: ["sh", "-c", "cat <&3 <&4; cat <&4; cat <&5"], cwd: folder, env: { PATH }, stdio });
  expect(readdirSync("/proc/self/fd")).toEqual(before);
  expect(await exit).toEqual({ code: 0, signal: null });
  for (const one of low) libc.close(one);
  for (const one of [...files, output]) closeSync(one);
  expect(readFileSync(join(folder, ".output"), "utf8")).toBe("bc");
});

test("the ends of many are told apart, whenever they are asked for", async () => {
  const started = Array.from({ length: 60 }, (_, i) =>
    libc.spawn({ file: "/bin/sh", argv: ["sh", "-c", `exit ${i}`], env: [], cwd: "/", stdio: ["ignore", "ignore", "ignore"] }),
  );
  const exits = await Promise.all(started.toReversed().map((pid) => children.watch(pid)));
  expect(exits).toEqual(Array.from({ length: 60 }, (_, i) => ({ code: 59 - i, signal: null })));
});

test("a C library that cannot change the folder has env(1) do it", async () => {
  const loaded = koffi.load(null);
  const old = {
    func(...parameters: [string, string, string[]]) {
      if (parameters[0].includes("addchdir")) throw new Error("no such function");
      return loaded.func(...parameters);
    },
  } as Parameters<typeof loadPosixSpawn>[0];
  const older: Libc = { ...libc, spawn: loadPosixSpawn(old, (bytes) => koffi.address(bytes)) };
  writeFileSync(join(folder, "program"), '#!/bin/sh\npwd; echo "$@"; env', { mode: 0o755 });
  const command = { argv: ["./program", "-n", "a b"], cwd: folder, env: { A: "a" } };
  expect(await ours(command, new Children(older))).toEqual(await ours(command));
});

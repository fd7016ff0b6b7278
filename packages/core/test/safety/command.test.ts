import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { isKnownSafe, type KnownSafeContext } from "../../src/safety/command.ts";
import { OTHER_COMMANDS, OTHER_SCRIPTS, SAFE_COMMANDS, SAFE_SCRIPTS } from "./known-safe-cases.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const CONTEXT: KnownSafeContext = {
  os: "linux",
  cwd: "/project",
  writableRoots: ["/project", "/tmp"],
  searchPath: "/usr/bin:/bin",
  fs: nodeFileSystem,
};
const YES = { safe: true, reason: "it only reads" };

describe("isKnownSafe", () => {
  test.each(lines(SAFE_COMMANDS))("knows %s", async (command) => {
    expect(await isKnownSafe(command.split(" "), CONTEXT)).toEqual(YES);
  });

  test.each(lines(OTHER_COMMANDS))("does not know %s", async (command) => {
    expect(await isKnownSafe(command.split(" "), CONTEXT)).toMatchObject({ safe: false });
  });

  test.each(["bash -lc", "bash -c", "zsh -lc", "sh -c", "/bin/bash -lc", "/usr/bin/zsh -c"])("looks into %s", async (shell) => {
    for (const script of SAFE_SCRIPTS) expect(await isKnownSafe([...shell.split(" "), script], CONTEXT), script).toEqual(YES);
    for (const script of OTHER_SCRIPTS)
      expect(await isKnownSafe([...shell.split(" "), script], CONTEXT), script).toMatchObject({ safe: false });
  });

  test.each([
    [[]],
    [[""]],
    [["bash", "-lc", "ls", "x"]],
    [["bash", "-x", "ls"]],
    [["bash"]],
    [["./bash", "-c", "ls"]],
    [["fish", "-c", "ls"]],
    [["bash", "-lc", "bash -lc ls"]],
  ])("does not know %j", async (argv) => {
    expect(await isKnownSafe(argv, CONTEXT)).toMatchObject({ safe: false });
  });

  test("knows a program by its basename only in a folder of the system", async () => {
    expect(await isKnownSafe(["/bin/ls"], CONTEXT)).toEqual(YES);
    expect(await isKnownSafe(["/usr/bin/find", "."], CONTEXT)).toEqual(YES);
    for (const program of [
      "./ls",
      "bin/ls",
      "../ls",
      "/project/ls",
      "/usr/bin/../../project/ls",
      "/usr/bin//ls",
      "//bin/ls",
      "/bin/",
      "/usr/bin/..",
    ]) {
      expect(await isKnownSafe([program], CONTEXT), program).toMatchObject({ safe: false });
    }
    expect(await isKnownSafe(["/usr/bin/find", ".", "-delete"], CONTEXT)).toEqual({
      safe: false,
      reason: "`find -delete` can change files or run programs",
    });
  });

  test("says why", async () => {
    expect(await isKnownSafe(["npm", "test"], CONTEXT)).toEqual({
      safe: false,
      reason: "`npm` is not on the list of commands that only read",
    });
    expect(await isKnownSafe(["./ls"], CONTEXT)).toEqual({
      safe: false,
      reason: "`./ls` is not in a folder of the system, or can be replaced by the model",
    });
    expect(await isKnownSafe(["bash", "-lc", "ls > f"], CONTEXT)).toEqual({
      safe: false,
      reason: "its script is more than plain commands: it redirects",
    });
  });

  test("does not trust a bare name that the PATH finds where the model can write, also through a link", async () => {
    const folder = await temporaryFolder();
    const project = join(folder, "project");
    await mkdir(join(project, "bin"), { recursive: true });
    await mkdir(join(folder, "links"));
    await writeFile(join(project, "bin/ls"), "#!/bin/sh\n");
    await chmod(join(project, "bin/ls"), 0o755);
    await writeFile(join(project, "bin/cat"), "not executable");
    await symlink(join(project, "bin/ls"), join(folder, "links/ls"));
    const at = (searchPath: string): KnownSafeContext => ({ ...CONTEXT, cwd: project, writableRoots: [], searchPath });

    expect(await isKnownSafe(["ls"], at(`${join(project, "bin")}:/bin`))).toEqual({
      safe: false,
      reason: "the `ls` on the PATH lies where the model can write, so it could be another program",
    });
    expect(await isKnownSafe(["bash", "-c", "ls"], at(`${join(project, "bin")}:/bin`))).toMatchObject({ safe: false });
    expect(await isKnownSafe(["ls"], at(`${join(folder, "links")}:/bin`))).toMatchObject({ safe: false });
    expect(await isKnownSafe(["ls"], at(`/bin:${join(project, "bin")}`))).toEqual(YES);
    expect(await isKnownSafe(["cat"], at(`${join(project, "bin")}:/bin`))).toEqual(YES);
    expect(await isKnownSafe(["bash", "-c", "echo a"], at(`${join(project, "bin")}:/bin`))).toEqual(YES);
    expect(await isKnownSafe(["ls"], at(`bin:/bin`))).toMatchObject({ safe: false });
    expect(await isKnownSafe(["ls"], at(`:/bin`))).toMatchObject({ safe: false });
    expect(await isKnownSafe(["ls"], at(""))).toEqual(YES);
  });

  test("knows nothing on Windows", async () => {
    expect(await isKnownSafe(["ls"], { ...CONTEXT, os: "win32" })).toMatchObject({ safe: false });
  });
});

function lines(text: string): string[] {
  return text.trim().split("\n");
}

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startExecHost, type ConfinementRequest, type ExecHost } from "../src/client.ts";
import { confinementIn, ended, finished, Hosted, hostPid, until } from "./support/hosted.ts";
import { missing } from "./support/requirements.ts";

const skipped = missing("bwrap");

let folder: string;
let host: ExecHost;
let hosted: Hosted;
let confinement: ConfinementRequest;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "standby-")));
  host = startExecHost({ env: { PATH: process.env["PATH"] } });
  hosted = new Hosted(host, folder);
  confinement = confinementIn(folder, "disk-write-cwd");
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...argv: string[]) => hosted.run(argv, { confinement });

describe.skipIf(skipped)("after the first command a sandbox stands ready", () => {
  test("which the next command gets, and the one after that another", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 3; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const ready = i === 0 ? undefined : await standby();
      // oxlint-disable-next-line no-await-in-loop
      const command = await hosted.start(["true"], confinement);
      if (ready !== undefined) expect(command.pid).toBe(ready);
      ids.push(command.pid);
      // oxlint-disable-next-line no-await-in-loop
      expect((await finished(command)).exit).toEqual(ended(0));
    }
    expect(new Set(ids).size).toBe(3);
  });

  test.each([
    ["plain words", ["sh", "-c", 'printf "<%s>" "$@"; env', "sh", "a", "", "b c", "-n", "--", "$(id)", "`id`", '"', "'", "\\", "*"]],
    ["lines and letters of every kind", ["printf", "%s", "a\nb\tc\u00e9\u{1f600}\u0001"]],
    ["a failure", ["sh", "-c", "echo out; echo err >&2; exit 7"]],
    ["a signal", ["sh", "-c", "kill -TERM $$"]],
    [
      "its descriptors and signals",
      ["sh", "-c", "ls /proc/self/fd; grep -E '^Sig(Ign|Blk)|^Seccomp:|^NoNewPrivs|^CapEff' /proc/self/status; umask; tty"],
    ],
    ["a program that looks like a variable", ["a=b/program"]],
    ["its folder", ["pwd"]],
  ])("and which shows a command nothing else than a new one does: %s", async (_, argv) => {
    mkdirSync(join(folder, "a=b"));
    writeFileSync(join(folder, "a=b/program"), "#!/bin/sh\necho ran", { mode: 0o755 });
    const env = {
      PATH: process.env["PATH"] ?? "",
      LC_ALL: "xx_YY",
      BASH_ENV: "/nowhere",
      "npm_config_//a/:b": "x\n'y'",
      SHLVL: "7",
      _: "_",
      EMPTY: "",
    };
    const once = async () => {
      const started = await host.spawn({ argv, cwd: folder, env, confinement });
      if (!started.ok) throw new Error(started.message);
      return finished(started.command);
    };
    const cold = await once();
    await standby();
    expect(await once()).toEqual(cold);
  });

  test.each([[["env"]], [["sh", "-c", "pwd; echo $PWD"]]])("also in a folder that is reached by a link: %j", async (argv) => {
    symlinkSync(folder, `${folder}.link`);
    const once = async () => {
      const started = await host.spawn({ argv, cwd: `${folder}.link`, env: { PATH: process.env["PATH"] ?? "" }, confinement });
      if (!started.ok) throw new Error(started.message);
      return finished(started.command);
    };
    try {
      const cold = await once();
      await standby();
      expect(await once()).toEqual(cold);
    } finally {
      rmSync(`${folder}.link`);
    }
  });

  test("but not when the folders have changed: what is new is protected", async () => {
    mkdirSync(join(folder, ".git/hooks"), { recursive: true });
    await run("true");
    const ready = await standby();
    renameSync(join(folder, ".git"), join(folder, "old"));
    mkdirSync(join(folder, ".git/hooks"), { recursive: true });
    const command = await hosted.start(["sh", "-c", "echo x > .git/hooks/pre-commit"], confinement);
    expect(command.pid).not.toBe(ready);
    expect((await finished(command)).output).toContain("Read-only file system");
    expect(readdirSync(join(folder, ".git/hooks"))).toEqual([]);
  });

  test("nor when a file that must not be read was exchanged", async () => {
    const secret = join(folder, "secret");
    writeFileSync(secret, "old secret");
    confinement = { ...confinement, context: { ...confinement.context, deniedReads: [secret] } };
    await run("true");
    await standby();
    writeFileSync(`${secret}.new`, "new secret");
    renameSync(`${secret}.new`, secret);
    expect((await run("cat", "secret")).output).not.toContain("new secret");
  });

  test("nor when something was put where nothing was: it stays, and is protected", async () => {
    await run("true");
    await standby();
    mkdirSync(join(folder, ".codex/rules"), { recursive: true });
    expect((await run("sh", "-c", "touch .codex/x .codex/rules/x")).exit).toMatchObject({ code: 1 });
    await host.close();
    expect(readdirSync(folder)).toEqual([".codex"]);
    expect(readdirSync(join(folder, ".codex"))).toEqual(["rules"]);
  });

  test("and repositories that the last command made are protected from the next", async () => {
    await run("mkdir", "-p", "inner/.git/hooks");
    await standby();
    expect((await run("touch", "inner/.git/hooks/x")).exit).toMatchObject({ code: 1 });
  });

  test("and so are those that an unconfined command made, also while others ran", async () => {
    await run("true");
    await hosted.run(["mkdir", "-p", "inner/.git/hooks"]);
    expect((await run("touch", "inner/.git/hooks/x")).exit).toMatchObject({ code: 1 });
    const unconfined = await hosted.start(["sh", "-c", "until [ -e made ]; do sleep 0.01; done; mkdir -p second/.git/hooks"]);
    await run("true");
    await standby();
    writeFileSync(join(folder, "made"), "");
    await finished(unconfined);
    expect((await run("touch", "second/.git/hooks/x")).exit).toMatchObject({ code: 1 });
  });

  test("and a folder granted for one command can be made by it, where something stood in for it, and by no other", async () => {
    await run("true");
    await standby();
    const granted = confinementIn(folder, "disk-write-cwd", { "disk-write-folder": { folder: join(folder, ".git") } });
    expect((await hosted.run(["git", "init", "-q"], { confinement: granted })).exit).toEqual(ended(0));
    expect((await run("touch", ".git/hooks/x")).exit).toMatchObject({ code: 1 });
  });

  test("and it goes before a command runs unconfined, with what stands in for missing names", async () => {
    await run("true");
    await standby();
    expect(readdirSync(folder)).not.toEqual([]);
    expect((await hosted.run(["ls", "-A"])).output).toBe("");
  });

  test("and when it was killed, the next command runs all the same", async () => {
    await run("true");
    process.kill(await standby(), "SIGKILL");
    await until(() => sandboxes().length === 0);
    expect((await run("echo", "on")).output).toBe("on\n");
  });

  test("for one of many at once", async () => {
    await run("true");
    await standby();
    const outputs = await Promise.all(Array.from({ length: 20 }, (_, i) => run("sh", "-c", `echo ${i}`)));
    expect(outputs.map(({ output }) => output)).toEqual(outputs.map((_, i) => `${i}\n`));
  });

  test("of which nothing is left when the host is closed while the next is being made", async () => {
    for (let i = 0; i < 5; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await run("true");
      // oxlint-disable-next-line no-await-in-loop
      await host.close();
      expect({ processes: sandboxes(), files: readdirSync(folder) }).toEqual({ processes: [], files: [] });
      host = startExecHost({ env: { PATH: process.env["PATH"] } });
      hosted = new Hosted(host, folder);
    }
  });

  test("of which nothing is left when the host is closed or killed", async () => {
    await run("true");
    await standby();
    await host.close();
    expect({ processes: sandboxes(), files: readdirSync(folder) }).toEqual({ processes: [], files: [] });

    host = startExecHost({ env: { PATH: process.env["PATH"] } });
    hosted = new Hosted(host, folder);
    await run("true");
    await standby();
    process.kill(hostPid(), "SIGKILL");
    await until(() => sandboxes().length === 0);
    // By another host, without anybody's asking.
    await until(() => readdirSync(folder).length === 0);
    // Answered, in whatever way, once the loss was noticed.
    await host.prepare(confinement);
    expect((await run("echo", "on")).output).toBe("on\n");
  });
});

/** The process id of the sandbox that waits for a command. */
async function standby(): Promise<number> {
  let found: number | undefined;
  await until(() => {
    found = sandboxes().find((pid) => existsSync(`/proc/${pid}`) && wordsOf(pid).includes("--norc"));
    return found !== undefined;
  });
  return found ?? 0;
}

/** Children of hosts that are sandboxes around this folder. */
function sandboxes(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && wordsOf(pid).includes(folder) && wordsOf(pid)[0]?.endsWith("bwrap"))
    .filter((pid, _, all) => !all.includes(parentOf(pid)));
}

function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}

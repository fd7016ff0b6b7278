import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../notifier/notify.mjs", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-notifier-"));
  // The desktop of the machine that runs the tests is left alone.
  for (const program of ["notify-send", "osascript"]) await writeFile(join(folder, program), `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/shown'\n`, { mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true }));

function notify(args: readonly string[], env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env: { ...env, PATH: folder } }, (error, _stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stderr }));
  });
}

const NOTICE = {
  type: "agent-turn-complete",
  "thread-id": "t",
  "turn-id": "1",
  cwd: "/home/ada/settle-up",
  "input-messages": ["Look around.", "Fix the\tfailing test.\nPlease."],
  "last-assistant-message": "Fixed.\nAll tests pass.",
};

test("a finished turn becomes one line of a private log in the Codex home", async () => {
  expect(await notify([JSON.stringify(NOTICE)], { CODEX_HOME: join(folder, "home") })).toEqual({ code: 0, stderr: "" });
  const file = join(folder, "home/notify.log");
  const [time, ...rest] = (await readFile(file, "utf8")).split("\t");
  expect(new Date(time ?? "").toISOString()).toBe(time);
  expect(rest).toEqual(["/home/ada/settle-up", "Fix the failing test.", "Fixed.\n"]);
  if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === "win32")("the desktop shows the folder and the message, as arguments and not as script", async () => {
  const notice = { ...NOTICE, "last-assistant-message": `"; rm -rf $(pwd) \\` };
  await notify([JSON.stringify(notice)], { CODEX_HOME: join(folder, "home") });
  const shown = (await readFile(join(folder, "shown"), "utf8")).trimEnd().split("\n");
  expect(shown.slice(-2).toSorted()).toEqual([`"; rm -rf $(pwd) \\`, "Codex is done in settle-up"].toSorted());
});

test("the log can be put elsewhere, and a turn without a message is logged too", async () => {
  const log = join(folder, "log.tsv");
  const notice = JSON.stringify({ ...NOTICE, "input-messages": [], "last-assistant-message": null });
  for (let turn = 0; turn < 2; turn++) await notify([notice], { CODEX_NOTIFY_LOG: log });
  const lines = (await readFile(log, "utf8")).split("\n");
  expect(lines.map((line) => line.split("\t").slice(1))).toEqual([
    ["/home/ada/settle-up", "", "The turn has ended without a message."],
    ["/home/ada/settle-up", "", "The turn has ended without a message."],
    [],
  ]);
});

test("a notice of another type is passed over; an argument that is no notice is refused", async () => {
  const env = { CODEX_NOTIFY_LOG: join(folder, "log.tsv") };
  expect(await notify([JSON.stringify({ type: "something-later" })], env)).toEqual({ code: 0, stderr: "" });
  for (const args of [[], ["not json"], ["null"]]) expect(await notify(args, env)).toEqual({ code: 2, stderr: expect.stringContaining("usage: notify.mjs") as string });
  await expect(stat(env.CODEX_NOTIFY_LOG)).rejects.toThrow("ENOENT");
});

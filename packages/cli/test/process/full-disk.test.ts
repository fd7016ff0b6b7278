import { say, times } from "@codex/core";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openPlace } from "./codex-process.ts";

const BIN = fileURLToPath(new URL("../../bin/codex.js", import.meta.url));
const FULL = "/dev/full";

test.skipIf(!existsSync(FULL)).each([
  ["a final message", ["exec", "go"]],
  ["events", ["exec", "--json", "go"]],
  ["a help text", ["exec", "--help"]],
])(`%s that cannot be written, the disk being full, is a failure (where there is ${FULL})`, async (_, args) => {
  await using place = await openPlace(times(2, say("Done.")));
  const out = openSync(FULL, "w");
  const child = spawn(process.execPath, [BIN, ...args], { cwd: place.cwd, env: place.env, stdio: ["ignore", out, "pipe"] });
  closeSync(out);
  if (child.stderr === null) throw new Error("the child has no stderr");
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(stderr).toContain("error: stdout cannot be written: ENOSPC: no space left on device");
  expect(code).toBe(1);
});

test.skipIf(process.platform === "win32")(
  "a record that breaks off at the very end of a session is told all the same (needs bash)",
  async () => {
    await using place = await openPlace([say("x".repeat(100_000))]);
    const limited = `ulimit -f 40; exec "${process.execPath}" "${BIN}" exec --json go`;
    const child = spawn("bash", ["-c", limited], { cwd: place.cwd, env: place.env, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    expect(`${stdout}${stderr}`).toContain("The session is no longer recorded: EFBIG");
    expect(code).toBe(0);
  },
);

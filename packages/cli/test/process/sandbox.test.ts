import { existsSync } from "node:fs";
import { join } from "node:path";
import { call, say } from "@codex/core";
import { describe, expect, test } from "vitest";
import { openPlace } from "./codex-process.ts";

const probe = await (await import("@codex/linux-sandbox/battery")).probeSandbox();
const works = probe.trials.some(({ failure }) => failure === undefined);
if (!works) console.log(`skipped: codex sandbox (${probe.support.reasons.join(" ")})`);

describe.skipIf(!works)("codex sandbox", () => {
  test("passes output and exit code through, and lets nothing be written", async () => {
    await using place = await openPlace([]);
    const { code, stdout, stderr } = await place.run(["sandbox", "--", "sh", "-c", "echo out; touch x; exit 7"]);
    expect({ code, stdout }).toEqual({ code: 7, stdout: "out\n" });
    expect(stderr).toContain("Permission denied");
    expect(existsSync(join(place.cwd, "x"))).toBe(false);
  });

  test("takes permissions, under its old name too", async () => {
    await using place = await openPlace([]);
    const script = "touch x && echo $CODEX_SANDBOX $CODEX_SANDBOX_NETWORK_DISABLED";
    const { code, stdout } = await place.run([
      "debug",
      "landlock",
      "-s",
      "disk-full-read-access",
      "-s",
      "disk-write-cwd",
      "--",
      "sh",
      "-c",
      script,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(?:landlock|bwrap) 1\n$/);
    expect(existsSync(join(place.cwd, "x"))).toBe(true);
  });

  test("is ended by the signal that ended the command", async () => {
    await using place = await openPlace([]);
    const { code } = await place.run(["sandbox", "sh", "-c", "kill -TERM $$"]);
    expect([143, null]).toContain(code);
  });

  test("says what each backend holds", async () => {
    await using place = await openPlace([]);
    const { code, stdout } = await place.run(["debug", "sandbox-probe", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ support: { seccomp: true } });
  });
});

describe.skipIf(process.platform !== "linux")("codex exec on a machine that cannot hold what the configuration requires", () => {
  test("runs nothing, and tells the user why and the way out, and the model why", async () => {
    await using place = await openPlace([call("shell", { command: ["touch", "ran"] }, "a"), say("No.")]);
    const args = ["exec", "--full-auto", "-c", 'sandbox.require=["carveout"]', "write"];
    // Without bubblewrap nothing can keep .git closed in a folder that may be written.
    const { code, stderr } = await place.run(args, { env: { PATH: "/nowhere" } });
    expect(code).toBe(0);
    expect(existsSync(join(place.cwd, "ran"))).toBe(false);
    expect(stderr).toContain("The configuration requires carveout, which cannot be guaranteed on this machine.");
    expect(stderr).toContain("bubblewrap (bwrap) is not installed.");
    expect(stderr).toContain("Install bubblewrap (bwrap) or take carveout out of sandbox.require.");
    expect(JSON.stringify(place.server.requests.at(-1)?.body)).toContain("The configuration requires carveout");
  });
});

describe("codex doctor", () => {
  test("names what is there and what is not, and shows no key", async () => {
    await using place = await openPlace([]);
    const { stdout } = await place.run(["doctor"]);
    expect(stdout).toMatch(/^ok {2}Node: v/m);
    expect(stdout).toMatch(/^ok {2}git: /m);
    expect(stdout).toMatch(/ Sandbox: /);
    expect(stdout).toContain("OPENAI_API_KEY is set");
    expect(stdout).not.toContain("sk-test");
  });

  test.skipIf(process.platform !== "linux")("without a home still says what the machine can enforce", async () => {
    await using place = await openPlace([]);
    const { code, stdout } = await place.run(["doctor"], { env: { HOME: undefined, CODEX_HOME: undefined } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^!! {2}Configuration: neither CODEX_HOME nor HOME is set/m);
    expect(stdout).toMatch(/ Sandbox: /);
  });
});

test("what cannot be debugged is a usage error", async () => {
  await using place = await openPlace([]);
  expect(await place.run(["debug", "everything"])).toMatchObject({ code: 2, stdout: "" });
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, say } from "@codex/core";
import { describe, expect, test } from "vitest";
import { openPlace, type Place } from "./codex-process.ts";

const shell = (script: string, id: string) => call("shell", { command: ["sh", "-c", script] }, id);
const ASKING = ["-a", "untrusted", "--sandbox", "danger-full-access"];

async function session(): Promise<Place & AsyncDisposable> {
  const place = await openPlace([shell("touch x", "call_1"), shell("mkdir y", "call_2"), shell("rm x", "call_21"), say("Done.")]);
  mkdirSync(join(place.home, "rules"));
  writeFileSync(
    join(place.home, "rules/a.rules"),
    '\nprefix_rule(["touch"])\nprefix_rule(["rm"], "forbidden", justification = "nothing goes")\n',
  );
  await place.run(["exec", ...ASKING, "go"]);
  return place;
}

function rolloutOf({ home }: Place): string {
  const [file = ""] = readdirSync(join(home, "sessions"), { recursive: true }).filter((name) => String(name).endsWith(".jsonl"));
  return join(home, "sessions", String(file));
}

describe("codex explain", () => {
  test("says of a call which layer and rule decided, and what would change it", async () => {
    await using place = await session();
    const rules = join(place.home, "rules/a.rules");
    const allowed = await place.run(["explain", "call_1"]);
    expect(allowed).toMatchObject({ code: 0, stderr: "" });
    expect(allowed.stdout).toBe(
      `call_1: shell\n  sh -c 'touch x'\n  in ${place.cwd}\n\nAllowed\n  decided by: execpolicy\n  because: A rule allows this command.\n` +
        `  rule: ${rules}:2:1 (allow)\nRan: exit code 0\n`,
    );
    const forbidden = await place.run(["explain", "call_21"]);
    expect(forbidden.stdout).toBe(
      `call_21: shell\n  sh -c 'rm x'\n\nDeclined\n  decided by: execpolicy\n  because: A rule forbids this command (\`rm x\`). It says: nothing goes.\n` +
        `  rule: ${rules}:3:1 (forbidden)\n  it says: nothing goes\n  would change it: Edit or remove the rule at ${rules}:3.\n`,
    );
    const asked = await place.run(["explain", "call_2", "--json"]);
    expect(JSON.parse(asked.stdout)).toMatchObject({
      session: rolloutOf(place),
      call_id: "call_2",
      command: ["sh", "-c", "mkdir y"],
      steps: [
        {
          type: "declined",
          decision: { layer: "no_answerer", change: expect.arrayContaining([expect.stringContaining('["mkdir", "y"]')]) },
        },
      ],
    });
  });

  test("what it says would change a decision does change it", async () => {
    await using place = await openPlace([shell("mkdir y", "call_1"), say("Could not."), shell("mkdir y", "call_1"), say("Done.")]);
    await place.run(["exec", ...ASKING, "go"]);
    const { stdout } = await place.run(["explain", "call_1", "--json"]);
    const [step] = (JSON.parse(stdout) as { steps: { decision: { change: string[] } }[] }).steps;
    const [, line = "", file = ""] = /^Add `(.*)` to (.*)\.$/u.exec(step?.decision.change[0] ?? "") ?? [];
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, `${line}\n`);
    await place.run(["exec", ...ASKING, "again"]);
    expect((await place.run(["explain", "call_1"])).stdout).toContain(`Allowed\n  decided by: execpolicy`);
  });

  test("lists the calls of a session, by its id, its file, or the latest", async () => {
    await using place = await session();
    const path = rolloutOf(place);
    const id = /-([0-9a-f-]{36})\.jsonl$/u.exec(path)?.[1] ?? "";
    const list =
      "call_1   allowed (execpolicy)    sh -c 'touch x'\ncall_2   declined (no_answerer)  sh -c 'mkdir y'\ncall_21  declined (execpolicy)   sh -c 'rm x'\n";
    for (const which of [[], ["--session", id], ["--session", id.slice(0, 8)], ["--session", path]]) {
      // oxlint-disable-next-line no-await-in-loop -- few
      expect((await place.run(["explain", ...which])).stdout).toBe(list);
    }
  });

  test("names near misses, and says where it looked", async () => {
    await using place = await session();
    const call_ = await place.run(["explain", "cal_1"]);
    expect(call_).toMatchObject({ code: 2, stdout: "" });
    expect(call_.stderr).toContain("did you mean `call_1`");
    expect((await place.run(["explain", "call_"])).stderr).toContain("3 calls begin with call_");
    expect((await place.run(["explain", "call_1", "--session", "nope"])).stderr).toContain("there is no session nope");
    expect((await place.run(["explain", "call_1", "--session", "./nope.jsonl"])).code).toBe(2);
  });

  test("reads what a session that was killed left behind", async () => {
    await using place = await session();
    const path = rolloutOf(place);
    writeFileSync(path, `${readFileSync(path, "utf8")}{"timestamp":"2026-`);
    expect((await place.run(["explain", "call_1"])).code).toBe(0);
    writeFileSync(path, "");
    expect((await place.run(["explain"])).stdout).toBe(`No calls in ${path}\n`);
  });
});

describe("codex execpolicy check", () => {
  test("prints what the rules make of a command, on one line or several", async () => {
    await using place = await openPlace([]);
    const rules = join(place.cwd, "r.rules");
    writeFileSync(rules, 'prefix_rule(["git", ["push", "fetch"]], "prompt", justification = "network")\n');
    const one = await place.run(["execpolicy", "check", "--rules", "r.rules", "--", "git", "push", "--force"]);
    expect(one).toMatchObject({
      code: 0,
      stdout:
        '{"matchedRules":[{"prefixRuleMatch":{"matchedPrefix":["git","push"],"decision":"prompt","justification":"network"}}],"decision":"prompt"}\n',
      stderr: "",
    });
    const several = await place.run(["execpolicy", "check", "-r", rules, "--pretty", "ls", "--help"]);
    expect(several.stdout).toBe('{\n  "matchedRules": []\n}\n');
  });

  test("says what is wrong with its use and with the files", async () => {
    await using place = await openPlace([]);
    writeFileSync(join(place.cwd, "bad.rules"), 'prefix_rule(["git"], desicion = "prompt")\n');
    const bad = await place.run(["execpolicy", "check", "--rules", "bad.rules", "ls"]);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/^bad\.rules:1:22: .*\n[^]*Did you mean `decision`\?\n$/u);
    writeFileSync(join(place.cwd, "marked.rules"), '\ufeffprefix_rule(["git"])\n');
    expect((await place.run(["execpolicy", "check", "--rules", "marked.rules", "ls"])).stderr).toContain("marked.rules:1:1: ");
    const option = await place.run(["execpolicy", "check", "--rule", "bad.rules", "ls"]);
    expect({ code: option.code, stderr: option.stderr.split("\n", 1)[0] }).toEqual({
      code: 2,
      stderr: "There is no option `--rule`. Did you mean `--rules`?",
    });
    expect((await place.run(["execpolicy", "chek"])).stderr).toContain("did you mean `check`?");
    expect((await place.run(["execpolicy", "check", "--rules", "none.rules", "ls"])).code).toBe(1);
    expect((await place.run(["execpolicy"])).stdout + (await place.run(["execpolicy", "--help"])).stdout).toContain(
      "codex execpolicy check",
    );
  });
});

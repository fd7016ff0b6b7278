import { existsSync } from "node:fs";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ApprovalAnswer, ApprovalRequest } from "../../src/host/approval.ts";
import type { EventOf } from "../../src/protocol/event.ts";
import type { FileSystem } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { answer, call, say } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture, type FixtureOptions, type SessionFixture } from "../support/session-fixture.ts";

type Question = Exclude<ApprovalRequest, EventOf<"elicitation_request">>;

const bash = (script: string, id?: string) => call("shell", { command: ["bash", "-c", script] }, id);

interface Ruled {
  readonly fixture: SessionFixture;
  readonly asked: readonly Question[];
  /** What happened to each call, in order: `allow LAYER` or `reject LAYER`. */
  readonly verdicts: readonly string[];
  readonly outputs: readonly string[];
}

interface RuledOptions extends FixtureOptions {
  /** Files by their path below the Codex home. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files by their path below the project. */
  readonly project?: Readonly<Record<string, string>>;
  readonly trusted?: boolean;
  readonly answers?: readonly ApprovalAnswer[];
}

/** Has the scripts run one after the other by a session that may do everything and asks about everything. */
async function ruled(scripts: readonly string[], options: RuledOptions = {}): Promise<Ruled> {
  const asked: Question[] = [];
  const answers = [...(options.answers ?? [])];
  const approve = async (request: ApprovalRequest): Promise<ApprovalAnswer> => {
    if (request.type !== "elicitation_request") asked.push(request);
    return answers.shift() ?? { decision: "denied" };
  };
  const fixture = await openFixture([...scripts.map((script, index) => bash(script, `c${index}`)), say("ok")], {
    ...options,
    flags: { approvalPolicy: "unless-allow-listed", ...options.flags },
    host: { ...(options.answers === undefined ? {} : { approve }), ...options.host },
    session: options.answers === undefined ? { approvals: "nobody" } : {},
    prepare: async ({ cwd, home }) => {
      await mkdir(join(cwd, ".git"));
      await write(home, options.files ?? {});
      await write(cwd, options.project ?? {});
      if (options.trusted === true)
        await writeFile(join(home, "config.toml"), `[projects.${JSON.stringify(cwd)}]\ntrust_level = "trusted"\n`);
      await options.prepare?.({ cwd, home });
    },
  });
  await fixture.ask("go");
  const verdicts = fixture.events.flatMap(({ msg }) =>
    msg.type === "tool_call_allowed" || msg.type === "tool_call_declined" ? [`${msg.decision.verdict} ${msg.decision.layer}`] : [],
  );
  const outputs = scripts.map((_, index) => String(inputOf(fixture, index + 1).at(-1)?.["output"]));
  return { fixture, asked, verdicts, outputs };
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop -- few and small
    await mkdir(join(folder, name, ".."), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(join(folder, name), text);
  }
}

const TOUCH = 'prefix_rule(["touch"])\n';

describe("the user's rules", () => {
  test("about hosts forbid commands that name them, and those without effect are told once, with their place", async () => {
    const rules = [
      'network_rule("a.com", "https", "deny")',
      'network_rule("b.com", "https", "allow")',
      'network_rule("c.com", "socks5_udp", "deny")',
    ];
    const { verdicts, fixture } = await ruled(["curl https://a.com", "true"], { files: { "rules/a.rules": rules.join("\n") } });
    expect(verdicts).toEqual(["reject execpolicy", "allow known_safe"]);
    const told = fixture.events.flatMap(({ msg }) => (msg.type === "warning" ? [msg.message.replace(/^.*\//u, "")] : []));
    expect(told).toEqual([
      "a.rules:2:1: this `network_rule` has no effect: the sandbox opens the network as a whole (network-full-access), not for b.com alone.",
      "a.rules:3:1: this `network_rule` has no effect: no command is known to name hosts for socks5_udp.",
    ]);
  });

  test("allow, ask and forbid, and say where they stand", async () => {
    const rules = `${TOUCH}prefix_rule(["mkdir"], "prompt")\nprefix_rule(["rm", "-rf"], "forbidden", justification = "use trash")\n`;
    const { verdicts, outputs, fixture } = await ruled(["touch a", "mkdir b", "touch c && rm -rf a"], {
      files: { "rules/a.rules": rules },
    });
    expect(verdicts).toEqual(["allow execpolicy", "reject no_answerer", "reject execpolicy"]);
    const file = join(fixture.config.codexHome, "rules/a.rules");
    expect(fixture.ofType("tool_call_allowed")[0]?.decision).toEqual({
      verdict: "allow",
      layer: "execpolicy",
      reason: "A rule allows this command.",
      rule: { file, line: 1, column: 1, decision: "allow" },
    });
    expect(fixture.ofType("tool_call_declined")[1]?.decision).toEqual({
      verdict: "reject",
      layer: "execpolicy",
      reason: "A rule forbids this command (`rm -rf a`). It says: use trash.",
      rule: { file, line: 3, column: 1, decision: "forbidden", justification: "use trash" },
      change: [`Edit or remove the rule at ${file}:3.`],
    });
    expect(outputs[2]).toContain("It says: use trash.");
    expect([existsSync(join(fixture.cwd, "a")), existsSync(join(fixture.cwd, "c"))]).toEqual([true, false]);
  });

  test("need no rule for readers beside what they allow, but for everything else", async () => {
    const files = { "rules/a.rules": TOUCH };
    const scripts = ["touch a | tail -5 && cat a", "cd . && touch a", "touch a; make", "touch a > b", "touch $X", "LANG=C touch a"];
    const { verdicts } = await ruled(scripts, { files });
    expect(verdicts).toEqual([
      "allow execpolicy",
      "allow execpolicy",
      "reject no_answerer",
      "reject no_answerer",
      "reject no_answerer",
      "allow execpolicy",
    ]);
  });

  test("ask about what cannot be read and could be forbidden", async () => {
    const { verdicts, fixture } = await ruled(["rm $FLAGS x", 'eval "$X"'], {
      files: { "rules/a.rules": 'prefix_rule(["rm", "-rf"], "forbidden")\n' },
      flags: { approvalPolicy: "never" },
    });
    expect(verdicts).toEqual(["reject execpolicy", "reject execpolicy"]);
    expect(fixture.ofType("tool_call_declined")[0]?.decision.reason).toBe(
      "A rule wants a question before this command (not all of its words are in the text). The approval policy `never` forbids questions.",
    );
  });

  test("of both dialects count together", async () => {
    const policy = 'define_program(program = "touch", args = [ARG_WFILE], forbidden = "no new files")\n';
    const { verdicts } = await ruled(["touch a"], { files: { "rules/a.rules": TOUCH, "rules/b.policy": policy } });
    expect(verdicts).toEqual(["reject execpolicy"]);
  });

  test("are not looked for by a session that runs no command", async () => {
    const looked: string[] = [];
    const fs: FileSystem = { ...nodeFileSystem, readDirectory: (path) => (looked.push(path), nodeFileSystem.readDirectory(path)) };
    await ruled([], { files: { "rules/a.rules": "broken(" }, host: { fs } });
    expect(looked.filter((path) => path.endsWith("rules"))).toEqual([]);
  });

  test("are read once", async () => {
    const looked: string[] = [];
    const fs: FileSystem = { ...nodeFileSystem, readDirectory: (path) => (looked.push(path), nodeFileSystem.readDirectory(path)) };
    await ruled(["touch a", "touch b"], { files: { "rules/a.rules": TOUCH }, host: { fs } });
    expect(looked.filter((path) => path.endsWith("rules"))).toHaveLength(1);
  });
});

describe("rules with a mistake", () => {
  test.each([
    [
      "prefix_rule(['touch'], decison = 'allow')\n",
      /^.*a\.rules:1:24: `prefix_rule` has no argument `decison`[^]*Did you mean `decision`\?/u,
    ],
    ['prefix_rule(["touch"]\n', /^.*a\.rules:/u],
    ['\ufeffprefix_rule(["touch"])\n', /^.*a\.rules:1:1: [^]*without a byte order mark/u],
  ])("are told once, with their place, and let nothing run unasked: %s", async (text, message) => {
    const { verdicts, fixture, outputs } = await ruled(["touch a", "cat a"], { files: { "rules/a.rules": text, "rules/b.rules": TOUCH } });
    expect(verdicts).toEqual(["reject no_answerer", "reject no_answerer"]);
    expect(fixture.ofType("warning").map((warning) => warning.message)).toEqual([expect.stringMatching(message)]);
    expect(outputs[0]).toContain("The rules for commands cannot be used");
    expect(existsSync(join(fixture.cwd, "a"))).toBe(false);
  });

  test.each<[string, (folder: string) => Promise<void>]>([
    ["a link to nothing", (folder) => symlink("/nowhere/at/all", join(folder, "a.rules"))],
    ["a folder", (folder) => mkdir(join(folder, "a.rules"))],
    ["bytes that are no UTF-8", (folder) => writeFile(join(folder, "a.rules"), Buffer.from([0x70, 0xff]))],
    ["more than anybody writes", (folder) => writeFile(join(folder, "a.rules"), "#".repeat(1024 * 1024 + 1))],
  ])("%s counts as a mistake", async (_, make) => {
    const { verdicts } = await ruled(["touch a"], {
      flags: { approvalPolicy: "never" },
      prepare: async ({ home }) => {
        await mkdir(join(home, "rules"));
        await make(join(home, "rules"));
      },
    });
    expect(verdicts).toEqual(["reject execpolicy"]);
  });
});

describe("a project's rules", () => {
  const project = { ".codex/rules/p.rules": TOUCH };

  test("count where the project is trusted", async () => {
    expect((await ruled(["touch a"], { project, trusted: true })).verdicts).toEqual(["allow execpolicy"]);
  });

  test("are not even read where it is not", async () => {
    expect((await ruled(["touch a"], { project: { ".codex/rules/p.rules": "broken(" } })).verdicts).toEqual(["reject no_answerer"]);
  });

  test("cannot allow what the user's forbid", async () => {
    const files = { "rules/u.rules": 'prefix_rule(["touch", "secret"], "forbidden")\n' };
    expect((await ruled(["touch secret"], { project, files, trusted: true })).verdicts).toEqual(["reject execpolicy"]);
  });
});

describe("an answer", () => {
  const yes = { decision: "approved" } as const;

  test("for the session holds for this command in this folder", async () => {
    const scripts = ["touch a", "touch a", "touch b", "touch a"];
    const { asked, verdicts } = await ruled(scripts, { answers: [{ decision: "approved_for_session" }, { decision: "denied" }] });
    expect(asked.map((request) => request.call_id)).toEqual(["c0", "c2"]);
    expect(verdicts).toEqual(["allow user", "allow session_grant", "reject user", "allow session_grant"]);
  });

  test("is offered the prefixes that would allow the whole", async () => {
    const { asked } = await ruled(["touch a | tail -1", "touch a && mkdir b", "bash -c 'eval $X'"], { answers: [], trusted: true });
    const prefix = (words: string[]) => ["session", "user", "project"].map((scope) => ({ type: "prefix", prefix: words, scope }));
    expect(asked.map((request) => request.offers)).toEqual([
      [{ type: "command" }, ...prefix(["touch", "a"])],
      [{ type: "command" }, ...prefix(["touch", "a"]), ...prefix(["mkdir", "b"])],
      [{ type: "command" }],
    ]);
    expect(asked[0]?.decision?.change?.[0]).toMatch(
      /^Add `prefix_rule\(pattern=\["touch", "a"\], decision="allow"\)` to .*default\.rules\.$/u,
    );
  });

  test("may allow a prefix for the session, shorter than the offered one", async () => {
    const { verdicts, asked } = await ruled(["touch a", "touch b", "rmdir c"], {
      answers: [{ ...yes, grants: [{ type: "prefix", prefix: ["touch"], scope: "session" }] }],
    });
    expect(verdicts).toEqual(["allow user", "allow session_grant", "reject user"]);
    expect(asked).toHaveLength(2);
  });

  test.each([
    ["user", (fixture: SessionFixture) => join(fixture.config.codexHome, "rules/default.rules")],
    ["project", (fixture: SessionFixture) => join(fixture.cwd, ".codex/rules/default.rules")],
  ] as const)("may be kept for the %s, in a file for its owner alone", async (scope, fileOf) => {
    const grants = [{ type: "prefix" as const, prefix: ["touch", "a"], scope }];
    const { verdicts, fixture } = await ruled(["touch a", "touch a"], { trusted: true, answers: [{ ...yes, grants }] });
    expect(verdicts).toEqual(["allow user", "allow session_grant"]);
    const line = 'prefix_rule(pattern=["touch", "a"], decision="allow")';
    expect(await readFile(fileOf(fixture), "utf8")).toBe(`${line}\n`);
    expect((await stat(fileOf(fixture))).mode & 0o777).toBe(0o600);
    expect(fixture.ofType("warning").map((warning) => warning.message)).toEqual([`Added to ${fileOf(fixture)}: ${line}`]);
  });

  test.each([
    [["bash", "-c"], "user", "would allow any program at all"],
    [["mkdir"], "session", "no command of it begins so"],
    [[], "session", "would allow any program at all"],
    [["touch", "a"], "project", "the project is not trusted"],
  ] as const)("cannot allow %j for the %s", async (prefix, scope, why) => {
    const grants = [{ type: "prefix" as const, prefix: [...prefix], scope }];
    const { verdicts, fixture } = await ruled(["touch a", "touch a"], { answers: [{ ...yes, grants }] });
    expect(verdicts).toEqual(["allow user", "reject user"]);
    expect(fixture.ofType("warning").map((warning) => warning.message)).toEqual([expect.stringContaining(why)]);
  });

  test("can be kept for the session only by a host that has no rule files", async () => {
    const grants = [{ type: "prefix" as const, prefix: ["touch"], scope: "user" as const }];
    const { verdicts, asked, fixture } = await ruled(["touch a", "touch b"], {
      answers: [{ ...yes, grants }],
      host: { ruleFiles: undefined },
    });
    expect(asked[0]?.offers).toEqual([{ type: "command" }, { type: "prefix", prefix: ["touch", "a"], scope: "session" }]);
    expect(verdicts).toEqual(["allow user", "reject user"]);
    expect(fixture.ofType("warning").map((warning) => warning.message)).toEqual(["The rule was not kept: this host keeps no rule files."]);
  });

  test("never outranks a rule that forbids or, for a prefix, one that asks", async () => {
    const files = { "rules/a.rules": 'prefix_rule(["touch", "a"], "prompt")\nprefix_rule(["rm"], "forbidden")\n' };
    const grants = [{ type: "prefix" as const, prefix: ["touch"], scope: "session" as const }];
    const { verdicts, asked } = await ruled(["touch b", "touch a", "touch a; rm b"], { files, answers: [{ ...yes, grants }, yes] });
    expect(verdicts).toEqual(["allow user", "allow user", "reject execpolicy"]);
    expect(asked.map((request) => request.decision?.layer)).toEqual(["approval_policy", "execpolicy"]);
  });

  test("no passes its reason on to the model", async () => {
    const { outputs } = await ruled(["touch a"], { answers: [{ decision: "denied", reason: "use the other folder" }] });
    expect(outputs).toEqual(["The command was not run: use the other folder."]);
  });

  test("stands in the rollout with what led to it", async () => {
    const { fixture } = await ruled(["touch a"], { answers: [yes] });
    await fixture.session.close();
    const lines = (await readFile(fixture.session.rolloutPath ?? "", "utf8")).trim().split("\n");
    const kept = lines.map((line) => (JSON.parse(line) as { payload: { type?: string } }).payload.type);
    expect(kept).toEqual(expect.arrayContaining(["exec_approval_request", "tool_call_allowed", "exec_command_begin", "exec_command_end"]));
  });
});

test("calls that run side by side and are allowed the same keep one line", async () => {
  const grants = [{ type: "prefix" as const, prefix: ["touch"], scope: "user" as const }];
  const fixture = await openFixture([answer(Array.from({ length: 8 }, (_, index) => bash(`touch f${index}`, `c${index}`))), say("ok")], {
    flags: { approvalPolicy: "unless-allow-listed" },
    host: { approve: async () => ({ decision: "approved", grants }) },
  });
  await fixture.ask("go");
  const text = await readFile(join(fixture.config.codexHome, "rules/default.rules"), "utf8");
  expect(text).toBe('prefix_rule(pattern=["touch"], decision="allow")\n');
});

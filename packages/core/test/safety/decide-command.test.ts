import { isDeepStrictEqual } from "node:util";
import { fullAutoPolicy, sandboxPolicyForMode } from "@codex/linux-sandbox";
import { describe, expect, test } from "vitest";
import type { ApprovalPolicy } from "../../src/config/config.ts";
import type { DecisionExplanation, RuleReference } from "../../src/protocol/event.ts";
import { decideCommand, SESSION_RULES, type CommandCase } from "../../src/safety/decide.ts";
import { explainToModel, type Decision } from "../../src/safety/decision.ts";

const BYPASS = "`--dangerously-bypass-approvals-and-sandbox` runs everything without questions or confinement.";
const UNSAFE = "`npm` is not on the list of commands that only read";

const ANSWERER = "`codex exec --approvals stdio` or `--approvals command:PROGRAM` lets somebody answer.";
const OTHER_POLICY = "Another approval policy (`-a on-request`) with somebody to answer lets it be asked.";
const REMEDY = { line: 'prefix_rule(pattern=["npm", "test"], decision="allow")', file: "/home/u/.codex/rules/default.rules" };
const ADD = `Add \`${REMEDY.line}\` to ${REMEDY.file}.`;
const EDIT = "Edit or remove the rule at /rules/team.rules:3.";
const MEND = "Mend the rule file and start a new session.";

const RULES = {
  forbidden: rule("forbidden", "not here"),
  prompt: rule("prompt", "leaves the machine"),
  allow: rule("allow"),
  unreadable: undefined,
  none: undefined,
} satisfies Record<CommandCase["execpolicy"]["verdict"], RuleReference | undefined>;

function rule(decision: RuleReference["decision"], justification?: string): RuleReference {
  const place = { file: "/rules/team.rules", line: 3, column: 1, decision };
  return justification === undefined ? place : { ...place, justification };
}

/** Every outcome there is, whole. */
const OUTCOMES = {
  "rule forbids": no("execpolicy", "A rule forbids this command. It says: not here.", { rule: RULES.forbidden, change: [EDIT] }),
  "rule allows": run("execpolicy", "A rule allows this command.", { rule: RULES.allow }),
  "rule allows c": run("execpolicy", "A rule allows this command.", { confined: true, rule: RULES.allow }),
  "rule asks": ask("execpolicy", "A rule wants a question before this command. It says: leaves the machine.", {
    rule: RULES.prompt,
    change: [EDIT],
  }),
  "rule may not ask": no(
    "execpolicy",
    "A rule wants a question before this command. It says: leaves the machine. The approval policy `never` forbids questions.",
    { rule: RULES.prompt, change: [EDIT, OTHER_POLICY] },
  ),
  "broken asks": ask(
    "execpolicy",
    "The rules for commands cannot be used, so nothing is known to be allowed: /rules/team.rules:3:1 is wrong.",
    { change: [MEND] },
  ),
  "broken may not ask": no(
    "execpolicy",
    "The rules for commands cannot be used, so nothing is known to be allowed: /rules/team.rules:3:1 is wrong. The approval policy `never` forbids questions.",
    { change: [MEND, OTHER_POLICY] },
  ),
  granted: run("session_grant", "The user allowed this command for the session."),
  "granted c": run("session_grant", "The user allowed this command for the session.", { confined: true }),
  safe: run("known_safe", "The command is known to be safe: it only reads."),
  "safe c": run("known_safe", "The command is known to be safe: it only reads.", { confined: true }),
  "ask listed": ask(
    "approval_policy",
    `The approval policy \`unless-allow-listed\` asks before a command that is not known to be safe: ${UNSAFE}.`,
    { change: [ADD] },
  ),
  "ask listed bare": ask(
    "approval_policy",
    `The approval policy \`unless-allow-listed\` asks before a command that is not known to be safe: ${UNSAFE}.`,
    { change: [ADD, BYPASS] },
  ),
  "ask edit": ask("approval_policy", `The approval policy \`auto-edit\` asks before a command that is not known to be safe: ${UNSAFE}.`, {
    change: [ADD],
  }),
  "ask edit bare": ask(
    "approval_policy",
    `The approval policy \`auto-edit\` asks before a command that is not known to be safe: ${UNSAFE}.`,
    { change: [ADD, BYPASS] },
  ),
  "ask leave": ask("approval_policy", "The call asks to run outside the sandbox."),
  "ask allowed leave": ask("approval_policy", "A rule allows this command inside the sandbox, and the call asks to run outside of it.", {
    rule: RULES.allow,
  }),
  "ask bare": ask("sandbox_policy", `No sandbox is available here, and the command is not known to be safe: ${UNSAFE}.`, {
    change: [ADD, BYPASS],
  }),
  run: run("sandbox_policy", "The sandbox policy grants everything, so there is nothing to confine."),
  "run c": run("sandbox_policy", "The command runs inside the sandbox.", { confined: true }),
  "no leave": no(
    "approval_policy",
    "The call asks to run outside the sandbox, which the approval policy `never` does not let anybody grant.",
    { change: [OTHER_POLICY, BYPASS] },
  ),
  "no bare": no("sandbox_policy", `No sandbox is available here, and the command is not known to be safe: ${UNSAFE}.`, {
    change: [ADD, BYPASS],
  }),
} satisfies Record<string, Decision>;
type Outcome = keyof typeof OUTCOMES;

/** Full access, a sandbox that works, a call that asks to leave it, no sandbox. */
const STATES = ["full", "sandbox", "leaves", "none"] as const;
type State = (typeof STATES)[number];

/** Every surrounding there is, and the column that speaks about it. */
const SURROUNDINGS = [
  { full: true, available: true, asksToLeave: false, state: "full" },
  { full: true, available: true, asksToLeave: true, state: "full" },
  { full: true, available: false, asksToLeave: false, state: "full" },
  { full: true, available: false, asksToLeave: true, state: "full" },
  { full: false, available: true, asksToLeave: false, state: "sandbox" },
  { full: false, available: true, asksToLeave: true, state: "leaves" },
  { full: false, available: false, asksToLeave: false, state: "none" },
  { full: false, available: false, asksToLeave: true, state: "none" },
] as const satisfies readonly {
  readonly state: State;
  readonly full: boolean;
  readonly available: boolean;
  readonly asksToLeave: boolean;
}[];

const POLICIES = ["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"] as const satisfies readonly ApprovalPolicy[];

/** One line per thing that decides, the strongest first, and approval policy; one column per state. "-" = does not decide here. */
const TABLE = `
forbidden     | unless-allow-listed | rule forbids       | rule forbids       | rule forbids       | rule forbids
forbidden     | auto-edit           | rule forbids       | rule forbids       | rule forbids       | rule forbids
forbidden     | on-failure          | rule forbids       | rule forbids       | rule forbids       | rule forbids
forbidden     | on-request          | rule forbids       | rule forbids       | rule forbids       | rule forbids
forbidden     | never               | rule forbids       | rule forbids       | rule forbids       | rule forbids
grant         | unless-allow-listed | granted            | granted c          | -                  | granted
grant         | auto-edit           | granted            | granted c          | -                  | granted
grant         | on-failure          | granted            | granted c          | -                  | granted
grant         | on-request          | granted            | granted c          | -                  | granted
grant         | never               | granted            | granted c          | -                  | granted
prompt        | unless-allow-listed | rule asks          | rule asks          | rule asks          | rule asks
prompt        | auto-edit           | rule asks          | rule asks          | rule asks          | rule asks
prompt        | on-failure          | rule asks          | rule asks          | rule asks          | rule asks
prompt        | on-request          | rule asks          | rule asks          | rule asks          | rule asks
prompt        | never               | rule may not ask   | rule may not ask   | rule may not ask   | rule may not ask
unreadable    | unless-allow-listed | broken asks        | broken asks        | broken asks        | broken asks
unreadable    | auto-edit           | broken asks        | broken asks        | broken asks        | broken asks
unreadable    | on-failure          | broken asks        | broken asks        | broken asks        | broken asks
unreadable    | on-request          | broken asks        | broken asks        | broken asks        | broken asks
unreadable    | never               | broken may not ask | broken may not ask | broken may not ask | broken may not ask
allow         | unless-allow-listed | rule allows        | rule allows c      | -                  | rule allows
allow         | auto-edit           | rule allows        | rule allows c      | -                  | rule allows
allow         | on-failure          | rule allows        | rule allows c      | -                  | rule allows
allow         | on-request          | rule allows        | rule allows c      | -                  | rule allows
allow         | never               | rule allows        | rule allows c      | rule allows c      | rule allows
safe          | unless-allow-listed | safe               | safe c             | safe c             | safe
safe          | auto-edit           | safe               | safe c             | safe c             | safe
safe          | on-failure          | safe               | safe c             | safe c             | safe
safe          | on-request          | safe               | safe c             | safe c             | safe
safe          | never               | safe               | safe c             | safe c             | safe
allow, leaves | unless-allow-listed | -                  | -                  | ask allowed leave  | -
allow, leaves | auto-edit           | -                  | -                  | ask allowed leave  | -
allow, leaves | on-failure          | -                  | -                  | ask allowed leave  | -
allow, leaves | on-request          | -                  | -                  | ask allowed leave  | -
allow, leaves | never               | -                  | -                  | -                  | -
nothing       | unless-allow-listed | ask listed         | ask listed         | ask leave          | ask listed bare
nothing       | auto-edit           | ask edit           | ask edit           | ask leave          | ask edit bare
nothing       | on-failure          | run                | run c              | ask leave          | ask bare
nothing       | on-request          | run                | run c              | ask leave          | ask bare
nothing       | never               | run                | run c              | no leave           | no bare
`;

const ROWS = TABLE.trim()
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([layer = "", policy = "", ...cells]) => ({ layer, policy, cells }));

interface Combination {
  /** Whether a sandbox works, which full access does not need. */
  readonly available: boolean;
  readonly asksToLeave: boolean;
  readonly policy: ApprovalPolicy;
  readonly state: State;
  readonly rule: CommandCase["execpolicy"]["verdict"];
  readonly granted: boolean;
  readonly safe: boolean;
  readonly canAsk: boolean;
}

const COMBINATIONS: readonly Combination[] = POLICIES.flatMap((policy) =>
  SURROUNDINGS.flatMap(({ state, available, asksToLeave }) =>
    (["forbidden", "prompt", "unreadable", "allow", "none"] as const).flatMap((rule) =>
      [true, false].flatMap((granted) =>
        [true, false].flatMap((safe) =>
          [true, false].map((canAsk) => ({ policy, state, available, asksToLeave, rule, granted, safe, canAsk })),
        ),
      ),
    ),
  ),
);

describe("decideCommand", () => {
  test("has a verdict of its table for every combination", () => {
    expect(COMBINATIONS).toHaveLength(5 * 8 * 5 * 2 * 2 * 2);
    const wrong = COMBINATIONS.flatMap((combination) => {
      const got = decideCommand(question(combination));
      const wanted = expected(combination);
      return isDeepStrictEqual(got, wanted) ? [] : [{ combination, got, wanted }];
    });
    expect(wrong).toEqual([]);
  });

  test("uses every outcome of the table at least once", () => {
    const used = new Set(ROWS.flatMap(({ cells }) => cells));
    expect(Object.keys(OUTCOMES).filter((outcome) => !used.has(outcome))).toEqual([]);
  });

  test("says of every no and every question what would change it, or that somebody may just answer", () => {
    for (const decision of COMBINATIONS.map((combination) => decideCommand(question(combination)))) {
      if (decision.verdict === "reject") expect(decision.explanation.change?.length).toBeGreaterThan(0);
    }
  });

  test("a rule that it names as the remedy really allows the command", () => {
    const remedied = COMBINATIONS.filter((combination) => decideCommand(question(combination)).explanation.change?.includes(ADD));
    expect(remedied.length).toBeGreaterThan(0);
    const verdicts = remedied.map(
      (combination) => decideCommand({ ...question(combination), execpolicy: { verdict: "allow", rule: RULES.allow } }).verdict,
    );
    expect(new Set(verdicts)).toEqual(new Set(["allow"]));
  });

  test("the bypass that it names really runs the command", () => {
    const named = COMBINATIONS.filter((combination) => decideCommand(question(combination)).explanation.change?.includes(BYPASS));
    const verdicts = named.map(
      (combination) =>
        decideCommand({ ...question(combination), approvalPolicy: "never", sandboxPolicy: sandboxPolicyForMode("danger-full-access") })
          .verdict,
    );
    expect(new Set(verdicts)).toEqual(new Set(["allow"]));
  });

  test("a rule of the session counts as what the user granted", () => {
    const combination = { policy: "on-request", state: "none", available: false, asksToLeave: false } as const;
    const own: RuleReference = { file: SESSION_RULES, line: 1, column: 1, decision: "allow" };
    const input = question({ ...combination, rule: "allow", granted: false, safe: false, canAsk: true });
    expect(decideCommand({ ...input, execpolicy: { verdict: "allow", rule: own } })).toEqual(
      run("session_grant", "The user allowed commands that begin so for the session.", { rule: own }),
    );
  });

  test("tells the model the fact and never a flag", () => {
    const rejections = COMBINATIONS.map((combination) => decideCommand(question(combination))).filter(
      ({ verdict }) => verdict === "reject",
    );
    for (const rejection of rejections) expect(explainToModel(rejection)).not.toMatch(/--|prefix_rule|Edit or remove/u);
    const bare = { policy: "never", state: "none", available: false, asksToLeave: false, granted: false, safe: false } as const;
    expect(explainToModel(decideCommand(question({ ...bare, rule: "none", canAsk: false })))).toBe(
      "Declined, nothing was run or written. No sandbox is available here, and the command is not known to be safe: `npm` is not on the list of " +
        "commands that only read. Do not retry it or look for another way to the same effect: go on without it, or tell the user what you would need.",
    );
  });
});

function question({ policy, state, available, asksToLeave, rule, granted, safe, canAsk }: Combination): CommandCase {
  return {
    approvalPolicy: policy,
    sandboxPolicy: state === "full" ? sandboxPolicyForMode("danger-full-access") : fullAutoPolicy(),
    sandboxAvailable: available,
    knownSafe: safe ? { safe, reason: "it only reads" } : { safe, reason: UNSAFE },
    execpolicy: {
      verdict: rule,
      rule: RULES[rule],
      ...(rule === "unreadable" ? { reason: "/rules/team.rules:3:1 is wrong" } : {}),
      ...(rule === "none" ? { remedy: REMEDY } : {}),
    },
    sessionGrant: granted,
    asksToLeaveSandbox: asksToLeave,
    canAsk,
  };
}

/** The first line of the table whose layer is present and decides. */
function expected({ policy, state, available, rule, granted, safe, canAsk }: Combination): Decision {
  const leaves = rule === "allow" ? "allow, leaves" : "";
  const present = new Set<string>([rule, leaves, granted ? "grant" : "", safe ? "safe" : "", "nothing"]);
  const column = STATES.indexOf(state);
  const cells = ROWS.filter((row) => row.policy === policy && present.has(row.layer)).map((row) => row.cells[column]);
  const name = cells.find((cell) => cell !== "-") ?? "";
  // Under full access the column is the same with and without a sandbox; only then the way out differs.
  const bare = name.startsWith("ask ") && !available && `${name} bare` in OUTCOMES ? `${name} bare` : name;
  const outcome: Decision = OUTCOMES[bare as Outcome];
  if (outcome.verdict !== "ask" || canAsk) return outcome;
  const { explanation } = outcome;
  return {
    verdict: "reject",
    explanation: {
      ...explanation,
      verdict: "reject",
      layer: "no_answerer",
      reason: `${explanation.reason} Nobody can be asked in this session.`,
      change: [...(explanation.change ?? []), ANSWERER],
    },
  };
}

type More = Pick<DecisionExplanation, "rule" | "change">;

function run(layer: string, reason: string, { confined = false, ...more }: More & { readonly confined?: boolean } = {}): Decision {
  return { verdict: "allow", confined, explanation: { verdict: "allow", layer, reason, ...more } };
}

function ask(layer: string, reason: string, more: More = {}): Decision {
  return { verdict: "ask", explanation: { verdict: "ask", layer, reason, ...more } };
}

function no(layer: string, reason: string, more: More = {}): Decision {
  return { verdict: "reject", explanation: { verdict: "reject", layer, reason, ...more } };
}

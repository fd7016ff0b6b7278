import { fullAutoPolicy, sandboxPolicyForMode } from "@codex/linux-sandbox";
import { describe, expect, test } from "vitest";
import type { ApprovalPolicy } from "../../src/config/config.ts";
import { decideCommand, explainToModel, type CommandCase, type Decision } from "../../src/safety/decide.ts";

const BYPASS = "`--dangerously-bypass-approvals-and-sandbox` runs everything without questions or confinement.";
const UNSAFE = "`npm` is not on the list of commands that only read";

/** Every outcome there is, whole. */
const OUTCOMES = {
  "rule forbids": reject("execpolicy", "A rule forbids this command (team.rules:3)."),
  "rule allows": allow("execpolicy", "A rule allows this command (team.rules:3).", false),
  "rule allows c": allow("execpolicy", "A rule allows this command (team.rules:3).", true),
  "rule asks": ask("execpolicy", "A rule wants a question before this command (team.rules:3)."),
  "rule may not ask": reject(
    "execpolicy",
    "A rule wants a question before this command (team.rules:3). The approval policy `never` forbids questions.",
  ),
  granted: allow("session_grant", "The user allowed this command for the session.", false),
  "granted c": allow("session_grant", "The user allowed this command for the session.", true),
  safe: allow("known_safe", "The command is known to be safe: it only reads.", false),
  "safe c": allow("known_safe", "The command is known to be safe: it only reads.", true),
  "ask listed": ask(
    "approval_policy",
    `The approval policy \`unless-allow-listed\` asks before a command that is not known to be safe: ${UNSAFE}.`,
  ),
  "ask edit": ask("approval_policy", `The approval policy \`auto-edit\` asks before a command that is not known to be safe: ${UNSAFE}.`),
  "ask leave": ask("approval_policy", "The call asks to run outside the sandbox."),
  "ask bare": ask("sandbox_policy", `No sandbox is available here, and the command is not known to be safe: ${UNSAFE}.`),
  run: allow("sandbox_policy", "The sandbox policy grants everything, so there is nothing to confine.", false),
  "run c": allow("sandbox_policy", "The command runs inside the sandbox.", true),
  "no leave": reject(
    "approval_policy",
    "The call asks to run outside the sandbox, which the approval policy `never` does not let anybody grant.",
  ),
  "no bare": reject("sandbox_policy", `No sandbox is available here, and the command is not known to be safe: ${UNSAFE}.`, BYPASS),
} satisfies Record<string, Decision>;
type Outcome = keyof typeof OUTCOMES;

/** Full access, a sandbox that works, a call that asks to leave it, no sandbox. */
const STATES = ["full", "sandbox", "leaves", "none"] as const;
type State = (typeof STATES)[number];

const POLICIES = ["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"] as const satisfies readonly ApprovalPolicy[];

/** One line per thing that decides, the strongest first, and approval policy; one column per state. "-" = does not decide here. */
const TABLE = `
forbidden | unless-allow-listed | rule forbids     | rule forbids     | rule forbids     | rule forbids
forbidden | auto-edit           | rule forbids     | rule forbids     | rule forbids     | rule forbids
forbidden | on-failure          | rule forbids     | rule forbids     | rule forbids     | rule forbids
forbidden | on-request          | rule forbids     | rule forbids     | rule forbids     | rule forbids
forbidden | never               | rule forbids     | rule forbids     | rule forbids     | rule forbids
grant     | unless-allow-listed | granted          | granted c        | -                | granted
grant     | auto-edit           | granted          | granted c        | -                | granted
grant     | on-failure          | granted          | granted c        | -                | granted
grant     | on-request          | granted          | granted c        | -                | granted
grant     | never               | granted          | granted c        | -                | granted
prompt    | unless-allow-listed | rule asks        | rule asks        | rule asks        | rule asks
prompt    | auto-edit           | rule asks        | rule asks        | rule asks        | rule asks
prompt    | on-failure          | rule asks        | rule asks        | rule asks        | rule asks
prompt    | on-request          | rule asks        | rule asks        | rule asks        | rule asks
prompt    | never               | rule may not ask | rule may not ask | rule may not ask | rule may not ask
allow     | unless-allow-listed | rule allows      | rule allows c    | rule allows c    | rule allows
allow     | auto-edit           | rule allows      | rule allows c    | rule allows c    | rule allows
allow     | on-failure          | rule allows      | rule allows c    | rule allows c    | rule allows
allow     | on-request          | rule allows      | rule allows c    | rule allows c    | rule allows
allow     | never               | rule allows      | rule allows c    | rule allows c    | rule allows
safe      | unless-allow-listed | safe             | safe c           | safe c           | safe
safe      | auto-edit           | safe             | safe c           | safe c           | safe
safe      | on-failure          | safe             | safe c           | safe c           | safe
safe      | on-request          | safe             | safe c           | safe c           | safe
safe      | never               | safe             | safe c           | safe c           | safe
nothing   | unless-allow-listed | ask listed       | ask listed       | ask listed       | ask listed
nothing   | auto-edit           | ask edit         | ask edit         | ask edit         | ask edit
nothing   | on-failure          | run              | run c            | ask leave        | ask bare
nothing   | on-request          | run              | run c            | ask leave        | ask bare
nothing   | never               | run              | run c            | no leave         | no bare
`;

const ROWS = TABLE.trim()
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([layer = "", policy = "", ...cells]) => ({ layer, policy, cells }));

interface Combination {
  readonly policy: ApprovalPolicy;
  readonly state: State;
  readonly rule: CommandCase["execpolicy"]["verdict"];
  readonly granted: boolean;
  readonly safe: boolean;
  readonly canAsk: boolean;
}

const COMBINATIONS: readonly Combination[] = POLICIES.flatMap((policy) =>
  STATES.flatMap((state) =>
    (["forbidden", "prompt", "allow", "none"] as const).flatMap((rule) =>
      [true, false].flatMap((granted) =>
        [true, false].flatMap((safe) => [true, false].map((canAsk) => ({ policy, state, rule, granted, safe, canAsk }))),
      ),
    ),
  ),
);

describe("decideCommand", () => {
  test("has a verdict of its table for every combination", () => {
    expect(COMBINATIONS).toHaveLength(5 * 4 * 4 * 2 * 2 * 2);
    const wrong = COMBINATIONS.flatMap((combination) => {
      const got = decideCommand(question(combination));
      const wanted = expected(combination);
      return JSON.stringify(got) === JSON.stringify(wanted) ? [] : [{ combination, got, wanted }];
    });
    expect(wrong).toEqual([]);
  });

  test("uses every outcome of the table at least once", () => {
    const used = new Set(ROWS.flatMap(({ cells }) => cells));
    expect(Object.keys(OUTCOMES).filter((outcome) => !used.has(outcome))).toEqual([]);
  });

  test("does not look at the wish to leave a sandbox that is not there", () => {
    for (const combination of COMBINATIONS.filter(({ state }) => state === "full" || state === "none")) {
      const plain = question(combination);
      expect(decideCommand({ ...plain, asksToLeaveSandbox: true })).toEqual(decideCommand(plain));
    }
  });

  test("under full access nothing is confined, whether a sandbox is available or not", () => {
    for (const combination of COMBINATIONS.filter(({ state }) => state === "full")) {
      const plain = question(combination);
      const without = decideCommand({ ...plain, sandboxAvailable: false });
      expect(without).toMatchObject({ verdict: decideCommand(plain).verdict });
      expect(without.verdict === "allow" && without.confined).toBe(false);
    }
  });

  test("tells the model the fact and never a flag", () => {
    const rejections = COMBINATIONS.map((combination) => decideCommand(question(combination))).filter(
      ({ verdict }) => verdict === "reject",
    );
    for (const rejection of rejections) expect(explainToModel(rejection)).not.toContain("--");
    expect(
      explainToModel(decideCommand(question({ policy: "never", state: "none", rule: "none", granted: false, safe: false, canAsk: false }))),
    ).toBe(
      "Declined, nothing was run or written. No sandbox is available here, and the command is not known to be safe: `npm` is not on the list of " +
        "commands that only read. Do not retry it or look for another way to the same effect: go on without it, or tell the user what you would need.",
    );
  });
});

function question({ policy, state, rule, granted, safe, canAsk }: Combination): CommandCase {
  return {
    approvalPolicy: policy,
    sandboxPolicy: state === "full" ? sandboxPolicyForMode("danger-full-access") : fullAutoPolicy(),
    sandboxAvailable: state !== "none",
    knownSafe: safe ? { safe, reason: "it only reads" } : { safe, reason: UNSAFE },
    execpolicy: rule === "none" ? { verdict: rule } : { verdict: rule, rule: "team.rules:3" },
    sessionGrant: granted,
    asksToLeaveSandbox: state === "leaves",
    canAsk,
  };
}

/** The first line of the table whose layer is present and decides. */
function expected({ policy, state, rule, granted, safe, canAsk }: Combination): Decision {
  const present = new Set<string>([rule, granted ? "grant" : "", safe ? "safe" : "", "nothing"]);
  const column = STATES.indexOf(state);
  const cells = ROWS.filter((row) => row.policy === policy && present.has(row.layer)).map((row) => row.cells[column]);
  const outcome = OUTCOMES[cells.find((cell) => cell !== "-") as Outcome];
  if (outcome.verdict !== "ask" || canAsk) return outcome;
  // The way round is named where no sandbox could confine the command.
  const fact = `${outcome.explanation.reason} Nobody can be asked in this session.`;
  return reject("no_answerer", fact, state === "none" ? BYPASS : undefined);
}

function allow(layer: string, reason: string, confined: boolean): Decision {
  return { verdict: "allow", confined, explanation: { verdict: "allow", layer, reason } };
}

function ask(layer: string, reason: string): Decision {
  return { verdict: "ask", explanation: { verdict: "ask", layer, reason } };
}

function reject(layer: string, fact: string, wayOut?: string): Decision {
  return { verdict: "reject", explanation: { verdict: "reject", layer, reason: wayOut === undefined ? fact : `${fact} ${wayOut}` }, fact };
}

import { expect, test } from "vitest";
import { evaluateScript, withSessionRule, type PrefixRules, type RuleVerdict } from "../../src/index.ts";
import { generator, judge, pick, rulesOf } from "./scripts.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_251_122);
const RUNS = Number(process.env["FUZZ_LAWS"] ?? 2000);

const STRICTNESS: readonly RuleVerdict[] = ["allow", "none", "prompt", "forbidden"];
const strictness = (verdict: RuleVerdict): number => STRICTNESS.indexOf(verdict);

const PROGRAMS = ["git", "npm", "rm", "make", "ls", "cat", "curl", "/usr/bin/git", "./run"] as const;
const HOSTS = ["a.example.com", "b.example.com"] as const;
const WORDS = [
  "status",
  "push",
  "--force",
  "-rf",
  "test",
  "x",
  "https://a.example.com",
  '"https://$X"',
  "'a b'",
  "*.ts",
  "$X",
  '"$X"',
  "{a,b}",
  "~/x",
  "$(ls)",
  "`make x`",
  '"$(git push)"',
] as const;
const PLAIN_WORDS = ["status", "push", "--force", "-rf", "test", "x", "https://a.example.com"] as const;

function randomRule(random: () => number, decision = pick(random, ["allow", "prompt", "forbidden"] as const)): string {
  if (random() < 0.2) return `network_rule(${JSON.stringify(pick(random, HOSTS))}, "https", "${decision}")`;
  const words = Array.from({ length: Math.floor(random() * 3) }, () => JSON.stringify(pick(random, PLAIN_WORDS)));
  return `prefix_rule([${[JSON.stringify(pick(random, PROGRAMS)), ...words].join(", ")}], decision = "${decision}")`;
}

function randomRules(random: () => number): readonly string[] {
  return Array.from({ length: Math.floor(random() * 6) }, () => randomRule(random));
}

function randomCommand(random: () => number): string {
  const words = Array.from({ length: Math.floor(random() * 4) }, () => pick(random, WORDS));
  const prefix = pick(random, ["", "", "", "LANG=C ", "FOO=1 "] as const);
  const suffix = pick(random, ["", "", "", " > /dev/null", " 2>&1", " > out", " <<< x"] as const);
  return `${prefix}${[pick(random, PROGRAMS), ...words].join(" ")}${suffix}`;
}

function randomScript(random: () => number, depth = 0): string {
  if (depth > 2 || random() < 0.5) return randomCommand(random);
  const [left, right] = [randomScript(random, depth + 1), randomScript(random, depth + 1)];
  return pick(random, [
    `${left} | ${right}`,
    `${left} && ${right}`,
    `${left} || ${right}`,
    `${left}; ${right}`,
    `${left} & ${right}`,
    `( ${left} )`,
    `{ ${left}; }`,
    `if ${left}; then ${right}; fi`,
    `for x in a b; do ${left}; done`,
    `while ${left}; do ${right}; done`,
    `! ${left}`,
    `f() { ${left}; }; f`,
    `echo "$( ${left} )"`,
    `cat <( ${left} )`,
    `[[ -f x ]] && ${left}`,
  ]);
}

const quoted = (script: string): string => `'${script.replaceAll("'", "'\\''")}'`;

/** Ways to run a script inside of something. */
const SCRIPT_WRAPPINGS: readonly [(script: string) => string, ...((script: string) => string)[]] = [
  (script) => `bash -lc ${quoted(script)}`,
  (script) => `bash -c ${quoted(script)} name arg`,
  (script) => `/bin/bash -euxo pipefail -c ${quoted(script)}`,
  (script) => `eval ${quoted(script)}`,
  (script) => `sudo bash -c ${quoted(script)}`,
  (script) => `env -i A=1 bash -c ${quoted(script)}`,
  (script) => `timeout 5 bash -c ${quoted(script)}`,
  (script) => `find . -exec bash -c ${quoted(script)} \\;`,
  (script) => `trap ${quoted(script)} EXIT`,
  (script) => `bash <<'END'\n${script}\nEND`,
  (script) => `( ${script} )`,
  (script) => `echo $( ${script} )`,
  (script) => `xargs -n1 bash -c ${quoted(script)}`,
  (script) => `git status; ${script}`,
  (script) => `${script}\nls`,
];

/** Ways to run one command by another. */
const COMMAND_WRAPPINGS: readonly [string, ...string[]] = [
  "env",
  "env -u A",
  "sudo",
  "sudo -u root -n",
  "timeout 5",
  "timeout -k 3 --signal=KILL 1m",
  "nice",
  "nice -n 5",
  "nice -5",
  "nohup",
  "setsid -f",
  "stdbuf -oL -e0",
  "command",
  "exec",
  "time",
  "time -p",
  "ionice -c3",
  "taskset 1",
  "xargs -0 -r",
  "xargs -I{} -P4",
  "busybox",
  "doas -u root",
  "env nice timeout 3",
];

function lawHolds(check: (random: () => number) => string | undefined): void {
  const random = generator(SEED);
  const broken: string[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const fault = check(random);
    if (fault !== undefined) broken.push(fault);
  }
  expect(broken.slice(0, 3)).toEqual([]);
}

test("a rule that asks or forbids never makes anything milder", () => {
  lawHolds((random) => {
    const lines = randomRules(random);
    const script = randomScript(random);
    const added = randomRule(random, pick(random, ["prompt", "forbidden"]));
    const before = judge(script, rulesOf(lines.join("\n"))).verdict;
    const after = judge(script, rulesOf([...lines, added].join("\n"))).verdict;
    return strictness(after) >= strictness(before) ? undefined : `${script}: ${before} became ${after} by ${added}`;
  });
});

test("a script is never milder inside of something that runs it", () => {
  lawHolds((random) => {
    const rules = rulesOf(randomRules(random).join("\n"));
    const script = randomScript(random);
    const wrapped = pick(random, SCRIPT_WRAPPINGS)(script);
    const [bare, inside] = [judge(script, rules).verdict, judge(wrapped, rules).verdict];
    return strictness(inside) >= strictness(bare) ? undefined : `${script}: ${bare}, but ${inside} as ${wrapped}`;
  });
});

test("a command is never milder when another program runs it", () => {
  lawHolds((random) => {
    const rules = rulesOf(randomRules(random).join("\n"));
    const command = [pick(random, PROGRAMS), ...Array.from({ length: 2 }, () => pick(random, PLAIN_WORDS))].join(" ");
    const wrapped = `${pick(random, COMMAND_WRAPPINGS)} ${command}`;
    const [bare, inside] = [judge(command, rules).verdict, judge(wrapped, rules).verdict];
    return strictness(inside) >= strictness(bare) ? undefined : `${command}: ${bare}, but ${inside} as ${wrapped}`;
  });
});

test("a variable set for a command makes it no milder, and is not lost when another program runs it", () => {
  lawHolds((random) => {
    const rules = rulesOf(randomRules(random).join("\n"));
    const command = [pick(random, PROGRAMS), ...Array.from({ length: 2 }, () => pick(random, PLAIN_WORDS))].join(" ");
    const variable = pick(random, ["FOO=1", "LD_PRELOAD=x.so", "GIT_DIR=$X", "BASH_ENV=x"]);
    const wrapper = pick(random, COMMAND_WRAPPINGS);
    const [bare, set, around] = [command, `${variable} ${command}`, `${variable} ${wrapper} ${command}`].map(
      (one) => judge(one, rules).verdict,
    );
    const rising =
      strictness(bare ?? "forbidden") <= strictness(set ?? "allow") && strictness(set ?? "forbidden") <= strictness(around ?? "allow");
    return rising ? undefined : `${command}: ${bare}, ${set} with ${variable}, and ${around} by ${wrapper}`;
  });
});

test("a list of commands is as strict as its strictest one", () => {
  lawHolds((random) => {
    const rules = rulesOf(randomRules(random).join("\n"));
    const commands = Array.from({ length: 2 + Math.floor(random() * 3) }, () => randomCommand(random));
    const script = commands.join(pick(random, [" | ", " && ", " || ", "; ", "\n"]));
    const strictest = Math.max(...commands.map((command) => strictness(judge(command, rules).verdict)));
    const whole = judge(script, rules).verdict;
    return strictness(whole) === strictest ? undefined : `${script}: ${whole}, but its strictest is ${STRICTNESS[strictest]}`;
  });
});

test("what a user always allows never outranks a rule that asks or forbids", () => {
  lawHolds((random) => {
    const rules = rulesOf(randomRules(random).join("\n"));
    const words = [pick(random, PROGRAMS), ...Array.from({ length: 2 }, () => pick(random, PLAIN_WORDS))];
    const amended: PrefixRules = withSessionRule(rules, words.slice(0, 1 + Math.floor(random() * 3))) ?? rules;
    const script = random() < 0.5 ? words.join(" ") : randomScript(random);
    const [before, after] = [judge(script, rules).verdict, judge(script, amended).verdict];
    if (before !== "prompt" && before !== "forbidden") return undefined;
    return after === before ? undefined : `${script}: ${before} became ${after} by ${words.join(" ")}`;
  });
});

test("an argument list is judged as the same words in a script", () => {
  lawHolds((random) => {
    const rules = rulesOf(randomRules(random).join("\n"));
    const argv = [pick(random, PROGRAMS), ...Array.from({ length: 2 }, () => pick(random, WORDS))];
    const script = argv.map(quoted).join(" ");
    const direct = evaluateScript({ type: "argv", argv }, { prefix: rules }, { cwd: "/project" }).verdict;
    const inScript = judge(script, rules).verdict;
    return direct === inScript ? undefined : `${JSON.stringify(argv)}: ${direct}, but ${inScript} in a script`;
  });
});

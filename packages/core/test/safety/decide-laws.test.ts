import { fullAutoPolicy, sandboxPolicyForMode } from "@codex/linux-sandbox";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import { isKnownSafe, isKnownSafePart, type KnownSafeContext } from "../../src/safety/command.ts";
import { createCommandRules, type CommandRules } from "../../src/safety/command-rules.ts";
import { decideCommand } from "../../src/safety/decide.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The laws of decisions, over random rules, scripts and surroundings: rules, known commands and the table together. */

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_251_122);
const RUNS = Number(process.env["FUZZ_DECISIONS"] ?? 120);

const PROGRAMS = ["git", "npm", "rm", "make", "ls", "cat", "wc", "/usr/bin/git", "./run"] as const;
const WORDS = ["status", "push", "--force", "-rf", "test", "x", "'a b'", "*.ts", "$X", '"$X"', "$(ls)", '"$(git push)"'] as const;
const RULE_WORDS = ["status", "push", "--force", "-rf", "test", "x"] as const;

type Random = () => number;

function generator(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pick<T>(random: Random, from: readonly [T, ...T[]]): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

function rule(random: Random, decision = pick(random, ["allow", "allow", "prompt", "forbidden"] as const)): string {
  const words = Array.from({ length: Math.floor(random() * 2) }, () => JSON.stringify(pick(random, RULE_WORDS)));
  return `prefix_rule([${[JSON.stringify(pick(random, PROGRAMS)), ...words].join(", ")}], decision = "${decision}")\n`;
}

function script(random: Random, depth = 0): string {
  if (depth > 1 || random() < 0.5) {
    const words = Array.from({ length: Math.floor(random() * 3) }, () => pick(random, WORDS));
    return [pick(random, PROGRAMS), ...words].join(" ") + pick(random, ["", "", "", " > /dev/null", " > out"] as const);
  }
  const [left, right] = [script(random, depth + 1), script(random, depth + 1)];
  return pick(random, [`${left} | ${right}`, `${left} && ${right}`, `${left}; ${right}`, `( ${left} )`] as const);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const WRAPPINGS: readonly [(inner: string) => string, ...((inner: string) => string)[]] = [
  (inner) => `bash -c ${quoted(inner)}`,
  (inner) => `timeout 5 bash -c ${quoted(inner)}`,
  (inner) => `sudo sh -c ${quoted(inner)}`,
  (inner) => `env A=1 bash -lc ${quoted(inner)}`,
  (inner) => `eval ${quoted(inner)}`,
  (inner) => `find . -exec bash -c ${quoted(inner)} \\;`,
  (inner) => `( ${inner} )`,
  (inner) => `echo "$( ${inner} )"`,
  (inner) => `xargs bash -c ${quoted(inner)}`,
  (inner) => `${inner} && ls`,
];

const SURROUNDINGS = (["unless-allow-listed", "auto-edit", "on-failure", "on-request", "never"] as const).flatMap((approvalPolicy) =>
  [true, false].flatMap((sandboxAvailable) =>
    [true, false].flatMap((full) =>
      [true, false].map((canAsk) => ({
        approvalPolicy,
        sandboxAvailable,
        sandboxPolicy: full ? sandboxPolicyForMode("danger-full-access") : fullAutoPolicy(),
        canAsk,
      })),
    ),
  ),
);

const STRICTNESS = ["allow", "ask", "reject"];

/** How strict the decision on a script is in every surrounding. */
async function strictness(text: string, rules: CommandRules, known: KnownSafeContext): Promise<readonly number[]> {
  const argv = ["bash", "-c", text];
  const command = { argv, cwd: known.cwd, isKnownSafe: (words: readonly string[]) => isKnownSafePart(words, known), mayWrite: () => false };
  const [execpolicy, knownSafe] = await Promise.all([rules.judge(command), isKnownSafe(argv, known)]);
  return SURROUNDINGS.map((surrounding) =>
    STRICTNESS.indexOf(decideCommand({ ...surrounding, execpolicy, knownSafe, sessionGrant: false, asksToLeaveSandbox: false }).verdict),
  );
}

interface Laboratory {
  readonly random: Random;
  readonly decide: (text: string, rules: readonly string[]) => Promise<readonly number[]>;
}

async function laboratory(): Promise<Laboratory> {
  const folder = await temporaryFolder();
  const known: KnownSafeContext = {
    os: "linux",
    cwd: folder,
    writableRoots: [folder],
    searchPath: process.env["PATH"] ?? "",
    fs: nodeFileSystem,
  };
  let homes = 0;
  const decide = async (text: string, rules: readonly string[]): Promise<readonly number[]> => {
    const codexHome = join(folder, String(homes++));
    await mkdir(join(codexHome, "rules"), { recursive: true });
    await writeFile(join(codexHome, "rules", "a.rules"), rules.join(""));
    const config = { codexHome, cwd: folder, trustedProjects: [] as string[] } as unknown as Config;
    const faults: string[] = [];
    const found = createCommandRules(config, { fs: nodeFileSystem }, (message) => faults.push(message));
    const verdicts = await strictness(text, found, known);
    expect(faults).toEqual([]);
    return verdicts;
  };
  return { random: generator(SEED), decide };
}

async function lawHolds(check: (laboratory: Laboratory) => Promise<string | undefined>): Promise<void> {
  const one = await laboratory();
  const broken: string[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one random sequence
    const fault = await check(one);
    if (fault !== undefined) broken.push(fault);
  }
  expect(broken).toEqual([]);
}

const milder = (after: readonly number[], before: readonly number[]): boolean => after.some((one, at) => one < (before[at] ?? 0));

test("a rule more that asks or forbids never allows more", async () => {
  await lawHolds(async ({ random, decide }) => {
    const rules = Array.from({ length: Math.floor(random() * 5) }, () => rule(random));
    const [text, strict] = [script(random), rule(random, pick(random, ["prompt", "forbidden"] as const))];
    const [before, after] = [await decide(text, rules), await decide(text, [...rules, strict])];
    return milder(after, before) ? `${strict} lets \`${text}\` do more under ${rules.join("")}` : undefined;
  });
});

test("wrapping a script never makes the decision milder", async () => {
  await lawHolds(async ({ random, decide }) => {
    const rules = Array.from({ length: Math.floor(random() * 5) }, () => rule(random));
    const text = script(random);
    const wrapped = pick(random, WRAPPINGS)(text);
    return milder(await decide(wrapped, rules), await decide(text, rules)) ? `\`${wrapped}\` is milder under ${rules.join("")}` : undefined;
  });
});

test("a pipeline, a list and a sequence are as strict as their strictest part", async () => {
  await lawHolds(async ({ random, decide }) => {
    const rules = Array.from({ length: Math.floor(random() * 5) }, () => rule(random));
    const [left, right] = [script(random, 1), script(random, 1)];
    const joined = `${left} ${pick(random, ["|", "&&", "||", ";"] as const)} ${right}`;
    const [whole, ...parts] = [await decide(joined, rules), await decide(left, rules), await decide(right, rules)];
    return parts.some((part) => milder(whole, part)) ? `\`${joined}\` is milder than a part of it under ${rules.join("")}` : undefined;
  });
});

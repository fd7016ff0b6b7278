#!/usr/bin/env node
// Shows the agent at work without a key: the model's side is played from a cassette, everything else is real. It fixes a bug
// in a copy of examples/settle-up. Fails when the tests did not fail before, or do not pass afterwards.
// Usage: demo.mjs [--cassette FILE] [--keep] [--unconfined]
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  agentEnvironment,
  canConfine,
  CASSETTE,
  CODEX,
  FLAGS,
  git,
  makeWorkspace,
  PROMPT,
  requireBuild,
  TEST_COMMAND,
  UNCONFINED_FLAGS,
  unconfinedCassette,
} from "./demo-session.mjs";

const { values } = parseArgs({
  options: {
    cassette: { type: "string", default: CASSETTE },
    keep: { type: "boolean", default: false },
    unconfined: { type: "boolean", default: false },
  },
});
const color = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";

try {
  demo();
} catch (error) {
  process.stderr.write(`\n${paint(31, "The demo failed:")} ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function demo() {
  requireBuild();
  const workspace = makeWorkspace();
  try {
    show(workspace);
  } finally {
    if (values.keep) say(`The project stays in ${workspace.project}`);
    else workspace.remove();
  }
}

function show({ project, codexHome }) {
  title("A small project, and its tests");
  say(`A copy of examples/settle-up in ${project}, as a git repository.`);
  const before = runTests(project, codexHome);
  if (before.passed) throw new Error("the example's tests pass before the agent has done anything");
  say(before.summary);

  title("The agent, with the recorded model and real tools");
  const { cassette, flags } = chooseRun(codexHome);
  const args = ["exec", "--replay", cassette, "--live-tools", ...flags, PROMPT];
  say(paint(2, `$ codex ${args.map((arg) => (/\s/.test(arg) ? JSON.stringify(arg) : arg)).join(" ")}`));
  const agent = spawnSync(process.execPath, [CODEX, ...args], {
    cwd: project,
    env: agentEnvironment(codexHome),
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (agent.error !== undefined) throw agent.error;
  if (agent.status !== 0) throw new Error(`the agent ended with ${agent.signal ?? `exit code ${agent.status}`}`);

  title("What it changed");
  const diff = git(project, ["diff", `--color=${color ? "always" : "never"}`]);
  say(diff.trimEnd() || "Nothing.");

  title("The tests now");
  const after = runTests(project, codexHome);
  say(after.passed ? after.summary : after.output.trimEnd());
  if (!after.passed) throw new Error("the example's tests do not pass after the agent's work");
  say(nextSteps());
}

/** Confined, as a user would run it, wherever the machine can. */
function chooseRun(codexHome) {
  const cassette = resolve(values.cassette);
  if (!values.unconfined && canConfine(codexHome)) return { cassette, flags: FLAGS };
  if (!values.unconfined)
    say("This machine offers no way to confine commands (`codex doctor` says why). The copy is thrown away, so they run unconfined.");
  const adapted = join(codexHome, "unconfined.cassette.jsonl");
  writeFileSync(adapted, unconfinedCassette(readFileSync(cassette, "utf8")), { mode: 0o600 });
  return { cassette: adapted, flags: UNCONFINED_FLAGS };
}

function runTests(project, codexHome) {
  const [, ...args] = TEST_COMMAND;
  const env = { ...agentEnvironment(codexHome), NO_COLOR: "1" };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, { cwd: project, env, encoding: "utf8" });
  if (error !== undefined) throw error;
  const count = (name) => new RegExp(`^\\S+ ${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? "?";
  const failing = [...new Set([...stdout.matchAll(/^✖ (?!failing tests)(.*?)(?: \([\d.]+ms\))?$/gm)].map((match) => match[1]))];
  const lines = [`${count("pass")} of ${count("tests")} tests pass.`, ...failing.map((name) => `${paint(31, "fails:")} ${name}`)];
  return { passed: status === 0, summary: (status === 0 ? [paint(32, lines[0])] : lines).join("\n"), output: stdout + stderr };
}

function title(text) {
  say(`\n${paint(1, `── ${text} ──`)}`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function paint(code, text) {
  return color ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function nextSteps() {
  return `
${paint(1, "── Now with your own key and repository ──")}
  export OPENAI_API_KEY=…
  cd your/repository
  node ${CODEX} exec "Explain how this project is built and tested."

Commands may only read there. To let the agent change files below the folder, with every command confined to it and off the
network:
  node ${CODEX} exec ${FLAGS.join(" ")} "Run the tests and fix what fails."`;
}

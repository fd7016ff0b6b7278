#!/usr/bin/env node
// Records examples/settle-up.cassette.jsonl: runs the agent on a copy of the example against the fake model server, with the
// model's side scripted below, and takes out of the recording what differs from run to run (times, chunks, stack frames).
// Usage: record-demo.mjs [--check]   --check writes nothing and fails when the cassette is not what a new recording gives.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { agentEnvironment, CASSETTE, CODEX, FLAGS, makeWorkspace, PROMPT, requireBuild, TEST_COMMAND } from "./demo-session.mjs";

const PATCH = `*** Begin Patch
*** Update File: src/split.js
@@ export function splitByWeight(cents, weights) {
   const exact = weights.map((weight) => (cents * weight) / total);
   const shares = exact.map(Math.trunc);
   let left = cents - shares.reduce((sum, share) => sum + share, 0);
+  const cent = Math.sign(left);
   for (const index of byLostPart(exact)) {
-    if (left <= 0) break;
-    shares[index] += 1;
-    left -= 1;
+    if (left === 0) break;
+    shares[index] += cent;
+    left -= cent;
   }
   return shares;
 }
@@ function byLostPart(exact) {
-  const lost = exact.map((value) => value - Math.trunc(value));
+  const lost = exact.map((value) => Math.abs(value - Math.trunc(value)));
   return lost.map((_, index) => index).sort((a, b) => lost[b] - lost[a] || a - b);
 }
*** Update File: test/split.test.js
@@
 test("weights that cannot be used are refused", () => {
   assert.throws(() => splitByWeight(100, [0, 0]), RangeError);
   assert.throws(() => splitByWeight(100, [2, -1]), RangeError);
 });
+
+test("a negative amount is split like the positive one, to the last cent", () => {
+  assert.deepEqual(splitEvenly(-1001, 3), [-334, -334, -333]);
+  assert.deepEqual(splitByWeight(-100, [1, 2, 4]), [-14, -29, -57]);
+});
*** End Patch
`;

const FINAL_MESSAGE = `Fixed: refunds no longer lose cents, and all tests pass.

**Cause.** A refund is entered as a negative amount. \`splitByWeight\` cuts each share towards zero and then hands out the cents that are left, but only when they are positive; for a refund they are negative and were dropped. The balances stopped adding up, which \`settle\` then refused.

**Change.** \`src/split.js\` hands out what is left in either direction, first to those who lost the largest part of a cent whatever its sign. \`test/split.test.js\` has a new test for negative amounts.`;

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

try {
  requireBuild();
  const lines = settled(await record());
  if (values.check) check(lines);
  else writeFileSync(CASSETTE, textOf(lines));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function record() {
  const { startFakeResponsesServer, answer, call, customCall, say, think } = await import("../packages/core/dist/index.js");
  const server = await startFakeResponsesServer(modelTurns({ answer, call, customCall, say, think }));
  const workspace = makeWorkspace();
  try {
    const file = join(workspace.codexHome, "recording.jsonl");
    const env = agentEnvironment(workspace.codexHome, { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "none-needed" });
    const { code, stderr } = await run(process.execPath, [CODEX, "exec", "--record", file, ...FLAGS, PROMPT], {
      cwd: workspace.project,
      env,
    });
    if (code !== 0) throw new Error(`the recorded run ended with ${code}:\n${stderr}`);
    return readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  } finally {
    workspace.remove();
    await server.close();
  }
}

function run(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, stderr }));
  });
}

function modelTurns({ answer, call, customCall, say, think }) {
  const plan = (...done) => {
    const steps = ["Run the tests and read the failure", "Find the cause", "Fix it and cover it with a test", "Run all the tests again"];
    return call("update_plan", { plan: steps.map((step, index) => ({ step, status: done[index] ?? "pending" })) });
  };
  const shell = (...command) => call("shell", { command });
  const turn = (items, input, output) => answer(items, { usage: { input, output, cached: Math.floor(input / 2) } });
  return [
    turn(
      [think("**Starting with the tests**\n\nThe failure itself should say where to look."), plan("in_progress"), shell(...TEST_COMMAND)],
      2100,
      120,
    ),
    turn(
      [
        say(
          "One test fails: after a refund the balances are two cents off. `settle` only notices; the cents are lost earlier, so I look at what makes the balances.",
        ),
        shell("cat", "src/settle.js", "src/ledger.js"),
        shell("sed", "-n", "1,60p", "src/split.js"),
        shell("cat", "test/split.test.js"),
      ],
      3900,
      160,
    ),
    turn(
      [
        think(
          "**Refunds go through the split as negative amounts**\n\n`ledger.js` turns a refund into an expense of -2000. `Math.trunc` cuts towards zero, so the shares are -666 each and what is left is -2. The loop stops at `left <= 0` and those cents vanish. `byLostPart` compares signed parts, so it would also pick the wrong people first.",
        ),
        plan("completed", "completed", "in_progress"),
        customCall("apply_patch", PATCH),
      ],
      5600,
      420,
    ),
    turn([plan("completed", "completed", "completed", "in_progress"), shell(...TEST_COMMAND)], 6200, 70),
    turn([plan("completed", "completed", "completed", "completed")], 7500, 40),
    turn([say(FINAL_MESSAGE)], 7600, 150),
  ];
}

// The rest is what a second recording would have different.

/** The recording with made-up times, in the order and with the contents that every run has. */
function settled(lines) {
  let clock = 0;
  return inCallOrder(lines).map((line) => {
    if (line.type === "cassette") return { ...line, started_at: "2026-01-01T00:00:00.000Z" };
    clock += line.type === "response_event" ? 15 : 100;
    const events = line.events?.filter((event) => event.type !== "exec_command_output_delta");
    return steady({ ...line, at_ms: clock, ...(events === undefined ? {} : { events }) });
  });
}

/** Calls that ran side by side end in any order; their results are put in the order of their ids. */
function inCallOrder(lines) {
  const sorted = [...lines];
  for (let start = 0; start < sorted.length; start++) {
    let end = start;
    while (sorted[end]?.type === "tool_result") end++;
    const results = sorted.slice(start, end).sort((a, b) => a.call_id.localeCompare(b.call_id, "en"));
    sorted.splice(start, results.length, ...results);
    start = Math.max(start, end - 1);
  }
  return sorted;
}

function steady(value) {
  if (typeof value === "string") return steadyText(value);
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, key === "duration_ms" ? 100 : steady(member)]));
}

function steadyText(text) {
  return text
    .replace(/\n\s+at [^\n]*node:internal[^\n]*/g, "")
    .replace(/\([\d.]+ms\)/g, "(1ms)")
    .replace(/(duration_ms) [\d.]+/g, "$1 100")
    .replace(/((?:Wall time|Duration|took)[^\n\d]{0,3})[\d.]+/g, "$10.1");
}

function textOf(lines) {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** What tools print depends on the machine and its version of Node, so it is left out of the comparison. */
function check(lines) {
  let present;
  try {
    present = readFileSync(CASSETTE, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  } catch (error) {
    throw new Error(`the demo's cassette cannot be read: ${error.message}`);
  }
  const [recorded, fresh] = [present, lines].map((all) => all.map((line) => JSON.stringify(withoutToolText(line))));
  const index = Array.from({ length: Math.max(recorded.length, fresh.length) }, (_, i) => i).find((i) => recorded[i] !== fresh[i]);
  if (index === undefined) return;
  throw new Error(
    `${CASSETTE}:${index + 1} is not what the agent does now; run \`node scripts/record-demo.mjs\` and look at the difference`,
  );
}

function withoutToolText(line) {
  if (line.type === "tool_result") return { ...line, output: "", events: [] };
  if (line.type !== "request" || !Array.isArray(line.body?.input)) return line;
  const input = line.body.input.map((item) =>
    typeof item.type === "string" && item.type.endsWith("_call_output") ? { ...item, output: "" } : item,
  );
  return { ...line, body: { ...line.body, input } };
}

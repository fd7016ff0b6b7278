// A host of the agent: starts codex-mcp-server, gives it a task, shows what happens, answers its questions, and goes on with the thread.
// Usage: node host.mjs [--yes] TASK [FOLLOW-UP…]
//   --yes  allows everything; without it you are asked on the terminal, and without a terminal nothing is allowed
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { connectStdio } from "@codex/mcp-client";

const words = process.argv.slice(2);
const allowAll = words[0] === "--yes" && words.shift() !== undefined;
const [task, ...followUps] = words;
if (task === undefined) {
  console.error("Usage: node host.mjs [--yes] TASK [FOLLOW-UP…]");
  process.exit(2);
}

const server = fileURLToPath(new URL("../bin/codex-mcp-server.js", import.meta.resolve("@codex/mcp-server")));
const client = await connectStdio(
  // The client passes no secrets on by itself: what the agent needs is named.
  { command: process.execPath, args: [server], envVars: ["OPENAI_API_KEY", "OPENAI_BASE_URL", "CODEX_HOME"] },
  { name: "codex", elicit: answerQuestion, onWarning: (text) => console.error(text) },
);
try {
  await client.initialize();
  client.on("codex/event", ({ msg }) => showEvent(msg));
  const first = await client.callTool("codex", { prompt: task, sandbox: "workspace-write", "approval-policy": "unless-allow-listed" });
  showAnswer(first);
  for (const prompt of followUps) {
    showAnswer(await client.callTool("codex-reply", { threadId: first.structuredContent.threadId, prompt }));
  }
} finally {
  // Ends the server, and the server ends what it runs.
  await client.close();
}

/** An elicitation. `message` and `requestedSchema` are enough for any form; the codex_ fields let a host draw its own. */
async function answerQuestion(params, { signal }) {
  console.log(`? ${params.message.split("\n").join("\n  ")}`);
  if (allowAll) return { action: "accept", content: { decision: "approved" } };
  if (!process.stdin.isTTY) return { action: "decline" };
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // The signal says that the question is no longer of interest.
    const said = await terminal.question("  Allow it? [y]es, [a]lways, [n]o, [s]top: ", { signal });
    const decision = { y: "approved", a: "approved_for_session", s: "abort" }[said.trim().toLowerCase()[0]] ?? "denied";
    return { action: "accept", content: { decision } };
  } finally {
    terminal.close();
  }
}

function showEvent(msg) {
  if (msg.type === "exec_command_begin") console.log(`$ ${msg.command.join(" ")}`);
  if (msg.type === "exec_command_end") console.log(`  exit code ${msg.exit_code}`);
  if (msg.type === "patch_apply_begin") console.log(`~ ${Object.keys(msg.changes).length} files`);
  if (msg.type === "tool_call_declined") console.log(`! declined: ${msg.decision.reason}`);
}

function showAnswer({ structuredContent, content, isError }) {
  if (structuredContent === undefined) throw new Error(content[0].text);
  console.log(`${isError ? "failed" : "codex"}: ${structuredContent.content}`);
}

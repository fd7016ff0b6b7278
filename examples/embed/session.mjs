// A session with several turns: submit operations, read events. Usage: node session.mjs [FOLDER]
import { Codex, createNodeHost, loadConfig, say, script } from "@codex/core";

const host = {
  ...createNodeHost(),
  // Leave this line out to ask the real model, with OPENAI_API_KEY set.
  model: script([say("Four."), say("Because two and two make four.")]),
};
const config = await loadConfig({ processCwd: process.argv[2] ?? process.cwd(), flags: { sandboxMode: "read-only", ephemeral: true } }, host);
const codex = await Codex.open(config, host);

const prompts = ["What is two and two?", "Why?"];
const ask = () => {
  const text = prompts.shift();
  if (text === undefined) codex.submit({ type: "shutdown" });
  else codex.submit({ type: "user_input", items: [{ type: "text", text }] });
};

ask();
for await (const { msg } of codex.events()) {
  if (msg.type === "agent_message") console.log(msg.message);
  // A task ends with exactly one of these.
  if (msg.type === "error" || msg.type === "turn_aborted") throw new Error(msg.message ?? msg.reason);
  if (msg.type === "task_complete") ask();
}
await Promise.all([host.processes.close(), host.model.close()]);

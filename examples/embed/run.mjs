// One prompt, one result: the short form of the library, with a tool of our own and a rule for approvals.
// The model's side is scripted, so this needs no key. Usage: node run.mjs [FOLDER]
import { call, createNodeHost, customCall, run, say, script } from "@codex/core";

const folder = process.argv[2] ?? process.cwd();

/** Offered to the model beside the built-in tools. What it returns goes to the model. */
const orderStatus = {
  name: "order_status",
  description: "Looks up where an order is.",
  parameters: { type: "object", properties: { order: { type: "number" } }, required: ["order"], additionalProperties: false },
  run: ({ order }) => (order === 7 ? "shipped, arrives on Friday" : "unknown order"),
};

/** Decides what the agent may do: here it may change Markdown files and run nothing. */
async function approve(request) {
  if (request.type === "exec_approval_request") return { decision: "denied", reason: "no commands here" };
  const allowed = Object.keys(request.changes).every((path) => path.endsWith(".md"));
  return { decision: allowed ? "approved" : "denied" };
}

const host = {
  ...createNodeHost({ tools: [orderStatus], approve }),
  // Leave this line out to ask the real model, with OPENAI_API_KEY set.
  model: script([
    call("order_status", { order: 7 }),
    customCall("apply_patch", "*** Begin Patch\n*** Add File: order-7.md\n+Order 7: shipped, arrives on Friday.\n*** End Patch\n"),
    say("Order 7 is on its way and arrives on Friday. I noted it in order-7.md."),
  ]),
};

const result = await run("Where is order 7? Write it down.", {
  host,
  config: { processCwd: folder, flags: { approvalPolicy: "unless-allow-listed", sandboxMode: "workspace-write", ephemeral: true } },
  onEvent: ({ msg }) => {
    if (msg.type === "tool_call_begin" || msg.type === "patch_apply_begin") console.log(`… ${msg.type === "patch_apply_begin" ? "apply_patch" : msg.tool}`);
  },
});
await Promise.all([host.processes.close(), host.model.close()]);

console.log(result.finalMessage);
console.log(`${result.usage.total_tokens} tokens`);

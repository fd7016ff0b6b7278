import { DEFAULT_TIMEOUT_MS } from "./command-timeout.ts";
import { lazyTool, type Tool } from "./tool.ts";

/** `shell`: runs a command to its end and gives its output. `mayAskToLeave`: the model can ask for a command to run without a sandbox. */
export function shellTool(mayAskToLeave: boolean): Tool {
  return lazyTool(declaration(mayAskToLeave), async () => (await import("./run-shell.ts")).runShell);
}

function declaration(mayAskToLeave: boolean): Parameters<typeof lazyTool>[0] {
  return {
    spec: {
      type: "function",
      name: "shell",
      description:
        "Runs a command and returns its exit code and its output, standard output and standard error in the order they were written. " +
        'The command has no terminal and no input. Commands that need a shell go through ["bash", "-lc", "…"].',
      strict: false,
      parameters: {
        type: "object",
        properties: {
          command: { type: "array", items: { type: "string" }, description: "The program and its arguments." },
          timeout: { type: "number", description: `Milliseconds after which the command is ended; ${DEFAULT_TIMEOUT_MS} when left out.` },
          workdir: { type: "string", description: "Where to run it: absolute, or relative to the session's working directory." },
          ...(mayAskToLeave ? LEAVING : {}),
        },
        required: ["command"],
        additionalProperties: false,
      },
    },
    aliases: ["container.exec"],
    parallel: true,
  };
}

const LEAVING = {
  with_escalated_permissions: {
    type: "boolean",
    description:
      "True asks the user to let this command run outside the sandbox. Only for what the task needs and the sandbox refuses; commands run inside it otherwise.",
  },
  justification: {
    type: "string",
    description: "With with_escalated_permissions: in one sentence for the user, why the command cannot run inside the sandbox.",
  },
};

import { DEFAULT_TIMEOUT_MS } from "./command-timeout.ts";
import { lazyTool } from "./tool.ts";

/** `shell`: runs a command to its end and gives its output. */
export const shellTool = lazyTool(
  {
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
        },
        required: ["command"],
        additionalProperties: false,
      },
    },
    aliases: ["container.exec"],
    parallel: true,
  },
  async () => (await import("./run-shell.ts")).runShell,
);

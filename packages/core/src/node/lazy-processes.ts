import type { Processes, SandboxStatus } from "../host/host.ts";
import type { ProcessesOptions } from "./processes.ts";

/** `createProcesses`, loaded when the first process is started. */
export function lazyProcesses(options: ProcessesOptions): Processes {
  let loading: Promise<Processes> | undefined;
  const loaded = (): Promise<Processes> => (loading ??= import("./processes.ts").then(({ createProcesses }) => createProcesses(options)));
  return {
    run: async (request, signal) => (await loaded()).run(request, signal),
    start: async (argv, place) => (await loaded()).start(argv, place),
    sandbox: async (confinement) => (await loaded()).sandbox?.(confinement) ?? NONE,
    close: async () => (await loading)?.close(),
  };
}

const NONE: SandboxStatus = { type: "unavailable", reason: "This host confines nothing.", hint: "" };

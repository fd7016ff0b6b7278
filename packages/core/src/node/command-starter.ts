import type { ExecHost, HostedCommand, Plan, Preparation } from "@codex/linux-sandbox/client";
import type { Confinement, ProcessRequest, SandboxStatus } from "../host/host.ts";
import { startDirectly } from "./direct-start.ts";
import { createOutputPipes } from "./output-pipe.ts";
import { openPipeReader } from "./pipe-reader.ts";
import type { StartOutcome } from "./started-command.ts";

export interface StarterOptions {
  readonly temporaryDirectory: string;
  /** The agent's own, by default that of this process; the exec host gets four harmless variables of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts commands: from the exec host (Linux), and as children of this process, below sandbox-exec when confined (macOS). */
export class CommandStarter {
  readonly #options: StarterOptions;
  readonly #pipes;
  /** Read buffers by the host's pipe, which is used again and again. */
  readonly #buffers = new Map<number, { buffer: Uint8Array | undefined }>();
  /** By confinement. What a machine can enforce does not change; the host looks at the folders before each command. */
  readonly #statuses = new Map<string, Promise<SandboxStatus>>();
  #host: Promise<ExecHost> | undefined;

  constructor(options: StarterOptions) {
    this.#options = options;
    this.#pipes = createOutputPipes(options.temporaryDirectory);
  }

  async start(request: ProcessRequest): Promise<StartOutcome> {
    const { confinement } = request;
    if (confinement === undefined) return this.#startBare(request);
    switch (process.platform) {
      case "linux":
        return this.#startHosted(request, confinement);
      case "darwin": {
        const { seatbeltCommand } = await import("./seatbelt-command.ts");
        const command = await seatbeltCommand(request, confinement, this.#options.temporaryDirectory);
        return command.ok ? startDirectly(command.request, this.#pipes) : { ok: false, code: UNAVAILABLE, message: command.reason };
      }
      default:
        return { ok: false, code: UNAVAILABLE, message: NO_SANDBOX.reason };
    }
  }

  sandbox(confinement: Confinement): Promise<SandboxStatus> {
    const key = JSON.stringify(confinement);
    let status = this.#statuses.get(key);
    if (status === undefined) {
      status = this.#sandbox(confinement);
      this.#statuses.set(key, status);
      // What failed is tried again.
      void status.then(({ type }) => type === "unavailable" && this.#statuses.delete(key));
    }
    return status;
  }

  async #sandbox(confinement: Confinement): Promise<SandboxStatus> {
    switch (process.platform) {
      case "linux": {
        const host = await this.#loadHost();
        return statusOf(await host.prepare(this.#confinementRequest(confinement)));
      }
      case "darwin": {
        const { seatbeltStatus } = await import("./seatbelt-command.ts");
        return seatbeltStatus(confinement, this.#options.temporaryDirectory);
      }
      default:
        return NO_SANDBOX;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#pipes.close(), this.#host?.then((host) => host.close())]);
  }

  async #startBare(request: ProcessRequest): Promise<StartOutcome> {
    if (process.platform !== "linux") return startDirectly(request, this.#pipes);
    const host = await this.#loadHost();
    if (host.ready) return this.#startHosted(request, undefined);
    // Not waited for: what comes before it is ready is started from here.
    const started = await startDirectly(request, this.#pipes);
    host.warm();
    if (started.ok) host.adopt(started.command.pid);
    return started;
  }

  async #startHosted({ argv, cwd, env }: ProcessRequest, confinement: Confinement | undefined): Promise<StartOutcome> {
    const host = await this.#loadHost();
    const started = await host.spawn({
      argv,
      cwd,
      env,
      ...(confinement === undefined ? {} : { confinement: this.#confinementRequest(confinement) }),
    });
    if (started.ok) return { ok: true, command: this.#hosted(started.command) };
    const { code, message } = started;
    return code.startsWith("ERR_") ? { ok: false, code, message } : { ok: false, error: Object.assign(new Error(message), { code }) };
  }

  #hosted({ pid, exit, pipe, output, terminate, releaseOutput }: HostedCommand): Extract<StartOutcome, { ok: true }>["command"] {
    let place = this.#buffers.get(pipe);
    if (place === undefined) this.#buffers.set(pipe, (place = { buffer: undefined }));
    const reader = openPipeReader(output, place, releaseOutput);
    return {
      pid,
      exit,
      terminate,
      output: { ...reader, pipes: 1, read: (onData, onEnd) => reader.read((chunk) => onData(chunk, "merged"), onEnd) },
    };
  }

  #confinementRequest({ policy, cwd, require, cacheDirectory, agentFolder }: Confinement): Parameters<ExecHost["prepare"]>[0] {
    const { temporaryDirectory } = this.#options;
    const context = { cwd, platform: process.platform, temporaryDirectory, ...(agentFolder === undefined ? {} : { agentFolder }) };
    return { policy, context, require, ...(cacheDirectory === undefined ? {} : { cacheDirectory }) };
  }

  #loadHost(): Promise<ExecHost> {
    this.#host ??= import("@codex/linux-sandbox/client").then(({ startExecHost }) =>
      startExecHost({ env: this.#options.env ?? process.env }),
    );
    return this.#host;
  }
}

const UNAVAILABLE = "ERR_SANDBOX_UNAVAILABLE";

const NO_SANDBOX: Extract<SandboxStatus, { type: "unavailable" }> = {
  type: "unavailable",
  reason: `Commands cannot be confined on ${process.platform}.`,
  hint: "",
};

function statusOf(preparation: Preparation): SandboxStatus {
  if (preparation.backend === "none") return { type: "unavailable", reason: preparation.reason, hint: preparation.hint };
  const { backend, missing, plan } = preparation;
  const why = missing.length === 0 ? [] : preparation.reasons;
  return { type: "available", backend, missing, reasons: [...why, ...plan.remarks], reach: { backend, ...reachOf(plan) } };
}

function reachOf({
  network,
  fullWrite,
  writableRoots,
  protectedPaths,
  missingProtected,
}: Plan): Extract<SandboxStatus, { type: "available" }>["reach"] {
  return {
    network,
    fullWrite,
    writableRoots: writableRoots.map(({ path }) => path),
    protectedPaths: [...protectedPaths, ...missingProtected],
  };
}

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, constants, existsSync, openSync } from "node:fs";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { terminateBelow } from "./command-below.ts";
import {
  HOST_LOST,
  messageReader,
  type ConfinementRequest,
  type FromHost,
  type Preparation,
  type SpawnRequest,
  type ToHost,
} from "./host-protocol.ts";
import { killWriters } from "./pipe-writers.ts";

export type { ConfinementRequest, Preparation, SpawnRequest } from "./host-protocol.ts";
export type { Plan } from "./plan.ts";

export interface ExecHostOptions {
  /** The agent's environment; the host gets four harmless variables of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The host's program. Default: the one this package was built with. */
  readonly entry?: string;
}

/** A command that was started by the host. */
export interface HostedCommand {
  /** Also the id of its process group; the command leads a session of its own. */
  readonly pid: number;
  readonly backend: "landlock" | "bwrap" | undefined;
  /** Read end of the one pipe that is its stdout and stderr: non-blocking, close-on-exec, the caller's to close. */
  readonly output: number;
  /** Sends TERM to what runs in the group, so that it can end by itself; a sandbox around the command stays until it has. */
  readonly terminate: () => void;
  /** Resolves when the command itself has ended; what it left in the background may go on. */
  readonly exit: Promise<HostedExit>;
  /** Names the pipe, which later commands may get again. */
  readonly pipe: number;
  /** Call once, when `output` is no longer read. `ended`: it was read to its end. */
  readonly releaseOutput: (ended: boolean) => void;
}

export type HostedExit =
  | { readonly type: "ended"; readonly code: number | null; readonly signal: string | null; readonly violated: readonly string[] }
  /** Nobody knows how it ended; its group was killed. */
  | { readonly type: "lost"; readonly code: string; readonly message: string };

export type HostedStart =
  | { readonly ok: true; readonly command: HostedCommand }
  /** `code` is Node's, or ERR_SANDBOX_UNAVAILABLE, ERR_SANDBOX_WORKER, ERR_EXEC_HOST_LOST. */
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * The agent's side of the exec host (Linux). The process is started by the first call and again after it died, except when it
 * died twice in a row without having started anything.
 */
export class ExecHost {
  readonly #options: ExecHostOptions;
  #connection: Connection | undefined;
  #fruitlessDeaths = 0;
  /** What the host last made folders for that stand in for missing names. */
  #untidy: ConfinementRequest | undefined;
  #closed = false;

  constructor(options: ExecHostOptions) {
    this.#options = options;
  }

  /** Starts the process ahead of the first command. Returns at once. */
  warm(): void {
    this.#connect()?.warm();
  }

  /** The process group, which the caller itself has started, ends with the caller, however that ends. */
  adopt(group: number): void {
    this.#connect()?.adopt(group);
  }

  /** True once commands start without a wait. */
  get ready(): boolean {
    return this.#connection?.ready === true;
  }

  /** How commands with this request would be confined; also gets that ready. Never rejects. */
  async prepare(confinement: ConfinementRequest): Promise<Preparation> {
    const reply = await this.#ask((id) => ({ type: "prepare", id, confinement }));
    if (reply.type === "prepared") return reply.preparation;
    const message = reply.type === "spawn_failed" ? reply.message : "the exec host gave no answer";
    return { backend: "none", reason: `The process that starts confined commands does not work: ${message}.`, hint: "" };
  }

  /** Starts a command. Never rejects. */
  async spawn(request: SpawnRequest): Promise<HostedStart> {
    const reply = await this.#ask((id) => ({ type: "spawn", id, ...request }));
    if (reply.type === "started") {
      this.#fruitlessDeaths = 0;
      if (reply.command.backend === "bwrap") this.#untidy = request.confinement;
      return { ok: true, command: reply.command };
    }
    if (reply.type === "spawn_failed") return { ok: false, code: reply.code, message: reply.message };
    return { ok: false, code: HOST_LOST, message: "the exec host gave no answer" };
  }

  /** Ends the process and everything it started. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
  }

  /** For process exit: the host would notice by itself, but commands are killed before this process is gone. */
  killAll(): void {
    this.#connection?.killCommands();
  }

  async #ask(message: (id: number) => ToHost): Promise<Reply> {
    const connection = this.#connect();
    if (connection === undefined) {
      const text = this.#closed ? "it was closed" : "it died twice before it could start anything";
      return { type: "spawn_failed", code: HOST_LOST, message: `the exec host is gone: ${text}` };
    }
    return connection.ask(message);
  }

  #connect(): Connection | undefined {
    if (this.#closed || this.#fruitlessDeaths > MOST_FRUITLESS_DEATHS) return undefined;
    this.#connection ??= new Connection(this.#options, () => {
      this.#connection = undefined;
      this.#fruitlessDeaths++;
      if (this.#untidy !== undefined) this.#connect()?.tidy(this.#untidy);
      this.#untidy = undefined;
    });
    return this.#connection;
  }
}

export function startExecHost(options: ExecHostOptions): ExecHost {
  return new ExecHost(options);
}

const MOST_FRUITLESS_DEATHS = 1;

type Reply =
  | Extract<FromHost, { type: "prepared" | "spawn_failed" }>
  | { readonly type: "spawn_failed"; readonly code: string; readonly message: string }
  | { readonly type: "started"; readonly command: HostedCommand };

interface KnownPipe {
  readonly inode: number;
  /** Our own descriptor of its read end; undefined when it could not be opened. */
  readonly kept: number | undefined;
}

interface Running {
  readonly pid: number;
  readonly ended: (exit: HostedExit) => void;
}

/** One host process from its start to its death. */
class Connection {
  ready = false;
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  /** The host's pipes that some command writes to or may get, by their names. */
  readonly #pipes = new Map<number, KnownPipe>();
  readonly #running = new Map<number, Running>();
  readonly #onDeath: () => void;
  /** After a command below bwrap the sandbox of the next one may stand ready. */
  #usedBwrap = false;
  #nextId = 1;
  #dead = false;
  #closing = false;

  constructor({ env, entry }: ExecHostOptions, onDeath: () => void) {
    this.#onDeath = onDeath;
    // Its own session: the terminal's Ctrl-C is for the agent.
    this.#child = spawn(process.execPath, [...NODE_FLAGS, entry ?? defaultEntry()], {
      env: hostEnvironment(env),
      cwd: "/",
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    this.#socket = this.#child.stdio[3] as Socket;
    this.#socket.on(
      "data",
      messageReader<FromHost>((message) => this.#handle(message)),
    );
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.#die());
    this.#child.on("error", () => this.#die());
    // Its last words, which name the pipe of a command that nobody knows of, may not be read yet: the socket's end comes after them.
    this.#child.on("exit", () => {
      if (!this.#dead) setTimeout(() => this.#die(), LAST_WORDS_MS).unref();
    });
    this.#child.unref();
    this.#socket.unref();
  }

  warm(): void {
    if (!this.ready) this.#send({ type: "warm" });
  }

  tidy(confinement: ConfinementRequest): void {
    this.#send({ type: "tidy", confinement });
  }

  adopt(group: number): void {
    this.#send({ type: "adopt", group });
  }

  ask(message: (id: number) => ToHost): Promise<Reply> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.ref();
      this.#send(message(id));
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#dead) return;
    if (this.#running.size === 0 && this.#waiting.size === 0 && !this.#usedBwrap) {
      // It has nothing to end and nothing to tidy up: nobody need wait for it.
      this.#child.kill("SIGKILL");
      this.#socket.destroy();
      return;
    }
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.ref();
    this.#socket.destroy();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), CLOSE_LIMIT_MS);
    await gone;
    clearTimeout(timer);
  }

  killCommands(): void {
    for (const { pid } of this.#running.values()) killGroup(pid);
  }

  #handle(message: FromHost): void {
    switch (message.type) {
      case "ready":
        this.ready = true;
        return;
      case "pipes":
        this.#open(message);
        return;
      case "prepared":
      case "spawn_failed":
        this.#answer(message.id, message);
        break;
      case "spawned":
        this.#answer(message.id, this.#started(message));
        break;
      case "exit":
        this.#running.get(message.id)?.ended(exitOf(message));
        this.#running.delete(message.id);
        break;
    }
    if (this.#waiting.size === 0 && this.#running.size === 0) this.#socket.unref();
  }

  #open({ keeper, pipes }: Extract<FromHost, { type: "pipes" }>): void {
    for (const { pipe, descriptor, inode } of pipes)
      this.#pipes.set(pipe, { inode, kept: openedOrNot(`/proc/${keeper}/fd/${descriptor}`) });
    this.#send({ type: "opened", keeper });
  }

  #answer(id: number, reply: Reply): void {
    this.#waiting.get(id)?.(reply);
    this.#waiting.delete(id);
  }

  #started({ id, pid, pipe, backend }: Extract<FromHost, { type: "spawned" }>): Reply {
    let output: number;
    try {
      // A descriptor of our own on the same pipe: what the command prints is never copied through the host.
      output = openSync(`/proc/self/fd/${this.#pipes.get(pipe)?.kept}`, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      killGroup(pid);
      this.#release(pipe, false);
      const reason = error instanceof Error ? error.message : String(error);
      return { type: "spawn_failed", code: HOST_LOST, message: `the command's output cannot be opened: ${reason}` };
    }
    const exit = new Promise<HostedExit>((ended) => this.#running.set(id, { pid, ended }));
    let released = false;
    const releaseOutput = (ended: boolean): void => {
      if (released) return;
      released = true;
      this.#release(pipe, ended && this.#pipes.size <= MOST_PIPES);
    };
    if (backend === "bwrap") this.#usedBwrap = true;
    const terminate = (): void => (backend === "bwrap" ? terminateBelow(pid) : signalGroup(pid, "SIGTERM", "SIGCONT"));
    return { type: "started", command: { pid, backend, output, exit, pipe, terminate, releaseOutput } };
  }

  /** `reusable`: nothing in the background still writes to it. */
  #release(pipe: number, reusable: boolean): void {
    if (!reusable) this.#forgetPipe(pipe);
    this.#send({ type: "release", pipe, reusable });
  }

  #forgetPipe(pipe: number): void {
    const kept = this.#pipes.get(pipe)?.kept;
    if (kept !== undefined) closeSync(kept);
    this.#pipes.delete(pipe);
  }

  #send(message: ToHost): void {
    if (!this.#dead && !this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#socket.destroy();
    const code = HOST_LOST;
    const message = this.#closing ? "the exec host was closed" : "the process that starts commands ended unexpectedly";
    for (const { pid, ended } of this.#running.values()) {
      // Left alone they would run on without anybody to end them.
      killGroup(pid);
      ended({ type: "lost", code, message });
    }
    this.#running.clear();
    if (this.#waiting.size > 0) killWriters(new Set([...this.#pipes.values()].map(({ inode }) => inode)));
    for (const pipe of this.#pipes.keys()) this.#forgetPipe(pipe);
    for (const answer of this.#waiting.values()) answer({ type: "spawn_failed", code, message });
    this.#waiting.clear();
    if (!this.#closing) this.#onDeath();
  }
}

const CLOSE_LIMIT_MS = 2000;
const LAST_WORDS_MS = 200;
/** Pipes that are kept for commands to come. */
const MOST_PIPES = 16;
/** A heap this small is swept in no time, and the host keeps next to nothing. Code that runs so seldom gains nothing by being compiled. */
const NODE_FLAGS = ["--max-semi-space-size=1", "--jitless"];

function exitOf(message: Extract<FromHost, { type: "exit" }>): HostedExit {
  if (message.lost !== undefined) return { type: "lost", code: HOST_LOST, message: message.lost };
  return { type: "ended", code: message.code, signal: message.signal, violated: message.violated ?? [] };
}

/** PATH, HOME and the like: what Node and bwrap need, and no key. */
function hostEnvironment(env: ExecHostOptions["env"]): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG"].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return Object.fromEntries(kept);
}

function defaultEntry(): string {
  const beside = fileURLToPath(new URL("./exec-host.js", import.meta.url));
  // From the sources (tests) the built one is used.
  return existsSync(beside) ? beside : fileURLToPath(new URL("../dist/exec-host.js", import.meta.url));
}

function openedOrNot(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // Told when a command gets the pipe.
    return undefined;
  }
}

function killGroup(pid: number): void {
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, ...signals: NodeJS.Signals[]): void {
  try {
    for (const signal of signals) process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

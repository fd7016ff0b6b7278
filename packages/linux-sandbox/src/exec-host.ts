import { closeSync, readFileSync, readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { Socket } from "node:net";
import type { Children } from "./children.ts";
import type { Confinements } from "./confinements.ts";
import { ChildGroups } from "./child-groups.ts";
import { messageReader, type FromHost, type SpawnRequest, type ToHost } from "./host-protocol.ts";
import { withOutputPipe, type PipePool } from "./pipe-pool.ts";
import { SpawnFailure, type StartedCommand } from "./started-child.ts";

/**
 * The exec host: a small process that starts the commands of one agent, because starting one costs time in proportion to the
 * memory of who starts it, and because a thread that confines itself must not share a process with the agent. It ends, and ends
 * what it started, when the agent closes the socket or dies.
 */

/** The descriptor of the socket to the agent. */
const SOCKET = 3;
const CLOSE_ON_EXEC = 0o2000000;
const END_LIMIT_MS = 500;
const END_POLL_MS = 5;

closeInherited();
const groups = new ChildGroups();
/** Commands that were asked for and whose id is not known yet. */
let starting = 0;
const socket = new Socket({ fd: SOCKET, readable: true, writable: true });
socket.on("data", messageReader<ToHost>(handle));
socket.on("close", end);
socket.on("error", end);
process.on("uncaughtException", end);
// A terminal's signals are for the agent, which closes the socket.
for (const signal of ["SIGINT", "SIGQUIT", "SIGHUP"] as const) process.on(signal, () => undefined);
process.on("SIGTERM", end);
let tools: Promise<Tools> | undefined;

interface Tools {
  readonly pipes: PipePool;
  readonly children: Children;
  readonly confinements: Confinements;
}

function handle(message: ToHost): void {
  switch (message.type) {
    case "warm":
      // What fails is told when a command comes.
      loadTools().catch(() => undefined);
      return;
    case "adopt":
      groups.adopt(message.group);
      return;
    case "tidy":
      // What cannot be tidied now is with the next command.
      loadTools()
        .then(({ confinements }) => confinements.tidy(message.confinement))
        .catch(() => undefined);
      return;
    case "prepare":
      void prepare(message);
      return;
    case "spawn":
      void start(message);
      return;
    case "opened":
      void loadTools().then(({ pipes }) => pipes.opened(message.keeper));
      return;
    case "release":
      void loadTools().then(({ pipes }) => pipes.release(message.pipe, message.reusable));
      return;
  }
}

async function prepare({ id, confinement }: Extract<ToHost, { type: "prepare" }>): Promise<void> {
  try {
    const { confinements } = await loadTools();
    send({ type: "prepared", id, preparation: await confinements.prepare(confinement) });
  } catch (error) {
    const reason = `The sandbox cannot be set up: ${messageOf(error)}`;
    send({ type: "prepared", id, preparation: { backend: "none", reason, hint: "" } });
  }
}

async function start({ id, ...request }: SpawnRequest & { readonly id: number }): Promise<void> {
  try {
    const child = await startCommand(request);
    groups.add(child.pid);
    send({ type: "spawned", id, pid: child.pid, pipe: child.pipe, ...(child.backend === undefined ? {} : { backend: child.backend }) });
    const exit = await child.exit;
    groups.leaderEnded(child.pid, exit.lost !== undefined);
    send({ type: "exit", id, ...exit });
  } catch (error) {
    const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
    send({ type: "spawn_failed", id, code, message: messageOf(error) });
  }
}

async function startCommand({ confinement, ...command }: SpawnRequest): Promise<StartedCommand> {
  starting++;
  try {
    const { pipes, children, confinements } = await loadTools();
    if (confinement !== undefined) return await confinements.spawn(command, confinement);
    // It may do what nothing confined may, and should find the folders as they are.
    await confinements.standDown();
    const child = await withOutputPipe<never>(pipes, async (output) => children.spawn({ ...command, stdio: ["ignore", output, output] }));
    return { ...child, exit: child.exit.finally(() => confinements.forgetPlans()) };
  } finally {
    starting--;
  }
}

/** Libc is loaded with the first message that needs it: the agent's first command is seldom the first thing it does. */
function loadTools(): Promise<Tools> {
  tools ??= (async () => {
    const [{ openLibc }, { PipePool: Pool }, { Children: Spawned }, { Confinements: Kinds }] = await Promise.all([
      import("./syscalls.ts"),
      import("./pipe-pool.ts"),
      import("./children.ts"),
      import("./confinements.ts"),
      // The thread pool is made by the first thread that needs it, and would be confined with it.
      stat("/"),
    ]);
    const libc = openLibc();
    libc.hideProcess();
    const children = new Spawned(libc);
    const pipes = new Pool({ libc, children, onNew: (made) => send({ type: "pipes", ...made }) });
    send({ type: "ready" });
    return { pipes, children, confinements: new Kinds({ pipes, groups, children }) };
  })();
  return tools;
}

function send(message: FromHost): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}

/** What a killed command leaves to be tidied up is tidied first, and what a sandbox has put down that is only being made. */
function end(): void {
  let isTidy = tools === undefined;
  const tidied = (): void => void (isTidy = true);
  void tools?.then(({ confinements }) => confinements.close()).then(tidied, tidied);
  groups.killAll();
  if (isTidy && groups.running + starting === 0) exit();
  const deadline = Date.now() + END_LIMIT_MS;
  setInterval(() => {
    groups.killAll();
    if ((isTidy && groups.running + starting === 0) || Date.now() > deadline) exit();
  }, END_POLL_MS);
}

function exit(): never {
  // oxlint-disable-next-line no-process-exit -- the end of this program; threads and children would keep it running
  process.exit(0);
}

/** Node opens everything close-on-exec; what is not came from whoever started the agent and is no command's business. */
function closeInherited(): void {
  for (const name of readdirSync("/proc/self/fd")) {
    const descriptor = Number(name);
    if (descriptor <= SOCKET) continue;
    try {
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, "latin1"))?.[1];
      if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0) closeSync(descriptor);
    } catch {
      // The folder's own descriptor, gone by now.
    }
  }
}

function messageOf(error: unknown): string {
  if (error instanceof SpawnFailure) return error.message;
  return error instanceof Error ? error.message : String(error);
}

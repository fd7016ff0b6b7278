import { closeSync, existsSync, readFileSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { BwrapLaunch } from "./bwrap.ts";
import { realPathOf } from "./plan.ts";
import { openLibc } from "./syscalls.ts";
import type { Command, StartedCommand } from "./started-child.ts";

type Ready = StartedCommand & Pick<BwrapLaunch, "isCurrent">;

/**
 * A sandbox that stands ready. Nearly all that bwrap costs is spent on namespaces and mounts, which do not depend on the command:
 * so they are made ahead, and a shell waits in them, confined already, until it is told what to become. Each serves one command.
 */
export class Standby {
  readonly #sandbox: Ready;
  readonly #gate: Gate;
  readonly #mounts = mountTable();
  #isOver = false;
  #wasTaken = false;

  constructor(sandbox: Ready, gate: Gate) {
    this.#sandbox = sandbox;
    this.#gate = gate;
    void sandbox.exit.then(() => (this.#isOver = true));
  }

  get wasTaken(): boolean {
    return this.#wasTaken;
  }

  /** Undefined: it cannot serve this command, or what it was made for has changed. */
  take(command: Command): StartedCommand | undefined {
    return fits(command) && this.#sandbox.isCurrent() && this.#mounts === mountTable() ? this.give(command) : undefined;
  }

  /** For a command that fits, right after the sandbox was made. Undefined: it is gone already. */
  give(command: Command): StartedCommand | undefined {
    if (this.#isOver) return undefined;
    try {
      this.#gate.open(command);
    } catch {
      // It was killed a moment ago.
      return undefined;
    }
    this.#wasTaken = true;
    return this.#sandbox;
  }

  /** Ends it unused; may be called again. */
  async dismiss(): Promise<void> {
    this.#gate.close();
    await this.#sandbox.exit;
  }
}

/** Holds the waiting shell: an empty pipe that it reads from, and a memory file that is to hold its orders. */
export interface Gate {
  readonly argv: readonly string[];
  /** For the shell, as its descriptors 3, 4 and 5. */
  readonly inherited: readonly [number, number, number];
  /** True once the shell waits, so that all around it stands; false when it never came that far. */
  readonly ready: Promise<boolean>;
  /** Closes here what only the shell needs. Call once it was spawned, or not. */
  readonly spawned: () => void;
  readonly open: (command: Command) => void;
  /** Without having opened: the shell ends. */
  readonly close: () => void;
}

/** Undefined where the two programs are missing that a waiting sandbox is made of. */
export function newGate(): Gate | undefined {
  const [bash, env] = [BASH, ENV].map((places) => places.find((path) => existsSync(path)));
  if (bash === undefined || env === undefined) return undefined;
  const libc = openLibc();
  const { read, write } = libc.pipe();
  const sign = libc.pipe();
  const orders = libc.memoryFile("command", new Uint8Array());
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    closeSync(write);
    libc.close(orders);
  };
  return {
    argv: [bash, "--norc", "--noprofile", "-c", WAIT, env],
    inherited: [read, orders, sign.write],
    ready: firstByte(sign.read),
    spawned: () => [read, sign.write].forEach((descriptor) => closeSync(descriptor)),
    open(command) {
      libc.fill(orders, ordersFor(command));
      try {
        writeSync(write, "\n");
      } finally {
        close();
      }
    },
    close,
  };
}

const BASH = ["/bin/bash", "/usr/bin/bash"];
const ENV = ["/usr/bin/env", "/bin/env"];

/** The orders are words that end in NUL: the folder, the variables, the command. Nothing of them is read as shell text. */
const WAIT = `echo >&5; exec 5>&-; read -r -u 3 || exit 1; mapfile -t -d "" -u 4 w; exec 3<&- 4<&-; cd -P -- "\${w[0]}" && exec -c "$0" -- "\${w[@]:1}"`;

function ordersFor({ argv, cwd, env }: Command): Buffer {
  const folder = realPathOf(cwd) ?? cwd;
  // As bwrap sets it for a command that it starts itself.
  const variables = { ...env, PWD: folder };
  const words = [folder, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`), ...argv];
  return Buffer.from(words.map((word) => `${word}\0`).join(""));
}

/** Whether a byte came before the end. The descriptor is closed after it. */
function firstByte(descriptor: number): Promise<boolean> {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  return new Promise((resolve) => {
    socket.once("data", () => {
      resolve(true);
      socket.destroy();
    });
    socket.once("error", () => undefined);
    socket.once("close", () => resolve(false));
  });
}

/** Whether a command can be told to a waiting shell. Others start by bwrap itself, where the system says what is wrong with them. */
export function fits({ argv, cwd, env }: Command): boolean {
  const [program = ""] = argv;
  const names = Object.keys(env);
  // To env(1) words with "=" are variables, up to the first one without.
  if (program === "" || program.includes("=") || names.some((name) => name === "" || name.includes("="))) return false;
  const words = [cwd, ...argv, ...names, ...Object.values(env)];
  const length = words.reduce((sum, word) => sum + Buffer.byteLength(word), 0);
  return length < MOST_BYTES && existsSync(cwd) && !words.some((word) => word.includes("\0"));
}

/** Far below what the system lets a program have as its words. */
const MOST_BYTES = 100_000;

/** What is mounted later would be writable in a sandbox that was made before. */
function mountTable(): string {
  return readFileSync("/proc/self/mountinfo", "latin1");
}

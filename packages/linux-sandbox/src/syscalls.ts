import koffi from "koffi";
import { loadPosixSpawn, type PosixSpawn } from "./posix-spawn.ts";
import { architectureOf, syscallNumber, type SyscallName } from "./syscall-numbers.ts";

/**
 * The only native door of the package: libc calls of this process and thread, through koffi. Loading it takes about 30 ms; only
 * the exec host, its workers and the launcher do.
 */
export interface Libc {
  /** A raw system call. The result is >= 0, or -errno. */
  readonly syscall: (name: SyscallName, ...args: readonly SyscallArgument[]) => number;
  /** Where the bytes lie, for a structure that points to them; valid while they are referenced. */
  readonly addressOf: (bytes: Uint8Array) => bigint;
  /** A real pipe (not a socket pair), both ends close-on-exec. The caller closes the descriptors, with `close`. */
  readonly pipe: () => { readonly read: number; readonly write: number };
  /** Another descriptor of the same file, close-on-exec, the lowest free one from `least` on. The caller closes it, with `close`. */
  readonly duplicate: (descriptor: number, least: number) => number;
  /** Closes a descriptor that Node did not open. */
  readonly close: (descriptor: number) => void;
  /** Sets or clears close-on-exec. */
  readonly setCloseOnExec: (descriptor: number, on: boolean) => void;
  /** Marks every descriptor from `first` on close-on-exec. */
  readonly closeAllOnExec: (first: number) => void;
  /** An anonymous file holding `bytes`, at offset 0, close-on-exec. */
  readonly memoryFile: (name: string, bytes: Uint8Array) => number;
  /** Writes `bytes` at the start of such a file; where its readers are does not change. */
  readonly fill: (descriptor: number, bytes: Uint8Array) => void;
  /** Advisory lock without waiting. False: someone else holds it. */
  readonly lock: (descriptor: number, mode: "shared" | "exclusive") => boolean;
  readonly spawn: PosixSpawn;
  /** The wait status of a child that has ended, which is forgotten with it; undefined while it runs. */
  readonly wait: (pid: number) => number | undefined;
  /**
   * Closes this process' memory, environment and descriptors to others of the same user. What its confined threads start is their
   * equal to Landlock, and could look into the whole process otherwise.
   */
  readonly hideProcess: () => void;
  /** Replaces this process like execvp(3), with `process.env` as its environment. Comes back only on failure, with an errno. */
  readonly execvp: (argv: readonly string[]) => number;
  /** Puts the signals back to their default that Node ignores (SIGPIPE, SIGXFSZ). */
  readonly resetIgnoredSignals: () => void;
}

/** Memory is passed by address and must not be touched by anything else during the call. */
export type SyscallArgument = number | bigint | Uint8Array;

/** Loads libc, once per thread. Throws where koffi has no binary or the processor is unknown. */
export function openLibc(): Libc {
  opened ??= load();
  return opened;
}

let opened: Libc | undefined;

function load(): Libc {
  const arch = architectureOf(process.arch);
  if (arch === undefined) throw new Error(`no system call numbers for ${process.arch}`);
  const libc = koffi.load(null);
  const word = "uintptr_t";
  const raw = libc.func("syscall", "long", ["long", word, word, word, word, word, word]) as (...args: (number | bigint)[]) => number;
  const execvp = libc.func("int execvp(const char *file, const char **argv)") as (file: string, argv: (string | null)[]) => number;
  const signal = libc.func("signal", word, ["int", word]) as (signal: number, handler: number) => number;

  const syscall: Libc["syscall"] = (name, ...args) => {
    const number = syscallNumber(name, arch);
    if (number === undefined) return -ENOSYS;
    const words = Array.from({ length: 6 }, (_, index) => asWord(args[index] ?? 0));
    const result = raw(number, ...words);
    return result === -1 ? -koffi.errno() : result;
  };
  const must = (name: SyscallName, ...args: readonly SyscallArgument[]): number => {
    const result = syscall(name, ...args);
    if (result < 0) throw new Error(`${name} failed with errno ${-result}`);
    return result;
  };
  // Not fs.writeSync: in a worker Node keeps books of descriptors that it did not open. A memory file takes it all at once.
  const fill: Libc["fill"] = (descriptor, bytes) => void must("pwrite64", descriptor, bytes, bytes.length, 0);

  return {
    syscall,
    addressOf: (bytes) => koffi.address(bytes),
    pipe() {
      const ends = new Int32Array(2);
      must("pipe2", new Uint8Array(ends.buffer), O_CLOEXEC);
      const [read = -1, write = -1] = ends;
      return { read, write };
    },
    close(descriptor) {
      syscall("close", descriptor);
    },
    duplicate: (descriptor, least) => must("fcntl", descriptor, F_DUPFD_CLOEXEC, least),
    setCloseOnExec: (descriptor, on) => void must("fcntl", descriptor, F_SETFD, on ? FD_CLOEXEC : 0),
    closeAllOnExec(first) {
      // Kernels before 5.11 do not know the flag; Node itself has marked the low descriptors there.
      syscall("close_range", first, 0xffff_ffff, CLOSE_RANGE_CLOEXEC);
    },
    memoryFile(name, bytes) {
      const descriptor = must("memfd_create", cString(name), MFD_CLOEXEC);
      fill(descriptor, bytes);
      return descriptor;
    },
    fill,
    lock(descriptor, mode) {
      return syscall("flock", descriptor, (mode === "shared" ? LOCK_SH : LOCK_EX) | LOCK_NB) === 0;
    },
    spawn: loadPosixSpawn(libc, (bytes) => koffi.address(bytes)),
    wait: (pid) => waitStatus(syscall, pid),
    hideProcess: () => void must("prctl", PR_SET_DUMPABLE, 0),
    execvp(argv) {
      execvp(argv[0] ?? "", [...argv, null]);
      return koffi.errno();
    },
    resetIgnoredSignals() {
      for (const number of [SIGPIPE, SIGXFSZ]) signal(number, SIG_DFL);
    },
  };
}

function waitStatus(syscall: Libc["syscall"], pid: number): number | undefined {
  const status = new Int32Array(1);
  return syscall("wait4", pid, new Uint8Array(status.buffer), WNOHANG, 0) === pid ? status[0] : undefined;
}

const ENOSYS = 38;

const O_CLOEXEC = 0o2000000;
const F_SETFD = 2;
const F_DUPFD_CLOEXEC = 1030;
const WNOHANG = 1;
const PR_SET_DUMPABLE = 4;
const FD_CLOEXEC = 1;
const CLOSE_RANGE_CLOEXEC = 4;
const MFD_CLOEXEC = 1;
const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const SIGPIPE = 13;
const SIGXFSZ = 25;
const SIG_DFL = 0;

function asWord(argument: SyscallArgument): number | bigint {
  if (typeof argument === "number") return argument < 0 ? BigInt.asUintN(64, BigInt(argument)) : argument;
  return typeof argument === "bigint" ? BigInt.asUintN(64, argument) : koffi.address(argument);
}

function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

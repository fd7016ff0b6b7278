import type { LibraryHandle } from "koffi";

/** A program that is to be started, with nothing left to look up. No text in it holds a NUL. */
export interface ProgramImage {
  /** Absolute, or relative to `cwd`. */
  readonly file: string;
  readonly argv: readonly string[];
  /** `NAME=VALUE`; the whole environment. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** The program's descriptors 0, 1, 2, 3 …: each one of this process from `stdio.length` on, or "ignore" (/dev/null). */
  readonly stdio: readonly (number | "ignore")[];
}

/** Starts it as the leader of a session of its own, with no signal blocked or ignored. The process id, or -errno. */
export type PosixSpawn = (image: ProgramImage) => number;

/**
 * posix_spawn(3) of the C library. Unlike fork(2), on which Node relies, it copies nothing of this process: it costs the same from
 * a process of any size, and less than half of what a fork costs from the smallest one that Node can be.
 */
export function loadPosixSpawn(libc: Pick<LibraryHandle, "func">, addressOf: (bytes: Uint8Array) => bigint): PosixSpawn {
  const word = "uintptr_t";
  const load = (name: string, ...types: string[]) => libc.func(name, "int", types) as (...args: (number | bigint | string)[]) => number;
  const actions = Buffer.alloc(OPAQUE_BYTES);
  const initActions = load("posix_spawn_file_actions_init", word);
  const destroyActions = load("posix_spawn_file_actions_destroy", word);
  const addOpen = load("posix_spawn_file_actions_addopen", word, "int", "str", "int", "int");
  const addDup2 = load("posix_spawn_file_actions_adddup2", word, "int", "int");
  const addChdir = orUndefined(() => load("posix_spawn_file_actions_addchdir_np", word, "str"));
  const spawn = load("posix_spawn", word, "str", word, word, word, word);

  const attributes = Buffer.alloc(OPAQUE_BYTES);
  const [everySignal, noSignal] = [Buffer.alloc(SIGSET_BYTES, 0xff), Buffer.alloc(SIGSET_BYTES)];
  load("posix_spawnattr_init", word)(addressOf(attributes));
  load("posix_spawnattr_setsigdefault", word, word)(addressOf(attributes), addressOf(everySignal));
  load("posix_spawnattr_setsigmask", word, word)(addressOf(attributes), addressOf(noSignal));
  load("posix_spawnattr_setflags", word, "short")(addressOf(attributes), SETSIGDEF | SETSIGMASK | SETSID);

  const pid = new Int32Array(1);
  return (image) => {
    const { file, argv, env, cwd, stdio } = addChdir === undefined ? withEnv(image) : image;
    const at = addressOf(actions);
    initActions(at);
    try {
      const added = [
        ...stdio.map((from, to) =>
          from === "ignore" ? addOpen(at, to, "/dev/null", to === 0 ? O_RDONLY : O_RDWR, 0) : addDup2(at, from, to),
        ),
        ...(addChdir === undefined ? [] : [addChdir(at, cwd)]),
      ];
      const [words, variables] = [new WordTable(argv, addressOf), new WordTable(env, addressOf)];
      const errno =
        added.find((result) => result !== 0) ??
        spawn(addressOf(new Uint8Array(pid.buffer)), file, at, addressOf(attributes), words.address, variables.address);
      return errno === 0 ? (pid[0] ?? 0) : -errno;
    } finally {
      destroyActions(at);
    }
  };
}

/** What C calls `char *const list[]`: pointers to texts that end in NUL, and a null pointer. Valid while it is referenced. */
class WordTable {
  readonly #texts: Buffer;
  readonly #pointers: BigUint64Array;
  readonly address: bigint;

  constructor(words: readonly string[], addressOf: (bytes: Uint8Array) => bigint) {
    this.#texts = Buffer.from(`${words.join("\0")}\0`);
    this.#pointers = new BigUint64Array(words.length + 1);
    let place = addressOf(this.#texts);
    for (const [index, text] of words.entries()) {
      this.#pointers[index] = place;
      place += BigInt(Buffer.byteLength(text) + 1);
    }
    this.address = addressOf(new Uint8Array(this.#pointers.buffer));
  }
}

/** C libraries before glibc 2.29 cannot change the folder of what they start; env(1) of the same age can. */
function withEnv({ file, argv, cwd, ...image }: ProgramImage): ProgramImage {
  return { ...image, cwd, file: "/usr/bin/env", argv: ["env", "-C", cwd, "--", file, ...argv.slice(1)] };
}

function orUndefined<Value>(load: () => Value): Value | undefined {
  try {
    return load();
  } catch {
    return undefined;
  }
}

/** More than glibc and musl need for either of their structures, 336 bytes at most. */
const OPAQUE_BYTES = 512;
const SIGSET_BYTES = 128;
const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
const SETSID = 0x80;
const O_RDONLY = 0;
const O_RDWR = 2;

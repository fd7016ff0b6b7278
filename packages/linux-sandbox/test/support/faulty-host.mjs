// Faults for an exec host, called by an entry that then imports the real one. Plain JavaScript: the host runs without a compiler.
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import workerThreads from "node:worker_threads";
import koffi from "koffi";

const word = "uintptr_t";
const syscall = koffi.load(null).func("syscall", "long", ["long", word, word, word, word, word, word]);
const call = (number, ...words) => syscall(number, ...Array.from({ length: 6 }, (_, index) => words[index] ?? 0));
const PRCTL = process.arch === "arm64" ? 167 : 157;
const SECCOMP = process.arch === "arm64" ? 277 : 317;
const CREATE_RULESET = 444;
const RESTRICT_SELF = 446;

/** The process is inside that many Landlock layers, which forbid the making of block devices only. */
export function insideLayers(count) {
  must(call(PRCTL, 38, 1), "no_new_privs");
  const attribute = new BigUint64Array([1n << 11n]);
  for (let layer = 0; layer < count; layer++) {
    const ruleset = must(call(CREATE_RULESET, koffi.address(attribute), 8, 0), "landlock_create_ruleset");
    must(call(RESTRICT_SELF, ruleset, 0), `layer ${layer + 1}`);
  }
}

/** Landlock's first system call is answered with `errno`. */
export function withoutLandlock(errno) {
  must(call(PRCTL, 38, 1), "no_new_privs");
  const code = [
    [0x20, 0, 0, 0],
    [0x15, 0, 1, CREATE_RULESET],
    [0x06, 0, 0, 0x50000 + errno],
    [0x06, 0, 0, 0x7fff0000],
  ];
  const program = Buffer.alloc(code.length * 8);
  for (const [index, [operation, yes, no, value]] of code.entries()) {
    program.writeUInt16LE(operation, index * 8);
    program.writeUInt8(yes, index * 8 + 2);
    program.writeUInt8(no, index * 8 + 3);
    program.writeUInt32LE(value, index * 8 + 4);
  }
  const header = Buffer.alloc(16);
  header.writeUInt16LE(code.length, 0);
  header.writeBigUInt64LE(koffi.address(program), 8);
  must(call(SECCOMP, 1, 0, koffi.address(header)), "seccomp");
}

/** The newest worker throws when the process gets SIGUSR2. */
export function crashingWorkers() {
  let newest;
  replaceWorker(
    class extends workerThreads.Worker {
      constructor(...parameters) {
        super(...parameters);
        newest = this;
      }
    },
  );
  // Not a message that it knows: taking it apart throws.
  process.on("SIGUSR2", () => newest?.postMessage(undefined));
}

/** Dies as soon as a command was started and before anybody is told. */
export function dyingAtSpawn() {
  const { write } = Socket.prototype;
  Socket.prototype.write = function (message, ...more) {
    if (JSON.parse(message).type === "spawned") process.kill(process.pid, "SIGKILL");
    return write.call(this, message, ...more);
  };
}

/** Learns of what its workers started only after a while. */
export function slowToLearn(milliseconds) {
  replaceWorker(whenSpawned((tell) => setTimeout(() => tell(), milliseconds)));
}

function whenSpawned(act) {
  return class extends workerThreads.Worker {
    emit(event, message) {
      if (event !== "message" || message.type !== "spawned") return super.emit(event, message);
      act(() => super.emit(event, message));
      return true;
    }
  };
}

function replaceWorker(replacement) {
  workerThreads.Worker = replacement;
  syncBuiltinESMExports();
}

function must(result, what) {
  if (result < 0) throw new Error(`${what}: errno ${koffi.errno()}`);
  return result;
}

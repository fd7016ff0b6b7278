/** One system call as the kernel shows it to a filter. */
export interface SystemCall {
  readonly arch: "x64" | "arm64" | "i386";
  readonly number: number;
  readonly args: readonly (number | bigint)[];
}

const AUDIT_ARCH = { x64: 0xc000_003e, arm64: 0xc000_00b7, i386: 0x4000_0003 };
const ERRORS: Readonly<Record<number, string>> = { 1: "EPERM", 30: "EROFS", 38: "ENOSYS" };

/** Runs a classic BPF program on `struct seccomp_data` and names its answer: allow, kill or an errno. */
export function interpret(program: Uint8Array, call: SystemCall): string {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, AUDIT_ARCH[call.arch], true);
  for (const [index, argument] of call.args.entries()) data.setBigUint64(16 + 8 * index, BigInt.asUintN(64, BigInt(argument)), true);

  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const opcode = code.getUint16(at * 8, true);
    const jump = (condition: boolean): number => code.getUint8(at * 8 + (condition ? 2 : 3));
    const k = code.getUint32(at * 8 + 4, true);
    switch (opcode) {
      case 0x20:
        accumulator = data.getUint32(k, true);
        break;
      case 0x54:
        accumulator = (accumulator & k) >>> 0;
        break;
      case 0x05:
        at += k;
        break;
      case 0x15:
        at += jump(accumulator === k);
        break;
      case 0x35:
        at += jump(accumulator >= k);
        break;
      case 0x45:
        at += jump((accumulator & k) !== 0);
        break;
      case 0x06:
        return nameOf(k);
      default:
        throw new Error(`instruction ${at} has the unknown code 0x${opcode.toString(16)}`);
    }
  }
  throw new Error("the program runs off its end");
}

function nameOf(answer: number): string {
  if (answer === 0x7fff_0000) return "allow";
  if (answer === 0x8000_0000) return "kill";
  return ERRORS[answer & 0xffff] ?? `errno ${answer & 0xffff}`;
}

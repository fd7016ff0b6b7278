import { syscallNumber, type Architecture, type SyscallName } from "./syscall-numbers.ts";

export interface SeccompOptions {
  readonly arch: Architecture;
  /**
   * `none`: no sockets but connected Unix pairs. `netns`: the process has a network namespace of its own, so internet sockets
   * are harmless and Unix ones are not. `full`: internet and Unix sockets.
   */
  readonly network: "none" | "netns" | "full";
  /** Owners, modes, times and attributes of files cannot be changed, wherever they are. */
  readonly readOnlyMetadata: boolean;
  /** The process shares process and IPC namespaces with the rest of the machine. */
  readonly sharedNamespaces: boolean;
  /**
   * The thread that this program is for when it belongs to a process that is not confined. To Landlock its children are its equals:
   * a signal to it, which would reach the whole process, must be kept from them here.
   */
  readonly thread?: number;
}

/**
 * A seccomp program as an array of `struct sock_filter` (8 bytes each, little-endian). Pure. What it does not name is allowed:
 * Landlock or the mount namespace guard files, this guards what they do not see.
 *
 * Never to be denied: io_uring_enter (libuv aborts the process on it), and everything that works on sockets which exist already:
 * sendto, sendmsg, recvfrom, recvmsg, shutdown, getsockopt, setsockopt, getsockname, getpeername (asyncio, execFileSync).
 */
export function buildSeccomp(options: SeccompOptions): Uint8Array {
  const { arch } = options;
  const groups = denials(options);
  const program: Instruction[] = [
    load(ARCH_OFFSET),
    jumpEqual(AUDIT_ARCH[arch], 1, 0),
    answer(RET_KILL_PROCESS),
    load(NUMBER_OFFSET),
    ...(arch === "x64" ? [jumpGreaterOrEqual(X32_BIT, 0, 1), answer(errno(ENOSYS))] : []),
    ...groups.flatMap(({ names, error }) => denyAll(numbersOf(names, arch), error)),
    ...conditions(options).flatMap(({ name, body }) => {
      const number = syscallNumber(name, arch);
      return number === undefined ? [] : [jumpEqual(number, 0, body.length), ...body];
    }),
    answer(RET_ALLOW),
  ];
  return encode(program);
}

interface Denial {
  readonly names: readonly SyscallName[];
  readonly error: number;
}

interface Condition {
  readonly name: SyscallName;
  /** Reached with the system call's number loaded; must answer on every path. */
  readonly body: readonly Instruction[];
}

/** Reaching into other processes or the kernel; none of it is part of ordinary development work. */
const ALWAYS_DENIED = [
  ...(["ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_getfd"] as const),
  ...(["io_uring_setup", "io_uring_register", "unshare", "setns", "mount", "umount2", "pivot_root", "chroot"] as const),
  ...(["open_tree", "open_tree_attr", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"] as const),
  ...(["bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "open_by_handle_at", "lookup_dcookie"] as const),
  ...(["init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"] as const),
  ...(["acct", "settimeofday", "clock_settime", "sethostname", "setdomainname", "quotactl", "quotactl_fd", "iopl", "ioperm"] as const),
  ...(["syslog", "vhangup", "uselib"] as const),
] as const satisfies readonly SyscallName[];

const METADATA = [
  ...(["chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"] as const),
  ...(["utime", "utimes", "futimesat", "utimensat", "file_setattr"] as const),
  ...(["setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr", "fremovexattr", "removexattrat"] as const),
] as const satisfies readonly SyscallName[];

/** System V and POSIX queues live outside the file system: a policy without writable roots has no place for them. */
const SHARED_IPC = [
  ...(["shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl"] as const),
  ...(["msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink"] as const),
] as const satisfies readonly SyscallName[];

/** Connecting and serving. sendmmsg and recvmmsg only serve sockets that cannot be made here. */
const CONNECTING = ["connect", "accept", "accept4", "bind", "listen", "sendmmsg", "recvmmsg"] as const satisfies readonly SyscallName[];

function denials({ network, readOnlyMetadata, sharedNamespaces }: SeccompOptions): Denial[] {
  return [
    { names: ALWAYS_DENIED, error: EPERM },
    // Its flags are in memory, which a filter cannot read; libc falls back to clone.
    { names: ["clone3"], error: ENOSYS },
    ...(readOnlyMetadata ? [{ names: METADATA, error: EROFS }] : []),
    ...(readOnlyMetadata && sharedNamespaces ? [{ names: SHARED_IPC, error: EPERM }] : []),
    ...(network === "none" ? [{ names: CONNECTING, error: EPERM }] : []),
  ];
}

function conditions({ network, readOnlyMetadata, sharedNamespaces, thread }: SeccompOptions): Condition[] {
  const deny = answer(errno(EPERM));
  const allow = answer(RET_ALLOW);
  const signalling = (name: SyscallName, index: number): Condition[] =>
    thread === undefined ? [] : [{ name, body: [load(argumentOffset(index)), jumpEqual(thread, 0, 1), deny, allow] }];
  const forOthersOnly = (index: number): Instruction[] => [load(argumentOffset(index)), jumpEqual(0, 1, 0), deny, allow];
  return [
    { name: "clone", body: [load(argumentOffset(0)), jumpAnyBit(CLONE_NEW_ANY, 0, 1), deny, allow] },
    {
      name: "ioctl",
      body: [
        ...(sharedNamespaces ? subvolumesOnly(deny) : []),
        ...anyOf(1, readOnlyMetadata ? [...TERMINAL_IOCTLS, ...ATTRIBUTE_IOCTLS] : TERMINAL_IOCTLS, { hit: deny, miss: allow }),
      ],
    },
    // A lease on a file that may only be read keeps its owner's other programs waiting.
    { name: "fcntl", body: anyOf(1, thread === undefined ? [F_SETLEASE] : [F_SETLEASE, F_SETOWN_EX], { hit: deny, miss: allow }) },
    ...signalling("kill", 0),
    ...signalling("tkill", 0),
    ...signalling("tgkill", 1),
    ...signalling("rt_sigqueueinfo", 0),
    ...signalling("rt_tgsigqueueinfo", 1),
    ...signalling("pidfd_open", 0),
    { name: "prlimit64", body: settingLimitsOfOthers(deny, allow) },
    ...(sharedNamespaces
      ? [
          { name: "setpriority", body: forOthersOnly(1) } as const,
          { name: "ioprio_set", body: forOthersOnly(1) } as const,
          { name: "sched_setscheduler", body: forOthersOnly(0) } as const,
          { name: "sched_setparam", body: forOthersOnly(0) } as const,
          { name: "sched_setattr", body: forOthersOnly(0) } as const,
          { name: "migrate_pages", body: forOthersOnly(0) } as const,
          { name: "move_pages", body: forOthersOnly(0) } as const,
        ]
      : []),
    { name: "socket", body: socketRule(network, deny, allow) },
    ...(network === "full" ? [] : [{ name: "socketpair", body: unixPair(deny, allow) } as const]),
  ];
}

/** Subvolumes are made and removed by ioctls on folders, which Landlock does not see; the three that copy data are not meant. */
function subvolumesOnly(deny: Instruction): Instruction[] {
  const copies = BTRFS_COPY_IOCTLS.map((value, position) => jumpEqual(value, BTRFS_COPY_IOCTLS.length - position + 2, 0));
  return [load(argumentOffset(1)), ...copies, bitAnd(IOCTL_TYPE_MASK), jumpEqual(BTRFS_IOCTL_TYPE, 0, 1), deny];
}

function settingLimitsOfOthers(deny: Instruction, allow: Instruction): Instruction[] {
  const newLimit = argumentOffset(2);
  return [
    load(argumentOffset(0)),
    jumpEqual(0, 5, 0),
    load(newLimit),
    jumpEqual(0, 0, 2),
    load(newLimit + 4),
    jumpEqual(0, 1, 0),
    deny,
    allow,
  ];
}

function socketRule(network: SeccompOptions["network"], deny: Instruction, allow: Instruction): Instruction[] {
  switch (network) {
    case "none":
      return unixPair(deny, allow);
    case "netns":
      // Other families of netlink are not bound to the namespace.
      return sockets([AF_INET, AF_INET6], [NETLINK_ROUTE, NETLINK_SOCK_DIAG], { hit: allow, miss: deny });
    case "full":
      // The rest (vsock, packet, alg, the firewall, the audit log, …) reaches the hypervisor, the wire or rarely tested kernel code.
      return sockets([AF_UNIX, AF_INET, AF_INET6], [NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_KOBJECT_UEVENT, NETLINK_GENERIC], {
        hit: allow,
        miss: deny,
      });
  }
}

/**
 * Only connected kinds. A datagram socket could name any other socket in sendto, and Linux turns SOCK_RAW into one, so the kinds
 * that are fine are listed instead of those that are not.
 */
function unixPair(deny: Instruction, allow: Instruction): Instruction[] {
  return [
    load(argumentOffset(0)),
    jumpEqual(AF_UNIX, 0, 4),
    load(argumentOffset(1)),
    bitAnd(SOCK_TYPE_MASK),
    ...[jumpEqual(SOCK_STREAM, 2, 0), jumpEqual(SOCK_SEQPACKET, 1, 0), deny, allow],
  ];
}

/** Sockets of these families, and netlink sockets of these protocols. */
function sockets(families: readonly number[], protocols: readonly number[], answers: Answers): Instruction[] {
  const others = anyOf(0, families, answers);
  const netlink = anyOf(2, protocols, answers);
  return [load(argumentOffset(0)), jumpEqual(AF_NETLINK, 0, netlink.length), ...netlink, ...others];
}

interface Answers {
  readonly hit: Instruction;
  readonly miss: Instruction;
}

function anyOf(index: number, values: readonly number[], answers: Answers): Instruction[] {
  const tests = values.map((value, position) => jumpEqual(value, values.length - position, 0));
  return [load(argumentOffset(index)), ...tests, answers.miss, answers.hit];
}

function denyAll(numbers: readonly number[], error: number): Instruction[] {
  if (numbers.length > MAX_JUMP) throw new Error("a jump of a BPF program reaches 255 instructions");
  if (numbers.length === 0) return [];
  return [...numbers.map((number, position) => jumpEqual(number, numbers.length - position, 0)), jumpAlways(1), answer(errno(error))];
}

function numbersOf(names: readonly SyscallName[], arch: Architecture): number[] {
  return names.flatMap((name) => syscallNumber(name, arch) ?? []);
}

/** One `struct sock_filter`. */
interface Instruction {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  readonly k: number;
}

const load = (offset: number): Instruction => ({ code: 0x20, jumpTrue: 0, jumpFalse: 0, k: offset });
const bitAnd = (k: number): Instruction => ({ code: 0x54, jumpTrue: 0, jumpFalse: 0, k });
const jumpAlways = (k: number): Instruction => ({ code: 0x05, jumpTrue: 0, jumpFalse: 0, k });
const jumpEqual = (k: number, jumpTrue: number, jumpFalse: number): Instruction => ({ code: 0x15, jumpTrue, jumpFalse, k });
const jumpGreaterOrEqual = (k: number, jumpTrue: number, jumpFalse: number): Instruction => ({ code: 0x35, jumpTrue, jumpFalse, k });
const jumpAnyBit = (k: number, jumpTrue: number, jumpFalse: number): Instruction => ({ code: 0x45, jumpTrue, jumpFalse, k });
const answer = (k: number): Instruction => ({ code: 0x06, jumpTrue: 0, jumpFalse: 0, k });

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, jumpTrue, jumpFalse, k }] of program.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, jumpTrue);
    view.setUint8(index * 8 + 3, jumpFalse);
    view.setUint32(index * 8 + 4, k, true);
  }
  return bytes;
}

/** Offset of the low half of an argument in `struct seccomp_data`. */
function argumentOffset(index: number): number {
  return 16 + 8 * index;
}

function errno(error: number): number {
  return RET_ERRNO + error;
}

const NUMBER_OFFSET = 0;
const ARCH_OFFSET = 4;
const MAX_JUMP = 255;
const AUDIT_ARCH: Readonly<Record<Architecture, number>> = { x64: 0xc000_003e, arm64: 0xc000_00b7 };
const X32_BIT = 0x4000_0000;
const RET_KILL_PROCESS = 0x8000_0000;
const RET_ERRNO = 0x0005_0000;
const RET_ALLOW = 0x7fff_0000;
const EPERM = 1;
const EROFS = 30;
const ENOSYS = 38;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW_ANY = 0x7e02_0000;
/** TIOCSTI and TIOCLINUX put input into a terminal. */
const TERMINAL_IOCTLS = [0x5412, 0x541c];
/**
 * FS_IOC_SETFLAGS, its 32-bit form, FSSETXATTR, SETVERSION, ENABLE_VERITY, SET_ENCRYPTION_POLICY, FAT's SET_ATTRIBUTES: what a
 * read-only descriptor can set.
 */
const ATTRIBUTE_IOCTLS = [0x4008_6602, 0x4004_6602, 0x401c_5820, 0x4008_7602, 0x4080_6685, 0x800c_6613, 0x4004_7211];
const IOCTL_TYPE_MASK = 0xff00;
const BTRFS_IOCTL_TYPE = 0x9400;
/** FICLONE, FICLONERANGE, FIDEDUPERANGE, which share btrfs' type. */
const BTRFS_COPY_IOCTLS = [0x4004_9409, 0x4020_940d, 0xc018_9436];
const F_SETLEASE = 1024;
/** Names who gets a signal, in memory: it may be a single thread. */
const F_SETOWN_EX = 15;
const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const NETLINK_SOCK_DIAG = 4;
const NETLINK_KOBJECT_UEVENT = 15;
const NETLINK_GENERIC = 16;
const SOCK_TYPE_MASK = 0xf;
const SOCK_STREAM = 1;
const SOCK_SEQPACKET = 5;

import { describe, expect, test } from "vitest";
import { buildSeccomp, type SeccompOptions } from "../src/bpf.ts";
import { syscallNumber, type Architecture, type SyscallName } from "../src/syscall-numbers.ts";
import { interpret } from "./support/bpf-interpreter.ts";

const ARCHITECTURES = ["x64", "arm64"] as const satisfies readonly Architecture[];
const NETWORKS = ["none", "netns", "full"] as const;
const PLAIN = { network: "full", readOnlyMetadata: false, sharedNamespaces: false } as const;

const ALWAYS = words(`ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd io_uring_setup
  io_uring_register unshare setns mount umount2 pivot_root chroot open_tree open_tree_attr move_mount fsopen fsconfig fsmount fspick
  mount_setattr bpf perf_event_open userfaultfd keyctl add_key request_key open_by_handle_at lookup_dcookie init_module finit_module
  delete_module kexec_load kexec_file_load reboot swapon swapoff acct settimeofday clock_settime sethostname setdomainname quotactl
  quotactl_fd iopl ioperm syslog vhangup uselib`);
const METADATA = words(`chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat file_setattr setxattr
  lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat`);
const SHARED_IPC = words("shmget shmat shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink");
const CONNECTING = words("connect accept accept4 bind listen sendmmsg recvmmsg");

/** Numbers that no policy may touch, taken from the kernel's tables by hand: what asyncio, execFileSync, libuv and libc live on. */
const NEVER_DENIED: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  read: [0, 63],
  write: [1, 64],
  openat: [257, 56],
  execve: [59, 221],
  exit_group: [231, 94],
  futex: [202, 98],
  kill: [62, 129],
  io_uring_enter: [426, 426],
  sendto: [44, 206],
  recvfrom: [45, 207],
  sendmsg: [46, 211],
  recvmsg: [47, 212],
  shutdown: [48, 210],
  getsockname: [51, 204],
  getpeername: [52, 205],
  setsockopt: [54, 208],
  getsockopt: [55, 209],
  sched_setaffinity: [203, 122],
  landlock_restrict_self: [446, 446],
  seccomp: [317, 277],
  prctl: [157, 167],
  memfd_create: [319, 279],
};

describe.each(ARCHITECTURES)("the system call filter on %s", (arch) => {
  const answer = (options: Partial<SeccompOptions>, name: SyscallName, ...args: (number | bigint)[]): string => {
    const number = syscallNumber(name, arch);
    return number === undefined ? "absent" : interpret(buildSeccomp({ ...PLAIN, arch, ...options }), { arch, number, args });
  };
  const denials = (names: readonly SyscallName[], options: Partial<SeccompOptions>): Record<string, string> =>
    Object.fromEntries(names.filter((name) => syscallNumber(name, arch) !== undefined).map((name) => [name, answer(options, name)]));
  const all = (names: readonly SyscallName[], result: string): Record<string, string> =>
    Object.fromEntries(names.filter((name) => syscallNumber(name, arch) !== undefined).map((name) => [name, result]));

  test("refuses what reaches into other processes and the kernel, under every policy", () => {
    for (const network of NETWORKS) {
      for (const flag of [true, false]) {
        expect(denials(ALWAYS, { network, readOnlyMetadata: flag, sharedNamespaces: !flag })).toEqual(all(ALWAYS, "EPERM"));
      }
    }
  });

  test("never refuses what works on sockets that exist, nor io_uring_enter", () => {
    for (const network of NETWORKS) {
      const program = buildSeccomp({ arch, network, readOnlyMetadata: true, sharedNamespaces: true });
      for (const [x64, arm64] of Object.values(NEVER_DENIED)) {
        expect(interpret(program, { arch, number: arch === "x64" ? x64 : arm64, args: [] })).toBe("allow");
      }
    }
  });

  test("allows every number that it does not name", () => {
    const named = new Set(
      [...ALWAYS, ...METADATA, ...SHARED_IPC, ...CONNECTING, "clone3", "socket", "socketpair"].map((name) =>
        syscallNumber(name as SyscallName, arch),
      ),
    );
    const program = buildSeccomp({ arch, network: "none", readOnlyMetadata: true, sharedNamespaces: true });
    const wrong = Array.from({ length: 600 }, (_, number) => number).filter(
      (number) => (interpret(program, { arch, number, args: [] }) === "allow") === named.has(number),
    );
    expect(wrong).toEqual([]);
  });

  test("makes metadata read-only where nothing may be written", () => {
    expect(denials(METADATA, { readOnlyMetadata: true })).toEqual(all(METADATA, "EROFS"));
    expect(denials(METADATA, { readOnlyMetadata: false })).toEqual(all(METADATA, "allow"));
    for (const request of [0x4008_6602, 0x4004_6602, 0x401c_5820, 0x4008_7602, 0x4080_6685, 0x800c_6613, 0x4004_7211]) {
      expect(answer({ readOnlyMetadata: true }, "ioctl", 3, request)).toBe("EPERM");
      expect(answer({ readOnlyMetadata: false }, "ioctl", 3, request)).toBe("allow");
    }
  });

  test("closes queues and shared memory that are not files where nothing may be written and the namespace is shared", () => {
    expect(denials(SHARED_IPC, { readOnlyMetadata: true, sharedNamespaces: true })).toEqual(all(SHARED_IPC, "EPERM"));
    expect(denials(SHARED_IPC, { readOnlyMetadata: true, sharedNamespaces: false })).toEqual(all(SHARED_IPC, "allow"));
    expect(denials(SHARED_IPC, { readOnlyMetadata: false, sharedNamespaces: true })).toEqual(all(SHARED_IPC, "allow"));
  });

  test("refuses connecting and serving only without a network and without a namespace of its own", () => {
    expect(denials(CONNECTING, { network: "none" })).toEqual(all(CONNECTING, "EPERM"));
    expect(denials(CONNECTING, { network: "netns" })).toEqual(all(CONNECTING, "allow"));
    expect(denials(CONNECTING, { network: "full" })).toEqual(all(CONNECTING, "allow"));
  });

  test.each([
    [
      "none",
      {
        inet: "EPERM",
        unixStream: "allow",
        unixDatagram: "EPERM",
        unixRaw: "EPERM",
        packet: "EPERM",
        vsock: "EPERM",
        uevent: "EPERM",
        firewall: "EPERM",
        route: "EPERM",
      },
    ],
    [
      "netns",
      {
        inet: "allow",
        unixStream: "EPERM",
        unixDatagram: "EPERM",
        unixRaw: "EPERM",
        packet: "EPERM",
        vsock: "EPERM",
        uevent: "EPERM",
        firewall: "EPERM",
        route: "allow",
      },
    ],
    [
      "full",
      {
        inet: "allow",
        unixStream: "allow",
        unixDatagram: "allow",
        unixRaw: "allow",
        packet: "EPERM",
        vsock: "EPERM",
        uevent: "allow",
        firewall: "EPERM",
        route: "allow",
      },
    ],
  ] as const)("lets sockets be made by the network policy %s", (network, expected) => {
    const socket = (...args: number[]): string => answer({ network }, "socket", ...args);
    expect({
      inet: only([socket(2, 1, 0), socket(2, 2, 17), socket(10, 1, 6)]),
      unixStream: only([socket(1, 1, 0), socket(1, 1 | 0o2000000, 0), socket(1, 5, 0)]),
      unixDatagram: only([socket(1, 2, 0), socket(1, 2 | 0o4000, 0)]),
      unixRaw: socket(1, 3, 0),
      packet: socket(17, 3, 0),
      vsock: socket(40, 1, 0),
      uevent: socket(16, 2, 15),
      firewall: only([socket(16, 3, 12), socket(16, 3, 9), socket(16, 3, 6)]),
      route: only([socket(16, 3, 0), socket(16, 3, 4)]),
    }).toEqual(expected);
  });

  test("pairs of sockets are connected kinds only, whatever the flags and the high half of the arguments", () => {
    for (const network of ["none", "netns"] as const) {
      const pair = (...args: (number | bigint)[]): string => answer({ network }, "socketpair", ...args);
      expect([pair(1, 1), pair(1, 0o2004001), pair(1, 5), pair(0x1_0000_0001n, 1)]).toEqual(["allow", "allow", "allow", "allow"]);
      expect([pair(1, 2), pair(1, 3), pair(1, 0o2000002), pair(2, 1), pair(1, 0)]).toEqual(["EPERM", "EPERM", "EPERM", "EPERM", "EPERM"]);
    }
    expect(answer({ network: "full" }, "socketpair", 1, 2)).toBe("allow");
  });

  test("lets processes and threads start but no namespaces", () => {
    expect(answer({}, "clone", 17)).toBe("allow");
    expect(answer({}, "clone", 0x3d0f00)).toBe("allow");
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
      expect(answer({}, "clone", flag | 17)).toBe("EPERM");
    expect(answer({}, "clone3", 0, 88)).toBe("ENOSYS");
  });

  test("refuses to type into a terminal, comparing as the kernel does", () => {
    expect([answer({}, "ioctl", 0, 0x5412), answer({}, "ioctl", 0, 0x1_0000_5412n), answer({}, "ioctl", 0, 0x541c)]).toEqual([
      "EPERM",
      "EPERM",
      "EPERM",
    ]);
    expect([answer({}, "ioctl", 0, 0x5401), answer({}, "ioctl", 0, 0x5413)]).toEqual(["allow", "allow"]);
  });

  test("subvolumes of btrfs are out of reach where Landlock alone guards files, and copying by reference is not", () => {
    const [create, destroy] = [0x5000_940e, 0x5000_940f];
    const copies = [0x4004_9409, 0x4020_940d, 0xc018_9436];
    for (const readOnlyMetadata of [true, false]) {
      const ask = (sharedNamespaces: boolean) => (request: number) => answer({ sharedNamespaces, readOnlyMetadata }, "ioctl", 3, request);
      expect([create, destroy].map(ask(true))).toEqual(["EPERM", "EPERM"]);
      expect([create, ...copies].map(ask(false))).toEqual(["allow", "allow", "allow", "allow"]);
      expect([...copies, 0x5401].map(ask(true))).toEqual(["allow", "allow", "allow", "allow"]);
      expect(ask(true)(0x5412)).toBe("EPERM");
    }
  });

  test("a lease cannot be taken, and other work on descriptors goes on", () => {
    expect([1024, 1025, 1, 2, 4, 1030].map((request) => answer({}, "fcntl", 3, request))).toEqual(["EPERM", ...Array(5).fill("allow")]);
  });

  test("limits of other processes can be read and not set", () => {
    const pointer = 0x7fff_0000_0000n;
    expect(answer({}, "prlimit64", 0, 7, pointer)).toBe("allow");
    expect(answer({}, "prlimit64", 123, 7, 0, pointer)).toBe("allow");
    expect(answer({}, "prlimit64", 123, 7, pointer)).toBe("EPERM");
    expect(answer({}, "prlimit64", 123, 7, 0x1000)).toBe("EPERM");
  });

  test("scheduling of other processes is out of reach where they can be named", () => {
    const calls = [
      ["setpriority", 0, 5],
      ["ioprio_set", 1, 5],
      ["sched_setscheduler", 5],
      ["sched_setparam", 5],
      ["sched_setattr", 5],
      ["migrate_pages", 5],
      ["move_pages", 5],
    ] as const;
    for (const [name, ...args] of calls) {
      expect(answer({ sharedNamespaces: true }, name, ...args)).toBe("EPERM");
      expect(answer({ sharedNamespaces: false }, name, ...args)).toBe("allow");
      expect(answer({ sharedNamespaces: true }, name, ...args.map((argument) => (argument === 5 ? 0 : argument)))).toBe("allow");
    }
  });

  test("the thread of a process that is not confined cannot be signalled, and others can", () => {
    const thread = 4711;
    const called = { kill: [thread], tkill: [thread], tgkill: [1, thread], rt_sigqueueinfo: [thread], rt_tgsigqueueinfo: [1, thread] };
    for (const [name, args] of Object.entries({ ...called, pidfd_open: [thread], fcntl: [1, 15] }) as [SyscallName, number[]][]) {
      const others = args.map((argument) => argument + 1);
      expect([name, answer({ thread }, name, ...args), answer({ thread }, name, ...others), answer({}, name, ...args)]).toEqual([
        name,
        "EPERM",
        "allow",
        "allow",
      ]);
    }
    // The kernel looks at the low half.
    expect(answer({ thread }, "kill", (1n << 32n) + BigInt(thread))).toBe("EPERM");
  });

  test("kills a process that calls the kernel as another processor", () => {
    const program = buildSeccomp({ ...PLAIN, arch });
    const other = arch === "x64" ? "arm64" : "x64";
    expect(interpret(program, { arch: other, number: 0, args: [] })).toBe("kill");
    expect(interpret(program, { arch: "i386", number: 0, args: [] })).toBe("kill");
  });

  test("fits into what the kernel takes", () => {
    for (const network of NETWORKS) {
      const bytes = buildSeccomp({ arch, network, readOnlyMetadata: true, sharedNamespaces: true, thread: 1 }).length;
      expect([bytes % 8, bytes / 8 < 400]).toEqual([0, true]);
    }
  });
});

test("numbers of the x32 interface do not exist", () => {
  const program = buildSeccomp({ ...PLAIN, arch: "x64" });
  expect(interpret(program, { arch: "x64", number: 0x4000_0000 + 1, args: [] })).toBe("ENOSYS");
});

function words(text: string): SyscallName[] {
  return text.trim().split(/\s+/u) as SyscallName[];
}

function only(answers: readonly string[]): string {
  return [...new Set(answers)].join(" and ");
}

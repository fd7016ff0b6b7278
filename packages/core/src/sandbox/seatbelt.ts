import type { SandboxReach } from "../host/host.ts";

/** Apple's tool, by its absolute path: one of another name on PATH is not it. */
export const SANDBOX_EXEC = "/usr/bin/sandbox-exec";

/** The variables by which a command knows that it is confined, and that the network is off. */
export function seatbeltEnvironment({ network }: Pick<SandboxReach, "network">): Record<string, string> {
  return { CODEX_SANDBOX: "seatbelt", ...(network === "none" ? { CODEX_SANDBOX_NETWORK_DISABLED: "1" } : {}) };
}

/**
 * The words that run `argv` under Seatbelt. Pure. The policy text never holds a path: folders are handed over as parameters, so
 * that no name can change what it means. Paths must be real ones (/private/var, not /var).
 */
export function seatbeltArguments(reach: SandboxReach, argv: readonly string[]): readonly [string, ...string[]] {
  const roots = reach.fullWrite ? [] : reach.writableRoots;
  const closed = reach.fullWrite ? [] : reach.protectedPaths;
  const parameters = [
    ...roots.map((path, index) => `-DWRITABLE_ROOT_${index}=${path}`),
    ...closed.map((path, index) => `-DPROTECTED_PATH_${index}=${path}`),
  ];
  return [SANDBOX_EXEC, "-p", seatbeltPolicy(reach), ...parameters, "--", ...argv];
}

/** The policy text: everything is refused but what ordinary programs need to start and what `reach` adds. */
export function seatbeltPolicy(reach: SandboxReach): string {
  return [BASE, WRITES_ALWAYS, writes(reach), ...(reach.network === "full" ? [NETWORK] : [])].join("\n\n") + "\n";
}

const BASE = `(version 1)
(deny default)

; programs: start others, and signal and look at those of the same sandbox
(allow process-exec)
(allow process-fork)
(allow signal (target same-sandbox))
(allow process-info* (target same-sandbox))

; reading is free
(allow file-read*)
(allow user-preference-read)

; what runtimes ask about the machine
(allow sysctl-read
  (sysctl-name-prefix "hw.")
  (sysctl-name-prefix "kern.proc.pgrp.")
  (sysctl-name-prefix "kern.proc.pid.")
  (sysctl-name-prefix "net.routetable.")
  (sysctl-name "kern.argmax")
  (sysctl-name "kern.hostname")
  (sysctl-name "kern.maxfilesperproc")
  (sysctl-name "kern.maxproc")
  (sysctl-name "kern.osproductversion")
  (sysctl-name "kern.osrelease")
  (sysctl-name "kern.ostype")
  (sysctl-name "kern.osvariant_status")
  (sysctl-name "kern.osversion")
  (sysctl-name "kern.secure_kernel")
  (sysctl-name "kern.usrstack64")
  (sysctl-name "kern.version")
  (sysctl-name "sysctl.proc_cputype")
  (sysctl-name "vm.loadavg"))
(allow sysctl-write (sysctl-name "kern.grade_cputype"))
(allow mach-host*)

; users by name, power assertions, semaphores of language runtimes
(allow mach-lookup
  (global-name "com.apple.system.opendirectoryd.libinfo")
  (global-name "com.apple.PowerManagement.control"))
(allow iokit-open (iokit-registry-entry-class "RootDomainUserClient"))
(allow ipc-posix-sem)

; terminals that the command itself opens
(allow pseudo-tty)
(allow file-ioctl (literal "/dev/ptmx") (regex #"^/dev/ttys[0-9]+$"))`;

const WRITES_ALWAYS = `(allow file-write-data
  (require-all (vnode-type CHARACTER-DEVICE)
    (require-any (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/ptmx")
      (require-all (regex #"^/dev/ttys[0-9]+$") (extension "com.apple.sandbox.pty")))))`;

const NETWORK = `(allow network-outbound)
(allow network-inbound)
(allow network-bind)
(allow system-socket)
(allow mach-lookup
  (global-name "com.apple.bsd.dirhelper")
  (global-name "com.apple.system.opendirectoryd.membership")
  (global-name "com.apple.SecurityServer")
  (global-name "com.apple.networkd")
  (global-name "com.apple.ocspd")
  (global-name "com.apple.trustd.agent")
  (global-name "com.apple.SystemConfiguration.DNSConfiguration")
  (global-name "com.apple.SystemConfiguration.configd"))`;

function writes({ fullWrite, writableRoots, protectedPaths }: SandboxReach): string {
  if (fullWrite) return '(allow file-write* (subpath "/"))';
  if (writableRoots.length === 0) return "; no folder may be written";
  const closed = protectedPaths.map((_, index) => ` (require-not (subpath (param "PROTECTED_PATH_${index}")))`).join("");
  const roots = writableRoots.map((_, index) => `\n  (require-all (subpath (param "WRITABLE_ROOT_${index}"))${closed})`);
  return `(allow file-write*${roots.join("")})`;
}

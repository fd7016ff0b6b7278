import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { SandboxReach } from "../../src/host/host.ts";
import { nodeFileSystem } from "../../src/node/file-system.ts";
import type { Denial } from "../../src/protocol/event.ts";
import { findDenial } from "../../src/sandbox/denial.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "denial-")));
const [work, outside] = [join(root, "work"), join(root, "outside")];
for (const folder of [work, outside, join(work, ".git")]) mkdirSync(folder);
writeFileSync(join(outside, "plain.sh"), "", { mode: 0o644 });
chmodSync(join(outside, "plain.sh"), 0o644);
afterAll(() => rmSync(root, { recursive: true }));

const READ_ONLY: SandboxReach = { network: "none", fullWrite: false, writableRoots: [], protectedPaths: [] };
const WORKSPACE: SandboxReach = { network: "none", fullWrite: false, writableRoots: [work], protectedPaths: [join(work, ".git")] };
const ONLINE: SandboxReach = { ...READ_ONLY, network: "full" };

const no: Denial = { denied: false };
const write = (path: string, folder: string): Denial => ({ denied: true, what: "write", path, permission: `disk-write-folder=${folder}` });
const network = (address?: string): Denial => ({
  denied: true,
  what: "network",
  ...(address === undefined ? {} : { address }),
  permission: "network-full-access",
});

const BELOW_BWRAP: SandboxReach = { ...WORKSPACE, backend: "bwrap" };
const unknown: Denial = { denied: "unknown" };

const CASES: readonly (readonly [output: string, reach: SandboxReach, expected: Denial])[] = [
  ["touch: cannot touch 'x': Permission denied", READ_ONLY, write(join(work, "x"), work)],
  ["touch: cannot touch 'x': Permission denied", WORKSPACE, no],
  ["sh: 1: cannot create ../outside/x: Permission denied", WORKSPACE, write(join(outside, "x"), outside)],
  [`bash: line 1: ${outside}/new/x: Read-only file system`, WORKSPACE, write(join(outside, "new/x"), outside)],
  [`mkdir: cannot create directory ‘${outside}/d’: Read-only file system`, WORKSPACE, write(join(outside, "d"), outside)],
  [
    `fatal: Unable to create '${work}/.git/index.lock': Read-only file system`,
    WORKSPACE,
    write(join(work, ".git/index.lock"), join(work, ".git")),
  ],
  // Reading is never refused; a mount says that it is read-only; and who merely prints such a line says nothing of who was refused.
  [`cat: ${outside}/plain.sh: Permission denied`, WORKSPACE, no],
  [`head: cannot open '${outside}/x' for reading: Permission denied`, WORKSPACE, no],
  [`${outside}/plain.sh: Permission denied`, WORKSPACE, unknown],
  [`touch: cannot touch '${outside}/x': Permission denied`, BELOW_BWRAP, unknown],
  [`touch: cannot touch '${outside}/x': Read-only file system`, BELOW_BWRAP, write(join(outside, "x"), outside)],
  [`touch: cannot touch '${work}/x': Permission denied`, BELOW_BWRAP, no],
  // What is copied was only read.
  [
    `fatal: cannot copy '${outside}/plain.sh' to '${work}/inner/.git/description': Read-only file system`,
    WORKSPACE,
    write(join(work, "inner/.git/description"), join(work, "inner/.git")),
  ],
  [`mv: cannot move 'x' to '${outside}/x': Read-only file system`, WORKSPACE, write(join(outside, "x"), outside)],
  [`Error: EACCES: permission denied, open '${outside}/x'`, WORKSPACE, write(join(outside, "x"), outside)],
  [`PermissionError: [Errno 13] Permission denied: '${outside}/x'`, WORKSPACE, write(join(outside, "x"), outside)],
  [`error: open ${outside}/x: permission denied`, WORKSPACE, write(join(outside, "x"), outside)],
  [`error: failed to write ${outside}/x: Read-only file system (os error 30)`, WORKSPACE, write(join(outside, "x"), outside)],
  [`bash: line 1: ${outside}/plain.sh: Permission denied`, WORKSPACE, write(join(outside, "plain.sh"), outside)],
  [`sh: 1: cannot create ${outside}/plain.sh: Permission denied`, WORKSPACE, write(join(outside, "plain.sh"), outside)],
  [`Error: spawn ${outside}/plain.sh EACCES`, WORKSPACE, no],
  ["git@example.com: Permission denied (publickey).", ONLINE, no],
  ["assertion failed: expected 1 to be 2", READ_ONLY, no],
  ["", READ_ONLY, no],
  ["curl: (6) Could not resolve host: example.com", WORKSPACE, network("example.com")],
  ["curl: (6) Could not resolve host: example.com", ONLINE, no],
  ["Error: connect ENETUNREACH 10.0.0.1:443", WORKSPACE, network("10.0.0.1:443")],
  ["Error: getaddrinfo EAI_AGAIN registry.example.org", READ_ONLY, network("registry.example.org")],
  ["bash: connect: Operation not permitted\nbash: line 1: /dev/tcp/10.0.0.1/80: Operation not permitted", READ_ONLY, network()],
  ["make: something: Operation not permitted", READ_ONLY, { denied: "unknown" }],
  [
    `touch: cannot touch '${outside}/x': Permission denied\ntouch: cannot touch 'y': Permission denied`,
    READ_ONLY,
    { ...write(join(work, "y"), work), permissions: [`disk-write-folder=${work}`, `disk-write-folder=${outside}`] },
  ],
  [
    `touch: cannot touch '${root}/x': Permission denied\ntouch: cannot touch 'y': Permission denied`,
    READ_ONLY,
    write(join(work, "y"), root),
  ],
  [
    `curl: (6) Could not resolve host: example.com\ncurl: (23) Failure writing output to ${outside}/x: Permission denied`,
    WORKSPACE,
    { ...network("example.com"), permissions: ["network-full-access", `disk-write-folder=${outside}`] },
  ],
];

test.each(CASES)("%s", async (output, reach, expected) => {
  const command = { exitCode: 1, signal: null, output: `some output\n${output}\n`, cwd: work };
  expect(await findDenial(command, { reach, fs: nodeFileSystem })).toEqual(expected);
});

test("a file that is no program is not said to be refused because it could not be run", async () => {
  const command = { exitCode: 126, signal: null, output: `bash: line 1: ${outside}/plain.sh: Permission denied`, cwd: work };
  expect(await findDenial(command, { reach: WORKSPACE, fs: nodeFileSystem })).toEqual(no);
});

test("what this process could not write either is no denial", async () => {
  const fs = { ...nodeFileSystem, isWritable: async () => false };
  const command = { exitCode: 1, signal: null, output: "touch: cannot touch '/etc/x': Permission denied", cwd: work };
  expect(await findDenial(command, { reach: WORKSPACE, fs })).toEqual(no);
});

test("a system call that the filter ends with a signal is a denial", async () => {
  const command = { exitCode: null, signal: "SIGSYS", output: "", cwd: work };
  expect(await findDenial(command, { reach: WORKSPACE, fs: nodeFileSystem })).toEqual({ denied: true, what: "system_call" });
  expect(await findDenial({ ...command, exitCode: 159, signal: null }, { reach: WORKSPACE, fs: nodeFileSystem })).toMatchObject({
    denied: true,
  });
});

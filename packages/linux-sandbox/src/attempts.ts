import {
  existsSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type AddressInfo, type NetConnectOpts } from "node:net";
import { join } from "node:path";
import type { AttemptTargets, AttemptName } from "./battery.ts";
import { openLibc } from "./syscalls.ts";

/** A program: tries what a sandbox should refuse, on targets given as JSON, and prints as one line of JSON which attempts succeeded. */
const targets = JSON.parse(process.argv[2] ?? "") as AttemptTargets;
const { victim, workspace, pid } = targets;
const file = join(victim, "file");

const attempts: Readonly<Record<AttemptName, () => unknown>> = {
  "create a file": () => writeFileSync(join(victim, "new"), ""),
  "empty a file": () => truncateSync(file),
  "rename a file": () => renameSync(file, join(victim, "renamed")),
  "remove a file": () => unlinkSync(file),
  "write through a link": () => {
    symlinkSync(file, join(workspace, "link"));
    writeFileSync(join(workspace, "link"), "");
  },
  "change a git hook": () => writeFileSync(join(workspace, ".git", "hook"), ""),
  "change a nested git hook": () => writeFileSync(join(workspace, "sub", ".git", "hook"), ""),
  "replace .git": () => renameSync(join(workspace, ".git"), join(workspace, "git")),
  "create .agents": () => mkdirSync(join(workspace, ".agents")),
  "change a mode": () => chmodSync(file, 0o600),
  "change a time": () => utimesSync(file, 1, 1),
  "connect over TCP": () => connected({ host: "127.0.0.1", port: targets.port }),
  "connect to a Unix socket": () => connected({ path: targets.socket }),
  "connect to an abstract socket": () => connected({ path: `\0${targets.abstractName}` }),
  "signal a process": () => process.kill(pid, 0),
  "see a process": () => must(existsSync(`/proc/${pid}`)),
  "read a process' environment": () => readFileSync(`/proc/${pid}/environ`),
  "use System V queues": () => {
    must(readlinkSync("/proc/self/ns/ipc") === targets.ipcNamespace);
    must(openLibc().syscall("msgget", 0, 0o600) >= 0);
  },
  "serve on loopback": ownLoopback,
};

const succeeded: string[] = [];
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they share files
    await attempt();
    succeeded.push(name);
  } catch {
    // Refused.
  }
}
process.stdout.write(`\n${JSON.stringify(succeeded)}\n`);

function must(condition: boolean): void {
  if (!condition) throw new Error("refused");
}

function connected(options: NetConnectOpts): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, timeout: 1000 }, () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
    socket.once("timeout", () => socket.destroy(new Error("timeout")));
  });
}

async function ownLoopback(): Promise<void> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  try {
    await connected({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  } finally {
    server.close();
  }
}

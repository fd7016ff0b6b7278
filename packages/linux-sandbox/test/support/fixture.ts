import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import {
  chmodSync,
  closeSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const NOBODY = 65534;
export const PYTHON = "/usr/bin/python3";
const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A folder with a workspace (a repository with another one inside), a victim that must not change, and servers outside. */
export interface Fixture {
  readonly folder: string;
  readonly workspace: string;
  readonly victim: string;
  /** For scripts: WORK, VICTIM, TCP, UDP, ABSTRACT, OUTSIDER (a process id). */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => void;
}

/** Everything belongs to `uid`, so that only the sandbox and not ownership is in the way. */
export async function makeFixture(uid: number): Promise<Fixture> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sandbox-test-")));
  chmodSync(folder, 0o755);
  const workspace = join(folder, "work");
  const victim = join(folder, "victim");
  for (const made of [join(workspace, "sub"), join(workspace, ".codex"), join(victim, "folder")]) mkdirSync(made, { recursive: true });
  for (const repository of [workspace, join(workspace, "sub")]) execFileSync("git", ["init", "-q", repository]);
  writeFileSync(join(workspace, ".codex", "config.toml"), "");
  writeFileSync(join(workspace, "file"), "mine\n");
  for (const name of ["append", "empty", "move", "swap", "meta", "remove", "link", "time", "marked"])
    writeFileSync(join(victim, name), "kept\n");
  symlinkSync(join(victim, "link"), join(workspace, "link"));
  execFileSync("mkfifo", [join(victim, "fifo")]);
  if (existsSync(PYTHON)) execFileSync(PYTHON, ["-c", 'import os,sys;os.setxattr(sys.argv[1],"user.mark",b"1")', join(victim, "marked")]);
  // Somebody reads it, so that a writer would be heard.
  const fifo = openSync(join(victim, "fifo"), constants.O_RDONLY | constants.O_NONBLOCK);
  const { env, close } = await startServers(folder, victim);
  if (process.getuid?.() === 0) execFileSync("chown", ["-hR", `${uid}:${uid}`, folder]);
  return {
    folder,
    workspace,
    victim,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      LANG: "C.UTF-8",
      WORK: workspace,
      VICTIM: victim,
      GIT_CONFIG_NOSYSTEM: "1",
      ...env,
    },
    close: () => {
      close();
      closeSync(fifo);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startServers(folder: string, victim: string): Promise<{ env: Record<string, string>; close: () => void }> {
  const abstract = `sandbox-test-${randomUUID()}`;
  // The other side may be gone already.
  const serve = (): Server => createServer((socket) => socket.on("error", () => undefined).end("ok"));
  const [tcp, unix, hidden] = [serve(), serve(), serve()];
  const udp = createSocket("udp4", () => undefined);
  await Promise.all([
    new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve)),
    new Promise<void>((resolve) => unix.listen({ path: join(victim, "socket"), readableAll: true, writableAll: true }, resolve)),
    new Promise<void>((resolve) => hidden.listen({ path: `\0${abstract}` }, resolve)),
    new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve)),
  ]);
  const env = { TCP: String((tcp.address() as AddressInfo).port), UDP: String(udp.address().port), ABSTRACT: abstract, FOLDER: folder };
  const close = (): void => {
    for (const server of [tcp, unix, hidden]) server.close();
    udp.close();
  };
  return { env, close };
}

/** The built package where every user can read it. */
export function installForEveryone(): { readonly launcher: string; readonly close: () => void } {
  const target = mkdtempSync(join(tmpdir(), "sandbox-package-"));
  chmodSync(target, 0o755);
  if (!existsSync(join(packageFolder, "dist", "launcher-main.js"))) throw new Error("The package is not built: pnpm build");
  cpSync(join(packageFolder, "dist"), join(target, "dist"), { recursive: true });
  cpSync(join(packageFolder, "package.json"), join(target, "package.json"));
  const koffi = realpathSync(join(packageFolder, "node_modules", "koffi"));
  cpSync(koffi, join(target, "node_modules", "koffi"), { recursive: true, dereference: true });
  const binaries = join(dirname(koffi), "@koromix");
  if (existsSync(binaries)) cpSync(binaries, join(target, "node_modules", "@koromix"), { recursive: true, dereference: true });
  execFileSync("chmod", ["-R", "a+rX", target]);
  return { launcher: join(target, "dist", "launcher-main.js"), close: () => rmSync(target, { recursive: true, force: true }) };
}

/** The words that run a command as an unprivileged user; none when the tests already do. */
export function asNobody(): string[] {
  return process.getuid?.() === 0 ? ["setpriv", "--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups", "--"] : [];
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "./support/launch.ts";
import { missing, type Requirement } from "./support/requirements.ts";

interface Work {
  readonly needs?: readonly Requirement[];
  readonly script: string;
  readonly where?: (backend: string, policy: string) => boolean;
}

const writable = (_: string, policy: string): boolean => policy === "workspace-write";
const ownLoopback = (backend: string): boolean => backend === "bwrap";
const py = (code: string): string => `/usr/bin/python3 -c '${code}'`;

/** What people do all day. None of it may fail because of the sandbox. */
const WORK: Readonly<Record<string, Work>> = {
  "git status, diff and log": { needs: ["git"], script: "git status --short && git diff && git log --oneline && git show --stat" },
  "execFileSync in Node": {
    script: `node -e 'require("child_process").execFileSync("true"); if (String(require("child_process").execSync("echo hi")) !== "hi\\n") process.exit(1)'`,
  },
  "a child process with a channel in Node": {
    script: `node -e 'const c=require("child_process");if(process.send)process.send(1);else if(!process.env.X)c.fork(__filename="child.js").once("message",()=>process.exit(0))'`,
  },
  "worker threads in Node": {
    script: `node -e 'new (require("worker_threads").Worker)("require(\\"worker_threads\\").parentPort.postMessage(1)",{eval:true}).once("message",()=>{})'`,
  },
  "asynchronous files in Node": { script: `node -e 'require("fs").promises.readFile("/etc/passwd").then(()=>0)'` },
  "node --test": { script: "node --test test.mjs" },
  "npm test": { script: "npm test --silent", where: writable },
  "a server on loopback": { script: "node --test server.mjs", where: ownLoopback },
  "names of addresses in Node": { script: `node -e 'require("os").networkInterfaces()'`, where: ownLoopback },
  "asyncio with subprocesses and threads": {
    needs: ["python"],
    script: py(`
import asyncio
async def main():
    p = await asyncio.create_subprocess_exec("echo", "hi", stdout=asyncio.subprocess.PIPE)
    assert (await p.communicate())[0] == b"hi\\n"
    assert await asyncio.get_running_loop().run_in_executor(None, lambda: 42) == 42
asyncio.run(main())`),
  },
  multiprocessing: {
    needs: ["python"],
    script: py(
      `\nimport multiprocessing as m\nif __name__ == "__main__":\n    m.set_start_method("fork")\n    assert m.Pool(2).map(abs, [-1]) == [1]`,
    ),
    where: writable,
  },
  "socket pairs": {
    needs: ["python"],
    script: py('import socket;a,b=socket.socketpair();a.send(b"x");assert b.recv(1)==b"x";a.sendall(b"y");a.shutdown(1);b.getsockopt(1,4)'),
  },
  "threads in Python": { needs: ["python"], script: py("import threading;t=threading.Thread(target=print);t.start();t.join()") },
  "a pseudo terminal": { needs: ["python"], script: py('import pty;assert pty.spawn(["/bin/true"])==0') },
  "writing to /dev/stdout and /dev/stderr": { script: "echo hi > /dev/stdout; echo hi > /dev/stderr" },
  "big here-documents and sorting": {
    script: "export TMPDIR=$PWD; seq 1 50000 | sort -n | tail -1 && cat <<X\n$(seq 1 20000)\nX",
    where: writable,
  },
  "temporary files": { script: "TMPDIR=$PWD mktemp && mkfifo pipe && (echo x > pipe & cat pipe) && rm pipe", where: writable },
  "processes, limits and system figures": {
    script: "ps > /dev/null; ulimit -n 64; nproc; nice -n 1 true; (sleep 9 & kill $!); date; id; hostname; timeout 5 true",
  },
  "changing modes and times, moving over, archiving": {
    script: "echo a > a && chmod +x a && touch -d yesterday a && mv a b && ln b c && tar cf d.tar b c && rm b c d.tar",
    where: writable,
  },
};

const GRANTS: Readonly<Record<string, readonly string[]>> = {
  "read-only": ["-s", "disk-full-read-access"],
  "workspace-write": ["-s", "disk-full-read-access", "-s", "disk-write-cwd"],
};

let folder = "";
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "ordinary-work-")));
  const files = {
    "child.js": "process.send(1)",
    "test.mjs":
      'import test from "node:test"; import { execFileSync } from "node:child_process"; test("runs", () => { execFileSync("true"); });',
    "server.mjs":
      'import test from "node:test"; import http from "node:http"; test("serves", async () => { const s = http.createServer((q, r) => r.end("ok")); await new Promise((r) => s.listen(0, "127.0.0.1", r)); const a = await fetch(`http://127.0.0.1:${s.address().port}`); if ((await a.text()) !== "ok") throw new Error(); s.close(); });',
    "package.json": '{"scripts":{"test":"node --test test.mjs"}}',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const git = (...words: string[]): void => void execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...words]);
  git("init", "-q");
  git("add", "test.mjs");
  git("commit", "-qm", "x");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(["landlock", "bwrap"] as const)("below %s", (backend) => {
  describe.each(Object.keys(GRANTS))("with %s", (policy) => {
    for (const [name, { script, needs = [], where = () => true }] of Object.entries(WORK)) {
      if (!where(backend, policy)) continue;
      test.skipIf(missing(backend, ...needs))(`${name} works`, async () => {
        // Real pipes, as the exec host gives them: Node's own are socket pairs.
        const words = ["--backend", backend, ...(GRANTS[policy] ?? []), "--", "/bin/bash", "-c", `( ${script}\n) 2>&1`];
        const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
        const { code, stdout, stderr } = await launch([], {
          cwd: folder,
          before: ["/bin/bash", "-c", `set -o pipefail; "$@" ${quoted} | cat`, "sh"],
          env: { NODE_OPTIONS: "" },
        });
        expect({ code, output: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, output: "" });
      });
    }
  });
});

import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Children } from "../src/children.ts";
import { compilePlan, type Plan } from "../src/plan.ts";
import type { SandboxPermission } from "../src/policy.ts";
import type { ChildExit } from "../src/started-child.ts";
import { openLibc } from "../src/syscalls.ts";
import type { WorkerReply, WorkerSpawn, WorkerStart } from "../src/worker-protocol.ts";
import { missing } from "./support/requirements.ts";

// What started the tests may have left descriptors open.
openLibc().closeAllOnExec(3);
const children = new Children(openLibc());

let folder = "";
let worker: TestWorker | undefined;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "worker-test-")));
});
afterEach(async () => {
  await worker?.end();
  worker = undefined;
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(missing("landlock"))("its children are confined and the rest of the process is not", async () => {
  worker = new TestWorker({ plan: planFor(["disk-write-cwd"]), scope: "plan" });
  expect(await worker.next("ready")).toMatchObject({ confinement: { absent: ["metadata", "carveout", "processes", "ipc", "loopback"] } });
  const script = `grep -E "NoNewPrivs|Seccomp:" /proc/self/status; echo x > in; echo x > ${folder}-out || echo refused`;
  expect(await worker.output(script)).toBe("NoNewPrivs:\t1\nSeccomp:\t2\nrefused\n");
  expect(readFileSync("/proc/self/status", "utf8")).toMatch(/NoNewPrivs:\t0/u);
  // Pool threads made by a confined thread would refuse this.
  await writeFile(join(folder, "asynchronous"), "x");
  expect(await readFile(join(folder, "asynchronous"), "utf8")).toBe("x");
});

test.skipIf(missing("landlock"))("outputs are the descriptors that it was given", async () => {
  worker = new TestWorker({ plan: planFor([]), scope: "plan" });
  expect(await worker.output("echo a > /dev/stdout; echo b > /dev/stderr; ls -l /proc/self/fd | wc -l")).toBe("a\nb\n5\n");
});

test.skipIf(missing("landlock"))("says the exit code, the signal and why nothing could be started", async () => {
  worker = new TestWorker({ plan: planFor([]), scope: "plan" });
  await worker.next("ready");
  worker.spawn({ id: 1, argv: ["/bin/sh", "-c", "exit 7"] });
  expect(await worker.exit()).toEqual({ code: 7, signal: null });
  worker.spawn({ id: 2, argv: ["/bin/sh", "-c", "kill -9 $$"] });
  expect(await worker.exit()).toEqual({ code: null, signal: "SIGKILL" });
  worker.spawn({ id: 3, argv: ["no-such-program"] });
  expect(await worker.next("spawn_failed")).toMatchObject({ id: 3, code: "ENOENT" });
  worker.spawn({ id: 4, argv: ["/bin/true"], cwd: join(folder, "gone") });
  expect(await worker.next("spawn_failed")).toMatchObject({ id: 4, code: "ENOENT" });
});

test.skipIf(missing("landlock"))("runs a hundred commands at once", async () => {
  worker = new TestWorker({ plan: planFor([]), scope: "plan" });
  await worker.next("ready");
  for (let id = 0; id < 100; id++) worker.spawn({ id, argv: ["/bin/true"] });
  const exits = [];
  for (let id = 0; id < 100; id++) exits.push(await worker.exit());
  expect(exits).toEqual(exits.map(() => ({ code: 0, signal: null })));
});

test.skipIf(missing("landlock"))("runs nothing when a writable root was replaced, and says which", async () => {
  const plan = planFor(["disk-write-cwd"]);
  worker = new TestWorker({ plan, scope: "plan" });
  await worker.next("ready");
  renameSync(folder, `${folder}-old`);
  mkdirSync(folder);
  worker.spawn({ id: 1, argv: ["/bin/touch", join(folder, "ran")], cwd: "/" });
  expect(await worker.next("stale")).toEqual({ type: "stale", id: 1, roots: [folder] });
  expect(existsSync(join(folder, "ran"))).toBe(false);
  await worker.end();

  worker = new TestWorker({ plan: planFor(["disk-write-cwd"]), scope: "plan" });
  expect(await worker.output("echo x > new && cat new")).toBe("x\n");
  rmSync(`${folder}-old`, { recursive: true });
});

test.skipIf(missing("landlock"))("does not confine itself to a folder that is not the planned one", async () => {
  const plan = planFor(["disk-write-cwd"]);
  const replaced = { ...plan, writableRoots: plan.writableRoots.map((root) => ({ ...root, ino: "1" })) };
  worker = new TestWorker({ plan: replaced, scope: "plan" });
  expect(await worker.next("failed")).toEqual({ type: "failed", message: `${folder} was replaced after the plan was made` });
});

test.skipIf(missing("scopes"))("the scopes alone keep signals inside and leave files alone", async () => {
  worker = new TestWorker({ plan: planFor(["network-full-access"]), scope: "scopes" });
  expect(await worker.next("ready")).toMatchObject({ confinement: { enforced: ["abstract_sockets", "signals"], absent: [] } });
  expect(await worker.output(`echo x > ${folder}/in && cat ${folder}/in; kill -0 ${process.pid} 2>/dev/null || echo refused`)).toBe(
    "x\nrefused\n",
  );
});

test("warming makes the threads of the pool, where nothing else has yet", () => {
  // Loading modules may warm it too, so that only a program without any shows what the function does: it is run as text.
  const source = readFileSync(new URL("../src/confine.ts", import.meta.url), "utf8");
  const body = /async function warmThreadPool\(\): Promise<void> \{\n([^}]+)\}/u.exec(source)?.[1] ?? "";
  const program = `const { promises, readdirSync } = require("node:fs");
const threads = () => readdirSync("/proc/self/task").length;
(async () => { const before = threads(); ${body}; console.log(threads() - before); })();`;
  expect(Number(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }))).toBe(4);
});

function planFor(permissions: SandboxPermission[]): Plan {
  return compilePlan({ permissions }, { cwd: folder, platform: "linux", temporaryDirectory: "/nowhere" });
}

/** A built worker and the replies that it has given. */
class TestWorker {
  readonly #worker: Worker;
  readonly #replies: WorkerReply[] = [];
  #wake = (): void => undefined;
  #isReady = false;

  constructor(start: WorkerStart) {
    this.#worker = new Worker(fileURLToPath(new URL("../dist/worker.js", import.meta.url)), { workerData: start });
    this.#worker.on("message", (reply: WorkerReply) => {
      this.#replies.push(reply);
      this.#wake();
    });
  }

  spawn({ id, argv, cwd = folder, stdio = ["ignore", "ignore", "ignore"] }: Pick<WorkerSpawn, "id" | "argv"> & Partial<WorkerSpawn>): void {
    this.#worker.postMessage({ id, argv, cwd, env: { PATH: process.env["PATH"] ?? "" }, stdio } satisfies WorkerSpawn);
  }

  /** The next reply of a kind; earlier ones of other kinds are dropped. */
  async next(type: WorkerReply["type"]): Promise<WorkerReply> {
    for (;;) {
      const reply = this.#replies.shift();
      if (reply?.type === "ready") this.#isReady = true;
      if (reply?.type === type) return reply;
      if (reply === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** How the program of the next `spawned` ended. */
  async exit(): Promise<ChildExit> {
    const reply = await this.next("spawned");
    if (reply.type !== "spawned") throw new Error(reply.type);
    return children.watch(reply.pid);
  }

  /** Both outputs of a shell script. */
  async output(script: string): Promise<string> {
    if (!this.#isReady) await this.next("ready");
    const file = join(tmpdir(), `worker-test-output-${process.pid}`);
    writeFileSync(file, "");
    const descriptor = openSync(file, "a");
    this.spawn({ id: 1, argv: ["/bin/bash", "-c", `( ${script} ) 2>&1 | cat`], stdio: ["ignore", descriptor, descriptor] });
    await this.exit();
    closeSync(descriptor);
    const text = readFileSync(file, "utf8");
    rmSync(file);
    return text.replaceAll(/^.*: (Permission denied|Operation not permitted)\n/gmu, "");
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { confineThread, warmThreadPool } from "./confine.ts";
import { landlockAbi } from "./landlock.ts";
import { openLibc } from "./syscalls.ts";

/**
 * A program: confines itself to reading and prints as one line of JSON what took effect. It catches kernels and versions of Node
 * on which the pieces do not work together before a command depends on them.
 */
const reasons: string[] = [];
let abi = 0;
let seccomp = false;
try {
  const libc = openLibc();
  abi = landlockAbi(libc);
  if (abi === 0) reasons.push("This kernel has no Landlock, or it is switched off.");
  await warmThreadPool();
  confineThread({ ...nothingWritable(), fullWrite: abi === 0 }, "plan", libc);
  if (abi > 0 && !denied(() => writeFileSync(join(tmpdir(), `codex-self-test-${process.pid}`), "", { flag: "wx" }))) {
    abi = 0;
    reasons.push("Landlock was accepted but did not keep a file from being written.");
  }
  seccomp = await socketsAreDenied();
  if (!seccomp) reasons.push("The system call filter was accepted but did not keep a socket from being made.");
  execFileSync("/bin/true");
} catch (error) {
  seccomp = false;
  reasons.push(`A confined process does not work here: ${error instanceof Error ? error.message : String(error)}.`);
}
process.stdout.write(`\n${JSON.stringify({ landlockAbi: abi, seccomp, reasons })}\n`);

function nothingWritable() {
  return {
    network: "none",
    fullWrite: false,
    writableRoots: [],
    protectedPaths: [],
    missingProtected: [],
    deniedReads: [],
    needs: [],
    remarks: [],
  } as const;
}

function denied(attempt: () => void): boolean {
  try {
    attempt();
    return false;
  } catch (error) {
    return ["EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}

function socketsAreDenied(): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(true));
    server.listen(0, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asNobody, installForEveryone, makeFixture, NOBODY, type Fixture } from "./support/fixture.ts";
import type { Case, PolicyName } from "./support/probe.ts";
import { PROBES } from "./support/probes.ts";
import { missing, type Requirement } from "./support/requirements.ts";

const POLICIES = ["read-only", "workspace-write", "network"] as const;
const GRANTS: Readonly<Record<PolicyName, readonly string[]>> = {
  "read-only": ["-s", "disk-full-read-access"],
  "workspace-write": ["-s", "disk-full-read-access", "-s", "disk-write-cwd"],
  network: ["-s", "disk-full-read-access", "-s", "network-full-access"],
};

let installed: ReturnType<typeof installForEveryone> | undefined;
beforeAll(() => {
  installed = installForEveryone();
});
afterAll(() => installed?.close());

describe.each(["root", "nobody"] as const)("as %s", (user) => {
  describe.each(["landlock", "bwrap"] as const)("%s", (backend) => {
    const needs: Requirement[] = ["git", "python", backend, ...(user === "root" ? (["root"] as const) : (["setpriv"] as const))];
    for (const policy of POLICIES) {
      test.skipIf(missing(...needs, ...(policy === "network" ? (["scopes"] as const) : [])))(
        `holds what it promises under the policy ${policy}`,
        { timeout: 120_000 },
        async () => {
          const fixture = await makeFixture(user === "root" ? 0 : NOBODY);
          try {
            expect(await succeeding(fixture, { backend, policy }, user)).toEqual(expected({ backend, policy }));
            expect(readFileSync(join(fixture.victim, "append"), "utf8")).toBe("kept\n");
          } finally {
            fixture.close();
          }
        },
      );
    }
  });
});

/** What needs privileges that nobody has. Everything else must succeed without a sandbox, or its refusal would prove nothing. */
const PRIVILEGED = [
  "becomes another user",
  "changes its control group",
  "enters another network",
  "gains by a program with a set user",
  "gives a file away",
  "has capabilities",
  "leaves the folder by a bind of itself",
  "loads a module",
  "makes a device",
  "makes a file that no one may change",
  "makes the root writable again",
  "mounts",
  "opens a packet socket",
  "opens a raw socket",
  "puts the machine to sleep",
  "sets the clock",
  "sets what runs on a crash",
  "takes a swap file or a quota",
  "turns the root",
  "types into a terminal",
  "writes a kernel setting",
  "writes to the kernel's devices",
  "writes to the root folder",
];

/** What depends on the machine, or is about the sandbox alone. */
const UNDECIDED = [
  "calls the old 32-bit numbers",
  "opens a socket of the crypto, Bluetooth or cluster kind",
  "opens devices that reach deep",
  "reads the kernel's log",
  "takes over a descriptor of the sandbox",
];

test.skipIf(missing("git", "python", "setpriv", "root"))(
  "without a sandbox nobody succeeds with everything that needs no privileges",
  { timeout: 120_000 },
  async () => {
    const fixture = await makeFixture(NOBODY);
    try {
      const failed = new Set(Object.keys(PROBES).filter((name) => !UNDECIDED.includes(name)));
      for (const name of await tryAll(fixture, { before: asNobody(), words: [] })) failed.delete(name);
      expect([...failed].toSorted()).toEqual(PRIVILEGED);
    } finally {
      fixture.close();
    }
  },
);

function expected(here: Case): string[] {
  return Object.entries(PROBES).flatMap(([name, { succeeds }]) => (succeeds(here) ? [name] : []));
}

function succeeding(fixture: Fixture, { backend, policy }: Case, user: "root" | "nobody"): Promise<string[]> {
  const words = [process.execPath, installed?.launcher ?? "", "--backend", backend, ...GRANTS[policy], "--"];
  return tryAll(fixture, { before: user === "nobody" ? asNobody() : [], words });
}

/** Tries every probe in one shell that is started by `words`, and gives the names of those that succeeded. */
async function tryAll(fixture: Fixture, { before, words }: { before: readonly string[]; words: readonly string[] }): Promise<string[]> {
  const outsider = start([...before, "sleep", "100"], fixture, []);
  const held = openSync(join(fixture.victim, "held"), "w");
  const script = join(fixture.folder, "probes.sh");
  const lines = Object.values(PROBES).map((probe, index) => `( ${probe.script} ) </dev/null >/dev/null 2>&1 && echo "succeeded ${index}"`);
  writeFileSync(script, `${lines.join("\n")}\ntrue\n`, { mode: 0o644 });
  // A descriptor behind a gap is one that Node does not mark by itself.
  const withHighDescriptor = ["/bin/bash", "-c", 'exec 40>&9; exec "$@"', "sh"];
  try {
    const env = { ...fixture.env, OUTSIDER: String(outsider.pid) };
    const output = await finished(start([...before, ...withHighDescriptor, ...words, "/bin/bash", script], { ...fixture, env }, [held]));
    const indexes = new Set([...output.matchAll(/^succeeded (\d+)$/gmu)].map(([, index]) => Number(index)));
    return Object.keys(PROBES).filter((_, index) => indexes.has(index));
  } finally {
    closeSync(held);
    outsider.kill("SIGKILL");
  }
}

/** `extra` become descriptors 9, 10, … of the process. */
function start(
  [file = "", ...args]: readonly string[],
  { workspace, env }: Pick<Fixture, "workspace" | "env">,
  extra: readonly number[],
): ChildProcess {
  const unused = Array.from({ length: 6 }, () => "ignore" as const);
  return spawn(file, args, { cwd: workspace, env, stdio: ["ignore", "pipe", "pipe", ...unused, ...extra] });
}

async function finished(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`exit ${String(code)}: ${output}`);
  return output;
}

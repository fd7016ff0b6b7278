import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asNobody, installForEveryone, makeFixture, NOBODY, type Fixture } from "./support/fixture.ts";
import { PROBES, type Case, type PolicyName } from "./support/probes.ts";
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

function expected(here: Case): string[] {
  return Object.entries(PROBES).flatMap(([name, { succeeds }]) => (succeeds(here) ? [name] : []));
}

/** Tries every probe in one confined shell and gives the names of those that succeeded. */
async function succeeding(fixture: Fixture, { backend, policy }: Case, user: "root" | "nobody"): Promise<string[]> {
  const before = user === "nobody" ? asNobody() : [];
  const outsider = start([...before, "sleep", "100"], fixture, []);
  const held = openSync(join(fixture.victim, "held"), "w");
  const script = join(fixture.folder, "probes.sh");
  const lines = Object.values(PROBES).map((probe, index) => `( ${probe.script} ) </dev/null >/dev/null 2>&1 && echo "succeeded ${index}"`);
  writeFileSync(script, `${lines.join("\n")}\ntrue\n`, { mode: 0o644 });
  try {
    const words = [process.execPath, installed?.launcher ?? "", "--backend", backend, ...GRANTS[policy], "--", "/bin/bash", script];
    const output = await finished(
      start([...before, ...words], { ...fixture, env: { ...fixture.env, OUTSIDER: String(outsider.pid) } }, [held]),
    );
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

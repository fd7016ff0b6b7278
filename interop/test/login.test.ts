import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, say, startFakeResponsesServer } from "@codex/core";
import { expect, onTestFinished, test } from "vitest";
import { CODEX, JUDGES } from "../support/judges.ts";

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Place {
  /** Runs the command line; `watch` sees stderr as it grows. */
  run(args: readonly string[], watch?: (stderr: string) => void): Promise<Finished>;
}

async function openPlace(config: string, modelUrl: string): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), "codex-interop-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  mkdirSync(join(cwd, ".git"), { recursive: true });
  mkdirSync(home);
  writeFileSync(join(home, "config.toml"), config);
  const env = { PATH: process.env["PATH"] ?? "", HOME: root, CODEX_HOME: home, OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: modelUrl };
  return {
    run: async (args, watch) => {
      const child = spawn(process.execPath, [CODEX, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
      onTestFinished(() => void child.kill("SIGKILL"));
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
        watch?.(stderr);
      });
      const [code] = (await once(child, "close")) as [number | null];
      return { code, stdout, stderr };
    },
  };
}

/** The reference SDK's example server, with its authorization server, which logs in whoever comes. */
async function serveExample(): Promise<string> {
  const [port, authPort] = [await freePort(), await freePort()];
  const env = { PATH: process.env["PATH"] ?? "", MCP_PORT: String(port), MCP_AUTH_PORT: String(authPort) };
  const child = spawn(process.execPath, [JUDGES.exampleServer, "--oauth", "--oauth-strict"], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let told = "";
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes(`listening on port ${String(port)}`) && told.includes(`listening on port ${String(authPort)}`)) resolve();
    });
  });
  return `http://localhost:${String(port)}/mcp`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("login, use and logout work with the reference SDK's servers", async () => {
  const url = await serveExample();
  const model = await startFakeResponsesServer([call("mcp__web__greet", { name: "Ada" }, "c1"), say("Done.")]);
  onTestFinished(() => model.close());
  const place = await openPlace(`[mcp_servers.web]\nurl = "${url}"\nrequired = true\ndefault_tools_approval_mode = "approve"\n`, model.url);

  const before = await place.run(["exec", "go"]);
  expect([before.code, before.stderr]).toEqual([1, expect.stringContaining("codex mcp login web")]);

  let visited = false;
  const login = await place.run(["mcp", "login", "web"], (stderr) => {
    const address = /\n\n(http\S+)\n/.exec(stderr)?.[1];
    if (address === undefined || visited) return;
    visited = true;
    // As a browser does: to the authorization server, and where that sends it.
    void fetch(address);
  });
  expect(login).toMatchObject({ code: 0, stdout: "Logged in to web.\n" });

  const used = await place.run(["exec", "--json", "go"]);
  expect(used.code).toBe(0);
  expect(used.stdout).toContain("Hello, Ada!");
  expect(used.stdout + used.stderr + login.stdout + login.stderr).not.toMatch(/access_token|Bearer/);

  expect((await place.run(["mcp", "logout", "web"])).code).toBe(0);
  expect((await place.run(["exec", "go"])).code).toBe(1);
});

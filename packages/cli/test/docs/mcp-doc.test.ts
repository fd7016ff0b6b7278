import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNodeHost, loadConfig } from "@codex/core";
import { expect, test } from "vitest";
import { openPlace } from "../process/codex-process.ts";

const doc = readFileSync(new URL("../../../../docs/mcp.md", import.meta.url), "utf8");
const blocks = (language: string): readonly string[] =>
  [...doc.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text);

test("every example of settings loads in strict mode", async () => {
  expect(blocks("toml").length).toBeGreaterThan(3);
  for (const text of blocks("toml")) {
    // oxlint-disable-next-line no-await-in-loop -- a place of its own for each
    await using place = await openPlace([]);
    writeFileSync(join(place.home, "config.toml"), text);
    // oxlint-disable-next-line no-await-in-loop
    const config = await loadConfig({ processCwd: place.cwd, strict: true }, createNodeHost({ env: place.env }));
    expect(config.mcpServers.length).toBeGreaterThan(0);
  }
});

test("the commands work in the order they are shown", async () => {
  await using place = await openPlace([]);
  const [adding = ""] = blocks("sh");
  for (const line of adding.trim().split("\n")) {
    const [program, ...args] = line.split(" ");
    expect(program).toBe("codex");
    // oxlint-disable-next-line no-await-in-loop -- one builds on the other
    expect(await place.run(args)).toMatchObject({ code: 0, stderr: "" });
  }
  const left = (await place.run(["mcp", "list"])).stdout;
  expect(left).toBe(
    "files: npx -y @modelcontextprotocol/server-filesystem /srv/data\ntracker: https://tracker.example/mcp (bearer token)\n",
  );
});

test("the commands on logins are there", async () => {
  await using place = await openPlace([]);
  mkdirSync(place.home, { recursive: true });
  writeFileSync(join(place.home, "config.toml"), '[mcp_servers.wiki]\nurl = "http://127.0.0.1:9/mcp"\n');
  const [, logins = ""] = blocks("sh");
  const results = await Promise.all(
    logins
      .trim()
      .split("\n")
      .map((line) => place.run(line.split(" ").slice(1))),
  );
  // There is no such server here; the logout finds nothing.
  expect(results.map(({ code, stdout }) => [code, stdout])).toEqual([
    [1, ""],
    [0, "There was no login to wiki.\n"],
  ]);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { ScriptedTurn } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture, type FixtureOptions, type SessionFixture } from "../support/session-fixture.ts";

const SERVER = fileURLToPath(new URL("fixtures/server.mjs", import.meta.url));

/** The override that makes the fixture server with these faults the MCP server `name`. */
export function server(name: string, faults: readonly string[] = [], settings = ""): string {
  const args = JSON.stringify([SERVER, ...faults]);
  return `mcp_servers.${name}={ command = ${JSON.stringify(process.execPath)}, args = ${args}${settings === "" ? "" : `, ${settings}`} }`;
}

/** A session whose servers are ready or have failed; unless told otherwise nobody is asked and nothing is confined. */
export async function openMcpFixture(
  turns: readonly ScriptedTurn[],
  overrides: readonly string[],
  options: FixtureOptions = {},
): Promise<SessionFixture> {
  const fixture = await openFixture(turns, { overrides, ...options });
  await fixture.next("mcp_startup_complete");
  return fixture;
}

/** Names of the tools of a request, the built-in ones left out. */
export function mcpToolsOf(fixture: SessionFixture, request: number): readonly string[] {
  const tools = fixture.model.requests[request]?.body["tools"] as readonly { readonly name: string }[];
  return tools.map(({ name }) => name).filter((name) => name.includes("mcp_"));
}

/** The outputs that a request brings, in order. */
export function outputsOf(fixture: SessionFixture, request: number): readonly unknown[] {
  return inputOf(fixture, request)
    .filter((item) => item["type"] === "function_call_output")
    .map((item) => item["output"]);
}

/** An empty folder, removed when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

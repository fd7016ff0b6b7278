// The client that the conformance suite starts: its server's URL is the last argument, the scenario comes by the environment.
import { connectHttp } from "@codex/mcp-client";
import { openOAuth } from "@codex/mcp-client/oauth";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const url = process.argv.at(-1);
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? "";
const { client_id: id, client_secret: secret } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}");
const folder = mkdtempSync(join(tmpdir(), "conformance-"));

/** The suite's authorization server logs in whoever comes, so nobody has to be asked. */
async function redirect() {
  return {
    uri: "http://127.0.0.1:3000/callback",
    visit: async (address, signal) => {
      const answer = await fetch(address, { redirect: "manual", signal });
      const location = answer.headers.get("location");
      if (location === null) throw new Error(`the login answered ${answer.status}`);
      return new URL(location);
    },
    close: () => undefined,
  };
}

const client = {
  name: "conformance",
  ...(id !== undefined && { id, secret }),
  metadataUrl: "https://conformance-test.local/client-metadata.json",
};
const options = {
  elicit: async ({ requestedSchema }) => ({ action: "accept", content: defaultsOf(requestedSchema) }),
  ...(scenario.startsWith("auth/") && {
    authorize: openOAuth({ serverUrl: url, tokenFile: join(folder, "tokens.json"), redirect, client }),
  }),
};

/** What a form would show filled in. */
function defaultsOf(schema) {
  return Object.fromEntries(
    Object.entries(schema?.properties ?? {}).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
}

const connection = await connectHttp({ url }, options);
try {
  await connection.initialize();
  const tools = await connection.listAllTools();
  for (const { name } of tools) {
    const args = { add_numbers: { a: 5, b: 3 } }[name] ?? {};
    // A server may refuse: the suite looks at what was sent.
    await connection.callTool(name, args, { timeoutMs: 20_000 }).catch((error) => console.error(error.message));
  }
} finally {
  await connection.close();
  rmSync(folder, { recursive: true });
}

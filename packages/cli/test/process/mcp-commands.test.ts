import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openPlace, type Place } from "./codex-process.ts";

const CONFIG = '# mine\nmodel = "m" # good\n\n[mcp_servers.old] # first\ncommand = "old"\nenv = { TOKEN = "hunter2" }\n';

async function openConfigured(text = CONFIG): Promise<Place & { readonly file: string }> {
  const place = await openPlace([]);
  const file = join(place.home, "config.toml");
  if (text !== "") writeFileSync(file, text);
  return { ...place, file, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

test("add puts a server behind what is there, private and byte for byte", async () => {
  await using place = await openConfigured();
  const added = await place.run(["mcp", "add", "files", "--env", "A=1", "--env", "B=x=y", "--", "npx", "-y", "server", "--flag"]);
  expect(added).toMatchObject({ code: 0, stdout: `Added files to ${place.file}.\n`, stderr: "" });
  expect(readFileSync(place.file, "utf8")).toBe(
    `${CONFIG}\n[mcp_servers.files]\ncommand = "npx"\nargs = [ "-y", "server", "--flag" ]\n\n[mcp_servers.files.env]\nA = "1"\nB = "x=y"\n`,
  );
  expect(statSync(place.file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${place.file}.lock`)).toBe(false);
});

test("the first server makes the file, and a link stays a link", async () => {
  await using place = await openConfigured("");
  const target = join(place.cwd, "dotfile.toml");
  writeFileSync(target, "");
  symlinkSync(target, place.file);
  expect((await place.run(["mcp", "add", "web", "--url", "https://web.example/mcp", "--bearer-token-env-var", "T"])).code).toBe(0);
  expect(readFileSync(target, "utf8")).toBe('[mcp_servers.web]\nurl = "https://web.example/mcp"\nbearer_token_env_var = "T"\n');
  expect(lstatSync(place.file).isSymbolicLink()).toBe(true);
});

test("several adds at once lose none", async () => {
  await using place = await openConfigured();
  const names = ["a", "b", "c", "d"];
  const codes = await Promise.all(names.map((name) => place.run(["mcp", "add", name, "--", "x"])));
  expect(codes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const listed = JSON.parse((await place.run(["mcp", "list", "--json"])).stdout) as readonly { readonly name: string }[];
  expect(listed.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "old"]);
});

test("list and get cover secrets in both forms", async () => {
  await using place = await openConfigured();
  for (const args of [["list"], ["list", "--json"], ["get", "old"], ["get", "old", "--json"]]) {
    // oxlint-disable-next-line no-await-in-loop -- a process each
    const { code, stdout } = await place.run(["mcp", ...args]);
    expect(code).toBe(0);
    expect(stdout).toContain("old");
    expect(stdout).not.toContain("hunter2");
  }
  expect((await place.run(["mcp", "get", "old"])).stdout).toContain("env: TOKEN=*****");
});

test("remove takes the server out and leaves the rest; a name that is not there is named with the one that was meant", async () => {
  await using place = await openConfigured();
  expect(await place.run(["mcp", "remove", "olt"])).toMatchObject({
    code: 2,
    stderr: 'error: there is no MCP server called "olt"; did you mean `old`?\nThere are: old.\n',
  });
  expect(await place.run(["mcp", "remove", "old", "--json"])).toMatchObject({
    code: 0,
    stdout: '{\n  "name": "old",\n  "removed": true\n}\n',
  });
  expect(readFileSync(place.file, "utf8")).toBe('# mine\nmodel = "m" # good\n');
});

test.each([
  [["add", "old", "--", "x"], "there is an MCP server called old already"],
  [["add", "a b", "--", "x"], '"a b" cannot be a server\'s name'],
  [["add", "a"], "what to start or to connect to is missing"],
  [["add", "a", "--url", "x"], "`mcp_servers.a.url` must be an http:// or https:// URL without fragment"],
  [["add", "a", "--url", "https://x", "--", "y"], "a server has a --url or a command behind --, not both"],
  [["add", "a", "--env", "SECRET", "--", "y"], "--env takes NAME=VALUE"],
  [["add", "--", "y"], "the server's name is missing"],
  [["ad", "a"], 'codex mcp has no subcommand "ad"; did you mean `add`?'],
  [["get", "x", "y"], 'unexpected argument "y"'],
  [["login", "old"], "old is started here; only servers with a url have logins"],
])("codex mcp %j is refused and changes nothing", async (args, message) => {
  await using place = await openConfigured();
  const { code, stdout, stderr } = await place.run(["mcp", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(`error: ${message}`);
  expect(readFileSync(place.file, "utf8")).toBe(CONFIG);
});

test("a file that cannot be read is not written", async () => {
  await using place = await openConfigured("model = \n");
  const { code, stderr } = await place.run(["mcp", "add", "a", "--", "x"]);
  expect(code).toBe(2);
  expect(stderr).toContain("config.toml:1:9: malformed TOML");
  expect(readFileSync(place.file, "utf8")).toBe("model = \n");
});

test("help explains the subcommands, and completion knows them", async () => {
  await using place = await openConfigured();
  expect((await place.run(["mcp", "--help"])).stdout).toContain("codex mcp add NAME -- COMMAND");
  expect((await place.run(["mcp", "add", "--help"])).stdout).toContain("--bearer-token-env-var VARIABLE");
  expect((await place.run(["completion", "bash"])).stdout).toContain("add list get remove login logout");
});

describe("a login", () => {
  test("prints the address, takes the browser's way back, keeps the tokens private, and is forgotten by a logout", async () => {
    const origin = await authority();
    await using place = await openConfigured(`[mcp_servers.web]\nurl = "${origin}/mcp"\n`);
    const login = place.start(["mcp", "login", "web", "--scopes", "read,write"]);
    await login.shows("\n\nhttp");
    await login.shows("code_challenge");
    const address = new URL(/http:\S+code_challenge\S+/.exec(login.text.stderr)?.[0] ?? "");
    expect(address.searchParams.get("scope")).toBe("read write");
    const back = new URL(address.searchParams.get("redirect_uri") ?? "");
    back.searchParams.set("code", "the-code");
    back.searchParams.set("state", address.searchParams.get("state") ?? "");
    await fetch(back);
    expect(await login.finished).toMatchObject({ code: 0, stdout: "Logged in to web.\n" });
    const file = join(place.home, "mcp-tokens.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(login.text.stderr).not.toContain("the-token");
    expect((await place.run(["mcp", "list"])).stdout).toBe(`web: ${origin}/mcp (logged in)\n`);
    expect((await place.run(["mcp", "logout", "web"])).stdout).toBe("Logged out of web.\n");
    expect(readFileSync(file, "utf8")).not.toContain("the-token");
  });

  test("that the server does not offer is told", async () => {
    const server = createServer((_, response) => void response.writeHead(404).end());
    const origin = await listen(server);
    await using place = await openConfigured(`[mcp_servers.web]\nurl = "${origin}/mcp"\n`);
    const { code, stderr } = await place.run(["mcp", "login", "web"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: no login to web: /);
  });
});

/** A server and its authorization server in one. */
function authority(): Promise<string> {
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host ?? ""}`;
    const answer = (body: object): void => void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    const path = new URL(request.url ?? "/", origin).pathname;
    if (path.startsWith("/.well-known/oauth-protected-resource"))
      return answer({ resource: `${origin}/mcp`, authorization_servers: [origin] });
    if (path.startsWith("/.well-known/")) {
      return answer({
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
        code_challenge_methods_supported: ["S256"],
      });
    }
    if (path === "/register") return answer({ client_id: "me" });
    if (path === "/token") return answer({ access_token: "the-token", expires_in: 3600 });
    response.writeHead(401, { "www-authenticate": "Bearer" }).end();
  });
  return listen(server);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

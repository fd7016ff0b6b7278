import { expect, test } from "vitest";
import { checkMcpServer, editMcpServer } from "../../src/config/edit-mcp-server.ts";

const edit = (text: string, name: string, entry?: Parameters<typeof editMcpServer>[2]["entry"]) =>
  editMcpServer("config.toml", text, { name, entry });

const FILE = `# mine
model = "m" # the good one

[mcp_servers.a] # first
command = "a"
# of a
args = ["1",
  "2"]

[mcp_servers.a.env]
K = "v"

# about b
[mcp_servers.b]
command = "b"

[profiles.p]
model = "x"
`;

test("a server is added behind what is there, which keeps its bytes", () => {
  const entry = { command: "npx", args: ["-y", 'a "b"'], env: { "A.B": "1" } };
  expect(edit(FILE, "new one", entry)).toEqual({
    ok: true,
    text: `${FILE}
[mcp_servers."new one"]
command = "npx"
args = [ "-y", "a \\"b\\"" ]

[mcp_servers."new one".env]
"A.B" = "1"
`,
  });
});

test("the first server makes the file", () => {
  expect(edit("", "a", { url: "https://a" })).toEqual({ ok: true, text: '[mcp_servers.a]\nurl = "https://a"\n' });
});

test("a server is removed with its tables, and comments of others stay", () => {
  expect(edit(FILE, "a")).toEqual({
    ok: true,
    text: '# mine\nmodel = "m" # the good one\n\n# about b\n[mcp_servers.b]\ncommand = "b"\n\n[profiles.p]\nmodel = "x"\n',
  });
});

test("a server that is set anew stays where it was", () => {
  expect(edit(FILE, "b", { command: "c" })).toEqual({ ok: true, text: FILE.replace('command = "b"', 'command = "c"') });
});

test.each([
  ["dotted keys", 'mcp_servers.a.command = "a"\nmcp_servers.a.args = []\nmodel = "m"\n', 'model = "m"\n'],
  ["a table of tables", '[mcp_servers]\na = { command = "a" }\nb = { command = "b" }\n', '[mcp_servers]\nb = { command = "b" }\n'],
  ["line ends of Windows", '[mcp_servers.a]\r\ncommand = "a"\r\n\r\n[x]\r\n', "[x]\r\n"],
])("one written with %s is removed, too", (_, text, rest) => {
  expect(edit(text, "a")).toEqual({ ok: true, text: rest });
});

test("line ends of Windows are kept in what is added", () => {
  expect(edit('model = "m"\r\n', "a", { command: "a", args: [] })).toEqual({
    ok: true,
    text: 'model = "m"\r\n\r\n[mcp_servers.a]\r\ncommand = "a"\r\nargs = []\r\n',
  });
});

test("what cannot be changed without touching the rest is refused, and so is what is no TOML", () => {
  const inline = 'mcp_servers = { a = { command = "a" }, b = { command = "b" } }\n';
  const message = expect.stringContaining("change it by hand") as string;
  expect(edit(inline, "a")).toEqual({ ok: false, message });
  expect(edit(inline, "c", { command: "c" })).toEqual({ ok: false, message });
  expect(edit("model = \n", "c", { command: "c" })).toEqual({
    ok: false,
    message: expect.stringMatching(/^config\.toml:1:9: malformed TOML/) as string,
  });
});

test("names that a document could take for something else are quoted", () => {
  for (const name of ["a.b", "__proto__", "constructor", 'q"', "[x]", "é"]) {
    const added = edit(FILE, name, { command: "x" });
    expect(added.ok).toBe(true);
    if (added.ok) expect(edit(added.text, name)).toEqual({ ok: true, text: FILE });
  }
});

test("wrong settings are told", () => {
  expect(checkMcpServer("a", { url: "no url" })).toEqual(["`mcp_servers.a.url` must be an http:// or https:// URL without fragment"]);
  expect(checkMcpServer("a", { command: "x" })).toEqual([]);
});

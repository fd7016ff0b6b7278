import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { answer, call, say } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture } from "../support/session-fixture.ts";
import { mcpToolsOf, openMcpFixture, outputsOf, server, temporaryFolder } from "./mcp-fixture.ts";

test("the model is offered a server's tools, calls one and gets what it answered; the events tell of it", async () => {
  const fixture = await openMcpFixture(
    [call("mcp__files__echo", { message: "né 🙂" }, "c1"), say("ok")],
    [server("files", ["only=echo,structured"])],
  );
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete", last_agent_message: "ok" });

  const tools = fixture.model.requests[0]?.body["tools"] as readonly unknown[];
  expect(tools.slice(-2)).toEqual([
    {
      type: "function",
      name: "mcp__files__echo",
      description: "Does echo.",
      strict: false,
      parameters: { type: "object", properties: {} },
    },
    {
      type: "function",
      name: "mcp__files__structured",
      description: "Does structured.",
      strict: false,
      parameters: { type: "object", properties: {} },
    },
  ]);
  expect(outputsOf(fixture, 1)).toEqual(["né 🙂"]);
  expect(fixture.ofType("mcp_tool_call_begin")).toEqual([
    { type: "mcp_tool_call_begin", call_id: "c1", server: "files", tool: "echo", arguments: { message: "né 🙂" } },
  ]);
  expect(fixture.ofType("mcp_tool_call_end")).toEqual([
    {
      type: "mcp_tool_call_end",
      call_id: "c1",
      server: "files",
      tool: "echo",
      success: true,
      result: { content: [{ type: "text", text: "né 🙂" }] },
      error: null,
      duration_ms: expect.any(Number) as number,
    },
  ]);
  expect(fixture.ofType("mcp_startup_update")).toEqual([
    { type: "mcp_startup_update", server: "files", status: { state: "starting" } },
    {
      type: "mcp_startup_update",
      server: "files",
      status: { state: "ready" },
      tools: ["echo", "structured"],
    },
  ]);
  expect(fixture.ofType("mcp_startup_complete")).toEqual([{ type: "mcp_startup_complete", ready: ["files"], failed: [], cancelled: [] }]);
});

test("images stay images, links are named, and structured content takes the place of the text that repeats it", async () => {
  const fixture = await openMcpFixture(
    [answer([call("mcp__a__image", {}, "c1"), call("mcp__a__structured", {}, "c2"), call("mcp__a__fail", {}, "c3")]), say("ok")],
    [server("a")],
  );
  await fixture.ask("go");
  expect(outputsOf(fixture, 1)).toEqual([
    [
      { type: "input_text", text: "look" },
      { type: "input_image", image_url: expect.stringMatching(/^data:image\/png;base64,iVBOR/) as string },
      { type: "input_text", text: "[resource note://1: one]" },
    ],
    '{"a":1}',
    "The tool reports an error:\nno cheese",
  ]);
  expect(fixture.ofType("mcp_tool_call_end").map(({ success }) => success)).toEqual([true, true, false]);
});

test("a result beyond the limit loses its middle, and the whole is in a private file that the text names", async () => {
  const fixture = await openMcpFixture([call("mcp__a__big", { lines: 20_000 }), say("ok")], [server("a"), "tool_output_token_limit=500"]);
  await fixture.ask("go");
  const [output] = outputsOf(fixture, 1) as [string];
  expect(output.length).toBeLessThan(2300);
  expect(output).toMatch(/^line 0\n/);
  expect(output).toContain("line 19999\n");
  const file = / is in (.*)\]$/.exec(output)?.[1] ?? "";
  expect((await readFile(file, "utf8")).split("\n")).toHaveLength(20_000);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("tools come in the order of their names, whatever order the servers are ready in, and names that clash are told apart", async () => {
  const order = [server("b", ["only=echo"]), server("a", ["only=echo,huge,twice"]), `${server('"a b"', ["only=echo"])}`];
  const fixture = await openMcpFixture([say("ok")], order);
  await fixture.ask("go");
  expect(mcpToolsOf(fixture, 0)).toEqual([
    "mcp__a__echo",
    "mcp__a__huge",
    "mcp__a__twice",
    expect.stringMatching(/^mcp__a_b__echo_[0-9a-f]{12}$/),
    "mcp__b__echo",
  ]);
});

test("settings choose among the tools, and one that is not there is named with the one that was meant", async () => {
  const settings = 'enabled_tools = ["echo", "pid", "ech"], disabled_tools = ["pid"]';
  const fixture = await openMcpFixture([say("ok")], [server("a", [], settings)]);
  await fixture.ask("go");
  expect(mcpToolsOf(fixture, 0)).toEqual(["mcp__a__echo"]);
  expect(fixture.ofType("warning").map(({ message }) => message)).toEqual([
    "The MCP server a has no tool called ech, which its settings name; is echo or env meant?",
  ]);
});

test("without servers nothing of MCP is loaded and the request is what it was", async () => {
  const fixture = await openFixture([say("ok")], {
    host: {
      mcp: {
        connect: () => {
          throw new Error("a server was started");
        },
      },
    },
  });
  await fixture.ask("go");
  expect(mcpToolsOf(fixture, 0)).toEqual([]);
  expect(fixture.events.some(({ msg }) => msg.type.startsWith("mcp_"))).toBe(false);
});

test("a server that is late does not hold up the first turn for long, and joins a later one with a notice", async () => {
  const file = join(await temporaryFolder(), "go");
  const fixture = await openFixture([say("one"), say("two"), say("three")], {
    overrides: [server("late", [`until=${file}`, "only=echo"])],
  });
  await fixture.ask("first");
  expect(mcpToolsOf(fixture, 0)).toEqual([]);
  await writeFile(file, "");
  await fixture.next("mcp_startup_complete");
  await fixture.ask("second");
  await fixture.ask("third");

  expect(mcpToolsOf(fixture, 1)).toEqual(["mcp__late__echo"]);
  expect(fixture.ofType("background_event").map(({ message }) => message)).toEqual([
    "The MCP server late is still starting; its tools come with a later turn. `required = true` would wait for it.",
    "The MCP server late is ready; its tool is offered from now on.",
  ]);
});

describe("a required server", () => {
  test("that cannot start fails the turn with its name, the reason and a hint, and the input is not taken twice", async () => {
    const fixture = await openMcpFixture([say("never")], [server("a", ["exit-at-once"], "required = true")]);
    const end = await fixture.ask("go");
    expect(end).toMatchObject({ type: "error", code: "mcp_unavailable" });
    expect(end).toMatchObject({
      message: expect.stringMatching(/^the required MCP server a cannot be used: a exited with code 3.*no configuration found/s) as string,
      hint: "Mend its settings in [mcp_servers.a], or set required = false there.",
    });
    expect(fixture.ofType("task_started")).toHaveLength(1);
    expect(fixture.model.requests).toHaveLength(0);
  });

  test("is tried again at the next turn", async () => {
    const file = join(await temporaryFolder(), "needed");
    const fixture = await openMcpFixture([say("ok")], [server("a", [`needs=${file}`, "only=echo"], "required = true")]);
    expect(await fixture.ask("first")).toMatchObject({ type: "error", code: "mcp_unavailable" });
    await writeFile(file, "");
    expect(await fixture.ask("second")).toMatchObject({ type: "task_complete" });
    expect(mcpToolsOf(fixture, 0)).toEqual(["mcp__a__echo"]);
  });

  test("that never answers fails the turn after startup_timeout_sec", async () => {
    const fixture = await openMcpFixture([say("never")], [server("a", ["hang-initialize"], "required = true, startup_timeout_sec = 0.3")]);
    expect(await fixture.ask("go")).toMatchObject({
      code: "mcp_unavailable",
      message: "the required MCP server a cannot be used: it was not ready within 0.3 s",
      hint: "If it needs longer, set startup_timeout_sec in [mcp_servers.a].",
    });
  });

  test("that never answers does not keep an interrupt waiting", async () => {
    const fixture = await openFixture([say("never")], { overrides: [server("a", ["hang-initialize"], "required = true")] });
    const end = fixture.ask("go");
    await fixture.next("task_started");
    fixture.session.submit({ type: "interrupt" });
    expect(await end).toEqual({ type: "turn_aborted", reason: "interrupted" });
  });
});

test("a server that is not required and fails is reported, and the turn goes on without it", async () => {
  const fixture = await openMcpFixture([say("ok")], [server("bad", ["exit-at-once"]), server("good", ["only=echo"])]);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(mcpToolsOf(fixture, 0)).toEqual(["mcp__good__echo"]);
  expect(fixture.ofType("warning").map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The MCP server bad cannot be used: bad exited with code 3; .*no configuration found/s),
  ]);
  expect(fixture.ofType("mcp_startup_complete")).toEqual([
    { type: "mcp_startup_complete", ready: ["good"], failed: [{ server: "bad", error: expect.any(String) as string }], cancelled: [] },
  ]);
});

test("a server whose program is not there says where it was looked for", async () => {
  const fixture = await openMcpFixture([say("ok")], ['mcp_servers.a={command="no-such-program-here"}']);
  await fixture.ask("go");
  expect(fixture.ofType("warning")[0]?.message).toMatch(/^The MCP server a cannot be used: a did not start: .*no-such-program-here/);
});

test("resources are listed and read with tools of their own, offered where a server has some", async () => {
  const fixture = await openMcpFixture(
    [
      answer([
        call("list_mcp_resources", {}, "1"),
        call("list_mcp_resource_templates", { server: "a" }, "2"),
        call("read_mcp_resource", { server: "a", uri: "note://1" }, "3"),
        call("read_mcp_resource", { server: "aa", uri: "note://1" }, "4"),
      ]),
      say("ok"),
    ],
    [server("a", ["resources", "only=echo"]), server("b", ["only=echo"])],
  );
  await fixture.ask("go");
  expect(mcpToolsOf(fixture, 0)).toEqual([
    "mcp__a__echo",
    "mcp__b__echo",
    "list_mcp_resources",
    "list_mcp_resource_templates",
    "read_mcp_resource",
  ]);
  expect(outputsOf(fixture, 1)).toEqual([
    '{"server":"a","resources":[{"uri":"note://1","name":"one"}]}',
    '{"server":"a","resource_templates":[{"uriTemplate":"note://{id}","name":"note"}]}',
    "[resource note://1]\na note",
    "No MCP server called aa has resources; did you mean `a`?. Those that have: a.",
  ]);
});

test("progress of a call is told", async () => {
  const fixture = await openMcpFixture([call("mcp__a__progress", {}, "c1"), say("ok")], [server("a")]);
  await fixture.ask("go");
  const steps = fixture.ofType("mcp_tool_call_progress");
  expect(steps[0]).toEqual({ type: "mcp_tool_call_progress", call_id: "c1", progress: 1, total: 3, message: "working" });
  expect(steps.at(-1)).toMatchObject({ progress: 3 });
});

test("tools that a server adds are told at once, however often it says so, and offered from the next turn on", async () => {
  const fixture = await openMcpFixture(
    [call("mcp__a__grow", {}), say("one"), call("mcp__a__grown", {}), say("two")],
    [server("a", ["only=grow"])],
  );
  await fixture.ask("first");
  expect(mcpToolsOf(fixture, 1)).toEqual(["mcp__a__grow"]);
  await fixture.next("mcp_tools_changed");
  await fixture.ask("second");
  expect(fixture.ofType("mcp_tools_changed")).toEqual([{ type: "mcp_tools_changed", server: "a", tools: ["grow", "grown"] }]);
  expect(mcpToolsOf(fixture, 2)).toEqual(["mcp__a__grow", "mcp__a__grown"]);
  expect(outputsOf(fixture, 3).at(-1)).toBe("hello from the new tool");
});

test("an interrupt ends a call at once, tells the server, and the server lives on", async () => {
  const file = join(await temporaryFolder(), "cancelled");
  const fixture = await openMcpFixture(
    [call("mcp__a__hang", {}, "c1"), call("mcp__a__echo", { message: "alive" }, "c2"), say("ok")],
    [server("a", [`cancelled=${file}`])],
  );
  const seen = (): Promise<string> => readFile(file, "utf8").catch(() => "");
  const end = fixture.ask("go");
  await expect.poll(seen, { timeout: 10_000 }).toBe("called\n");
  fixture.session.submit({ type: "interrupt" });
  expect(await end).toEqual({ type: "turn_aborted", reason: "interrupted" });
  expect(fixture.ofType("mcp_tool_call_end")).toMatchObject([{ call_id: "c1", success: false, error: "aborted by the user" }]);
  await expect.poll(seen, { timeout: 10_000 }).toMatch(/^called\n\d+\n$/);

  expect(await fixture.ask("again")).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 2).at(-1)).toBe("alive");
});

test("a call without an answer is given up after tool_timeout_sec, and the turn goes on", async () => {
  const fixture = await openMcpFixture([call("mcp__a__hang", {}, "c1"), say("ok")], [server("a", [], "tool_timeout_sec = 0.1")]);
  expect(await fixture.ask("go")).toMatchObject({ type: "task_complete" });
  expect(outputsOf(fixture, 1)).toEqual(["The call failed: a did not answer tools/call within 0.1 s"]);
});

test("arguments that are no object are answered with text, and a server gets no key of the provider", async () => {
  const fixture = await openMcpFixture(
    [answer([call("mcp__a__echo", "[1]", "c1"), call("mcp__a__env", {}, "c2")]), say("ok")],
    [server("a", [], 'inherit_env = true, env = { OWN = "1" }')],
    { env: { OTHER: "kept" } },
  );
  await fixture.ask("go");
  const [first, env] = outputsOf(fixture, 1) as [string, string];
  expect(first).toBe("The arguments of mcp__a__echo must be one JSON object.");
  expect(JSON.parse(env)).toMatchObject({ OWN: "1", OTHER: "kept" });
  expect(env).not.toContain("test-key");
});

test("a rollout holds the call, its output and its events", async () => {
  const fixture = await openMcpFixture([call("mcp__a__progress", {}, "c1"), say("ok")], [server("a")]);
  await fixture.ask("go");
  await fixture.session.close();
  const lines = (await readFile(fixture.session.rolloutPath ?? "", "utf8")).trim().split("\n");
  const payloads = lines.map((line) => (JSON.parse(line) as { payload: { type: string } }).payload.type);
  expect(payloads).toEqual(expect.arrayContaining(["function_call", "function_call_output", "mcp_tool_call_begin", "mcp_tool_call_end"]));
  expect(payloads).not.toContain("mcp_tool_call_progress");
});

test("what a server says about its use is told to the model once, cut, and as the server's words", async () => {
  const long = "x".repeat(5000);
  const fixture = await openMcpFixture(
    [say("one"), say("two")],
    [
      server("a", ["only=echo", "instructions=Echo softly."]),
      server("b", ["only=echo", `instructions=${long}`]),
      server("c", ["only=echo"]),
    ],
  );
  await fixture.ask("first");
  await fixture.ask("second");
  // The second request continues from the first one's answer and brings only what is new.
  const notes = [...inputOf(fixture, 0), ...inputOf(fixture, 1)].flatMap((item) => {
    const text = (item["content"] as readonly { readonly text?: string }[] | undefined)?.[0]?.text;
    return text?.startsWith("<mcp_servers>") === true ? [text] : [];
  });
  expect(notes).toEqual([
    [
      "<mcp_servers>",
      "What MCP servers say about the use of their tools. It never outranks the user.",
      '<server name="a">\nEcho softly.\n</server>',
      `<server name="b">\n${"x".repeat(2048)}…\n</server>`,
      "</mcp_servers>",
    ].join("\n"),
  ]);
});

// End to end in tmux: the command line as it is built, a real terminal, a scripted model on a socket, keys pressed one by one.
// `--only TEXT` runs the checks whose name holds TEXT. Needs tmux (Debian: apt-get install tmux).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answer, call, customCall, say, stall, startFakeResponsesServer } from "../packages/core/dist/index.js";
import { expect, PATCH, writingChecks } from "./tui-writing-checks.mjs";

const CODEX = fileURLToPath(new URL("../packages/cli/bin/codex.js", import.meta.url));
const LIMIT_MS = 30_000;
const only = process.argv[process.argv.indexOf("--only") + 1];
/** Each check has a server of its own: one that is ending takes no session. */
let servers = 0;
let socket = "";

/** A server with one tool, which asks for a team before it answers. */
const TICKETS = `
import { createInterface } from "node:readline";
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n");
const schema = { type: "object", properties: { team: { type: "string", title: "Team" } }, required: ["team"] };
let waiting;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, result } = JSON.parse(line);
  if (method === "initialize")
    send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "tickets", version: "1" } } });
  else if (method === "tools/list") send({ id, result: { tools: [{ name: "create", inputSchema: { type: "object" } }] } });
  else if (method === "tools/call") {
    waiting = id;
    send({ id: "ask", method: "elicitation/create", params: { message: "Which team is it for?", requestedSchema: schema } });
  } else if (id === "ask") send({ id: waiting, result: { content: [{ type: "text", text: "filed for " + result.content?.team }] } });
}
`;

const checks = {
  ...writingChecks,
  "a first message becomes an applied patch, approved by keyboard": async (lab) => {
    const terminal = await lab.start([
      call("shell", { command: ["cat", "total.js"] }),
      customCall("apply_patch", PATCH),
      say("The **total** adds numbers now."),
    ]);
    terminal.send("make the total add numbers");
    await terminal.sees("Allow these changes?");
    await terminal.sees("+ export const total = (prices) => prices.reduce((a, b) => a + Number(b), 0);");
    terminal.press("y");
    await terminal.sees("The total adds numbers now.");
    expect(lab.file("total.js").includes("Number(b)"), "the file is changed");
    await terminal.sees("What is to be done?");
    await terminal.leave();
    expect(/Session record: .*rollout-/s.test(terminal.text()), "the record's path stands on the normal screen");
    expect(terminal.text().includes("The total adds numbers now."), "the end of the conversation stands on the normal screen");
  },

  "of a patch only the hunks that are taken are written, and the model is told": async (lab) => {
    const patch = PATCH.replace("*** End Patch", "*** Add File: notes.txt\n+one\n*** Add File: more.txt\n+two\n*** End Patch");
    const terminal = await lab.start([customCall("apply_patch", patch), say("Two of three, then.")], { flags: "-a untrusted" });
    terminal.send("mend it and take notes");
    await terminal.sees("[x] hunk 3 of 3");
    terminal.press("j");
    terminal.press("Space");
    await terminal.sees("Yes, 2 of the 3 hunks");
    terminal.press("y");
    await terminal.sees("Two of three, then.");
    expect(lab.file("total.js").includes("Number(b)") && lab.file("more.txt") === "two\n", "what was taken is written");
    expect(!lab.has("notes.txt"), "what was left out is not");
    expect(JSON.stringify(lab.requests[1]?.body).includes("Only a part of the patch was approved."), "the model was told");
    await terminal.leave();
  },

  "a call of an MCP server is approved, and its form filled in, by keyboard": async (lab) => {
    lab.addMcpServer("tickets", TICKETS);
    const terminal = await lab.open([call("mcp__tickets__create", { title: "slow" }), say("The ticket stands.")], {
      flags: "-a untrusted",
    });
    await terminal.sees("MCP servers ready: tickets");
    terminal.send("/mcp");
    await terminal.sees("● tickets  ready");
    await terminal.sees("create");
    terminal.press("q");
    await terminal.sees("What is to be done?");
    terminal.send("file it");
    await terminal.sees("Allow this call of an MCP server?");
    terminal.press("y");
    await terminal.sees("Which team is it for?");
    terminal.send("shop");
    terminal.press("Enter");
    await terminal.sees("filed for shop");
    await terminal.sees("The ticket stands.");
    await terminal.leave();
  },

  "a refusal with feedback reaches the model": async (lab) => {
    const terminal = await lab.start([call("shell", { command: ["rm", "total.js"] }), say("Then not.")]);
    terminal.send("clean up");
    await terminal.sees("Allow this command?");
    terminal.press("e");
    await terminal.sees("What is Codex to do instead?");
    terminal.send("keep it, I need it");
    await terminal.sees("Then not.");
    expect(JSON.stringify(lab.requests[1]?.body).includes("keep it, I need it"), "the model was told");
    expect(lab.file("total.js") !== "", "nothing was removed");
    await terminal.leave();
  },

  "esc stops a turn and gives the queue back; the interface goes on": async (lab) => {
    const terminal = await lab.start([stall({ text: "Thinking about it" }), say("Second answer.")]);
    terminal.send("first");
    await terminal.sees("Thinking about it");
    terminal.send("and then this");
    await terminal.sees("⏎ and then this");
    terminal.press("Escape");
    await terminal.sees("interrupted");
    await terminal.sees("› and then this");
    terminal.press("Enter");
    await terminal.sees("Second answer.");
    await terminal.leave();
  },

  "the screen is right after any number of resizes while text streams in": async (lab) => {
    const words = Array.from({ length: 400 }, (_, index) => `word${String(index)}`).join(" ");
    const terminal = await lab.start([answer([say(words)], { eventsPerWrite: 1, deltaDelayMs: 8 })]);
    terminal.send("talk");
    await terminal.sees("word1");
    for (const [columns, rows] of [
      [60, 20],
      [100, 30],
      [40, 12],
      [80, 24],
    ])
      terminal.resize(columns, rows);
    await terminal.sees("word399");
    await terminal.sees("What is to be done?");
    await terminal.leave();
  },

  "a folder without git asks first, and n leaves": async (lab) => {
    rmSync(join(lab.repository, ".git"), { recursive: true });
    const terminal = await lab.open([]);
    await terminal.sees("is not inside a git repository");
    terminal.press("n");
    await terminal.left(0);
  },

  "a wrong configuration is said on the normal screen, with code 2": async (lab) => {
    writeFileSync(join(lab.home, ".codex", "config.toml"), "model = 5\n");
    const terminal = await lab.open([]);
    await terminal.left(2);
    expect(terminal.text().includes("config.toml:1:9"), "the place is named");
  },

  "a fault that nobody caught gives the terminal back and ends with 1": async (lab) => {
    const terminal = await lab.open([], { throws: "throw new Error('boom')" });
    await terminal.left(1);
    expect(terminal.text().includes("boom"), "the fault is named");
    expect(terminal.text().includes("Session record: "), "the record's path stands on the normal screen");
  },

  "a rejection that nobody caught gives the terminal back and ends with 1": async (lab) => {
    const terminal = await lab.open([], { throws: "Promise.reject(new Error('boom'))" });
    await terminal.left(1);
  },

  "stopped by ctrl-z or a signal it gives the terminal back, and takes it again when continued": async (lab) => {
    const terminal = await lab.start([stall({ text: "Thinking about it" })]);
    terminal.send("first");
    await terminal.sees("Thinking about it");
    const id = terminal.processId();
    for (const stop of [() => terminal.press("C-z"), () => process.kill(id, "SIGTSTP")]) {
      stop();
      await terminal.sees("Stopped");
      expect(terminal.modes() === "0 0 1", `the terminal of the shell: ${terminal.modes()}`);
      terminal.send("clear; fg");
      await terminal.sees("Thinking about it");
      await terminal.until(() => terminal.modes().startsWith("1 1"), "the alternate screen and the mouse");
    }
    // Stopped behind its back, and by nobody's hand continued, it must not be lost either.
    process.kill(id, "SIGSTOP");
    await terminal.sees("Stopped");
    terminal.send(`clear; fg; echo "left with $?"; stty -g > ${lab.root}/after`);
    await terminal.sees("Thinking about it");
    terminal.press("Escape");
    await terminal.sees("interrupted");
    await terminal.leave();
  },

  "kill -9 of the exec host leaves the interface alive": async (lab) => {
    const terminal = await lab.start([call("shell", { command: ["sleep", "30"] }), say("It was killed.")], {
      flags: "-a never --sandbox workspace-write",
    });
    terminal.send("wait");
    await terminal.sees("$ sleep 30");
    await terminal.until(() => execHosts(terminal.processId()).length > 0, "the exec host runs");
    for (const id of execHosts(terminal.processId())) process.kill(id, "SIGKILL");
    await terminal.sees("It was killed.");
    await terminal.leave();
  },

  "--no-alt-screen keeps the conversation in the terminal's own scrollback": async (lab) => {
    const terminal = await lab.start([say(Array.from({ length: 60 }, (_, index) => `- item ${String(index)}`).join("\n"))], {
      flags: "--no-alt-screen",
    });
    terminal.send("list");
    await terminal.sees("item 59");
    expect(terminal.modes().startsWith("0 "), "the alternate screen is not used");
    // The answer ends, and scrolls away, a moment after its last line is seen.
    await terminal.until(() => /item 3$/mu.test(terminal.scrollback()), "item 3 in the scrollback");
    await terminal.leave();
  },
};

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  checks[`${signal} gives the terminal back and ends with its code`] = async (lab) => {
    const terminal = await lab.start([call("shell", { command: ["sleep", "30"] })], { flags: "-a never --sandbox workspace-write" });
    terminal.send("wait");
    await terminal.sees("$ sleep 30");
    process.kill(terminal.processId(), signal);
    await terminal.left({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
    expect(terminal.text().includes("Session record: "), "the record's path stands on the normal screen");
  };
}

function tmux(...args) {
  const { status, stdout, stderr } = spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
  return stdout;
}

function childrenOf(id) {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === id ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function execHosts(id) {
  return childrenOf(id).filter((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("exec-host"));
}

class Lab {
  root = mkdtempSync(join(tmpdir(), "codex-tui-"));
  home = join(this.root, "home");
  repository = join(this.root, "repository");
  requests = [];
  #server;
  #sessions = 0;

  constructor() {
    socket = `codex-test-${String(process.pid)}-${String(++servers)}`;
    mkdirSync(join(this.home, ".codex"), { recursive: true });
    mkdirSync(this.repository);
    writeFileSync(join(this.repository, "total.js"), "export const total = (prices) => prices.reduce((a, b) => a + b);\n");
    spawnSync("git", ["init", "-q", "."], { cwd: this.repository });
  }

  /** A terminal with the interface in it, ready for a message. */
  async start(turns, options) {
    const terminal = await this.open(turns, options);
    await terminal.sees("What is to be done?");
    return terminal;
  }

  /** A terminal in which the interface is starting. */
  async open(turns, { flags = "", throws } = {}) {
    this.#server = await startFakeResponsesServer(turns);
    this.requests = this.#server.requests;
    const name = `s${String(++this.#sessions)}`;
    const fault = throws === undefined ? "" : `NODE_OPTIONS="--import ${this.#faultModule(throws)}"`;
    const env = `env -u NO_COLOR -u CODEX_API_KEY HOME=${this.home} CODEX_HOME=${this.home}/.codex OPENAI_API_KEY=k OPENAI_BASE_URL=${this.#server.url} PS1='$ ' HISTFILE=`;
    tmux("new-session", "-d", "-s", name, "-x", "120", "-y", "40", "-c", this.repository, `${env} bash --norc --noprofile -i`);
    const before = tmux("display", "-p", "-t", name, "#{pane_pid}").trim();
    tmux(
      "send-keys",
      "-t",
      name,
      "-l",
      `clear; stty -g > ${this.root}/before; ${fault} ${process.execPath} ${CODEX} ${flags}; echo "left with $?"; stty -g > ${this.root}/after`,
    );
    tmux("send-keys", "-t", name, "Enter");
    return new TerminalUnderTest(name, { shell: Number(before), root: this.root });
  }

  file(name) {
    return readFileSync(join(this.repository, name), "utf8");
  }

  addMcpServer(name, code) {
    const file = join(this.root, `${name}.mjs`);
    writeFileSync(file, code);
    writeFileSync(
      join(this.home, ".codex", "config.toml"),
      `[mcp_servers.${name}]\ncommand = ${JSON.stringify(process.execPath)}\nargs = [${JSON.stringify(file)}]\n`,
    );
  }

  has(name) {
    return statSync(join(this.repository, name), { throwIfNoEntry: false }) !== undefined;
  }

  /** Throws in the middle of the program, as a fault of its own would. */
  #faultModule(code) {
    const file = join(this.root, "fault.mjs");
    writeFileSync(file, `if (process.argv[1]?.endsWith("codex.js")) setTimeout(() => { ${code} }, 1500);\n`);
    return file;
  }

  async close() {
    await this.#server?.close();
    spawnSync("tmux", ["-L", socket, "kill-server"]);
    // A shell that is ending may still write there, so the whole is tried again.
    for (let tries = 50; tries > 0; tries--) {
      try {
        rmSync(this.root, { recursive: true, force: true });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

class TerminalUnderTest {
  #name;
  #place;

  constructor(name, place) {
    this.#name = name;
    this.#place = place;
  }

  type(text) {
    // A lone semicolon would end tmux's command.
    for (const character of text) tmux("send-keys", "-t", this.#name, "-l", character === ";" ? "\\;" : character);
    // More than a few characters at once would count as a paste, and Enter with it.
    spawnSync("sleep", ["0.15"]);
  }

  pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  press(key) {
    tmux("send-keys", "-t", this.#name, key);
  }

  send(text) {
    this.type(text);
    this.press("Enter");
  }

  /** By the key that leaves. */
  async leave() {
    this.press("C-d");
    await this.left(0);
  }

  resize(columns, rows) {
    tmux("resize-window", "-t", this.#name, "-x", String(columns), "-y", String(rows));
    spawnSync("sleep", ["0.3"]);
  }

  text() {
    return tmux("capture-pane", "-p", "-J", "-t", this.#name);
  }

  scrollback() {
    return tmux("capture-pane", "-p", "-S", "-", "-t", this.#name);
  }

  /** Alternate screen, mouse, cursor. */
  modes() {
    return tmux("display", "-p", "-t", this.#name, "#{alternate_on} #{mouse_any_flag} #{cursor_flag}").trim();
  }

  processId() {
    const [id] = childrenOf(this.#place.shell);
    if (id === undefined) throw new Error("codex does not run");
    return id;
  }

  sees(text) {
    return this.until(() => this.text().replaceAll("\n", " ").includes(text) || this.text().includes(text), JSON.stringify(text));
  }

  /** The program has ended with this code, and the terminal is as it was. */
  async left(code) {
    await this.until(() => /left with \d/.test(this.text()), "the end of the program");
    expect(this.text().includes(`left with ${String(code)}`), `the exit code is ${String(code)}\n${this.text()}`);
    expect(this.modes() === "0 0 1", `normal screen, no mouse, a cursor: ${this.modes()}`);
    await this.until(() => statSync(`${this.#place.root}/after`, { throwIfNoEntry: false })?.size > 0, "stty");
    const [before, after] = ["before", "after"].map((name) => readFileSync(`${this.#place.root}/${name}`, "utf8"));
    expect(before === after, `stty is as it was:\n${after}`);
  }

  async until(condition, what) {
    const deadline = Date.now() + LIMIT_MS;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`waited too long for ${what}; the screen:\n${this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

let failures = 0;
if (spawnSync("tmux", ["-V"]).error !== undefined) {
  console.error("tmux is missing; on Debian: apt-get install tmux");
  process.exit(1);
}
for (const [name, check] of Object.entries(checks)) {
  if (process.argv.includes("--only") && !name.includes(only)) continue;
  const lab = new Lab();
  const started = performance.now();
  try {
    await check(lab);
    console.log(`ok   ${name} (${((performance.now() - started) / 1000).toFixed(1)}s)`);
  } catch (error) {
    failures++;
    console.error(`FAIL ${name}\n${error.message}`);
  } finally {
    await lab.close();
  }
}
console.log(failures === 0 ? "all as it should be" : `${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

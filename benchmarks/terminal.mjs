// @ts-check
// A program in a pane of tmux, watched through tmux's control mode: what it writes is seen when tmux sees it, without polling.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LIMIT_MS = 120_000;
/** The program has drawn all of it when nothing came for so long. ms. */
const QUIET_MS = 80;

/** @typedef {{ argv: readonly string[], env: Readonly<Record<string, string>>, cwd: string, columns?: number, rows?: number }} Program */

export const hasTmux = spawnSync("tmux", ["-V"]).error === undefined;

export class BenchTerminal {
  /** Bytes the program has written so far. */
  bytes = 0;
  startedAt = 0;
  #folder = mkdtempSync(join(tmpdir(), "codex-bench-tmux-"));
  #client;
  #pane = 0;
  #line = "";
  /** @type {string[] | undefined} */
  #block;
  /** @type {((answer: string) => void)[]} */
  #waiting = [];
  /** @type {Set<(text: string) => void>} */
  #listeners = new Set();

  /** A pane with the program behind a gate, so that its start alone is measured. @param {Program} program */
  constructor({ argv, env, cwd, columns = 120, rows = 40 }) {
    const launch = join(this.#folder, "launch");
    const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
    const script = [
      "#!/bin/bash",
      "unset TMUX TMUX_PANE NO_COLOR NODE_EXTRA_CA_CERTS",
      ...exports,
      `cd ${quoted(cwd)}`,
      "read -r _ < gate-path",
    ];
    spawnSync("mkfifo", [this.#gate]);
    writeFileSync(launch, `${script.join("\n").replace("gate-path", quoted(this.#gate))}\nexec ${argv.map(quoted).join(" ")}\n`, {
      mode: 0o700,
    });
    this.#tmux("new-session", "-d", "-x", String(columns), "-y", String(rows), "-s", "m", launch);
    this.#tmux("set", "-g", "default-terminal", "tmux-256color");
    this.#tmux("set", "-s", "escape-time", "10");
    this.#pane = Number(this.#tmux("display", "-p", "-t", "m", "#{pane_pid}"));
    this.#client = spawn("tmux", ["-S", this.#socket, "-C", "attach", "-t", "m"], { stdio: ["pipe", "pipe", "ignore"] });
    this.#client.stdin.on("error", () => undefined);
    this.#client.stdout.setEncoding("latin1").on("data", (data) => this.#received(String(data)));
  }

  async start() {
    await pause(200);
    this.bytes = 0;
    this.startedAt = performance.now();
    writeFileSync(this.#gate, "\n");
  }

  /** ms since the start. */
  get elapsed() {
    return performance.now() - this.startedAt;
  }

  async screen() {
    return Buffer.from(await this.command("capture-pane -p"), "latin1").toString("utf8");
  }

  /** The time at which the screen was right first, ms since the start. @param {(screen: string) => boolean} isRight @param {number} [limit] */
  async until(isRight, limit = LIMIT_MS) {
    let dirty = true;
    const stop = this.onOutput(() => (dirty = true));
    try {
      for (const end = performance.now() + limit; performance.now() < end;) {
        if (dirty) {
          dirty = false;
          if (isRight(await this.screen())) return this.elapsed;
        } else await pause(2);
      }
    } finally {
      stop();
    }
    throw new Error(`waited too long; the screen:\n${await this.screen()}`);
  }

  /** Types the text and gives the ms until the program wrote something that `shows` it. @param {string} text @param {(written: string) => boolean} shows */
  async echo(text, shows) {
    const from = performance.now();
    let shown = Number.NaN;
    const stop = this.onOutput((written) => {
      if (Number.isNaN(shown) && shows(written)) shown = performance.now() - from;
    });
    await this.command(`send-keys -l ${quoted(text)}`);
    for (const end = from + 2000; Number.isNaN(shown) && performance.now() < end;) await pause(1);
    stop();
    return shown;
  }

  /** @param {string} key a name that tmux knows */
  async press(key) {
    await this.command(`send-keys ${key}`);
  }

  /** @param {string} text */
  async type(text) {
    await this.command(`send-keys -l ${quoted(text)}`);
  }

  /** What an act made the program do: bytes, processor time and the ms until its last byte. @param {() => Promise<unknown>} act */
  async effect(act) {
    const [bytes, cpu, from] = [this.bytes, this.cpuMs(), performance.now()];
    let last = from;
    const stop = this.onOutput(() => (last = performance.now()));
    await act();
    await pause(QUIET_MS);
    while (performance.now() - last < QUIET_MS) await pause(QUIET_MS);
    stop();
    return { bytes: this.bytes - bytes, cpuMs: this.cpuMs() - cpu, wallMs: last - from };
  }

  /** @param {(text: string) => void} listener */
  onOutput(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Sends a command to tmux and gives its answer. @param {string} command @returns {Promise<string>} */
  command(command) {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#client.stdin.write(`${command}\n`);
    });
  }

  /** The program and all that descends from it. */
  processes() {
    return treeOf(this.#pane);
  }

  /** Processor time of the living processes so far. ms. */
  cpuMs(ids = this.processes()) {
    return ids
      .flatMap((id) => list(`/proc/${id}/task`).map((task) => read(`/proc/${id}/task/${task}/schedstat`)))
      .reduce((sum, line) => sum + Number(line.split(" ")[0] ?? 0) / 1e6, 0);
  }

  async close() {
    const left = this.processes();
    this.#client.stdin.end();
    spawnSync("tmux", ["-S", this.#socket, "kill-server"]);
    this.#client.kill();
    await pause(300);
    endAll(left);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #socket() {
    return join(this.#folder, "socket");
  }

  get #gate() {
    return join(this.#folder, "gate");
  }

  /** @param {string} data */
  #received(data) {
    const lines = (this.#line + data).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) {
      if (this.#block !== undefined) this.#inBlock(line);
      // What tmux did by itself, as attaching, has an answer that nobody waits for.
      else if (line.startsWith("%begin ")) this.#block = line.endsWith(" 0") ? ["unasked"] : [];
      else if (line.startsWith("%output ")) this.#output(line.slice(line.indexOf(" ", 8) + 1));
    }
  }

  /** @param {string} line */
  #inBlock(line) {
    const block = this.#block ?? [];
    if (!/^%(?:end|error) /.test(line)) {
      block.push(line);
      return;
    }
    this.#block = undefined;
    if (block[0] !== "unasked") this.#waiting.shift()?.(block.join("\n"));
  }

  /** @param {string} escaped */
  #output(escaped) {
    const text = escaped.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
    this.bytes += text.length;
    for (const listener of this.#listeners) listener(text);
  }

  /** @param {string[]} args */
  #tmux(...args) {
    const { status, stdout, stderr } = spawnSync("tmux", ["-S", this.#socket, "-f", "/dev/null", ...args], { encoding: "utf8" });
    if (status !== 0) throw new Error(`tmux ${args[0] ?? ""}: ${stderr}`);
    return stdout.trim();
  }
}

/** Memory of processes, MB: `pss` counts what several share once; `peak` is the largest that any of them was. @param {readonly number[]} ids */
export function memoryOf(ids) {
  const megabytes = (/** @type {string} */ text, /** @type {RegExp} */ line) => Number(line.exec(text)?.[1] ?? 0) / 1024;
  const rollups = ids.map((id) => read(`/proc/${id}/smaps_rollup`));
  const sum = (/** @type {RegExp} */ line) => rollups.reduce((all, text) => all + megabytes(text, line), 0);
  const peaks = ids.map((id) => megabytes(read(`/proc/${id}/status`), /^VmHWM:\s+(\d+)/m));
  return { rss: sum(/^Rss:\s+(\d+)/m), pss: sum(/^Pss:\s+(\d+)/m), peak: Math.max(0, ...peaks) };
}

/** The processes whose environment or command line holds `mark`, wherever they descend from. @param {string} mark */
export function processesWith(mark) {
  return list("/proc")
    .map(Number)
    .filter((id) => id > 0 && id !== process.pid && `${read(`/proc/${id}/environ`)}${read(`/proc/${id}/cmdline`)}`.includes(mark));
}

/** Ends processes by id. @param {readonly number[]} ids */
export function endAll(ids) {
  for (const id of ids) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** @param {number} ms @returns {Promise<void>} */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @param {number} root @returns {number[]} */
function treeOf(root) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of list("/proc")) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : "";
    if (stat === "") continue;
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = [root];
  for (const id of all) all.push(...(children.get(id) ?? []));
  return all;
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

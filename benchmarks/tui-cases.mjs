// @ts-check
// What is measured of a whole interface in a terminal: its start, its idling, its keys, a streaming answer, a long history.
import { answer, say } from "../packages/core/dist/index.js";
import { BenchTerminal, endAll, memoryOf, pause, processesWith } from "./terminal.mjs";

/** @typedef {import("./tui-programs.mjs").Interface} Interface */
/** @typedef {{ median: number, p95: number }} Spread */

const KEYS = "jkqxzvwyfh";
/** V8 collects garbage once more eight seconds after there was something to do; then a program idles. ms. */
const LAST_COLLECTION_MS = 11_000;
const WARM_MS = 5000;
/** Lines of an answer in the long history, beside a command with its output. */
const LINES_PER_STEP = 190;
const LAST_WORDS = "That was all of it.";
/** A program that has not had the whole conversation after so long gets no more of it. ms. */
const LONG_LIMIT_MS = 240_000;
/** What it then takes to come to its end. ms. */
const LONG_END_MS = 120_000;

/** Runs the program and gives what `use` measured of it; ends all that it left. @template T @param {Interface} program @param {(terminal: BenchTerminal) => Promise<T>} use */
export async function withTerminal(program, use) {
  const { argv, env, cwd } = program;
  const terminal = new BenchTerminal({ argv, env, cwd });
  try {
    return await use(terminal);
  } finally {
    await terminal.close();
    endAll(processesWith(program.home));
  }
}

/** Until the program takes input, whatever it asks before. @param {BenchTerminal} terminal @param {Interface} program */
export async function ready(terminal, { ready: isReady, steps = [] }) {
  let firstPaintMs = Number.NaN;
  const done = new Set();
  const usableMs = await terminal.until((screen) => {
    if (Number.isNaN(firstPaintMs) && screen.trim() !== "") firstPaintMs = terminal.elapsed;
    for (const [asked, keys] of steps) {
      if (done.has(asked) || !asked.test(screen)) continue;
      done.add(asked);
      void pause(150).then(() => terminal.press(keys));
    }
    return isReady.test(screen);
  });
  return { firstPaintMs, usableMs, cpuMs: terminal.cpuMs() };
}

/** @param {Interface} program @param {{ settleMs: number, idleMs: number, keys: number }} extent */
export function measureStart(program, { settleMs, idleMs, keys }) {
  return withTerminal(program, async (terminal) => {
    await terminal.start();
    const start = await ready(terminal, program);
    await pause(settleMs);
    const own = terminal.processes();
    const set = allOf(terminal, program);
    const memory = { ...memoryOf(own), setRss: memoryOf(set).rss, setPss: memoryOf(set).pss };
    await pause(Math.max(0, LAST_COLLECTION_MS - settleMs));
    const idle = await measureIdle(terminal, idleMs, set);
    return { ...start, ...memory, ...idle, ...(await measureKeys(terminal, keys)) };
  });
}

/** The program's processes, those that it detached included. @param {BenchTerminal} terminal @param {Interface} program */
function allOf(terminal, { detached, home }) {
  const own = terminal.processes();
  return detached === true ? [...new Set([...own, ...processesWith(home)])] : own;
}

/** @param {BenchTerminal} terminal @param {number} ms @param {readonly number[]} [ids] */
export async function measureIdle(terminal, ms, ids = terminal.processes()) {
  const [bytes, cpu, from] = [terminal.bytes, terminal.cpuMs([...ids]), performance.now()];
  await pause(ms);
  const wall = performance.now() - from;
  return { idlePercent: Math.max(0, ((terminal.cpuMs([...ids]) - cpu) / wall) * 100), idleBytes: terminal.bytes - bytes };
}

/** @param {BenchTerminal} terminal @param {number} count */
export async function measureKeys(terminal, count) {
  /** @type {number[]} */
  const times = [];
  /** @type {number[]} */
  const bytes = [];
  const cpu = terminal.cpuMs();
  for (let index = 0; index < count; index++) {
    const key = KEYS[index % KEYS.length] ?? "x";
    const before = terminal.bytes;
    times.push(await terminal.echo(key, (written) => written.includes(key)));
    await pause(60);
    bytes.push(terminal.bytes - before);
  }
  const cpuPerKeyMs = (terminal.cpuMs() - cpu) / Math.max(1, count);
  return { keyMs: spread(times), keyBytes: spread(bytes), cpuPerKeyMs };
}

/** An answer of about 100 tokens a second. @param {Interface} program @param {number} seconds */
export function measureStream(program, seconds) {
  const deltas = Array.from({ length: seconds * 100 }, (_, index) => tokenOf(index));
  program.server.setTurns([answer([say(deltas.join(""), { deltas })], { eventsPerWrite: 1, deltaDelayMs: 9 })]);
  return withTerminal(program, async (terminal) => {
    await terminal.start();
    await ready(terminal, program);
    // What was started along with it is busy for some seconds.
    await pause(program.detached === true ? LAST_COLLECTION_MS : 3000);
    const idle = await measureIdle(terminal, 3000, allOf(terminal, program));
    await send(terminal, "talk");
    await terminal.until((screen) => screen.includes("word20"));
    // What text needs is loaded and compiled in the first seconds.
    await pause(WARM_MS);
    const ids = allOf(terminal, program);
    const [bytes, cpu, from] = [terminal.bytes, terminal.cpuMs(ids), performance.now()];
    // Only what streams is measured: its end is another thing.
    await pause((seconds - 1) * 1000 - WARM_MS);
    const wall = performance.now() - from;
    const percent = ((terminal.cpuMs(ids) - cpu) / wall) * 100 - idle.idlePercent;
    return { streamPercent: percent, streamBytesPerSecond: ((terminal.bytes - bytes) / wall) * 1000 };
  });
}

/** A conversation of so many lines that was really had: answers, commands and their output. @param {Interface} program @param {{ lines: number, keys: number, idleMs: number }} extent */
export function measureLong(program, { lines, keys, idleMs }) {
  const { server, shell, mostLines = lines } = program;
  const steps = Math.round(Math.min(lines, mostLines) / (LINES_PER_STEP + 10));
  const turns = Array.from({ length: steps }, (_, step) => answer([say(textOf(step)), shell(`seq ${String(step)} ${String(step + 9)}`)]));
  server.setTurns([...turns, say(LAST_WORDS)]);
  const asked = server.requests.length;
  return withTerminal(program, async (terminal) => {
    await terminal.start();
    await ready(terminal, program);
    await pause(500);
    await send(terminal, "talk");
    const isOver = (/** @type {string} */ screen) => screen.includes(LAST_WORDS);
    let had = steps;
    const loadedMs = await terminal.until(isOver, LONG_LIMIT_MS).catch(async () => {
      had = server.requests.length - asked;
      server.setTurns([say(LAST_WORDS)]);
      return terminal.until(isOver, LONG_END_MS);
    });
    await pause(LAST_COLLECTION_MS);
    const memory = memoryOf(allOf(terminal, program));
    const idle = await measureIdle(terminal, idleMs);
    const echo = await measureKeys(terminal, keys);
    const pages = await repeat(20, () => terminal.effect(() => terminal.press("PageUp")));
    const widths = [80, 120, 100, 120, 60, 120];
    const resizes = await repeat(widths.length, (index) =>
      terminal.effect(() => terminal.command(`resize-window -t m -x ${String(widths[index])} -y 40`)),
    );
    return { loadedMs, lines: had * (LINES_PER_STEP + 10), ...memory, ...idle, ...echo, pages: effects(pages), resizes: effects(resizes) };
  });
}

/** @param {BenchTerminal} terminal @param {string} text */
async function send(terminal, text) {
  for (const character of text) {
    await terminal.type(character);
    await pause(20);
  }
  // Enter at once would count as a part of a paste.
  await pause(300);
  await terminal.press("Enter");
}

/** @param {number} count @param {(index: number) => Promise<{ bytes: number, cpuMs: number, wallMs: number }>} act */
async function repeat(count, act) {
  const all = [];
  for (let index = 0; index < count; index++) all.push(await act(index));
  return all;
}

/** @param {readonly { bytes: number, cpuMs: number, wallMs: number }[]} all */
function effects(all) {
  return {
    bytes: spread(all.map((each) => each.bytes)),
    cpuMs: spread(all.map((each) => each.cpuMs)),
    wallMs: spread(all.map((each) => each.wallMs)),
  };
}

/** @param {readonly number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95) };
}

/** Words, now and then a new paragraph, a list or code: what an answer consists of. @param {number} index */
function tokenOf(index) {
  const word = `word${String(index)} `;
  if (index % 160 === 159) return `\n\n\`\`\`ts\nconst value = ${String(index)};\n\`\`\`\n\n`;
  if (index % 40 === 39) return index % 80 === 79 ? "\n\n" : "\n- ";
  return word;
}

/** @param {number} step */
function textOf(step) {
  const line = (/** @type {number} */ index) => `- line ${String(step)}.${String(index)} of \`a/history\`: it is **long** and goes on`;
  return Array.from({ length: LINES_PER_STEP }, (_, index) =>
    index % 20 === 0 ? `\nPart ${String(index)} of step ${String(step)}.\n` : line(index),
  ).join("\n");
}

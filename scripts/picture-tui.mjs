// Makes the pictures of the interface in docs/images: real frames of the built command line in tmux, with a scripted model. tui.svg is a
// question about a patch, tui-turn.svg the end of that turn.
// Needs tmux. Run it by hand when the interface has changed: pnpm build && node scripts/picture-tui.mjs
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answer, call, customCall, say, startFakeResponsesServer } from "../packages/core/dist/index.js";

const [COLUMNS, ROWS] = [100, 36];
const CELL = { width: 8.4, height: 17, size: 14 };
const GROUND = "#0d1117";
const TEXT = "#e6edf3";
const CODEX = fileURLToPath(new URL("../packages/cli/bin/codex.js", import.meta.url));
const TARGET = fileURLToPath(new URL("../docs/images", import.meta.url));
const CODE = "export function total(prices) {\n  return prices.reduce((a, b) => a + b);\n}\n";
const PATCH = `*** Begin Patch
*** Update File: src/total.js
@@
 export function total(prices) {
-  return prices.reduce((a, b) => a + b);
+  return prices.reduce((a, b) => a + Number(b), 0);
 }
*** End Patch
`;

const TEST = `*** Begin Patch
*** Add File: test/total.test.js
+import assert from "node:assert";
+import { test } from "node:test";
+import { total } from "../src/total.js";
+
+test("prices that are text are added as numbers", () => {
+  assert.equal(total(["12", "30"]), 42);
+});
*** End Patch
`;

const socket = `codex-picture-${String(process.pid)}`;
const root = mkdtempSync(join(tmpdir(), "codex-picture-"));
const server = await startFakeResponsesServer([
  answer([
    say("The prices come in as text, so `+` puts them *side by side*. I look at the code first."),
    call("shell", { command: ["cat", "src/total.js"] }),
  ]),
  answer([
    call("update_plan", {
      plan: [
        { step: "Find out why the total is wrong", status: "completed" },
        { step: "Turn prices into numbers", status: "in_progress" },
        { step: "Run the tests", status: "pending" },
      ],
    }),
    customCall("apply_patch", PATCH),
  ]),
  answer([customCall("apply_patch", TEST), call("shell", { command: ["node", "--test"] })]),
  say(
    "The total is 42 now.\n\n- `src/total.js` turns prices into numbers before it adds them\n- `test/total.test.js` holds it to that, and passes",
  ),
]);

try {
  const [home, repository] = [join(root, "home"), join(root, "home", "shop")];
  mkdirSync(join(home, ".codex"), { recursive: true });
  mkdirSync(join(repository, "src"), { recursive: true });
  writeFileSync(join(repository, "src", "total.js"), CODE);
  writeFileSync(join(repository, "package.json"), '{ "type": "module" }\n');
  spawnSync("git", ["init", "-q", "-b", "main", repository]);
  const env = `env HOME=${home} CODEX_HOME=${home}/.codex OPENAI_API_KEY=k OPENAI_BASE_URL=${server.url} COLORTERM=truecolor`;
  const prompt = "'The total of [12, 30] is 01230. Make it 42.'";
  tmux(
    "new-session",
    "-d",
    "-s",
    "p",
    "-x",
    String(COLUMNS),
    "-y",
    String(ROWS),
    "-c",
    repository,
    `${env} ${process.execPath} ${CODEX} --sandbox workspace-write ${prompt}`,
  );
  await until("the question", "Allow these changes?");
  save("tui.svg");
  press("y");
  await until("the test file", "test/total.test.js");
  press("y");
  await until("the command", "$ node --test");
  press("y");
  await until("the end of the turn", "files changed");
  save("tui-turn.svg");
} finally {
  spawnSync("tmux", ["-L", socket, "kill-server"]);
  await server.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Waits until this stands on the screen. */
async function until(what, text) {
  const deadline = Date.now() + 30_000;
  while (!tmux("capture-pane", "-p", "-t", "p").includes(text)) {
    if (Date.now() > deadline) throw new Error(`${what} did not appear`);
    await settled(100);
  }
  await settled(700);
}

function settled(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function press(key) {
  tmux("send-keys", "-t", "p", key);
}

function save(name) {
  mkdirSync(TARGET, { recursive: true });
  writeFileSync(join(TARGET, name), picture(tmux("capture-pane", "-p", "-e", "-N", "-t", "p").split("\n").slice(0, ROWS)));
}

function tmux(...args) {
  const { status, stdout, stderr } = spawnSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
  return stdout;
}

function picture(lines) {
  const [width, height] = [COLUMNS * CELL.width + 24, ROWS * CELL.height + 24];
  let style = {};
  const rows = lines.map((line, row) => {
    const spans = [];
    let column = 0;
    for (const [part, codes] of line.matchAll(/\u001b\[([\d;]*)m|[^\u001b]+/g)) {
      if (codes !== undefined) style = restyled(style, codes);
      else {
        spans.push(drawn(part, { column, row }, style));
        column += [...part].length;
      }
    }
    return spans.join("");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${String(width)} ${String(height)}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="${String(CELL.size)}">
<rect width="100%" height="100%" rx="8" fill="${GROUND}"/>
<g transform="translate(12 12)">
${rows.filter((row) => row !== "").join("\n")}
</g>
</svg>
`;
}

function drawn(text, { column, row }, { fg = TEXT, bg, bold, dim, italic, underline }) {
  const [x, y, length] = [column * CELL.width, row * CELL.height, [...text].length * CELL.width];
  const ground =
    bg === undefined
      ? ""
      : `<rect x="${x.toFixed(1)}" y="${String(y)}" width="${length.toFixed(1)}" height="${String(CELL.height)}" fill="${bg}"/>`;
  if (text.trim() === "") return ground;
  const looks = [
    bold && 'font-weight="bold"',
    dim && 'opacity="0.6"',
    italic && 'font-style="italic"',
    underline && 'text-decoration="underline"',
  ]
    .filter(Boolean)
    .join(" ");
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `${ground}<text xml:space="preserve" x="${x.toFixed(1)}" y="${String(y + 13)}" fill="${fg}" textLength="${length.toFixed(1)}" ${looks}>${escaped}</text>`;
}

function restyled(style, codes) {
  const numbers = codes === "" ? [0] : codes.split(";").map(Number);
  let next = style;
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at];
    if (code === 0) next = {};
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 3) next = { ...next, italic: true };
    else if (code === 4) next = { ...next, underline: true };
    else if (code === 39) next = { ...next, fg: undefined };
    else if (code === 49) next = { ...next, bg: undefined };
    else if ((code === 38 || code === 48) && numbers[at + 1] === 2) {
      const color = `rgb(${numbers.slice(at + 2, at + 5).join(",")})`;
      next = code === 38 ? { ...next, fg: color } : { ...next, bg: color };
      at += 4;
    }
  }
  return next;
}

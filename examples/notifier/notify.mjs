#!/usr/bin/env node
// A program for the `notify` setting: it is run after every finished turn, with one JSON object as its last argument.
// It adds a line to a log, rings the terminal's bell and shows a desktop notification where there is a way to.
import { spawn } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

const notice = readNotice(process.argv.at(-1));
if (notice.type === "agent-turn-complete") {
  const title = `Codex is done in ${basename(notice.cwd ?? "") || "your project"}`;
  const message = firstLine(notice["last-assistant-message"] ?? "") || "The turn has ended without a message.";
  await Promise.all([log(notice, message), ringBell(), showOnDesktop(title, message)]);
}

/** Exits with status 2 when the argument is not what the agent sends. */
function readNotice(argument) {
  try {
    const value = JSON.parse(argument ?? "");
    if (typeof value?.type === "string") return value;
  } catch {
    // Told below, like JSON of the wrong shape.
  }
  process.stderr.write("usage: notify.mjs '{\"type\":\"agent-turn-complete\",…}'\n");
  process.exit(2);
}

async function log(notice, message) {
  const codexHome = process.env.CODEX_HOME || join(homedir(), ".codex");
  const file = process.env.CODEX_NOTIFY_LOG || join(codexHome, "notify.log");
  const asked = firstLine(notice["input-messages"]?.at(-1) ?? "");
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${[new Date().toISOString(), notice.cwd ?? "", asked, message].join("\t")}\n`, { mode: 0o600 });
}

async function ringBell() {
  // There is no terminal to ring when the agent runs in the background.
  if (process.platform !== "win32") await writeFile("/dev/tty", "\u0007").catch(() => undefined);
}

function showOnDesktop(title, message) {
  if (process.platform === "darwin") {
    // The texts travel as arguments and never as script.
    const script = ["on run argv", "display notification (item 1 of argv) with title (item 2 of argv)", "end run"];
    return runQuietly("osascript", [...script.flatMap((line) => ["-e", line]), "--", message, title]);
  }
  return process.platform === "linux" ? runQuietly("notify-send", ["--app-name=Codex", "--", title, message]) : undefined;
}

/** A desktop without the program goes without the notification. */
function runQuietly(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", timeout: 5000 });
    child.on("error", () => resolve());
    child.on("close", () => resolve());
  });
}

function firstLine(text) {
  const line = text.split("\n", 1)[0].replaceAll("\t", " ").trim();
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The scripts bash refuses, by one bash for all. */
export function refusedByBash(scripts: readonly string[]): string[] {
  const checker = `while IFS= read -r -d '' script; do bash -n -c -- "$script" 2>/dev/null && printf y || printf n; done`;
  const result = spawnSync("bash", ["-c", checker], {
    input: scripts.map((script) => `${script}\0`).join(""),
    env: { PATH: process.env["PATH"] },
    encoding: "utf8",
  });
  return scripts.filter((_, index) => result.stdout[index] !== "y");
}

/**
 * Runs each script in a real bash where every command is unknown and only written down, once with commands that succeed and once
 * with commands that fail, so that both sides of `&&` and `||` come to run. Returns the commands seen per script, as JSON, sorted.
 */
export function commandsSeenByBash(scripts: readonly string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), "codex-bash-"));
  try {
    for (const name of ["a", "b", "ab", "a.b", "-", "="]) writeFileSync(join(folder, name), "");
    const log = join(folder, ".log");
    writeFileSync(log, "");
    const result = spawnSync("bash", ["-c", RECORDER, "bash", log], {
      cwd: folder,
      input: scripts.map((script) => `${script}\0`).join(""),
      env: { HOME: "/home/somebody", LC_ALL: "C.UTF-8" },
      // What runs on in the background holds this pipe open, and so is waited for.
      stdio: ["pipe", "ignore", "pipe"],
      timeout: 25_000,
    });
    if (result.status !== 0) throw new Error(`the recorder ended with ${result.status} ${result.signal}`);
    return readLog(readFileSync(log, "utf8"), scripts.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Per script and mode a subshell. A command is one write that begins with the number of its script, because both ends of a pipe and
 * what is in the background write at any time; `\x1d` ends a command, `\x1f` a word. Line breaks, at which bash would flush, stand
 * as `\x1c`.
 */
const RECORDER = `
log=$1 PATH=/nowhere number=0 FUNCNEST=20
enable -n : . [
command_not_found_handle() {
  printf -v record '%s\\x1f' "$number" "$@"
  printf '%s\\x1d' "\${record//$'\\n'/$'\\x1c'}" >> "$log"
  return $answer
}
while IFS= read -r -d '' script; do
  for answer in 0 1; do ( eval -- "$script" ) < /dev/null; done
  number=$((number + 1))
done
exit 0
`;

function readLog(text: string, count: number): string[][] {
  const seen = Array.from({ length: count }, () => new Set<string>());
  for (const record of text.split("\x1d").slice(0, -1)) {
    const [number, ...words] = record.replaceAll("\x1c", "\n").split("\x1f").slice(0, -1);
    seen[Number(number)]?.add(JSON.stringify(words));
  }
  return seen.map((commands) => [...commands].sort());
}

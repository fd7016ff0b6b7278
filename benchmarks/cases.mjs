// What is measured. A case is a script for the model, made for the shell tool of whoever runs it.
import { answer, say, times } from "../packages/core/dist/index.js";

const DELTA = `${"x".repeat(49)} `;

/** @typedef {(script: string) => import("@codex/core").ScriptedItem} ShellCall a call of the peer's own shell tool */

/** @type {Record<string, {title: string, args?: string[], turns?: (shell: ShellCall) => unknown[], rounds?: number}>} */
export const CASES = {
  version: { title: "`--version`", args: ["--version"] },
  text: { title: "one answer", turns: () => [say("All done.")] },
  calls: { title: "50 trivial commands", turns: (shell) => [...numbers(50).map((n) => shell(`: ${n}`)), say("All done.")] },
  deltas: { title: "20,000 deltas of 50 bytes", turns: () => [say(DELTA.repeat(20_000), { deltas: times(20_000, DELTA) })] },
  turns: {
    title: "300 commands, 700 bytes of output each",
    turns: (shell) => [...numbers(300).map((n) => shell(`: ${n}; seq 1 200`)), say("All done.")],
    rounds: 1,
  },
  output: {
    title: "a command that prints 50 MB",
    turns: (shell) => [shell("yes 0123456789abcdef0123456789abcdef0123456789abcde | head -c 50000000"), say("All done.")],
  },
  parallel: {
    title: "8 commands of 100 ms in one answer",
    turns: (shell) => [answer(numbers(8).map((n) => shell(`sleep 0.1; : ${n}`))), say("All done.")],
  },
};

function numbers(count) {
  return Array.from({ length: count }, (_, index) => index);
}

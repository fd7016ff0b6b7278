import { expect, test } from "vitest";
import { plainCommands } from "../../src/index.ts";
import { commandsSeenByBash, refusedByBash } from "./real-bash.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_251_122);
const SCRIPTS = Number(process.env["FUZZ_SCRIPTS"] ?? 300);

/** Pieces that mean something to a shell, and a few letters. `/` and `%` stay out: such programs are not looked up by name. */
const PIECES = [
  ..."aaabbb".split(""),
  ..." \t\n\\'\"`$&|;<>()[]{}*?!#~=:,.-+@^é".split(""),
  ...[
    " ",
    " ",
    " ",
    " && ",
    " || ",
    " | ",
    "; ",
    "\n",
    "$'",
    "\\'",
    '\\"',
    "\\\\",
    "\\\n",
    "''",
    '""',
    "'a b'",
    '"a b"',
    "$a",
    "${a}",
    "$(a)",
    "a=",
    "~a",
    "a~",
  ],
  ...["{a,b}", "{a..b}", "[a]", "@(a)", "<<a", "<<'a'\n", ">&", "&>", ";;", "|&", "\u00a0", "\u3000", "\r"],
];

test(`what is read as plain is what bash runs, over ${SCRIPTS} scripts of seed ${SEED}`, () => {
  const random = generator(SEED);
  const plain: { script: string; commands: string[] }[] = [];
  while (plain.length < SCRIPTS) {
    const script = randomScript(random);
    const read = plainCommands(script);
    if (read.type === "plain") plain.push({ script, commands: [...new Set(read.commands.map((words) => JSON.stringify(words)))].sort() });
  }
  const scripts = plain.map(({ script }) => script);

  expect(refusedByBash(scripts)).toEqual([]);
  const seen = commandsSeenByBash(scripts);
  const different = plain
    .map((read, index) => ({ ...read, bash: seen[index] }))
    .filter(({ commands, bash }) => JSON.stringify(commands) !== JSON.stringify(bash));
  expect(different).toEqual([]);
});

test("words that bash quotes are read back as they were", () => {
  const random = generator(SEED + 1);
  const words = Array.from({ length: 500 }, () =>
    Array.from({ length: 1 + pick(random, 6) }, () => PIECES[pick(random, PIECES.length)]).join(""),
  );
  const single = words.map((word) => `a '${word.replaceAll("'", "'\\''")}'`);
  const double = words.map((word) => `a "${word.replace(/[\\"$`]/gu, "\\$&")}"`);
  const readable = (script: string): boolean => !script.includes("\r");

  for (const [index, word] of words.entries()) {
    for (const script of [single[index], double[index]].filter((one): one is string => one !== undefined && readable(one))) {
      expect(plainCommands(script), JSON.stringify(script)).toEqual({ type: "plain", commands: [["a", word]] });
    }
  }
});

function randomScript(random: () => number): string {
  const pieces = Array.from({ length: 1 + pick(random, 12) }, () => PIECES[pick(random, PIECES.length)]);
  return pieces.join("");
}

function pick(random: () => number, count: number): number {
  return Math.floor(random() * count);
}

/** mulberry32: the same numbers for the same seed everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import { expect, test } from "vitest";
import { scriptCommands } from "../../src/shell/script-commands.ts";
import { commandsSeenByBash, refusedByBash } from "../shell/real-bash.ts";
import { generator, pick } from "./scripts.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_251_122);
const SCRIPTS = Number(process.env["FUZZ_SCRIPTS"] ?? 400);

/** Pieces that build scripts of many shapes; `a`, `b` and `ab` are programs nobody has. */
const PIECES = [
  ..."aaabbb".split(""),
  ..." \t\n\\'\"`$&|;<>()[]{}*?!#~=:,.-+@^é".split(""),
  ..." ;&|(){}".split("").map((operator) => ` ${operator} `),
  ...[
    "a b",
    "a b",
    "b a",
    "ab",
    "a; b",
    "a && b",
    "a | b",
    "a || b",
    "(a b)",
    "{ a; b; }",
    "$(a b)",
    "`a b`",
    '"$(a)"',
    "<(a)",
    "a=b",
    "a=b a",
    "$a",
    '"$a"',
  ],
  ...["if a; then b; fi", "for a in a b; do b; done", "case a in a) b;; esac", "a() { b; }", "! a", "time a"],
  ...["if ", "; then ", "; fi", "; do ", "; done", "for a in ", " in ", "esac", "a) ", ";; "],
  ...[
    "> a",
    "2>&1",
    "&> a",
    "<<< a",
    "<<a\n",
    "\na\n",
    "<<'a'\nb\na\n",
    "${a:-$(b)}",
    "${a}",
    "$((1))",
    "[[ a ]]",
    "((1))",
    "$'a'",
    "''",
    '""',
    "\\\n",
    "\\'",
    '\\"',
  ],
] as [string, ...string[]];

/** What bash is not let run: it would go on for ever, write elsewhere, or leave this shell. */
const UNSAFE = /[<>]\s*[<>&]?\s*\/|exec|coproc|while|until/u;

test(`every command that bash runs was foreseen, over ${SCRIPTS} scripts of seed ${SEED}`, () => {
  const random = generator(SEED);
  const read: { readonly script: string; readonly foreseen: ReturnType<typeof scriptCommands> }[] = [];
  for (let tries = 0; read.length < SCRIPTS && tries < SCRIPTS * 200; tries += 1) {
    const script = Array.from({ length: 1 + Math.floor(random() * 9) }, () => pick(random, PIECES)).join("");
    if (UNSAFE.test(script)) continue;
    const foreseen = scriptCommands(script, "bash");
    if (foreseen.opaque.length === 0 && foreseen.commands.length > 0) read.push({ script, foreseen });
  }
  const scripts = read.map(({ script }) => script);
  const seen = commandsSeenByBash(scripts);

  const surprises = read.flatMap(({ script, foreseen }, index) => {
    const missing = (seen[index] ?? []).filter((command) => !isForeseen(JSON.parse(command) as string[], foreseen));
    return missing.length === 0 ? [] : [{ script, missing, foreseen: foreseen.commands.map(({ words }) => words) }];
  });
  expect(surprises.slice(0, 5)).toEqual([]);
  expect(read.length).toBe(SCRIPTS);
  // What bash refuses as a whole may be read; it must stay the exception.
  expect(refusedByBash(scripts).slice(0, 5)).toEqual([]);
});

function isForeseen(argv: readonly string[], { commands, functions }: ReturnType<typeof scriptCommands>): boolean {
  return functions.includes(argv[0] ?? "") || commands.some(({ words }) => couldBecome(words, argv));
}

function couldBecome(words: ReturnType<typeof scriptCommands>["commands"][number]["words"], argv: readonly string[]): boolean {
  const [word, ...rest] = words;
  const [first, ...others] = argv;
  if (word === undefined) return first === undefined;
  if (typeof word === "string") return word === first && couldBecome(rest, others);
  if (word.many && word.prefix === "" && couldBecome(rest, argv)) return true;
  if (first?.startsWith(word.prefix) !== true) return false;
  if (!word.many) return couldBecome(rest, others);
  return argv.some((_, index) => couldBecome(rest, argv.slice(index + 1)));
}

import type { ScriptWord } from "../shell/script-word.ts";
import type { Wrapper } from "./wrapper-table.ts";

export type ReadOptions =
  /** `at`: the first word after options and operands. */
  | { readonly type: "command"; readonly at: number; readonly options: readonly (readonly [string, ScriptWord | undefined])[] }
  /** Nothing is run. */
  | { readonly type: "nothing" }
  | { readonly type: "opaque"; readonly reason: string };

/** Walks over the options of a wrapper as getopt does when it stops at the first word that is none. */
export function readOptions(words: readonly ScriptWord[], wrapper: Wrapper): ReadOptions {
  const options: (readonly [string, ScriptWord | undefined])[] = [];
  let at = 1;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (typeof word !== "string") {
      if (word === undefined || (!word.many && word.prefix !== "" && !word.prefix.startsWith("-"))) break;
      return { type: "opaque", reason: "one of its options is not in the text" };
    }
    if (word === "--") {
      at += 1;
      break;
    }
    if (!word.startsWith("-") || (word === "-" && !wrapper.flags.includes("-"))) break;
    const read = readOption(word, words[at + 1], wrapper);
    if (read.type !== "option") return read;
    options.push(...read.options);
    if (read.takesNext) at += 1;
  }
  return skipOperands(words, at, { wrapper, options });
}

function skipOperands(
  words: readonly ScriptWord[],
  start: number,
  { wrapper, options }: { readonly wrapper: Wrapper; readonly options: readonly (readonly [string, ScriptWord | undefined])[] },
): ReadOptions {
  const operands = words.slice(start, start + wrapper.operands);
  if (operands.some((word) => typeof word !== "string" && (word.many || word.prefix === "" || word.prefix.startsWith("-")))) {
    return { type: "opaque", reason: "it is not in the text where its command begins" };
  }
  const at = start + wrapper.operands;
  return at >= words.length ? { type: "nothing" } : { type: "command", at, options };
}

type ReadOption =
  | { readonly type: "option"; readonly options: readonly (readonly [string, ScriptWord | undefined])[]; readonly takesNext: boolean }
  | { readonly type: "nothing" }
  | { readonly type: "opaque"; readonly reason: string };

function readOption(word: string, next: ScriptWord | undefined, wrapper: Wrapper): ReadOption {
  if (wrapper.describes?.includes(word) === true) return { type: "nothing" };
  if (wrapper.flags.includes(word)) return { type: "option", options: [[word, undefined]], takesNext: false };
  if (wrapper.values.includes(word)) {
    if (next === undefined) return { type: "nothing" };
    if (typeof next !== "string" && next.many) return { type: "opaque", reason: "one of its options is not in the text" };
    return { type: "option", options: [[word, next]], takesNext: true };
  }
  return word.startsWith("--") ? readLongOption(word, wrapper) : readCluster(word, next, wrapper);
}

function readLongOption(word: string, wrapper: Wrapper): ReadOption {
  const equals = word.indexOf("=");
  const name = equals === -1 ? word : word.slice(0, equals);
  if (equals !== -1 && wrapper.values.includes(name)) {
    return { type: "option", options: [[name, word.slice(equals + 1)]], takesNext: false };
  }
  return { type: "opaque", reason: `its option \`${name}\` is not known here` };
}

/** `-abVALUE`: flags and at most one option with a value. */
function readCluster(word: string, next: ScriptWord | undefined, wrapper: Wrapper): ReadOption {
  if (/^-[0-9]+$/u.test(word) && wrapper.values.includes("--adjustment")) return { type: "option", options: [], takesNext: false };
  const options: (readonly [string, ScriptWord | undefined])[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at] ?? ""}`;
    const value = word.slice(at + 1);
    if (wrapper.values.includes(name)) {
      if (value !== "") return { type: "option", options: [...options, [name, value]], takesNext: false };
      const inner = readOption(name, next, wrapper);
      return inner.type === "option" ? { ...inner, options: [...options, ...inner.options] } : inner;
    }
    if (wrapper.describes?.includes(name) === true) return { type: "nothing" };
    if (!wrapper.flags.includes(name)) return { type: "opaque", reason: `its option \`${name}\` is not known here` };
    options.push([name, undefined]);
  }
  return { type: "option", options, takesNext: false };
}

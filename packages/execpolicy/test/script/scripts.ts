import { evaluateScript, loadPrefixRules, type PrefixRules, type ScriptVerdict } from "../../src/index.ts";

export function rulesOf(text: string): PrefixRules {
  const loaded = loadPrefixRules([{ path: "a.rules", text }]);
  if (!loaded.ok) throw new Error(`line ${loaded.error.line}: ${loaded.error.message}`);
  return loaded.rules;
}

export function judge(script: string, rules: PrefixRules): ScriptVerdict {
  return evaluateScript({ type: "script", script, shell: "bash" }, { prefix: rules }, { cwd: "/project" });
}

/** mulberry32: the same numbers for the same seed everywhere. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Item>(random: () => number, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

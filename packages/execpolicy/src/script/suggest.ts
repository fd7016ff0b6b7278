import { isTooBroad } from "../prefix/too-broad.ts";
import { isInert } from "./harmless.ts";
import type { ScriptVerdict } from "./verdict.ts";

/**
 * The prefix that a user could be offered to always allow: the words of the first command no rule speaks about. None when a rule asks
 * or forbids, when the text does not tell all words, and when the prefix would allow any program at all.
 */
export function suggestPrefix({ verdict, parts }: ScriptVerdict): readonly string[] | undefined {
  if (verdict !== "none" || !parts.every(({ because }) => ["unmatched", "rule", "harmless"].includes(because.type))) return undefined;
  const unmatched = parts.filter(({ because }) => because.type === "unmatched");
  const part = unmatched.find(({ words }) => !isInert(words)) ?? unmatched[0];
  const words = part?.words ?? [];
  if (!words.every((word) => typeof word === "string") || isTooBroad(words)) return undefined;
  return words;
}

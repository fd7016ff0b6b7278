import type { LegacyPolicy } from "../legacy/check.ts";
import type { PrefixRules } from "../prefix/rule.ts";
import type { ShellName } from "../shell/parse.ts";
import type { OpenWord } from "../shell/script-word.ts";
import type { Location } from "../starlark/source.ts";

/**
 * What the rules make of something, from the mildest to the strictest. `none`: no rule speaks about it, so whoever asked decides; it
 * is stricter than `allow` because it is no permission.
 */
export const VERDICTS = ["allow", "none", "prompt", "forbidden"] as const;
export type RuleVerdict = (typeof VERDICTS)[number];

/** The rule that spoke. */
export interface RuleReference extends Location {
  readonly decision: "allow" | "prompt" | "forbidden";
  readonly justification?: string;
}

/** Why a part of a script has its verdict. */
export type PartReason =
  /** A rule speaks about exactly this. */
  | { readonly type: "rule"; readonly rule: RuleReference }
  | { readonly type: "unmatched" }
  /** No rule speaks about it, and it needs none. */
  | { readonly type: "harmless" }
  /** A rule allows it, but not in this form. `reason`: a clause about the command. */
  | { readonly type: "not_allowed_so"; readonly reason: string; readonly rule: RuleReference }
  /** The text does not tell what runs; `rule`: the strictest rule that it could fall under. */
  | { readonly type: "unreadable"; readonly reason: string; readonly rule?: RuleReference }
  /** It writes a file nobody has said may be written. */
  | { readonly type: "writes"; readonly path?: string };

/** One thing that the script does. */
export interface ScriptPart {
  readonly verdict: RuleVerdict;
  readonly because: PartReason;
  /** Program and arguments as far as the text tells them; empty for a redirection or an opaque stretch. */
  readonly words: readonly (string | OpenWord)[];
  /** In the script, from 1; the outermost script for one script inside another. */
  readonly line: number;
  readonly column: number;
}

export interface ScriptVerdict {
  /** The strictest of all parts. */
  readonly verdict: RuleVerdict;
  /** The first part that is as strict as the whole; undefined when there is nothing to run. */
  readonly decidedBy: ScriptPart | undefined;
  readonly parts: readonly ScriptPart[];
  /** Files that redirections and arguments write; undefined where the text does not tell which. */
  readonly writes: readonly (string | undefined)[];
}

export type ScriptInput =
  /** A command line as it is handed to the system. */
  | { readonly type: "argv"; readonly argv: readonly string[] }
  /** A script that `shell` will be given. */
  | { readonly type: "script"; readonly script: string; readonly shell: ShellName };

export interface ScriptRules {
  readonly prefix: PrefixRules;
  readonly legacy?: LegacyPolicy | undefined;
}

export interface ScriptContext {
  /** Absolute; where the script starts. */
  readonly cwd: string;
  /** True for a file that a redirection may write without a question. Without it: none. */
  readonly mayWrite?: (path: string) => boolean;
  /** True for a command that needs no rule beside commands that have one. Never asked about one that a rule speaks about. Without it: none. */
  readonly isHarmless?: (words: readonly string[]) => boolean;
}

export function stricter(left: RuleVerdict, right: RuleVerdict): RuleVerdict {
  return VERDICTS.indexOf(left) >= VERDICTS.indexOf(right) ? left : right;
}

export { checkCall, type ForbiddenProgram, type ForbiddenSubstring, type LegacyPolicy } from "./legacy/check.ts";
export { DEFAULT_POLICY } from "./legacy/default-policy.ts";
export type { ExecCall, MatchedArg, MatchedFlag, MatchedOpt, ValidExec } from "./legacy/exec-call.ts";
export { checkFolders, type FolderFault, type Folders } from "./legacy/folder-check.ts";
export { loadLegacyPolicy, type LoadedPolicy } from "./legacy/load.ts";
export type { ExecFault, ForbiddenCause, Verdict } from "./legacy/verdict.ts";
export {
  allowRuleLine,
  amendmentFile,
  appendAllowRule,
  appendNetworkRule,
  withSessionRule,
  type Amended,
  type AmendmentScope,
  type RuleFileSystem,
} from "./prefix/amend.ts";
export {
  checkPrefixRules,
  runPrefixCheck,
  type CommandResult,
  type CommandWorld,
  type PrefixCheckResult,
  type PrefixRuleMatch,
} from "./prefix/check.ts";
export { loadPrefixRules, type LoadedPrefixRules } from "./prefix/load.ts";
export type { MatchOptions } from "./prefix/match.ts";
export { NO_RULES, rulePlace, type Decision, type NetworkRule, type PrefixRule, type PrefixRules } from "./prefix/rule.ts";
export { isTooBroad } from "./prefix/too-broad.ts";
export { evaluateScript } from "./script/evaluate-script.ts";
export { suggestPrefix } from "./script/suggest.ts";
export type {
  PartReason,
  RuleReference,
  RuleVerdict,
  ScriptContext,
  ScriptInput,
  ScriptPart,
  ScriptRules,
  ScriptVerdict,
} from "./script/verdict.ts";
export { shellCommandScript, type ShellCommandScript } from "./shell/argv.ts";
export { heredocCommand, type HeredocCommand } from "./shell/heredoc-command.ts";
export type { ShellName } from "./shell/parse.ts";
export { plainCommands, type PlainCommands } from "./shell/plain-commands.ts";
export type { OpenWord } from "./shell/script-word.ts";
export { describePolicyError, type Location, type PolicyError, type SourceFile } from "./starlark/source.ts";

import { DECISIONS, type NetworkRule, type PrefixRules } from "../prefix/rule.ts";
import type { ScriptWord } from "../shell/script-word.ts";
import { namedHosts, readHost, type NamedHost } from "./named-hosts.ts";
import type { RuleReference } from "./verdict.ts";

/** What network rules that ask or forbid say about the hosts a command names. Those that allow say nothing about commands. */
export interface NetworkOpinion {
  readonly rule: RuleReference | undefined;
  /** The strictest rule about a host that the words may turn out to be; undefined when `rule` is as strict. */
  readonly couldBe: RuleReference | undefined;
}

export function judgeByNetwork(words: readonly ScriptWord[], { networkRules }: PrefixRules): NetworkOpinion {
  const strict = networkRules.filter(({ decision }) => decision !== "allow");
  if (strict.length === 0) return { rule: undefined, couldBe: undefined };
  const hosts = namedHosts(words);
  const rule = strictest(strict.filter((one) => hosts.some((host) => !host.open && isMeant(host, one))));
  const possible = strictest(strict.filter((one) => hosts.some((host) => host.open && isMeant(host, one))));
  const weaker = possible !== undefined && (rule === undefined || rank(possible) > rank(rule));
  return { rule: rule && referTo(rule), couldBe: weaker ? referTo(possible) : undefined };
}

function isMeant(host: NamedHost, rule: NetworkRule): boolean {
  if (!host.protocols.includes(rule.protocol)) return false;
  const wanted = readHost(rule.host) ?? { name: rule.host.toLowerCase(), port: undefined };
  if (host.open) return wanted.name.startsWith(host.name);
  if (host.name !== wanted.name) return false;
  return wanted.port === undefined || wanted.port === (host.port ?? USUAL_PORTS[rule.protocol] ?? wanted.port);
}

const USUAL_PORTS: Readonly<Partial<Record<NetworkRule["protocol"], string>>> = { http: "80", https: "443" };

function strictest(rules: readonly NetworkRule[]): NetworkRule | undefined {
  return rules.toSorted((left, right) => rank(right) - rank(left))[0];
}

function rank({ decision }: NetworkRule): number {
  return DECISIONS.indexOf(decision);
}

function referTo({ location, decision, justification }: NetworkRule): RuleReference {
  return justification === undefined ? { ...location, decision } : { ...location, decision, justification };
}

import type { Location } from "../starlark/source.ts";

/** From the mildest to the strictest. */
export const DECISIONS = ["allow", "prompt", "forbidden"] as const;
export type Decision = (typeof DECISIONS)[number];

/** One way a command may begin, and what becomes of it. */
export interface PrefixRule {
  /** What each of the first words may be; the first has exactly one alternative. */
  readonly pattern: readonly (readonly string[])[];
  readonly decision: Decision;
  readonly justification: string | undefined;
  /** ASCII letters are compared without regard to case. */
  readonly ignoresCase: boolean;
  /** Where the call of `prefix_rule` stands. */
  readonly location: Location;
}

export const NETWORK_PROTOCOLS = ["http", "https", "socks5_tcp", "socks5_udp"] as const;

/** What becomes of connections to one host. Says nothing about commands. */
export interface NetworkRule {
  readonly host: string;
  readonly protocol: (typeof NETWORK_PROTOCOLS)[number];
  readonly decision: Decision;
  readonly justification: string | undefined;
  readonly location: Location;
}

/** What all rule files together say. */
export interface PrefixRules {
  /** In the order of the files and of the lines in them. */
  readonly rules: readonly PrefixRule[];
  /** The only places where a program of this name is taken for it; names that are missing may stand anywhere. */
  readonly hostExecutables: ReadonlyMap<string, readonly string[]>;
  readonly networkRules: readonly NetworkRule[];
}

export const NO_RULES: PrefixRules = { rules: [], hostExecutables: new Map(), networkRules: [] };

/** `FILE:LINE`, for messages. */
export function rulePlace(rule: { readonly location: Location }): string {
  return `${rule.location.path}:${rule.location.line}`;
}

/** The strictest of some decisions; undefined for none. */
export function strictest(decisions: Iterable<Decision>): Decision | undefined {
  let index = -1;
  for (const decision of decisions) index = Math.max(index, DECISIONS.indexOf(decision));
  return DECISIONS[index];
}

import type { BoundArguments } from "../starlark/arguments.ts";
import { nearMiss } from "../starlark/near-miss.ts";
import { StarlarkFault } from "../starlark/source.ts";
import { NETWORK_PROTOCOLS, type Decision, type NetworkRule } from "./rule.ts";

/** Reads host, protocol and decision of a `network_rule`; a StarlarkFault names what is wrong with them. */
export function readNetworkRule(args: BoundArguments): Pick<NetworkRule, "host" | "protocol" | "decision"> {
  return { host: readHost(args), protocol: readProtocol(args), decision: readDecision(args) };
}

function readHost(args: BoundArguments): string {
  const host = (args.text("host") ?? "").trim();
  const fault = hostFault(host);
  if (fault !== undefined) throw new StarlarkFault(fault, args.span("host"), "Write it as in api.example.com.");
  return host;
}

function hostFault(host: string): string | undefined {
  if (host === "") return "a host is not empty";
  if (/[/?#]/u.test(host)) return "a host has no scheme, path or query";
  if (host.includes("*")) return "a host has no wildcard";
  return /\s/u.test(host) ? "a host has no blank in it" : undefined;
}

const ALIASES: Readonly<Record<string, NetworkRule["protocol"]>> = { https_connect: "https", "http-connect": "https" };

function readProtocol(args: BoundArguments): NetworkRule["protocol"] {
  const given = args.text("protocol") ?? "";
  const protocol = NETWORK_PROTOCOLS.find((one) => one === given) ?? (Object.hasOwn(ALIASES, given) ? ALIASES[given] : undefined);
  if (protocol !== undefined) return protocol;
  const near = nearMiss(given, NETWORK_PROTOCOLS);
  const hint = near === undefined ? `It is one of ${NETWORK_PROTOCOLS.join(", ")}.` : `Did you mean \`${near}\`?`;
  throw new StarlarkFault(`\`${given}\` is no protocol`, args.span("protocol"), hint);
}

const NETWORK_DECISIONS: Readonly<Record<string, Decision>> = {
  allow: "allow",
  prompt: "prompt",
  deny: "forbidden",
  forbidden: "forbidden",
};

function readDecision(args: BoundArguments): Decision {
  const given = args.text("decision") ?? "";
  const decision = Object.hasOwn(NETWORK_DECISIONS, given) ? NETWORK_DECISIONS[given] : undefined;
  if (decision !== undefined) return decision;
  throw new StarlarkFault(`\`${given}\` is no decision`, args.span("decision"), "It is one of allow, prompt, deny, forbidden.");
}

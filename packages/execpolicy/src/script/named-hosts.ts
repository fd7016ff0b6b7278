import { baseName } from "../prefix/path.ts";
import type { NetworkRule } from "../prefix/rule.ts";
import type { ScriptWord } from "../shell/script-word.ts";
import { networkClient, type NetworkClient } from "./network-clients.ts";

/** A host that a command goes to, as far as its words tell. */
export interface NamedHost {
  readonly protocols: readonly NetworkRule["protocol"][];
  /** In the form of {@link readHost}; only its beginning when `open`, so that an empty one may be any host. */
  readonly name: string;
  /** Undefined: the protocol's own. */
  readonly port: string | undefined;
  readonly open: boolean;
}

const WEB = ["http", "https"] as const;
const TCP = ["socks5_tcp"] as const;
const ANY = ["http", "https", "socks5_tcp", "socks5_udp"] as const;

/** What a command could go to of which nothing is known. */
const ANY_HOST: NamedHost = { protocols: ANY, name: "", port: undefined, open: true };

/**
 * The hosts that a command names: in URLs, and where its program takes a host without a scheme. Of programs that are not known to connect
 * to what they are told: none.
 */
export function namedHosts([program, ...args]: readonly ScriptWord[]): readonly NamedHost[] {
  if (program === undefined) return [];
  if (typeof program !== "string") return [ANY_HOST];
  const found = clientOf(baseName(program), args);
  if (found === undefined) return [];
  const { client, rest } = found;
  return placesIn(rest, client).flatMap((word) => (word === undefined ? [ANY_HOST] : hostsIn(word, client)));
}

function clientOf(
  name: string,
  args: readonly ScriptWord[],
): { readonly client: NetworkClient; readonly rest: readonly ScriptWord[] } | undefined {
  if (/^python[0-9.]*$/u.test(name)) {
    const at = args.indexOf("-m");
    const module = at === -1 ? undefined : args[at + 1];
    return typeof module === "string" && at <= 4 ? clientOf(module, args.slice(at + 2)) : undefined;
  }
  const client = networkClient(name);
  if (client === undefined) return undefined;
  return client.commands === undefined || mayBeOneOf(client.commands, args) ? { client, rest: args } : undefined;
}

/** Options of git and of package managers whose value stands before the command. */
const BEFORE_COMMAND = /^(?:-[CcFw]|--(?:git-dir|work-tree|namespace|prefix|dir|cwd|workspace|filter))$/u;

/** Whether one of the words is such a command, or the first that is no option may turn out to be one. */
function mayBeOneOf(commands: ReadonlySet<string>, args: readonly ScriptWord[]): boolean {
  const first = args.findIndex((word, at) => {
    const before = args[at - 1];
    if (typeof before === "string" && BEFORE_COMMAND.test(before)) return typeof word !== "string" && word.many;
    return typeof word !== "string" || !word.startsWith("-");
  });
  return typeof args[first] === "object" || args.some((word) => typeof word === "string" && commands.has(word));
}

/** The words that may name a host; undefined for one that the text does not tell. */
function placesIn(args: readonly ScriptWord[], { data = [], elsewhere = [] }: NetworkClient): readonly (ScriptWord | undefined)[] {
  const places: (ScriptWord | undefined)[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const option = optionOf(typeof word === "string" ? word : word.prefix, [...data, ...elsewhere]);
    if (option === undefined) {
      places.push(word);
      continue;
    }
    if (elsewhere.includes(option.name)) places.push(undefined);
    // A value that may become several words is no longer the option's alone.
    const value = option.attached ? word : args[(at += 1)];
    if (typeof value === "object" && value.many) places.push(undefined);
  }
  return places;
}

/** The option with a value that a word is, `-sSo` and `--data=x` among them. */
function optionOf(word: string, options: readonly string[]): { readonly name: string; readonly attached: boolean } | undefined {
  if (word.startsWith("--")) {
    const [name = ""] = word.split("=", 1);
    return options.includes(name) ? { name, attached: name !== word } : undefined;
  }
  if (!/^-[^-]/u.test(word)) return undefined;
  const letters = word.slice(1).split("");
  const at = letters.findIndex((letter) => !/[a-z0-9#]/iu.test(letter) || options.includes(`-${letter}`));
  const name = `-${letters[at] ?? ""}`;
  return options.includes(name) ? { name, attached: at + 1 < letters.length } : undefined;
}

function hostsIn(word: ScriptWord, client: NetworkClient): readonly NamedHost[] {
  const text = typeof word === "string" ? word : word.prefix;
  const open = typeof word !== "string";
  // What becomes several words may be a URL from the second on.
  if (open && (text === "" || (word.source === "shell" && (word.many || endsBeforeHost(text))))) return [ANY_HOST];
  const urls = [...text.matchAll(/([a-z][a-z0-9+.-]*):\/\/([^/?#\s"'<>]*)/giu)].map(([whole, scheme = "", authority = ""]) => {
    const protocols = protocolsOf(scheme);
    // What is spelled in an unusual way may be any host.
    return readAuthority(authority, { client, cut: open && text.endsWith(whole), protocols }) ?? { ...ANY_HOST, protocols };
  });
  return urls.length > 0 ? urls : bareHosts(text, { client, open });
}

/** Whatever follows may be a whole URL, or the rest of one. */
function endsBeforeHost(text: string): boolean {
  return /(?:=|^[a-z]+:?\/?)$/iu.test(text) && !text.includes("://");
}

function protocolsOf(scheme: string): NamedHost["protocols"] {
  const last = scheme.toLowerCase().split("+").at(-1);
  if (last === "http" || last === "ws") return ["http"];
  return last === "https" || last === "wss" ? ["https"] : TCP;
}

/** Hosts without a scheme. What cannot be a host is none. */
function bareHosts(text: string, { client, open }: { readonly client: NetworkClient; readonly open: boolean }): readonly NamedHost[] {
  if (client.bare === undefined || text.startsWith("-")) return [];
  const read = BARE[client.bare];
  return read.places(text, open).flatMap((place) => {
    const host = readAuthority(place, { client, cut: open && text.endsWith(place), protocols: read.protocols });
    return host === undefined ? [] : [host];
  });
}

interface BareHosts {
  readonly protocols: NamedHost["protocols"];
  readonly places: (text: string, open: boolean) => readonly string[];
}

const BARE: { readonly [Kind in NonNullable<NetworkClient["bare"]>]: BareHosts } = {
  web: {
    protocols: WEB,
    places: (text) => {
      const authority = text.split(/[/?#]/u, 1)[0] ?? "";
      // As after `--connect-to`.
      return /^[^[\]]*:[^[\]]*:/u.test(authority) ? authority.split(":").filter((part) => part !== "") : [authority];
    },
  },
  // `user@host:path` of ssh and git, `TCP:host:port`.
  tcp: {
    protocols: TCP,
    places: (text) => {
      const authority = text.split("/", 1)[0] ?? "";
      return authority
        .slice(authority.lastIndexOf("@") + 1)
        .split(/[:,]/u)
        .filter((part) => part !== "");
    },
  },
  // The first part of `host/image` is a host when it has a dot or a port.
  registry: {
    protocols: WEB,
    places: (text, open) => {
      const [, host, end] = /^([^/@\s]*[.:][^/@\s]*)(\/)?/u.exec(text) ?? [];
      return host !== undefined && (end !== undefined || open) ? [host] : [];
    },
  },
};

/** `cut`: the text ends in it, and something unknown follows. Undefined for what is no host. */
function readAuthority(
  authority: string,
  { client, protocols, cut }: { readonly client: NetworkClient; readonly protocols: NamedHost["protocols"]; readonly cut: boolean },
): NamedHost | undefined {
  const place = authority.slice(authority.lastIndexOf("@") + 1);
  const isAddress = /^\[[0-9a-f:.%]*\](?::[0-9]*)?$/iu.test(place);
  const glob = isAddress || client.globs !== true ? -1 : place.search(/[[{]/u);
  const known = (glob === -1 ? place : place.slice(0, glob)).toLowerCase();
  if (cut || glob !== -1) return { protocols, name: /^[a-z0-9.-]*$/u.test(known) ? known : "", port: undefined, open: true };
  const host = readHost(place);
  return host && { protocols, ...host, open: false };
}

/** A host in its one form: small letters, no final dot, numbers of an address written out. Undefined for what is no host. */
export function readHost(text: string): { readonly name: string; readonly port: string | undefined } | undefined {
  const port = /(?<=[^:]|\]):([0-9]*)$/u.exec(text)?.[1];
  const bare = port === undefined ? text : text.slice(0, text.length - port.length - 1);
  if (/[\\\s^|<>]/u.test(bare)) return undefined;
  try {
    const { hostname } = new URL(`http://${/^[0-9a-f]*:[0-9a-f:.]*$/iu.test(bare) ? `[${bare}]` : bare}`);
    return { name: hostname.replace(/\.+$/u, ""), port: port === "" || port === undefined ? undefined : String(Number(port)) };
  } catch {
    return undefined;
  }
}

import { McpError, messageOf } from "../error.ts";
import { openNodeExchange, type HttpExchange } from "../http/exchange.ts";
import type { AuthChallenge, HttpAuthorizer } from "../http-transport.ts";
import { parseChallenge } from "./challenge.ts";
import { discoverAuthority } from "./discovery.ts";
import { clientFor, logIn, refresh, type ClientIdentity, type LoginContext } from "./login.ts";
import type { OpenRedirect } from "./loopback.ts";
import { readLogin, writeLogin, type StoredLogin } from "./token-file.ts";

export interface OAuthOptions {
  readonly serverUrl: string;
  /** Where tokens are kept; made with mode 0600. */
  readonly tokenFile: string;
  readonly client?: ClientIdentity | undefined;
  /** Asked for instead of what the server proposes. */
  readonly scopes?: readonly string[] | undefined;
  /** Named in requests for tokens instead of what the server calls itself. */
  readonly resource?: string | undefined;
  /** How a login reaches the user. Without it tokens are renewed, but nobody is asked to log in. */
  readonly redirect?: OpenRedirect | undefined;
  readonly exchange?: HttpExchange | undefined;
}

/** Tokens for one server, kept across runs. */
export interface OAuthSession extends HttpAuthorizer {
  /** Asks the user to log in, whatever is at hand. Rejects with the kind `auth`. */
  login(signal: AbortSignal): Promise<void>;
  /** Forgets the tokens and the registered client. */
  logout(): Promise<void>;
  isLoggedIn(): Promise<boolean>;
}

const RENEW_BEFORE_MS = 30_000;

export function openOAuth(options: OAuthOptions): OAuthSession {
  const server = new URL(options.serverUrl);
  const { tokenFile } = options;
  const key = server.href;
  const exchange = options.exchange ?? openNodeExchange();
  const now = (): number => Date.now();
  let renewing: Promise<boolean> | undefined;

  const load = (): Promise<StoredLogin | undefined> => readLogin(tokenFile, key);
  const save = (login: StoredLogin | undefined): Promise<void> => writeLogin(tokenFile, key, login);

  async function token(): Promise<string | undefined> {
    const login = await load();
    if (login?.expiresAt === undefined || login.expiresAt - RENEW_BEFORE_MS > now()) return login?.accessToken;
    await once(() => refreshed(login, AbortSignal.timeout(RENEW_BEFORE_MS)));
    return (await load())?.accessToken;
  }

  function renew(challenge: AuthChallenge, signal: AbortSignal): Promise<boolean> {
    return once(async () => {
      const parsed = parseChallenge(challenge.header);
      const login = await load();
      if (challenge.status === 403 && parsed.error !== "insufficient_scope") return false;
      if (challenge.status === 401 && (await refreshed(login, signal))) return true;
      if (options.redirect === undefined) return false;
      await interactive(parsed, login, signal);
      return true;
    });
  }

  /** Requests that fail together are helped by one renewal. */
  function once(work: () => Promise<boolean>): Promise<boolean> {
    renewing ??= work().finally(() => (renewing = undefined));
    return renewing;
  }

  async function refreshed(login: StoredLogin | undefined, signal: AbortSignal): Promise<boolean> {
    if (login?.refreshToken === undefined) return false;
    try {
      await save(await refresh(login, context(signal)));
      return true;
    } catch {
      // The old one is of no use any more; only a login helps.
      await save({ ...login, refreshToken: undefined });
      return false;
    }
  }

  async function interactive(parsed: ReturnType<typeof parseChallenge>, kept: StoredLogin | undefined, signal: AbortSignal): Promise<void> {
    const { redirect: openRedirect } = options;
    if (openRedirect === undefined) return;
    const authority = await discoverAuthority(server, parsed.resourceMetadata, { exchange, signal });
    const redirect = await openRedirect(kept?.client.redirectUri);
    try {
      const sameServer = kept?.tokenEndpoint === authority.tokenEndpoint.href ? kept.client : undefined;
      const identity = options.client ?? { name: "Codex" };
      const client = await clientFor(identity, { authority, redirectUri: redirect.uri, kept: sameServer }, context(signal));
      const proposed = parsed.scope?.split(" ") ?? authority.scopes;
      const wanted = options.scopes ?? [...new Set([...(parsed.error === "insufficient_scope" ? (kept?.scope?.split(" ") ?? []) : []), ...(proposed ?? [])])];
      const all = authority.offersOfflineAccess && wanted.length > 0 ? [...new Set([...wanted, "offline_access"])] : wanted;
      const resource = options.resource ?? authority.resource ?? canonical(server);
      await save(await logIn({ authority, client, redirect, scope: all.length === 0 ? undefined : all.join(" "), resource }, context(signal)));
    } finally {
      redirect.close();
    }
  }

  function context(signal: AbortSignal): LoginContext {
    return { exchange, signal, now };
  }

  return {
    token,
    renew,
    login: async (signal) => interactive(parseChallenge(await challengeOf(server, exchange, signal)), await load(), signal),
    logout: () => save(undefined),
    isLoggedIn: async () => (await load()) !== undefined,
  };
}

/** What the server says to a stranger; it may name the place of its metadata. */
async function challengeOf(url: URL, exchange: HttpExchange, signal: AbortSignal): Promise<string> {
  const stop = new AbortController();
  try {
    const headers = { accept: "text/event-stream" };
    const response = await exchange({ method: "GET", url, headers, signal: AbortSignal.any([signal, stop.signal]) });
    const header = response.headers["www-authenticate"];
    return typeof header === "string" ? header : "";
  } catch (error) {
    throw new McpError("auth", `${url.origin} could not be reached: ${messageOf(error)}`, { cause: error });
  } finally {
    stop.abort();
  }
}

/** The server's address as resource indicators want it: without fragment or a lone slash. */
function canonical(server: URL): string {
  const url = new URL(server);
  url.hash = "";
  return url.pathname === "/" && url.search === "" ? url.origin : url.href;
}

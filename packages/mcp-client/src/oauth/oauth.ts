import { McpError, messageOf } from "../error.ts";
import { openNodeExchange, type HttpExchange } from "../http/exchange.ts";
import type { AuthChallenge, HttpAuthorizer } from "../http-transport.ts";
import { parseChallenge, type BearerChallenge } from "./challenge.ts";
import { discoverAuthority, type Authority } from "./discovery.ts";
import { clientFor, logIn, refresh, type ClientIdentity, type LoginContext } from "./login.ts";
import type { OpenRedirect } from "./loopback.ts";
import { readLogin, writeLogin, type StoredLogin } from "./token-file.ts";

export type { ClientIdentity } from "./login.ts";
export { loopbackRedirect, type OpenRedirect, type Redirect } from "./loopback.ts";

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
const RENEW_LIMIT_MS = 30_000;

export function openOAuth(options: OAuthOptions): OAuthSession {
  return new TokenKeeper(options);
}

class TokenKeeper implements OAuthSession {
  readonly #options: OAuthOptions;
  readonly #server: URL;
  readonly #exchange: HttpExchange;
  #renewing: Promise<boolean> | undefined;

  constructor(options: OAuthOptions) {
    this.#options = options;
    this.#server = new URL(options.serverUrl);
    this.#exchange = options.exchange ?? openNodeExchange();
  }

  async token(): Promise<string | undefined> {
    const login = await this.#load();
    if (login?.expiresAt === undefined || login.expiresAt - RENEW_BEFORE_MS > Date.now()) return login?.accessToken;
    await this.#once(() => this.#refreshed(login, AbortSignal.timeout(RENEW_LIMIT_MS)));
    return (await this.#load())?.accessToken;
  }

  renew({ status, header }: AuthChallenge, signal: AbortSignal): Promise<boolean> {
    return this.#once(async () => {
      const challenge = parseChallenge(header);
      const login = await this.#load();
      if (status === 403 && challenge.error !== "insufficient_scope") return false;
      if (status === 401 && (await this.#refreshed(login, signal))) return true;
      if (this.#options.redirect === undefined) return false;
      await this.#ask(this.#options.redirect, challenge, signal);
      return true;
    });
  }

  async login(signal: AbortSignal): Promise<void> {
    const { redirect } = this.#options;
    if (redirect === undefined) throw new McpError("auth", `nobody can be asked to log in to ${this.#server.href}`);
    await this.#ask(redirect, parseChallenge(await challengeOf(this.#server, this.#exchange, signal)), signal);
  }

  async logout(): Promise<void> {
    await this.#save(undefined);
  }

  async isLoggedIn(): Promise<boolean> {
    return (await this.#load()) !== undefined;
  }

  /** Requests that fail together are helped by one renewal. */
  #once(work: () => Promise<boolean>): Promise<boolean> {
    this.#renewing ??= work().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #refreshed(login: StoredLogin | undefined, signal: AbortSignal): Promise<boolean> {
    if (login?.refreshToken === undefined) return false;
    try {
      await this.#save(await refresh(login, this.#context(signal)));
      return true;
    } catch (error) {
      // Refused, it is of no use any more and only a login helps; a network that fails says nothing of it.
      if (!(error instanceof McpError) || error.code === undefined || error.code >= 500) throw error;
      await this.#save({ ...login, refreshToken: undefined });
      return false;
    }
  }

  async #ask(openRedirect: OpenRedirect, challenge: BearerChallenge, signal: AbortSignal): Promise<void> {
    const kept = await this.#load();
    const context = this.#context(signal);
    const authority = await discoverAuthority(this.#server, challenge.resourceMetadata, context);
    const redirect = await openRedirect(kept?.client.redirectUri);
    try {
      const sameAuthority = kept?.tokenEndpoint === authority.tokenEndpoint.href;
      const identity = this.#options.client ?? { name: "Codex" };
      const client = await clientFor(
        identity,
        { authority, redirectUri: redirect.uri, kept: sameAuthority ? kept.client : undefined },
        context,
      );
      const scope = this.#scope(challenge, kept, authority);
      const resource = this.#options.resource ?? authority.resource ?? canonical(this.#server);
      await this.#save(await logIn({ authority, client, redirect, scope, resource }, context));
    } finally {
      redirect.close();
    }
  }

  /** What the challenge asks for, else what the server says it has. One that asks for more than we got keeps what we got. */
  #scope({ error, scope }: BearerChallenge, kept: StoredLogin | undefined, authority: Authority): string | undefined {
    const granted = error === "insufficient_scope" ? scopesIn(kept?.scope) : [];
    const proposed = scope === undefined ? (authority.scopes ?? []) : scopesIn(scope);
    const wanted = this.#options.scopes ?? [...granted, ...proposed];
    const renewable = wanted.length > 0 && authority.offersOfflineAccess ? ["offline_access"] : [];
    return [...new Set([...wanted, ...renewable])].join(" ") || undefined;
  }

  #context(signal: AbortSignal): LoginContext {
    return { exchange: this.#exchange, signal, now: () => Date.now() };
  }

  #load(): Promise<StoredLogin | undefined> {
    return readLogin(this.#options.tokenFile, this.#server.href);
  }

  #save(login: StoredLogin | undefined): Promise<void> {
    return writeLogin(this.#options.tokenFile, this.#server.href, login);
  }
}

function scopesIn(text: string | undefined): readonly string[] {
  return text?.split(" ").filter(Boolean) ?? [];
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

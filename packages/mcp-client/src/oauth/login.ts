import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { McpError } from "../error.ts";
import type { HttpExchange } from "../http/exchange.ts";
import type { Authority } from "./discovery.ts";
import { requestJson, textAt, type JsonAnswer } from "./json-request.ts";
import type { Redirect } from "./loopback.ts";
import type { StoredClient, StoredLogin } from "./token-file.ts";

export interface LoginContext {
  readonly exchange: HttpExchange;
  readonly signal: AbortSignal;
  /** Unix time, ms. */
  readonly now: () => number;
}

export interface ClientIdentity {
  readonly name: string;
  /** Known to the authorization server beforehand. */
  readonly id?: string | undefined;
  readonly secret?: string | undefined;
  /** A published description of the client that some servers take as its id. */
  readonly metadataUrl?: string | undefined;
}

/** The client as this authorization server knows it: given, described at a URL, kept from the last time, or registered now (RFC 7591). */
export async function clientFor(
  identity: ClientIdentity,
  {
    authority,
    redirectUri,
    kept,
  }: { readonly authority: Authority; readonly redirectUri: string; readonly kept: StoredClient | undefined },
  context: LoginContext,
): Promise<StoredClient> {
  if (identity.id !== undefined) {
    return { id: identity.id, secret: identity.secret, authMethod: authMethod(authority, identity.secret), redirectUri };
  }
  if (authority.takesClientMetadataUrl && identity.metadataUrl !== undefined)
    return { id: identity.metadataUrl, authMethod: "none", redirectUri };
  if (kept?.redirectUri === redirectUri) return kept;
  if (authority.registrationEndpoint === undefined) {
    throw new McpError("auth", `${authority.tokenEndpoint.origin} does not register clients by itself`, {
      hint: "Give the id of a registered client.",
    });
  }
  const wanted = authMethod(authority, undefined);
  const { status, body } = await requestJson(context.exchange, {
    url: authority.registrationEndpoint,
    json: {
      client_name: identity.name,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: wanted,
    },
    signal: context.signal,
  });
  const id = textAt(body, "client_id");
  if (status >= 400 || id === undefined) throw refused("register this client", { status, body });
  const secret = textAt(body, "client_secret");
  return { id, secret, authMethod: textAt(body, "token_endpoint_auth_method") ?? (secret === undefined ? "none" : wanted), redirectUri };
}

/** The authorization code flow with PKCE (RFC 7636) and resource indicators (RFC 8707). */
export async function logIn({ authority, client, redirect, scope, resource }: LoginRequest, context: LoginContext): Promise<StoredLogin> {
  const verifier = randomBytes(48).toString("base64url");
  const state = randomBytes(24).toString("base64url");
  const url = new URL(authority.authorizationEndpoint);
  const parameters = {
    response_type: "code",
    client_id: client.id,
    redirect_uri: redirect.uri,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    state,
    resource,
    ...(scope !== undefined && { scope }),
    ...(scope?.split(" ").includes("offline_access") === true && { prompt: "consent" }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const back = await redirect.visit(url, context.signal);
  const code = codeOf(back, state, authority);
  const form = { grant_type: "authorization_code", code, redirect_uri: redirect.uri, code_verifier: verifier };
  return requestTokens({ client, tokenEndpoint: authority.tokenEndpoint.href, resource, scope }, form, context);
}

export interface LoginRequest {
  readonly authority: Authority;
  readonly client: StoredClient;
  readonly redirect: Redirect;
  readonly scope: string | undefined;
  readonly resource: string;
}

/** New tokens for the refresh token. Rejects when that is no longer taken. */
export async function refresh(login: StoredLogin, context: LoginContext): Promise<StoredLogin> {
  const refreshToken = login.refreshToken ?? "";
  const renewed = await requestTokens(login, { grant_type: "refresh_token", refresh_token: refreshToken }, context);
  return { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken };
}

async function requestTokens(
  grant: Pick<StoredLogin, "client" | "tokenEndpoint" | "resource" | "scope">,
  form: Readonly<Record<string, string>>,
  { exchange, signal, now }: LoginContext,
): Promise<StoredLogin> {
  const { client, tokenEndpoint, resource } = grant;
  const { headers, fields } = credentials(client);
  const answer = await requestJson(exchange, {
    url: new URL(tokenEndpoint),
    headers,
    form: new URLSearchParams({ ...form, resource, ...fields }),
    signal,
  });
  const accessToken = textAt(answer.body, "access_token");
  if (answer.status >= 400 || accessToken === undefined) throw refused("give a token", answer);
  const seconds = answer.body["expires_in"];
  return {
    client,
    tokenEndpoint,
    resource,
    accessToken,
    refreshToken: textAt(answer.body, "refresh_token"),
    expiresAt: typeof seconds === "number" ? now() + seconds * 1000 : undefined,
    scope: textAt(answer.body, "scope") ?? grant.scope,
  };
}

function credentials({ id, secret = "", authMethod: method }: StoredClient): {
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
} {
  if (method === "client_secret_basic") {
    const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
    return { headers: { authorization: `Basic ${Buffer.from(pair).toString("base64")}` }, fields: {} };
  }
  return { headers: {}, fields: { client_id: id, ...(method === "client_secret_post" && { client_secret: secret }) } };
}

/** How to prove who we are; a client on a user's machine keeps no real secret, so nothing is preferred to a secret of our own asking. */
function authMethod({ tokenAuthMethods }: Authority, secret: string | undefined): string {
  const offered = tokenAuthMethods ?? ["client_secret_basic"];
  const wanted =
    secret === undefined ? ["none", "client_secret_basic", "client_secret_post"] : ["client_secret_basic", "client_secret_post"];
  return wanted.find((method) => offered.includes(method)) ?? (secret === undefined ? "none" : "client_secret_basic");
}

function codeOf(back: URL, state: string, { issuer }: Authority): string {
  const parameters = back.searchParams;
  const error = parameters.get("error");
  if (error !== null) throw new McpError("auth", `the login was refused: ${parameters.get("error_description") ?? error}`);
  if (!isSame(parameters.get("state") ?? "", state)) throw new McpError("auth", "the login came back with a state that is not ours");
  const from = parameters.get("iss");
  if (from !== null && issuer !== undefined && from !== issuer)
    throw new McpError("auth", `the login came back from ${from} instead of ${issuer}`);
  const code = parameters.get("code");
  if (code === null) throw new McpError("auth", "the login came back without a code");
  return code;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Only the standard's own fields are quoted: the rest of an answer may hold secrets. */
function refused(what: string, { status, body }: JsonAnswer): McpError {
  const reason = [textAt(body, "error"), textAt(body, "error_description")].filter(Boolean).join(": ");
  return new McpError("auth", `the authorization server did not ${what}${reason === "" ? "" : `: ${reason}`} (${String(status)})`, {
    code: status,
  });
}

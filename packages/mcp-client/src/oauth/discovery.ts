import { McpError } from "../error.ts";
import type { HttpExchange } from "../http/exchange.ts";
import { refuseInsecure, requestJson, textAt, textsAt } from "./json-request.ts";

/** Where tokens for a server come from. */
export interface Authority {
  /** What tokens are asked for, as the server names itself. */
  readonly resource: string | undefined;
  /** What the server says its tokens may be limited to. */
  readonly scopes: readonly string[] | undefined;
  readonly authorizationEndpoint: URL;
  readonly tokenEndpoint: URL;
  readonly registrationEndpoint: URL | undefined;
  readonly tokenAuthMethods: readonly string[] | undefined;
  readonly offersOfflineAccess: boolean;
  readonly takesClientMetadataUrl: boolean;
  readonly issuer: string | undefined;
}

interface Asking {
  readonly exchange: HttpExchange;
  readonly signal: AbortSignal;
}

interface ResourceMetadata {
  readonly resource: string | undefined;
  readonly issuer: URL;
  readonly scopes: readonly string[] | undefined;
}

/** Follows the metadata from the server to its authorization server (RFC 9728, RFC 8414); servers without it are their own. */
export async function discoverAuthority(server: URL, metadataUrl: string | undefined, asking: Asking): Promise<Authority> {
  const resource = await resourceMetadata(server, metadataUrl, asking);
  const issuer = resource?.issuer ?? new URL(server.origin);
  refuseInsecure(issuer);
  const found = await firstMetadata(issuerLocations(issuer), asking);
  // Servers of the first revision may have no metadata at all and keep to fixed places.
  const body = found ?? (resource === undefined ? {} : undefined);
  if (body === undefined) throw new McpError("auth", `${issuer.href} publishes no authorization metadata`);
  const methods = textsAt(body, "code_challenge_methods_supported");
  if (found !== undefined && methods?.includes("S256") !== true) {
    throw new McpError("auth", `${issuer.href} does not protect the login with PKCE (S256), which is refused`);
  }
  const endpoint = (key: string, usual: string): URL => checked(new URL(textAt(body, key) ?? usual, issuer));
  const registration = textAt(body, "registration_endpoint") ?? (found === undefined ? "/register" : undefined);
  return {
    resource: resource?.resource,
    scopes: resource?.scopes,
    authorizationEndpoint: endpoint("authorization_endpoint", "/authorize"),
    tokenEndpoint: endpoint("token_endpoint", "/token"),
    registrationEndpoint: registration === undefined ? undefined : checked(new URL(registration, issuer)),
    tokenAuthMethods: textsAt(body, "token_endpoint_auth_methods_supported"),
    offersOfflineAccess: textsAt(body, "scopes_supported")?.includes("offline_access") === true,
    takesClientMetadataUrl: body["client_id_metadata_document_supported"] === true,
    issuer: textAt(body, "issuer"),
  };
}

async function resourceMetadata(server: URL, metadataUrl: string | undefined, asking: Asking): Promise<ResourceMetadata | undefined> {
  const path = server.pathname === "/" ? "" : server.pathname;
  const usual = [...new Set([path, ""])].map((suffix) => new URL(`/.well-known/oauth-protected-resource${suffix}`, server));
  const body = await firstMetadata(metadataUrl === undefined ? usual : [new URL(metadataUrl, server)], asking);
  const [issuer] = (body === undefined ? undefined : textsAt(body, "authorization_servers")) ?? [];
  if (body === undefined || issuer === undefined) return undefined;
  const resource = textAt(body, "resource");
  if (resource !== undefined && !covers(new URL(resource), server)) {
    throw new McpError("auth", `the metadata of ${server.href} is for another server, ${resource}`);
  }
  return { resource, issuer: new URL(issuer), scopes: textsAt(body, "scopes_supported") };
}

async function firstMetadata(urls: readonly URL[], { exchange, signal }: Asking): Promise<Readonly<Record<string, unknown>> | undefined> {
  for (const url of urls) {
    const { status, body } = await requestJson(exchange, { url, signal });
    if (status === 200 && Object.keys(body).length > 0) return body;
  }
  return undefined;
}

/** An issuer with a path puts it behind the well-known name, or before it in the older OpenID way. */
function issuerLocations(issuer: URL): readonly URL[] {
  const path = issuer.pathname.replace(/\/$/, "");
  const names = ["oauth-authorization-server", "openid-configuration"].map((name) => `/.well-known/${name}${path}`);
  return [...names, ...(path === "" ? [] : [`${path}/.well-known/openid-configuration`])].map((place) => new URL(place, issuer));
}

/** Whether a token for `resource` is meant for the server too. */
function covers(resource: URL, server: URL): boolean {
  const prefix = resource.pathname.replace(/\/$/, "");
  return resource.origin === server.origin && (server.pathname === prefix || server.pathname.startsWith(`${prefix}/`));
}

function checked(url: URL): URL {
  refuseInsecure(url);
  return url;
}

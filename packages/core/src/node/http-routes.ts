import * as http from "node:http";
import { proxyAuthorization, proxyFor } from "./proxy.ts";

/** How requests to one origin travel. */
export interface Route {
  readonly request: typeof http.request;
  readonly options: http.RequestOptions;
  /** Closes connections that are kept but not in use. */
  dropIdle(): void;
}

export interface Routes {
  /** Rejects when the proxy is of a kind that is not supported, or certificates cannot be read. */
  find(target: URL): Promise<Route>;
  close(): void;
}

/**
 * The ways to origins over connections that are kept and used again, as `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and
 * `SSL_CERT_FILE` of `env` have it.
 */
export function openRoutes(env: Readonly<Record<string, string | undefined>>): Routes {
  const agents = new Map<string, http.Agent>();

  async function find(target: URL): Promise<Route> {
    const proxy = proxyFor(target, env);
    if (proxy !== undefined && proxy.protocol !== "http:" && proxy.protocol !== "https:") {
      throw Object.assign(new Error(`proxies of the kind ${proxy.protocol}// are not supported`), { code: "PROXY_UNSUPPORTED" });
    }
    if (target.protocol === "https:") return secureRoute(target, proxy);
    if (proxy !== undefined) return forwardedRoute(target, proxy);
    const agent = agentFor("http:", () => new http.Agent({ keepAlive: true }));
    return routeOf(http.request, agent, addressOf(target));
  }

  async function secureRoute(target: URL, proxy: URL | undefined): Promise<Route> {
    // Loaded only here: TLS costs start-up time that a local provider need not pay.
    const [https, { openHttpsAgent }] = await Promise.all([import("node:https"), import("./https-agent.ts")]);
    const agent = agentFor(`https: ${proxy?.href ?? ""}`, () => openHttpsAgent(env, proxy));
    return routeOf(https.request, agent, addressOf(target));
  }

  /** A proxy takes plain requests by their absolute address (RFC 9112 §3.2.2). */
  async function forwardedRoute(target: URL, proxy: URL): Promise<Route> {
    const authorization = proxyAuthorization(proxy);
    const headers = { host: target.host, ...(authorization === undefined ? {} : { "proxy-authorization": authorization }) };
    const options = { ...addressOf(proxy), path: `${target.origin}${target.pathname}${target.search}`, headers };
    if (proxy.protocol === "http:")
      return routeOf(
        http.request,
        agentFor("http:", () => new http.Agent({ keepAlive: true })),
        options,
      );
    const [https, { openHttpsAgent }] = await Promise.all([import("node:https"), import("./https-agent.ts")]);
    return routeOf(
      https.request,
      agentFor("https: ", () => openHttpsAgent(env, undefined)),
      options,
    );
  }

  function agentFor(key: string, open: () => http.Agent): http.Agent {
    const known = agents.get(key);
    if (known !== undefined) return known;
    const agent = open();
    agents.set(key, agent);
    return agent;
  }

  return { find, close: () => agents.forEach((agent) => agent.destroy()) };
}

function routeOf(request: typeof http.request, agent: http.Agent, options: http.RequestOptions): Route {
  const dropIdle = (): void => {
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  };
  return { request, options: { ...options, agent }, dropIdle };
}

function addressOf(url: URL): http.RequestOptions {
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const credentials = url.username === "" ? {} : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` };
  return {
    protocol: url.protocol,
    hostname,
    port: url.port === "" ? undefined : url.port,
    path: `${url.pathname}${url.search}`,
    ...credentials,
  };
}

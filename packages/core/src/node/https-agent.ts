import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import * as tls from "node:tls";
import { trustedCertificates } from "./certificates.ts";
import { proxyAuthorization } from "./proxy.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The keep-alive agent for https addresses: direct, or through a tunnel of `proxy`. Throws `CertificatesUnreadable`. */
export function openHttpsAgent(env: Environment, proxy: URL | undefined): http.Agent {
  const ca = trustedCertificates(env);
  const options: https.AgentOptions = { keepAlive: true, ...(ca === undefined ? {} : { ca }) };
  const agent = new https.Agent(options);
  return proxy === undefined ? agent : Object.assign(agent, { createConnection: tunnelThrough(proxy) });
}

/** What node:http hands to `createConnection`. */
interface ConnectionOptions extends tls.ConnectionOptions {
  readonly host?: string;
  readonly port?: number;
}

/** Makes each connection inside a `CONNECT` tunnel (RFC 9110 §9.3.6). The callback is missing from Node's types only. */
function tunnelThrough(proxy: URL): (options: ConnectionOptions, done: (error: Error | null, socket?: Socket) => void) => undefined {
  return (options, done) => {
    const request = openTunnelRequest(proxy, `${options.host ?? ""}:${options.port ?? 443}`);
    request.once("connect", (response, socket) => {
      if (response.statusCode === 200) return done(null, tls.connect({ ...options, socket }));
      socket.destroy();
      done(tunnelError(`the proxy ${proxy.host} answered ${response.statusCode ?? 0}`));
    });
    request.once("error", (error) => done(tunnelError(`the proxy ${proxy.host} cannot be reached: ${error.message}`)));
    request.setTimeout(TUNNEL_TIMEOUT_MS, () => request.destroy(new Error("it did not answer in time")));
    request.end();
    return undefined;
  };
}

const TUNNEL_TIMEOUT_MS = 10_000;

function openTunnelRequest(proxy: URL, target: string): http.ClientRequest {
  const authorization = proxyAuthorization(proxy);
  const headers = { host: target, ...(authorization === undefined ? {} : { "proxy-authorization": authorization }) };
  const send = proxy.protocol === "https:" ? https.request : http.request;
  return send({
    host: bareHost(proxy),
    port: proxy.port === "" ? undefined : proxy.port,
    method: "CONNECT",
    path: target,
    headers,
    agent: false,
  });
}

/** A URL's host as sockets want it: an IPv6 address without its brackets. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function tunnelError(message: string): Error {
  return Object.assign(new Error(message), { code: "PROXY_FAILED" });
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for `target`, or undefined for a direct connection: `HTTPS_PROXY` or `HTTP_PROXY` by the target's scheme, else
 * `ALL_PROXY`, lower case first; `NO_PROXY` lists what goes direct, and loopback always does.
 */
export function proxyFor(target: URL, env: Environment): URL | undefined {
  const named = variable(env, target.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? variable(env, "ALL_PROXY");
  if (named === undefined || isLoopback(target.hostname) || isExcluded(target, variable(env, "NO_PROXY") ?? "")) return undefined;
  return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(named) ? named : `http://${named}`);
}

/** The `Proxy-Authorization` value for credentials in the proxy's URL. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === "" && proxy.password === "") return undefined;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function variable(env: Environment, name: string): string | undefined {
  const value = (env[name.toLowerCase()] ?? env[name])?.trim();
  return value === undefined || value === "" ? undefined : value;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Entries are a host (its subdomains too), `.suffix`, `*.suffix`, an address, any of these with `:port`, or `*`. */
function isExcluded(target: URL, list: string): boolean {
  const port = target.port === "" ? (target.protocol === "https:" ? "443" : "80") : target.port;
  const hostname = target.hostname.toLowerCase();
  return list.split(/[\s,]+/).some((raw) => {
    const entry = raw.trim().toLowerCase();
    if (entry === "") return false;
    if (entry === "*") return true;
    const { name, port: wantedPort } = splitPort(entry);
    if (wantedPort !== undefined && wantedPort !== port) return false;
    const suffix = name.replace(/^\*?\./, "");
    return suffix !== "" && (hostname === suffix || hostname === `[${suffix}]` || hostname.endsWith(`.${suffix}`));
  });
}

/** `host:port`, `[address]:port`, or either without a port; more than one colon without brackets is an address of version 6. */
function splitPort(entry: string): { readonly name: string; readonly port: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  return { name: match?.[1] ?? entry, port: match?.[2] };
}

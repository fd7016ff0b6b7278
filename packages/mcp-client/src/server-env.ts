const POSIX = ["HOME", "LOGNAME", "PATH", "SHELL", "USER", "__CF_USER_TEXT_ENCODING", "LANG", "LC_ALL", "TERM", "TMPDIR", "TZ"];

// prettier-ignore
const WINDOWS = [
  "PATH", "PATHEXT", "SHELL", "COMSPEC", "SYSTEMROOT", "SYSTEMDRIVE", "USERNAME", "USERDOMAIN", "USERPROFILE", "HOMEDRIVE", "HOMEPATH",
  "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "PROGRAMDATA", "LOCALAPPDATA", "APPDATA", "TEMP", "TMP", "TMPDIR", "POWERSHELL",
  "PWSH",
];

/** Without these a server behind a company's proxy cannot reach anything. */
const CERTIFICATES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "GIT_SSL_CAINFO"];
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"];

export interface ServerEnvOptions {
  /** The environment to take from. Default: that of this process. */
  readonly base?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  /** Further names to take from `base`. */
  readonly names?: readonly string[];
  /** Takes all of `base`, secrets included. */
  readonly inherit?: boolean;
}

/**
 * The environment of a server: the names that programs need and that hold no secrets, as far as they are set, and over them `extra`.
 * API keys and everything else stay out.
 */
export function createEnvForMcpServer(
  extra: Readonly<Record<string, string>> = {},
  options: ServerEnvOptions = {},
): Record<string, string> {
  const { base = process.env, platform = process.platform, names = [], inherit = false } = options;
  const isWindows = platform === "win32";
  const key = isWindows ? (name: string) => name.toUpperCase() : (name: string) => name;
  const wanted = new Set([...(isWindows ? WINDOWS : POSIX), ...CERTIFICATES, ...PROXIES, ...names].map(key));
  const replaced = new Set(Object.keys(extra).map(key));
  const taken = Object.entries(base).flatMap(([name, value]) => {
    if (value === undefined || replaced.has(key(name)) || !(inherit || wanted.has(key(name)))) return [];
    // Some shells export functions this way; they are code, not a setting.
    return value.startsWith("()") ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(taken), ...extra };
}

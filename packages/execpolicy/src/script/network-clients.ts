/** How a program that connects to hosts names them in its arguments. */
export interface NetworkClient {
  /** What a host without a scheme is reached by; without it, only URLs count. */
  readonly bare?: "web" | "tcp" | "registry";
  /** Only these of its first words connect at all. */
  readonly commands?: ReadonlySet<string>;
  /** Options whose value, attached or in the next word, is no place to go to. */
  readonly data?: readonly string[];
  /** Options that have hosts read from elsewhere. */
  readonly elsewhere?: readonly string[];
  /** It makes several hosts of `{a,b}` and `[a-z]`. */
  readonly globs?: boolean;
}

const words = (text: string): readonly string[] => text.split(" ");
const set = (text: string): ReadonlySet<string> => new Set(words(text));

const CURL: NetworkClient = {
  bare: "web",
  globs: true,
  data: words(
    "-d --data --data-ascii --data-raw --data-binary --data-urlencode --json -H --header --proxy-header -A --user-agent -e --referer -F --form " +
      "--form-string -b --cookie -c --cookie-jar -o --output --output-dir -u --user --proxy-user -E --cert --key --cacert --capath -m --max-time " +
      "--connect-timeout -w --write-out -X --request -T --upload-file --retry --retry-delay --retry-max-time -D --dump-header -r --range " +
      "--limit-rate --oauth2-bearer -C --continue-at --max-redirs --max-filesize --trace --trace-ascii --stderr --url-query",
  ),
  elsewhere: words("-K --config"),
};
const WGET: NetworkClient = {
  bare: "web",
  data: words(
    "-O --output-document -o --output-file -a --append-output -P --directory-prefix -U --user-agent --header --referer --post-data --post-file " +
      "--body-data --body-file --method --user --password -t --tries -T --timeout -w --wait -A --accept -R --reject --load-cookies --save-cookies " +
      "--ca-certificate --limit-rate -l --level",
  ),
  elsewhere: words("-i --input-file -e --execute --config"),
};
const PLAIN_WEB: NetworkClient = { bare: "web" };
const URLS: NetworkClient = {};
const TCP: NetworkClient = { bare: "tcp" };
/** The commands of package managers that run no script of the project. */
const FETCHES = set(
  "add audit ci clean-install create dist-tag dlx exec fetch i in info init install install-test it link login ls-remote outdated owner pack " +
    "ping publish remove search show star token unpublish up update upgrade view whoami x get mod download pip sync lock self tool",
);
const IMAGES: NetworkClient = { bare: "registry" };

/** By the base name of the program, in small letters. */
const CLIENTS: ReadonlyMap<string, NetworkClient> = new Map<string, NetworkClient>([
  ["curl", CURL],
  ["wget", WGET],
  ["wget2", WGET],
  ...words("http https xh xhs httpie lynx w3m links elinks axel lwp-request websocat wscat grpcurl").map(
    (name) => [name, PLAIN_WEB] as const,
  ),
  ["aria2c", { bare: "web", elsewhere: words("-i --input-file") }],
  [
    "git",
    {
      bare: "tcp",
      commands: set(
        "clone fetch pull push ls-remote remote submodule archive fetch-pack send-pack remote-https remote-http lfs svn subtree",
      ),
    },
  ],
  ...words("npm pnpm yarn bun cargo go uv poetry").map((name) => [name, { commands: FETCHES }] as const),
  ...words(
    "npx pnpx bunx corepack deno gh glab pip pip3 pipx uvx pdm hatch conda mamba rustup gem bundle composer " +
      "brew apt apt-get dnf yum apk pacman helm kubectl terraform nix",
  ).map((name) => [name, URLS] as const),
  ...words("docker podman nerdctl skopeo crane buildah").map((name) => [name, IMAGES] as const),
  ...words("ssh scp sftp rsync nc ncat netcat telnet ftp openssl mosh socat psql mysql redis-cli").map((name) => [name, TCP] as const),
]);

/** Undefined for programs that are not known to connect to what they are told. */
export function networkClient(name: string): NetworkClient | undefined {
  return CLIENTS.get(name.toLowerCase().replace(/\.exe$/u, ""));
}

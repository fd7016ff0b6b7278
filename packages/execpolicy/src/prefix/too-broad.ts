const ALONE =
  "python3 python py pythonw pyw pypy pypy3 git bash sh zsh pwsh powershell powershell.exe env sudo node perl ruby lua php osascript";

/** Shells and interpreters, with the options after which anything may stand. */
const WITH_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  python: ["-", "-c"],
  py: ["-3"],
  bash: ["-lc", "-c"],
  sh: ["-lc", "-c"],
  zsh: ["-lc", "-c"],
  "/bin/zsh": ["-lc"],
  "/bin/bash": ["-lc"],
  pwsh: ["-Command", "-c"],
  powershell: ["-Command", "-c"],
  "powershell.exe": ["-Command", "-c"],
  node: ["-e"],
  perl: ["-e"],
  ruby: ["-e"],
  lua: ["-e"],
  php: ["-r"],
};

const MORE_ALONE =
  "/bin/zsh /bin/bash doas su xargs eval exec command timeout nice nohup setsid stdbuf time watch busybox fish dash ksh npx bunx uvx";

const BANNED: ReadonlySet<string> = new Set([
  ...`${ALONE} ${MORE_ALONE}`.split(" "),
  ...Object.entries(WITH_OPTIONS).flatMap(([program, options]) => options.map((option) => `${program}\n${option}`)),
  "python3\n-c",
  "python3\n-",
]);

/** True for a prefix that would allow any program at all, such as `bash -c` or `sudo`: nobody is offered it as a rule. */
export function isTooBroad(prefix: readonly string[]): boolean {
  return prefix.length === 0 || BANNED.has(prefix.join("\n"));
}

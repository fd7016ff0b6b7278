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

/**
 * True for a prefix that would allow any program at all, such as `bash -c`, `sudo -n` or `/usr/bin/python3.12 -u`: nobody is offered it as
 * a rule. A program that runs what follows, with nothing but options and settings behind it, says nothing about what that is.
 */
export function isTooBroad(prefix: readonly string[]): boolean {
  const [program, ...rest] = prefix;
  if (program === undefined || BANNED.has(prefix.join("\n"))) return true;
  return runsWhatFollows(program) && rest.every((word) => /^-|^[A-Za-z_]\w*=|^$/u.test(word));
}

function runsWhatFollows(program: string): boolean {
  const name = program.slice(program.lastIndexOf("/") + 1).toLowerCase();
  return (
    BANNED.has(name) || BANNED.has(name.replace(/[\d.]+$/u, "")) || /^(?:deno|bun|tclsh|expect|ssh|chroot|unshare|strace|gdb)$/u.test(name)
  );
}

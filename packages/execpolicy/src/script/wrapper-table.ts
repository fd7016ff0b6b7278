/** How a program that runs another program finds the command in its own arguments. */
export interface Wrapper {
  /** Options without a value, long and short. */
  readonly flags: readonly string[];
  /** Options with a value, attached or in the next word. */
  readonly values: readonly string[];
  /** Words between the options and the command. */
  readonly operands: number;
  /** The command does there what it does alone, so that a permission for it is enough. */
  readonly transparent: boolean;
  /** `NAME=VALUE` words come before the command. */
  readonly assigns?: boolean;
  /** With one of these nothing is run. */
  readonly describes?: readonly string[];
  /** With one of these the command is not found by this table. */
  readonly opaque?: readonly string[];
  /** One of these in the place of the command: a script for `sh` follows. */
  readonly script?: readonly string[];
}

const words = (text: string): readonly string[] => text.split(" ").filter(Boolean);
const HELP = words("--help --version");

/** By the base name of the program. */
export const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  [
    "env",
    {
      flags: words("- -i --ignore-environment -0 --null -v --debug --list-signal-handling"),
      values: words("-u --unset"),
      operands: 0,
      transparent: true,
      assigns: true,
      describes: HELP,
      opaque: words("-S --split-string -C --chdir"),
    },
  ],
  [
    "sudo",
    {
      flags: words(
        "-A --askpass -b --background -B --bell -E --preserve-env -H --set-home -i --login -k --reset-timestamp -n --non-interactive -N --no-update -P --preserve-groups -S --stdin",
      ),
      values: words(
        "-C --close-from -D --chdir -g --group -h --host -p --prompt -R --chroot -r --role -T --command-timeout -t --type -u --user",
      ),
      operands: 0,
      transparent: false,
      assigns: true,
      describes: words("-V --version --help -v --validate -l --list -K --remove-timestamp"),
      opaque: words("-e --edit -s --shell -U --other-user"),
    },
  ],
  ["doas", { flags: words("-n"), values: words("-u"), operands: 0, transparent: false, describes: words("-C -L"), opaque: words("-s") }],
  [
    "timeout",
    {
      flags: words("-v --verbose --preserve-status --foreground -p -f"),
      values: words("-k --kill-after -s --signal"),
      operands: 1,
      transparent: true,
      describes: HELP,
    },
  ],
  ["nice", { flags: [], values: words("-n --adjustment"), operands: 0, transparent: true, describes: HELP }],
  ["nohup", { flags: [], values: [], operands: 0, transparent: true, describes: HELP }],
  [
    "setsid",
    {
      flags: words("-c --ctty -f --fork -w --wait"),
      values: [],
      operands: 0,
      transparent: true,
      describes: words("-h --help -V --version"),
    },
  ],
  ["stdbuf", { flags: [], values: words("-i --input -o --output -e --error"), operands: 0, transparent: true, describes: HELP }],
  ["command", { flags: words("-p"), values: [], operands: 0, transparent: true, describes: words("-v -V") }],
  ["builtin", { flags: [], values: [], operands: 0, transparent: true }],
  ["exec", { flags: words("-c -l"), values: words("-a"), operands: 0, transparent: true }],
  [
    "time",
    {
      flags: words("-p --portability -v --verbose -q --quiet"),
      values: words("-f --format"),
      operands: 0,
      transparent: true,
      describes: words("-V --version --help"),
      opaque: words("-o --output -a --append"),
    },
  ],
  [
    "ionice",
    {
      flags: words("-t --ignore"),
      values: words("-c --class -n --classdata"),
      operands: 0,
      transparent: true,
      opaque: words("-p --pid -P --pgid -u --uid"),
    },
  ],
  [
    "chrt",
    {
      flags: words("-b --batch -f --fifo -i --idle -o --other -r --rr -R --reset-on-fork -v --verbose"),
      values: words("-T -P -D"),
      operands: 1,
      transparent: false,
      opaque: words("-p --pid -a --all-tasks"),
    },
  ],
  ["taskset", { flags: words("-c --cpu-list"), values: [], operands: 1, transparent: true, opaque: words("-p --pid -a --all-tasks") }],
  [
    "flock",
    {
      flags: words("-s --shared -x -e --exclusive -n --nb --nonblock -u --unlock -F --no-fork -o --close --verbose"),
      values: words("-w --wait --timeout -E --conflict-exit-code"),
      operands: 1,
      transparent: false,
      describes: HELP,
      opaque: words("-c --command"),
      script: words("-c --command"),
    },
  ],
  ["busybox", { flags: [], values: [], operands: 0, transparent: true, describes: words("--help --list") }],
  ["toybox", { flags: [], values: [], operands: 0, transparent: true, describes: words("--help --long --version") }],
  [
    "strace",
    {
      flags: words("-f -ff -c -C -q -qq -t -tt -ttt -T -v -y -yy -x -xx -r -i"),
      values: words("-e -s -a -S -P"),
      operands: 0,
      transparent: false,
      opaque: words("-o -p -E -u"),
    },
  ],
  [
    "unshare",
    {
      flags: words("-m -u -i -n -p -U -C -T -f -r --mount --uts --ipc --net --pid --user --cgroup --fork --map-root-user"),
      values: [],
      operands: 0,
      transparent: false,
    },
  ],
  ["chroot", { flags: words("--skip-chdir"), values: words("--userspec --groups"), operands: 1, transparent: false, describes: HELP }],
  [
    "xargs",
    {
      flags: words("-0 --null -o --open-tty -p --interactive -r --no-run-if-empty -t --verbose -x --exit --show-limits"),
      values: words("-d --delimiter -L --max-lines -n --max-args -P --max-procs -s --max-chars -I --process-slot-var -a --arg-file -E"),
      operands: 0,
      transparent: true,
      describes: HELP,
      opaque: words("-e -i -l --eof --replace"),
    },
  ],
]);

/** Shells that read the scripts of the given grammar. */
export const SHELLS: ReadonlyMap<string, "bash" | "sh" | "zsh"> = new Map([
  ["bash", "bash"],
  ["rbash", "bash"],
  ["zsh", "zsh"],
  ["sh", "sh"],
  ["dash", "sh"],
  ["ash", "sh"],
  ["ksh", "sh"],
  ["mksh", "sh"],
  ["oksh", "sh"],
  ["yash", "sh"],
]);

/** Programs that run text in a language that is not read here, or find the program they run in a way of their own. */
export const OPAQUE_PROGRAMS: ReadonlySet<string> = new Set([
  ...words("fish csh tcsh nu elvish xonsh pwsh powershell powershell.exe cmd cmd.exe"),
  ...words(
    "parallel su runuser pkexec gosu su-exec setpriv systemd-run run0 start-stop-daemon nsenter bwrap firejail script expect coproc",
  ),
  ...words("unbuffer entr xvfb-run dbus-run-session openvt setarch linux32 linux64 prlimit numactl at batch tmux screen"),
]);

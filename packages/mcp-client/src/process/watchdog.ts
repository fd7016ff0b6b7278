import { spawn, type ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import { signalGroup } from "./group.ts";
import { findStrays, signalStrays, type Stray } from "./strays.ts";

/**
 * Reads `add GROUP` and `del GROUP`, `stray PID` and `gone PID`; when its input ends, because the program that wrote to it has ended in whatever way, the groups that are
 * still listed, and what descends from them and has left them, are told to stop, and killed if they do not within a quarter of a second.
 */
const SCRIPT = `trap '' HUP INT TERM
groups=' '
strays=' '
while read -r verb id; do
  case $verb in
    add) case $groups in *" $id "*) ;; *) groups="$groups$id " ;; esac ;;
    del) case $groups in *" $id "*) groups="\${groups%% $id *} \${groups#* $id }" ;; esac ;;
    stray) strays="$strays$id " ;;
    gone) case $strays in *" $id "*) strays="\${strays%% $id *} \${strays#* $id }" ;; esac ;;
  esac
done
[ "$groups" = ' ' ] && exit 0
all=
for stat in /proc/[0-9]*/stat; do
  read -r line < "$stat" || continue
  rest=\${line##*) }
  set -- $rest
  all="$all\${line%% *} $2 $3
"
done
found=$groups$strays
more=1
while [ "$more" ]; do
  more=
  while read -r pid parent group; do
    case $found in *" $pid "*) continue ;; esac
    case $groups in
      *" $group "*) found="$found$pid "; more=1; continue ;;
    esac
    case $found in
      *" $parent "*) found="$found$pid "; strays="$strays$pid "; more=1 ;;
    esac
  done <<END
$all
END
done
for group in $groups; do kill -TERM "-$group"; kill -CONT "-$group"; done
for pid in $strays; do kill -TERM "$pid"; done
for turn in 1 2 3 4 5; do
  left=
  for group in $groups; do kill -0 "-$group" && left=1; done
  for pid in $strays; do kill -0 "$pid" && left=1; done
  [ "$left" ] || exit 0
  sleep 0.05
done
for group in $groups; do kill -KILL "-$group"; done
for pid in $strays; do kill -KILL "$pid"; done
`;

/** By their leaders: what is known to have left them. */
const groups = new Map<number, readonly Stray[]>();
let shell: ChildProcess | undefined;
let hooked = false;

/**
 * From here on the group does not outlive this process: it is killed when the process exits, and a small shell that holds the other
 * end of a pipe sees to it when the process is ended by a signal, a crash or a kill. Call the returned function once the group is gone.
 */
export function watchGroup(leader: number): () => void {
  if (!hooked) {
    hooked = true;
    process.on("exit", () => {
      for (const [group, known] of groups) {
        const strays = [...known, ...findStrays(group)];
        signalGroup(group, "SIGKILL");
        signalStrays(strays, "SIGKILL");
      }
    });
  }
  groups.set(leader, []);
  if (process.platform !== "win32") openShell().stdin?.write(`add ${String(leader)}\n`);
  return () => {
    for (const { pid } of groups.get(leader) ?? []) shell?.stdin?.write(`gone ${String(pid)}\n`);
    if (!groups.delete(leader)) return;
    shell?.stdin?.write(`del ${String(leader)}\n`);
    if (groups.size > 0) return;
    shell?.stdin?.end();
    shell = undefined;
  };
}

/** What has left the group by now. It is ended, too, when this process exits before its caller has ended it. */
export function straysOf(leader: number): readonly Stray[] {
  const strays = findStrays(leader);
  if (!groups.has(leader)) return strays;
  groups.set(leader, strays);
  for (const { pid } of strays) shell?.stdin?.write(`stray ${String(pid)}\n`);
  return strays;
}

/** Where a group may write `add N` itself, before this process can. Undefined when the watchdog is not to be had. */
export function watchdogInput(): Writable | undefined {
  const { stdin } = openShell();
  return stdin === null || stdin.destroyed ? undefined : stdin;
}

function openShell(): ChildProcess {
  if (shell === undefined) {
    shell = startShell();
    // It knows nothing of the groups that the one before it watched.
    for (const group of groups.keys()) shell.stdin?.write(`add ${String(group)}\n`);
  }
  return shell;
}

/** Without a shell on the machine only the exit hook and the next start's sweep are left. */
function startShell(): ChildProcess {
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };
  const child = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true, cwd: "/", env });
  const forget = (): void => {
    if (shell === child) shell = undefined;
  };
  child.on("error", forget);
  child.on("exit", forget);
  child.stdin.on("error", forget);
  child.unref();
  // A pipe to a child is a socket, which keeps the process alive unless told otherwise.
  if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  return child;
}

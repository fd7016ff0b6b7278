import { spawn, type ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import { signalGroup } from "./group.ts";

/**
 * Reads `add N` and `del N`; when its input ends, because the program that wrote to it has ended in whatever way, the groups that are
 * still listed are told to stop, and killed if they do not within a quarter of a second.
 */
const SCRIPT = `trap '' HUP INT TERM
groups=' '
while read -r verb group; do
  case $verb in
    add) case $groups in *" $group "*) ;; *) groups="$groups$group " ;; esac ;;
    del) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -TERM "-$group"; kill -CONT "-$group"; done
for turn in 1 2 3 4 5; do
  left=
  for group in $groups; do kill -0 "-$group" && left=1; done
  [ "$left" ] || exit 0
  sleep 0.05
done
for group in $groups; do kill -KILL "-$group"; done
`;

const groups = new Set<number>();
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
      for (const group of groups) signalGroup(group, "SIGKILL");
    });
  }
  groups.add(leader);
  if (process.platform !== "win32") openShell().stdin?.write(`add ${String(leader)}\n`);
  return () => {
    if (!groups.delete(leader)) return;
    shell?.stdin?.write(`del ${String(leader)}\n`);
    if (groups.size > 0) return;
    shell?.stdin?.end();
    shell = undefined;
  };
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
    for (const group of groups) shell.stdin?.write(`add ${String(group)}\n`);
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

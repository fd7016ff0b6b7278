import { spawn, type ChildProcess } from "node:child_process";
import { signalGroup } from "./group.ts";

/**
 * Reads `add N` and `del N`; when its input ends, because the program that wrote to it has ended in whatever way, the groups that are
 * still listed are told to stop, and killed if they do not within a quarter of a second.
 */
const SCRIPT = `trap '' HUP INT TERM
groups=' '
while read -r verb group; do
  case $verb in
    add) groups="$groups$group " ;;
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
  if (process.platform !== "win32") tellShell(leader);
  return () => {
    if (!groups.delete(leader)) return;
    shell?.stdin?.write(`del ${String(leader)}\n`);
    if (groups.size > 0) return;
    shell?.stdin?.end();
    shell = undefined;
  };
}

function tellShell(leader: number): void {
  // A new one knows nothing of the groups that the one before it watched.
  const unknown = shell === undefined ? [...groups] : [leader];
  shell ??= startShell();
  shell.stdin?.write(unknown.map((group) => `add ${String(group)}\n`).join(""));
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

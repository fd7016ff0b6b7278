import { HOSTILE_PROBES } from "./hostile-probes.ts";
import { never, always, whenWritable, withNetwork, onOwnLoopback, landlockGap, sharedProcesses, python, type Probe } from "./probe.ts";

/** Some versions of Node fill the name with zeros up to its full length. */
const ABSTRACT = `
def reach(name):
  try: return socket.socket(1,1).connect(name) is None
  except OSError: return False
name=b"\\0"+e["ABSTRACT"].encode()
sys.exit(not(reach(name) or reach(name.ljust(108,b"\\0"))))`;

/** What a confined command tries, by a name that says what would have happened. */
export const PROBES: Readonly<Record<string, Probe>> = {
  "reads a system file": { script: "cat /etc/passwd", succeeds: always },
  "writes to /dev/null": { script: "echo x > /dev/null", succeeds: always },
  "uses pipes and process substitution": { script: "diff <(echo a | cat) <(echo a)", succeeds: always },
  "opens a terminal": { script: python("import pty;pty.openpty()"), succeeds: always },
  "signals its own child": { script: "sleep 9 & kill $!", succeeds: always },

  "creates a file in the workspace": { script: "echo x > new", succeeds: whenWritable },
  "moves, links and removes in the workspace": {
    script: "mkdir -p d/e && echo x > d/f && mv d/f d/e/f && ln d/e/f d/g && ln -s g d/h && rm -r d",
    succeeds: whenWritable,
  },
  "changes mode and time in the workspace": { script: "chmod 600 file && touch -d @5 file", succeeds: whenWritable },
  "makes a fifo in the workspace": { script: "mkfifo fifo", succeeds: whenWritable },
  "writes shared memory": { script: "f=/dev/shm/sandbox-test-$$; echo x > $f && rm $f", succeeds: whenWritable },

  "creates a file outside": { script: "echo x > $VICTIM/new", succeeds: never },
  "creates a file outside by dots": { script: "echo x > ../victim/new", succeeds: never },
  "appends to a file outside": { script: "echo x >> $VICTIM/append", succeeds: never },
  "appends through a link": { script: "echo x >> link", succeeds: never },
  "empties a file outside": { script: "truncate -s 0 $VICTIM/empty", succeeds: never },
  "empties a file outside while opening it": { script: python('os.open(e["VICTIM"]+"/empty",os.O_RDONLY|os.O_TRUNC)'), succeeds: never },
  "moves a file out": { script: "mv file $VICTIM/moved", succeeds: never },
  "moves a file in": { script: "mv -n $VICTIM/move moved && [ ! -e $VICTIM/move ]", succeeds: never },
  "swaps files with the outside": {
    script: `echo x > swapped; ${python('sys.exit(lib.renameat2(-100,b"swapped",-100,(e["VICTIM"]+"/swap").encode(),2)!=0)')}`,
    succeeds: never,
  },
  "links a file in and writes to it": { script: "ln $VICTIM/append hard && echo x >> hard", succeeds: never },
  "removes a file outside": { script: "rm -f $VICTIM/remove", succeeds: never },
  "removes a folder outside": { script: "rmdir $VICTIM/folder", succeeds: never },
  "makes a device": { script: "mknod device c 1 3", succeeds: never },
  "writes through another process' folder": { script: "echo x > /proc/$OUTSIDER/cwd/new", succeeds: never },
  "writes through an inherited descriptor": { script: "echo x >&9", succeeds: never },
  "writes through an inherited descriptor far up": { script: "echo x >&40", succeeds: never },
  "writes a kernel setting": { script: "echo 1 > /proc/sys/kernel/hostname", succeeds: never },
  "sets what runs on a crash": { script: 'f=/proc/sys/kernel/core_pattern; was=$(cat $f) && echo "$was" > $f', succeeds: never },
  "writes to the kernel's devices": {
    script:
      "f=$(find /sys/kernel /sys/module -name uevent -o -name nx_huge_pages 2>/dev/null | head -1); echo x > ${f:-/sys/kernel/uevent_helper}",
    succeeds: never,
  },
  "writes to the root folder": { script: "echo x > /sandbox-test-$$ && rm /sandbox-test-$$", succeeds: never },

  "changes a mode outside": { script: "chmod 777 $VICTIM/meta", succeeds: landlockGap },
  "changes a mode by a read-only descriptor": { script: python('os.fchmod(os.open(e["VICTIM"]+"/meta",0),0o777)'), succeeds: landlockGap },
  "changes a group outside": { script: "chgrp $(id -g) $VICTIM/meta", succeeds: landlockGap },
  "changes a time outside": { script: "touch -c -d @5 $VICTIM/time && [ $(stat -c %Y $VICTIM/time) = 5 ]", succeeds: landlockGap },
  "sets an attribute outside": { script: python('os.setxattr(e["VICTIM"]+"/meta","user.x",b"1")'), succeeds: landlockGap },

  "changes a git hook": { script: "echo x > .git/hooks/pre-commit", succeeds: landlockGap },
  "changes the git configuration": { script: "git config core.pager evil", succeeds: landlockGap },
  "changes a nested git hook": { script: "echo x > sub/.git/hooks/pre-commit", succeeds: landlockGap },
  "puts another folder in place of the nested repository": {
    script: "mv sub other && mkdir -p sub/.git && rm -r sub && mv other sub",
    succeeds: landlockGap,
  },
  "puts another folder in place of .git": { script: "mv .git other && mv other .git", succeeds: landlockGap },
  commits: { script: "git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x", succeeds: landlockGap },
  "changes the agent's configuration": { script: "echo x > .codex/config.toml", succeeds: landlockGap },
  "creates .agents": { script: "mkdir .agents && rmdir .agents", succeeds: landlockGap },
  "puts a file into .agents": { script: "mkdir -p .agents; echo x > .agents/x && rm -r .agents", succeeds: landlockGap },
  "puts a link in place of .agents": { script: "rmdir .agents 2>/dev/null; ln -s /tmp .agents && rm .agents", succeeds: landlockGap },

  "connects over TCP": { script: "exec 3<>/dev/tcp/127.0.0.1/$TCP", succeeds: withNetwork },
  "connects over multipath TCP": {
    script: python('s=socket.socket(2,1,262);s.settimeout(2);s.connect(("127.0.0.1",int(e["TCP"])))'),
    succeeds: withNetwork,
  },
  "sends a datagram": {
    script: python('s=socket.socket(2,2);s.connect(("127.0.0.1",int(e["UDP"])));s.send(b"x");s.settimeout(0.2);s.send(b"x")'),
    succeeds: withNetwork,
  },
  "sends a datagram to the world": { script: python('socket.socket(2,2).sendto(b"x",("8.8.8.8",53))'), succeeds: withNetwork },
  "serves on its loopback": {
    script: python(
      's=socket.socket();s.bind(("127.0.0.1",0));s.listen();c=socket.create_connection(s.getsockname());s.accept()[0].send(b"x");sys.exit(c.recv(1)!=b"x")',
    ),
    succeeds: onOwnLoopback,
  },
  "opens a raw socket": { script: python("socket.socket(2,3,1)"), succeeds: never },
  "opens a packet socket": { script: python("socket.socket(17,3,0)"), succeeds: never },
  "opens a channel to the hypervisor": { script: python("socket.socket(40,1)"), succeeds: never },
  "connects to a Unix socket": { script: python('socket.socket(1,1).connect(e["VICTIM"]+"/socket")'), succeeds: withNetwork },
  "connects to an abstract socket": { script: python(ABSTRACT), succeeds: never },
  "makes a datagram pair that can name others": { script: python("socket.socketpair(1,2)"), succeeds: withNetwork },
  "makes a raw pair that becomes one of datagrams": { script: python("socket.socketpair(1,3)"), succeeds: withNetwork },
  "talks over a connected pair": { script: python('a,b=socket.socketpair();a.send(b"x");sys.exit(b.recv(1)!=b"x")'), succeeds: always },
  "passes a descriptor over a pair": {
    script: python('a,b=socket.socketpair();socket.send_fds(a,[b"x"],[0]);sys.exit(len(socket.recv_fds(b,1,1)[1])!=1)'),
    succeeds: always,
  },

  "traces a process": { script: python('sys.exit(lib.ptrace(16,int(e["OUTSIDER"]),0,0)!=0)'), succeeds: never },
  "traces its own child": { script: python("sys.exit(lib.ptrace(0,0,0,0)!=0)"), succeeds: never },
  "takes a descriptor of a process": {
    script: python('f=call(434,int(e["OUTSIDER"]),0)[0];sys.exit(not(f>=0 and call(438,f,0,0)[0]>=0))'),
    succeeds: never,
  },
  "reads another process' environment": { script: "cat /proc/$OUTSIDER/environ | grep -q .", succeeds: never },
  "reads another process' memory": { script: python('open("/proc/"+e["OUTSIDER"]+"/mem","rb")'), succeeds: never },
  "signals a process": { script: "kill -0 $OUTSIDER", succeeds: never },
  "changes another process' priority": { script: "renice -n 19 -p $OUTSIDER", succeeds: never },
  "limits another process": { script: "prlimit --pid $OUTSIDER --nofile=64:64", succeeds: never },
  "sees a process": { script: "[ -e /proc/$OUTSIDER/comm ] && [ $(cat /proc/$OUTSIDER/comm) = sleep ]", succeeds: sharedProcesses },
  "types into a terminal": { script: python('import fcntl,pty;m,s=pty.openpty();fcntl.ioctl(s,0x5412,b"x")'), succeeds: never },
  "may gain privileges": { script: 'grep -q "NoNewPrivs:.*0" /proc/self/status', succeeds: never },
  "has capabilities": { script: 'grep -Eq "Cap(Inh|Prm|Eff|Bnd|Amb):.*[1-9a-f]" /proc/self/status && [ "$(id -u)" = 0 ]', succeeds: never },

  "makes a user namespace": { script: "unshare -Ur true", succeeds: never },
  "makes user and mount namespaces by clone": { script: python("refused(56,0x10020000|17,0,0,0,0)"), succeeds: never },
  mounts: { script: "mount -t tmpfs x $WORK", succeeds: never },
  "makes the root writable again": { script: "mount -o remount,rw,bind /", succeeds: never },
  "sets up io_uring": { script: python("b=ctypes.create_string_buffer(256);refused(425,8,b)"), succeeds: never },
  "reaches bpf": { script: python("refused(321,0,0,0)"), succeeds: never },
  "reaches perf events": { script: python("b=ctypes.create_string_buffer(128);refused(298,b,0,-1,-1,0)"), succeeds: never },
  "reaches the key store": { script: python("refused(250,0,-3,0,0,0)"), succeeds: never },
  "opens files by handle": { script: python("refused(304,-1,0,0)"), succeeds: never },
  "calls clone3": { script: python("refused(435,0,0)"), succeeds: never },
  "sets the clock": { script: "date -s @0", succeeds: never },
  "uses System V queues of the machine": {
    script: python("sys.exit(lib.msgget(0,0o600)<0)"),
    succeeds: ({ backend, policy }) => backend === "bwrap" || policy === "workspace-write",
  },

  ...HOSTILE_PROBES,
};

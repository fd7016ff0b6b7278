import {
  type Case,
  type Probe,
  landlockGap,
  never,
  onOwnLoopback,
  python,
  sharedProcesses,
  whenWritable,
  withNetwork,
  always,
} from "./probe.ts";

const belowBwrap = ({ backend }: Case): boolean => backend === "bwrap";
/** A read-only mount does not close what is no file on it. */
const FIFO = belowBwrap;
/** Code for a libc call that must fail with EPERM or ENOSYS before its arguments are looked at. */
const reached = (...words: readonly (number | string)[]): string => python(`refused(${words.join(",")})`);

/** More attempts of somebody who knows how confinement is made, by what they go for. */
export const HOSTILE_PROBES: Readonly<Record<string, Probe>> = {
  // Files.
  "links a nameless file out": {
    script: python(
      'f=os.open(".",os.O_TMPFILE|os.O_RDWR);sys.exit(lib.linkat(-100,b"/proc/self/fd/%d"%f,-100,(e["VICTIM"]+"/nameless").encode(),0x400)!=0)',
    ),
    succeeds: never,
  },
  "opens a file again for writing through its descriptor": {
    script: python('f=os.open(e["VICTIM"]+"/append",0);os.write(os.open("/proc/self/fd/%d"%f,1),b"x")'),
    succeeds: never,
  },
  "writes through the root of a process": { script: "echo x > /proc/self/root/$VICTIM/new", succeeds: never },
  "writes through the root of another process": { script: "echo x > /proc/$OUTSIDER/root/$VICTIM/new", succeeds: never },
  "writes through a folder's descriptor": {
    script: python('d=os.open(e["VICTIM"],os.O_PATH);os.open("new",os.O_CREAT|os.O_WRONLY,dir_fd=d)'),
    succeeds: never,
  },
  "maps a file for writing": {
    script: python('import mmap;f=os.open(e["VICTIM"]+"/append",2);mmap.mmap(f,4,mmap.MAP_SHARED,mmap.PROT_WRITE)'),
    succeeds: never,
  },
  "makes a folder, a link and a fifo outside": {
    script: "mkdir $VICTIM/d2 || ln -s /etc $VICTIM/l2 || mkfifo $VICTIM/f2",
    succeeds: never,
  },
  "moves a whole folder out": { script: "mkdir -p moving/deep && mv moving $VICTIM/moving && [ -d $VICTIM/moving/deep ]", succeeds: never },
  "writes into a named pipe outside": {
    script: python('f=os.open(e["VICTIM"]+"/fifo",os.O_WRONLY|os.O_NONBLOCK);os.write(f,b"x")'),
    succeeds: FIFO,
  },
  "appends to a log of the system": { script: "echo x >> /var/log/sandbox-test-log || echo x > /var/tmp/sandbox-test-$$", succeeds: never },
  "takes a swap file or a quota": { script: "swapon $VICTIM/append || quotaon /", succeeds: never },
  "leaves the folder by a bind of itself": { script: "mount --bind $VICTIM $WORK/sub && echo x > $WORK/sub/new", succeeds: never },

  // Metadata.
  "changes a mode through a descriptor's name": {
    script: python('f=os.open(e["VICTIM"]+"/meta",os.O_PATH);os.chmod("/proc/self/fd/%d"%f,0o777)'),
    succeeds: landlockGap,
  },
  "changes a mode by the newest call": {
    script: python('p=(e["VICTIM"]+"/meta").encode();sys.exit(call(452,-100,p,0o777,0)[0]!=0)'),
    succeeds: landlockGap,
  },
  "changes the time of a link": {
    script: "touch -h -d @7 $VICTIM/../work/link && [ $(stat -c %Y $VICTIM/../work/link) = 7 ]",
    succeeds: whenWritable,
  },
  "changes a time by descriptor": { script: python('os.utime(os.open(e["VICTIM"]+"/time",0),(9,9))'), succeeds: landlockGap },
  "removes an attribute": { script: python('os.removexattr(e["VICTIM"]+"/marked","user.mark")'), succeeds: landlockGap },
  "sets an attribute by descriptor": { script: python('os.setxattr(os.open(e["VICTIM"]+"/meta",0),"user.y",b"1")'), succeeds: landlockGap },
  "sets an attribute by the newest call": {
    script: python(
      'p=(e["VICTIM"]+"/meta").encode();v=ctypes.create_string_buffer(b"1");a=(ctypes.c_uint64*2)(ctypes.addressof(v),1);sys.exit(call(463,-100,p,0,b"user.z",a,ctypes.c_long(16))[0]!=0)',
    ),
    succeeds: landlockGap,
  },
  "gives a file away": { script: "chown -h 12345 $VICTIM/meta", succeeds: never },
  "makes a file that no one may change": { script: "chattr +i $VICTIM/meta", succeeds: never },
  "sets the flags of a file by descriptor": {
    script: python('import fcntl,struct;f=os.open(e["VICTIM"]+"/meta",0);fcntl.ioctl(f,0x40086602,struct.pack("l",0x80))'),
    succeeds: landlockGap,
  },
  "makes the victim's folder unreadable": { script: "chmod 0 $VICTIM && chmod 755 $VICTIM", succeeds: landlockGap },

  // Network.
  "connects while sending": {
    script: python('socket.socket(2,1).sendto(b"x",0x20000000,("127.0.0.1",int(e["TCP"])))'),
    succeeds: withNetwork,
  },
  "connects over IPv6 to the mapped address": {
    script: python('s=socket.socket(10,1);s.settimeout(2);s.connect(("::ffff:127.0.0.1",int(e["TCP"])))'),
    succeeds: withNetwork,
  },
  "sends a descriptor to a Unix socket outside": {
    script: python('s=socket.socket(1,1);s.connect(e["VICTIM"]+"/socket");socket.send_fds(s,[b"x"],[0])'),
    succeeds: withNetwork,
  },
  "opens a socket of the crypto, Bluetooth or cluster kind": {
    script: python(
      "for f in (38,31,30,21,44,29,15,9,41,42,43):\n try: socket.socket(f,2 if f!=38 else 5)\n except OSError: continue\n sys.exit(0)\nsys.exit(1)",
    ),
    succeeds: never,
  },
  "listens to the kernel's events": { script: python("s=socket.socket(16,3,15);s.bind((0,1))"), succeeds: withNetwork },
  "reaches the firewall or the audit log": {
    script: python('for p in (12,9,6):\n try: socket.socket(16,3,p).send(b"x"*16)\n except OSError: continue\n sys.exit(0)\nsys.exit(1)'),
    succeeds: never,
  },
  "serves to the outside": { script: python('s=socket.socket();s.bind(("0.0.0.0",0));s.listen()'), succeeds: onOwnLoopback },
  "serves on a Unix socket in the workspace": { script: python('s=socket.socket(1,1);s.bind("own.sock");s.listen()'), succeeds: never },
  "enters another network": { script: "nsenter -t $OUTSIDER -n true || ip netns add x", succeeds: never },

  // The kernel.
  "sets its own filter's listener": { script: reached(317, 1, 8, 0), succeeds: always },
  "opens devices that reach deep": {
    script:
      "for d in /dev/kmsg /dev/mem /dev/port /dev/fuse /dev/kvm /dev/loop-control /dev/loop0 /dev/vda /dev/sda /dev/tty1 /dev/userfaultfd; do (exec < $d) && exit 0; done; exit 1",
    succeeds: never,
  },
  "loads a program into the kernel": { script: reached(321, 5, 0, 120), succeeds: never },
  "loads a module": { script: reached(313, 0, 0, 0), succeeds: never },
  "catches page faults": { script: reached(323, 1), succeeds: never },
  "opens a file system": { script: `${reached(430, '"tmpfs".encode()', 0)} || ${reached(428, -100, '"/".encode()', 0)}`, succeeds: never },
  "turns the root": { script: `${reached(155, '"/".encode()', '"/".encode()')}`, succeeds: never },
  "calls the old 32-bit numbers": { script: "perl -e 'exit(syscall(0x40000029,2,1,0) < 0)'", succeeds: never },
  "reads the kernel's log": { script: "dmesg | grep -q .", succeeds: never },
  "puts the machine to sleep": { script: "echo mem > /sys/power/state || echo 1 > /proc/sys/kernel/panic", succeeds: never },
  "changes its control group": { script: "mkdir /sys/fs/cgroup/sandbox-test && rmdir /sys/fs/cgroup/sandbox-test", succeeds: never },
  "makes namespaces by other flags": { script: `${reached(56, "0x50000000|17")} || ${reached(272, "0x40000000")}`, succeeds: never },

  // Processes.
  "signals by a process descriptor": {
    script: python('f=call(434,int(e["OUTSIDER"]),0)[0];sys.exit(not(f>=0 and call(424,f,0,0,0)[0]==0))'),
    succeeds: never,
  },
  "queues a signal": {
    script: python('i=ctypes.create_string_buffer(128);i[8:12]=b"\\xff\\xff\\xff\\xff";sys.exit(call(129,int(e["OUTSIDER"]),0,i)[0]!=0)'),
    succeeds: never,
  },
  "has the kernel stop another process": {
    script: python(
      'import fcntl,time;p=int(e["OUTSIDER"]);r,w=os.pipe();fcntl.fcntl(r,8,p);fcntl.fcntl(r,10,19);fcntl.fcntl(r,4,0x2000);os.write(w,b"x");time.sleep(0.1);s=open("/proc/%d/stat"%p).read().split(")")[1].split()[0];os.kill(p,18) if s=="T" else sys.exit(1)',
    ),
    succeeds: never,
  },
  "lists what another process has open": { script: "ls /proc/$OUTSIDER/fd | grep -q .", succeeds: sharedProcesses },
  "reads where another process is": { script: "readlink /proc/$OUTSIDER/cwd || cat /proc/$OUTSIDER/maps | grep -q .", succeeds: never },
  "writes another process' settings": { script: "echo 500 > /proc/$OUTSIDER/oom_score_adj", succeeds: never },
  "sets another process' scheduler": { script: "chrt -b -p 0 $OUTSIDER || ionice -c 3 -p $OUTSIDER", succeeds: never },
  "becomes another user": { script: "setpriv --reuid 1 --clear-groups true", succeeds: never },
  "gains by a program with a set user": { script: "su -c true nobody < /dev/null || sudo -n true", succeeds: never },
  "compares itself with another process": { script: reached(312, "os.getpid()", 'int(e["OUTSIDER"])', 0, 0, 0), succeeds: never },
  "waits for a stranger's memory": { script: reached(440, -1, 0, 0, 0, 0), succeeds: never },

  // Descriptors.
  "finds a descriptor of its starter": {
    script: python(
      'ok=set(os.readlink("/proc/self/fd/"+f).split(":")[0] for f in os.listdir("/proc/self/fd") if int(f)>2 and os.path.exists("/proc/self/fd/"+f));sys.exit(not any("/proc" not in o and ".sh" not in o for o in ok))',
    ),
    succeeds: never,
  },
  "takes over a descriptor of the sandbox": {
    script:
      "for p in /proc/[0-9]*; do [ -e $p/fd/3 ] && [ $p != /proc/$$ ] && ls -l $p/fd 2>/dev/null | grep -q memfd:seccomp && exit 0; done; exit 1",
    succeeds: never,
  },
  "runs a program from memory that writes": {
    script: python(
      'f=os.memfd_create("x",0);os.write(f,b"#!/bin/sh\\necho x > $VICTIM/new");os.fchmod(f,0o755) if 0 else 0;import subprocess;sys.exit(subprocess.call(["/bin/sh","/proc/self/fd/%d"%f],pass_fds=[f]))',
    ),
    succeeds: never,
  },
  "clones a descriptor by io_uring": { script: reached(427, -1, 0, 0, 0), succeeds: never },
  "duplicates another process' descriptor": { script: "exec 7<>/proc/$OUTSIDER/fd/0", succeeds: never },
  "keeps a lock on a file outside for writing": {
    script: python('import fcntl;fcntl.lockf(os.open(e["VICTIM"]+"/append",os.O_RDWR),fcntl.LOCK_EX|fcntl.LOCK_NB)'),
    succeeds: never,
  },
  "takes a lease that stops others": {
    script: python('import fcntl;fcntl.fcntl(os.open(e["VICTIM"]+"/append",0),1024,1)'),
    succeeds: never,
  },
  "watches files outside": {
    script: python('import ctypes;f=call(294,0)[0];sys.exit(not(f>=0 and call(254,f,e["VICTIM"].encode(),2)[0]>=0))'),
    succeeds: always,
  },
};

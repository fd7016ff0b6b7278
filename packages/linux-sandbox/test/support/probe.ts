export type Backend = "landlock" | "bwrap";
export type PolicyName = "read-only" | "workspace-write" | "network";

export interface Case {
  readonly backend: Backend;
  readonly policy: PolicyName;
}

export interface Probe {
  /** One shell command; exit code 0 means that the attempt succeeded. */
  readonly script: string;
  /** Where it may succeed. */
  readonly succeeds: (here: Case) => boolean;
}

export const never = (): boolean => false;
export const always = (): boolean => true;
export const whenWritable = ({ policy }: Case): boolean => policy === "workspace-write";
export const withNetwork = ({ policy }: Case): boolean => policy === "network";
export const onOwnLoopback = ({ backend, policy }: Case): boolean => policy === "network" || backend === "bwrap";
/** Landlock grants whole trees and knows no metadata: a writable folder is writable with everything in it. */
export const landlockGap = ({ backend, policy }: Case): boolean => backend === "landlock" && policy === "workspace-write";
/** Scheduling and numbers of other processes are hidden by a namespace only. */
export const sharedProcesses = ({ backend }: Case): boolean => backend === "landlock";

export const python = (code: string): string => `/usr/bin/python3 -c '${PRELUDE}${code}'`;
const PRELUDE = `import os,socket,ctypes,sys
e=os.environ
lib=ctypes.CDLL(None,use_errno=True)
def call(*a):
  r=lib.syscall(*a)
  return (r,ctypes.get_errno())
def refused(*a):
  r=call(*a)
  sys.exit(1 if r[0]<0 and r[1] in (1,38) else 0)
`;

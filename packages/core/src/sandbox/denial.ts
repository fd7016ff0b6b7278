import { dirname, resolve } from "node:path";
import type { FileSystem, SandboxReach } from "../host/host.ts";
import type { Denial } from "../protocol/event.ts";

export interface FailedCommand {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Both streams; the beginning and end of a long one. */
  readonly output: string;
  /** Absolute; where relative names of the output are looked for. */
  readonly cwd: string;
}

export interface DenialContext {
  readonly reach: SandboxReach;
  readonly fs: Pick<FileSystem, "stat" | "realPath" | "isWritable">;
}

/** Lines looked at, from the end: a program says last why it gave up. */
const MOST_LINES = 400;
const MOST_PATHS = 20;
/** Writes that are told apart; a user is not asked for more at once. */
const MOST_DENIALS = 5;

/**
 * Whether the sandbox is why a confined command failed. Pure but for looking at the paths that the output names: what this process
 * could not write either is no denial. An exit code without a word is none.
 */
export async function findDenial(command: FailedCommand, context: DenialContext): Promise<Denial> {
  if (command.signal === "SIGSYS" || command.exitCode === EXIT_SIGSYS) return { denied: true, what: "system_call" };
  const complaints = complaintsIn(command.output);
  const ofFiles = complaints.filter(({ errno }) => errno !== "ENETUNREACH" && errno !== "RESOLVE");
  const network = networkDenial(complaints, context);
  const writes = await writeDenials(ofFiles, command, context);
  if (typeof writes === "object") return withAllPermissions(network === undefined ? writes : [network, ...writes]);
  return network ?? { denied: writes };
}

/** The first denial, with every permission that it would take when there are several. */
function withAllPermissions([first, ...others]: readonly [Denial, ...Denial[]]): Denial {
  const names = [first, ...others].flatMap(({ permission }) => permission ?? []);
  const needed = [...new Set(names)].filter((name) => !names.some((other) => other !== name && covers(other, name)));
  return needed.length > 1
    ? { ...first, permissions: needed }
    : { ...first, ...(needed[0] === undefined ? {} : { permission: needed[0] }) };
}

function covers(permission: string, other: string): boolean {
  const [folder, inner] = [permission, other].map((name) => (name.startsWith(WRITE_FOLDER) ? name.slice(WRITE_FOLDER.length) : undefined));
  if (inner === undefined) return false;
  return permission === "disk-full-write-access" || (folder !== undefined && isBelow(folder, inner));
}

const WRITE_FOLDER = "disk-write-folder=";

const EXIT_SIGSYS = 159;
/** What shells end with when a file is no program; writing to it may be refused with the very same words. */
const EXIT_NOT_EXECUTABLE = 126;

interface Complaint {
  readonly line: string;
  readonly errno: "EACCES" | "EPERM" | "EROFS" | "ENETUNREACH" | "RESOLVE";
}

const ERRNO_TEXTS: readonly (readonly [RegExp, Complaint["errno"]])[] = [
  [/read-only file system|\bEROFS\b|\[Errno 30\]/i, "EROFS"],
  [/network is unreachable|\bENETUNREACH\b|\[Errno 101\]/i, "ENETUNREACH"],
  [
    /could(?: not|n't) resolve (?:host|proxy|hostname)|temporary failure in name resolution|name or service not known|\bEAI_AGAIN\b|\bENOTFOUND\b|unable to resolve host|failed to lookup address/i,
    "RESOLVE",
  ],
  [/permission denied|\bEACCES\b|\[Errno 13\]/i, "EACCES"],
  [/operation not permitted|\bEPERM\b|\[Errno 1\]/i, "EPERM"],
];

function complaintsIn(output: string): readonly Complaint[] {
  const lines = output.split("\n").slice(-MOST_LINES);
  return lines.flatMap((line) => {
    // A login that was refused is the business of the other side.
    if (/permission denied \((?:publickey|password|keyboard)/i.test(line)) return [];
    const errno = ERRNO_TEXTS.find(([text]) => text.test(line))?.[1];
    return errno === undefined ? [] : [{ line: line.slice(0, 2000), errno }];
  });
}

const NETWORK_WORDS = /\b(?:sockets?|connect\w*|bind\w*|listen\w*|network|getaddrinfo|sendto|sendmsg|accept)\b|\/dev\/(?:tcp|udp)\//i;

function networkDenial(complaints: readonly Complaint[], { reach }: DenialContext): Denial | undefined {
  if (reach.network === "full") return undefined;
  const found = complaints.find(({ line, errno }) => {
    if (errno === "ENETUNREACH" || errno === "RESOLVE") return true;
    return errno === "EPERM" && NETWORK_WORDS.test(line);
  });
  if (found === undefined) return undefined;
  const address = addressIn(found.line);
  return { denied: true, what: "network", ...(address === undefined ? {} : { address }), permission: "network-full-access" };
}

function addressIn(line: string): string | undefined {
  const patterns = [
    /\b(https?:\/\/[^\s'"()]+)/,
    /\/dev\/(?:tcp|udp)\/([\w.:-]+\/\d+)/,
    /resolve (?:host|hostname|proxy)[:\s]+['"]?([\w.-]+)/i,
    /(?:getaddrinfo|lookup|EAI_AGAIN|ENOTFOUND)\s+(?:EAI_AGAIN\s+|ENOTFOUND\s+)?([\w-]+(?:\.[\w-]+)+)/,
    /\b(\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?)\b/,
    /\b([\w-]+(?:\.[\w-]+)+:\d+)\b/,
  ];
  for (const pattern of patterns) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found.replace(/[.,:;]+$/, "").slice(0, 200);
  }
  return undefined;
}

/** At least one denied write, the last one named first; or that there is none. */
async function writeDenials(
  complaints: readonly Complaint[],
  command: FailedCommand,
  context: DenialContext,
): Promise<readonly [Denial, ...Denial[]] | false | "unknown"> {
  if (context.reach.fullWrite) return complaints.some(({ errno }) => errno === "EPERM") ? "unknown" : false;
  const found: Denial[] = [];
  let doubtful = false;
  let looked = 0;
  for (const complaint of complaints.toReversed()) {
    const paths = pathsIn(complaint.line).map((path) => resolve(command.cwd, path));
    if (paths.length === 0 && complaint.errno !== "EACCES") doubtful = true;
    for (const path of paths) {
      if (++looked > MOST_PATHS || found.length === MOST_DENIALS) return atLeastOne(found) ?? "unknown";
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that the limit holds
      const verdict = await judge(path, { ...complaint, ran: command.exitCode === EXIT_NOT_EXECUTABLE }, context);
      if (verdict === "unknown") doubtful = true;
      if (verdict !== true) continue;
      // oxlint-disable-next-line no-await-in-loop
      found.push({ denied: true, what: "write", path, permission: await permissionFor(path, context) });
      // The other words of the line are of the same complaint.
      break;
    }
  }
  return atLeastOne(found) ?? (doubtful ? "unknown" : false);
}

function atLeastOne([first, ...others]: readonly Denial[]): readonly [Denial, ...Denial[]] | undefined {
  return first === undefined ? undefined : [first, ...others];
}

/** Whether the sandbox, and nothing else, kept `path` from being written. */
async function judge(
  path: string,
  { errno, line, ran }: Complaint & { readonly ran: boolean },
  { reach, fs }: DenialContext,
): Promise<boolean | "unknown"> {
  const real = await realPlace(path, fs);
  if (!isClosed(real, reach) || READS.test(line)) return false;
  const stat = await fs.stat(real).catch(() => undefined);
  // What is no program cannot be run, wherever it lies.
  if (errno === "EACCES" && stat?.kind === "file" && (stat.mode & 0o111) === 0 && (ran || RUNS.test(line))) return false;
  const writable = await (fs.isWritable?.(stat === undefined ? await existingFolder(real, fs) : real) ?? "unknown");
  if (writable !== true) return writable;
  return isTelling({ errno, line }, reach) ? true : "unknown";
}

/** Whether the words are those of a refusal by this sandbox. */
function isTelling({ errno, line }: Complaint, { backend }: SandboxReach): boolean {
  // Changing an owner, mounting and the like are refused to ordinary users everywhere.
  if (errno === "EPERM") return false;
  // A mount that cannot be written says so in other words, and a program or a shell that is refused says who it is or what it was about.
  return errno !== "EACCES" || (backend !== "bwrap" && !BARE.test(line));
}

function isClosed(real: string, reach: SandboxReach): boolean {
  const roots = reach.writableRoots.filter((root) => isBelow(root, real));
  // A repository may have been made since the session began.
  const kept = roots.every((root) => PROTECTED.test(real.slice(root.length)));
  return roots.length === 0 || kept || reach.protectedPaths.some((one) => isBelow(one, real));
}

const PROTECTED = /(?:^|\/)\.(?:git|codex|agents)(?:\/|$)/;
const CLOSED = /^.*?\/\.(?:git|codex|agents)(?=\/|$)/;
const RUNS = /cannot execute|spawn\b/i;
/** Reading is refused by no policy. */
const READS =
  /\bfor reading\b|cannot (?:read|access|stat|open directory)\b|^(?:cat|head|tail|less|more|grep|ls|find|stat|wc|od|diff|cmp|file|readlink|du): /i;
/** A path and the complaint, and nothing else. */
const BARE = /^\s*['"`]?[~./][^\s:]*['"`]?:\s*permission denied\.?\s*$/i;

/** The real path of what is there, or of what would be. */
async function realPlace(path: string, fs: DenialContext["fs"]): Promise<string> {
  const found = await fs.realPath(path).catch(() => undefined);
  if (found !== undefined || dirname(path) === path) return found ?? path;
  return resolve(await realPlace(dirname(path), fs), path.slice(dirname(path).length).replace(/^\/+/, ""));
}

async function existingFolder(path: string, fs: DenialContext["fs"]): Promise<string> {
  const folder = dirname(path);
  const stat = await fs.stat(folder).catch(() => undefined);
  return stat !== undefined || folder === path ? folder : existingFolder(folder, fs);
}

async function permissionFor(path: string, { fs }: DenialContext): Promise<string> {
  const real = await realPlace(path, fs);
  const stat = await fs.stat(real).catch(() => undefined);
  const existing = stat?.kind === "directory" ? real : await existingFolder(real, fs);
  // A protected name that does not exist yet: what lies above it is open already.
  const closed = CLOSED.exec(real)?.[0] ?? "";
  const folder = closed.length > existing.length ? closed : existing;
  return folder === "/" ? "disk-full-write-access" : `${WRITE_FOLDER}${folder}`;
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** What a line of an error message names: what stands in quotes, what has a slash in it, and the word before the complaint. */
function pathsIn(line: string): readonly string[] {
  const quoted = [...line.matchAll(/'([^']+)'|"([^"]+)"|`([^`']+)['`]|‘([^’]+)’/g)].map(
    (match) => match.slice(1).find((part) => part !== undefined) ?? "",
  );
  // Of "cannot copy A to B" B was to be written; A perhaps, too, when it was to be moved.
  const [, verb] = /\b(copy|move|rename|link)\b.*['"`’] to ['"`‘]/i.exec(line) ?? [];
  if (verb !== undefined) quoted.reverse();
  if (verb?.toLowerCase() === "copy") quoted.length = 1;
  const words = line.replaceAll(/'[^']*'|"[^"]*"|`[^`']*['`]|‘[^’]*’/g, " ").split(/[\s:;,()=]+/);
  const before = /([^\s:]+):\s*(?:permission denied|operation not permitted|read-only file system)(?:\s*\(os error \d+\))?\.?\s*$/i.exec(
    line,
  )?.[1];
  const named = [
    ...quoted,
    ...words.filter((word) => /^(?:\/|\.{1,2}\/|[\w.@-]+\/)/.test(word)),
    ...(before === undefined ? [] : [before.replaceAll(/^['"`‘]|['"`’]$/g, "")]),
  ];
  return [...new Set(named.filter((word) => word !== "" && word.length < 4096 && !word.includes("\0")))];
}

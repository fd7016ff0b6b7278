import { closeSync, constants, fstatSync, futimesSync, lstatSync, mkdirSync, openSync, readdirSync, rmdirSync } from "node:fs";
import { PLACEHOLDER_TIME as MARK } from "./placeholder-time.ts";
import type { Libc } from "./syscalls.ts";

/**
 * A mount needs something to lie on. For the time of a command an empty folder stands at each protected name that does not
 * exist, and a read-only mount lies on it. Sessions share these folders: each holds a shared lock, and who can turn his into the
 * only lock removes the folder.
 */
export interface Placeholders {
  /** The folders that exist now and are to be mounted read-only. */
  readonly paths: readonly string[];
  /** True while each of them still is the folder that was mounted, and empty. */
  readonly areIntact: () => boolean;
  /**
   * Gives them up and removes those that nobody else holds. What another program put into one stays; what stands in the place of
   * one that was removed stays and is returned, since the command may have put it there.
   */
  readonly release: () => string[];
}

/** Names that cannot be created (a read-only or foreign folder) are left out: the command cannot create them either. */
export function holdPlaceholders(paths: readonly string[], libc: Libc): Placeholders {
  const held = paths.flatMap((path) => holdOne(path, libc) ?? []);
  return {
    paths: held.map(({ path }) => path),
    areIntact: () => held.every(isIntact),
    release: () => held.flatMap((one) => releaseOne(one, libc)),
  };
}

/** True for an empty folder that stands in for a missing name, of whatever session. */
export function isPlaceholder(path: string): boolean {
  try {
    const stats = lstatSync(path);
    return stats.isDirectory() && secondsOf(stats.mtimeMs) === MARK && readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

interface Held {
  readonly path: string;
  /** Undefined: it was there before, made by someone else, and is only protected. */
  readonly descriptor?: number;
}

function holdOne(path: string, libc: Libc): Held | undefined {
  for (let attempt = 0; attempt <= LAST_ATTEMPT; attempt++) {
    const made = makeFolder(path);
    if (made === "refused") return undefined;
    const descriptor = openFolder(path);
    if (descriptor === undefined) {
      // Removed by its last holder in between, or not a folder.
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return { path };
      continue;
    }
    if (made === "made") futimesSync(descriptor, MARK, MARK);
    const locked = libc.lock(descriptor, "shared");
    if (locked && isStillThere(path, descriptor)) {
      if (isOurs(descriptor)) return { path, descriptor };
      // A moment old: another session may be about to mark it.
      if (attempt === LAST_ATTEMPT || !isFresh(descriptor)) {
        closeSync(descriptor);
        return { path };
      }
    }
    closeSync(descriptor);
  }
  throw new Error(`${path} could not be held`);
}

function isIntact({ path, descriptor }: Held): boolean {
  return descriptor !== undefined && isPlaceholder(path) && isStillThere(path, descriptor);
}

function releaseOne({ path, descriptor }: Held, libc: Libc): string[] {
  if (descriptor === undefined) return [];
  try {
    if (!isStillThere(path, descriptor)) return lstatSync(path, { throwIfNoEntry: false }) === undefined ? [] : [path];
    // A mount lay on it, so that this was another program.
    if (!isOurs(descriptor) || readdirSync(path).length > 0) return [];
    if (libc.lock(descriptor, "exclusive")) rmdirSync(path);
    return [];
  } catch {
    // Someone put something into it or took it away meanwhile.
    return [];
  } finally {
    closeSync(descriptor);
  }
}

function makeFolder(path: string): "made" | "there" | "refused" {
  try {
    mkdirSync(path, 0o755);
    return "made";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST" ? "there" : "refused";
  }
}

function openFolder(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
}

/** The folder was not removed and made again between opening and locking. */
function isStillThere(path: string, descriptor: number): boolean {
  const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  const held = fstatSync(descriptor, { bigint: true });
  return there !== undefined && there.dev === held.dev && there.ino === held.ino;
}

/** Left by a session that was killed, or held by one that runs. */
function isOurs(descriptor: number): boolean {
  return secondsOf(fstatSync(descriptor).mtimeMs) === MARK;
}

function isFresh(descriptor: number): boolean {
  return Math.abs(Date.now() - fstatSync(descriptor).ctimeMs) < 100;
}

const LAST_ATTEMPT = 20;

function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

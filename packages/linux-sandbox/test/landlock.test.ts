import { expect, test } from "vitest";
import { encodePathRule, encodeRuleset, readableEntries, rulesetFor, rulesFor } from "../src/landlock.ts";
import { planOf } from "./support/plans.ts";

const readOnly = planOf({});
const writable = planOf({ writableRoots: [{ path: "/w", dev: "1", ino: "2", born: "3", readOnly: [] }] });

test("the ruleset has the size and the rights that each version knows", () => {
  const hex = (abi: number): string => Buffer.from(encodeRuleset(rulesetFor(readOnly, abi), abi)).toString("hex");
  expect([1, 2, 3, 4, 5, 6, 7].map(hex)).toEqual([
    "ff1f000000000000",
    "ff3f000000000000",
    "ff7f000000000000",
    "ff7f0000000000000300000000000000",
    "ffff0000000000000300000000000000",
    "ffff00000000000003000000000000000300000000000000",
    "ffff00000000000003000000000000000300000000000000",
  ]);
});

test("full network leaves TCP alone, full write leaves files alone, and both keep the scopes", () => {
  expect(rulesetFor(planOf({ network: "full" }), 7)).toEqual({ handledFs: 0xffffn, handledNet: 0n, scoped: 3n });
  expect(rulesetFor(planOf({ fullWrite: true }), 7)).toEqual({ handledFs: 0n, handledNet: 3n, scoped: 3n });
  expect(rulesFor(planOf({ fullWrite: true }), 7, [])).toEqual([]);
});

test("everything but devices may be read, devices that do no harm be written", () => {
  const entries = [
    { path: "/etc", isFolder: true },
    { path: "/vmlinuz", isFolder: false },
  ];
  expect(rulesFor(readOnly, 7, entries).map(({ path, access }) => [path, access.toString(16)])).toEqual([
    ["/", "8"],
    ["/etc", "d"],
    ["/vmlinuz", "5"],
    ...["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx"].map((path) => [path, "c006"]),
    ["/dev/pts", "c00e"],
    ["/dev/shm", "c"],
  ]);
});

test("a root is writable but takes no device files, and shared memory comes with it", () => {
  expect(rulesFor(writable, 7, []).slice(9)).toEqual([
    { path: "/dev/shm", access: 0xf7bfn, optional: true },
    { path: "/w", access: 0xf7bfn, optional: false, root: { path: "/w", dev: "1", ino: "2", born: "3", readOnly: [] } },
  ]);
  expect(rulesFor(writable, 1, []).at(-1)?.access).toBe(0x17bfn);
});

test("a rule is packed without a gap between rights and descriptor", () => {
  expect(Buffer.from(encodePathRule(0xf7bfn, 258)).toString("hex")).toBe("bff700000000000002010000");
});

test("what may be read is everything in the root folder but the devices", () => {
  const entries = readableEntries();
  expect(entries.find(({ path }) => path === "/etc")).toEqual({ path: "/etc", isFolder: true });
  expect(entries.map(({ path }) => path)).not.toContain("/dev");
});

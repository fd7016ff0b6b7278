import { expect, test } from "vitest";
import type { SandboxReach } from "../../src/host/host.ts";
import { seatbeltArguments, seatbeltPolicy } from "../../src/sandbox/seatbelt.ts";

const READ_ONLY: SandboxReach = { network: "none", fullWrite: false, writableRoots: [], protectedPaths: [] };
const WORKSPACE: SandboxReach = {
  network: "none",
  fullWrite: false,
  writableRoots: ["/private/var/w", "/private/tmp"],
  protectedPaths: ["/private/var/w/.git", "/private/var/w/.codex"],
};

test("the words hand folders over as parameters, before the command", () => {
  const [program, flag, , ...rest] = seatbeltArguments(WORKSPACE, ["/bin/echo", "-p", 'a"b']);
  expect([program, flag, ...rest]).toEqual([
    "/usr/bin/sandbox-exec",
    "-p",
    "-DWRITABLE_ROOT_0=/private/var/w",
    "-DWRITABLE_ROOT_1=/private/tmp",
    "-DPROTECTED_PATH_0=/private/var/w/.git",
    "-DPROTECTED_PATH_1=/private/var/w/.codex",
    "--",
    "/bin/echo",
    "-p",
    'a"b',
  ]);
});

test("the policy text holds no path of the user's, whatever its name", () => {
  const hostile: SandboxReach = { ...WORKSPACE, writableRoots: ['/x") (allow default) ("'] };
  expect(seatbeltPolicy(hostile)).not.toContain("allow default");
});

test("a read-only policy lets no folder be written and no network be used", () => {
  expect(seatbeltPolicy(READ_ONLY)).toMatchSnapshot();
});

test("protected children are cut out of every writable folder", () => {
  expect(writePart(WORKSPACE)).toMatchInlineSnapshot(`
    "(allow file-write*
      (require-all (subpath (param "WRITABLE_ROOT_0")) (require-not (subpath (param "PROTECTED_PATH_0"))) (require-not (subpath (param "PROTECTED_PATH_1"))))
      (require-all (subpath (param "WRITABLE_ROOT_1")) (require-not (subpath (param "PROTECTED_PATH_0"))) (require-not (subpath (param "PROTECTED_PATH_1")))))
    "
  `);
});

test("full access to disk and network is allowed as a whole", () => {
  const text = seatbeltPolicy({ network: "full", fullWrite: true, writableRoots: [], protectedPaths: [] });
  expect(text).toContain('(allow file-write* (subpath "/"))');
  expect(text).toContain("(allow network-outbound)");
  expect(seatbeltPolicy(READ_ONLY)).not.toContain("network-outbound");
});

test.each([READ_ONLY, WORKSPACE])("every bracket of the text is closed", (reach) => {
  const text = seatbeltPolicy(reach)
    .replaceAll(/;.*$/gm, "")
    .replaceAll(/#?"[^"]*"/g, "");
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    expect(depth).toBeGreaterThanOrEqual(0);
  }
  expect(depth).toBe(0);
});

function writePart(reach: SandboxReach): string {
  return /\(allow file-write\*[^]*/.exec(seatbeltPolicy(reach))?.[0] ?? "";
}

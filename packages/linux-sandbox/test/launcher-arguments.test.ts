import { expect, test } from "vitest";
import { parseLauncherArguments } from "../src/launcher-arguments.ts";
import { fullAutoPolicy } from "../src/policy.ts";

const parse = (...argv: string[]): unknown => parseLauncherArguments(argv, "/base");
const run = (policy: unknown, command: string[], backend = "auto"): unknown => ({ type: "run", arguments: { policy, backend, command } });
const readOnly = { permissions: ["disk-full-read-access"] };

test("without options the command may read", () => {
  expect(parse("ls", "-l")).toEqual(run(readOnly, ["ls", "-l"]));
  expect(parse("--", "-odd", "--help")).toEqual(run(readOnly, ["-odd", "--help"]));
  expect(parse("ls", "--", "-s")).toEqual(run(readOnly, ["ls", "--", "-s"]));
});

test("permissions add up, in every spelling", () => {
  expect(parse("-s", "disk-write-cwd", "-sdisk-write-folder=out", "--sandbox-permission=network-full-access", "--", "true")).toEqual(
    run({ permissions: ["disk-write-cwd", { "disk-write-folder": { folder: "/base/out" } }, "network-full-access"] }, ["true"]),
  );
});

test("modes and --full-auto stand for sets of permissions", () => {
  expect(parse("--sandbox", "read-only", "true")).toEqual(run(readOnly, ["true"]));
  expect(parse("--sandbox=workspace-write", "true")).toEqual(run(fullAutoPolicy(), ["true"]));
  expect(parse("--full-auto", "--backend", "bwrap", "true")).toEqual(run(fullAutoPolicy(), ["true"], "bwrap"));
});

test("help and version are answered wherever they stand before the command", () => {
  expect([parse("--help"), parse("-s", "disk-write-cwd", "-h"), parse("--version"), parse("-V", "x")]).toEqual([
    { type: "help" },
    { type: "help" },
    { type: "version" },
    { type: "version" },
  ]);
});

test.each<[string[], string]>([
  [[], "There is no command to run."],
  [["--"], "There is no command to run."],
  [["--", ""], "There is no command to run."],
  [["-s"], "-s needs a value."],
  [["-s", "--", "true"], "-s needs a value."],
  [["--bogus", "true"], "`--bogus` is not an option. Put -- before a command that begins with a dash."],
  [["-s", "disk-write-cdw", "true"], "`disk-write-cdw` is not a permission. Did you mean `disk-write-cwd`?"],
  [["-s", "disk-write-folder=", "true"], "disk-write-folder needs a folder, as in disk-write-folder=build/out."],
  [["--sandbox", "strict", "true"], "`strict` is not a sandbox mode. The modes are read-only, workspace-write, danger-full-access."],
  [["--backend", "docker", "true"], "`docker` is not a backend. The backends are landlock, bwrap, auto."],
  [["--full-auto", "-s", "disk-write-cwd", "true"], "--full-auto stands for a set of permissions and cannot be given together with -s."],
  [["--full-auto", "--sandbox", "read-only", "true"], "--full-auto and --sandbox cannot be given together."],
])("%j is refused", (argv, message) => {
  expect(parse(...argv)).toEqual({ type: "error", message });
});

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeProcessIdentity } from "../../src/node/process-identity.ts";
import { fingerprint, temporaryName, type Journal } from "../../src/patch/journal.ts";
import { decidePatch } from "../../src/safety/decide.ts";
import { call, customCall, say } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture, type FixtureOptions } from "../support/session-fixture.ts";

const PATCH = "*** Begin Patch\n*** Update File: f\n@@\n-a\n+A\n@@\n-b\n+B\n*** End Patch";
const ASKING: FixtureOptions = {
  flags: { sandboxMode: "danger-full-access", approvalPolicy: "unless-allow-listed" },
  prepare: ({ cwd }) => writeFile(join(cwd, "f"), "a\nb\n"),
};

test("a patch that a crash cut off is taken back when the next session opens, which says so first", async () => {
  const [machine = "", , ...rest] = nodeProcessIdentity().id.split("-");
  const token = "a1b2c3d4e5";
  const fixture = await openFixture([], {
    async prepare({ cwd, home }) {
      const path = join(cwd, "f");
      const entry = { type: "update" as const, path, now: fingerprint(Buffer.from("new\n")), before: fingerprint(Buffer.from("old\n")) };
      const journal: Journal = { version: 1, cwd, token, steps: [entry] };
      await mkdir(join(home, "patch-journal"));
      await writeFile(join(home, "patch-journal", `${token}_${[machine, "00000000", ...rest].join("-")}.undo`), JSON.stringify(journal));
      await writeFile(path, "new\n");
      await writeFile(join(cwd, temporaryName(token, 0, "old")), "old\n");
    },
  });
  expect(await readFile(join(fixture.cwd, "f"), "utf8")).toBe("old\n");
  expect(fixture.events.slice(0, 2).map(({ msg }) => msg)).toMatchObject([
    { type: "session_configured" },
    { type: "warning", message: `A patch in ${fixture.cwd} had been cut off before it was whole, and was taken back (1 path).` },
  ]);
});

test("a patch changes nothing in Codex home on its own, and no settings where that is the working directory", async () => {
  const patch = (path: string): string => `*** Begin Patch\n*** Add File: ${path}\n+x\n*** End Patch`;
  const paths = ["../home/rules/a.rules", "../home/new", "../other"];
  const options: FixtureOptions = { flags: { sandboxMode: "workspace-write", approvalPolicy: "never" } };
  const fixture = await openFixture([...paths.map((path, i) => customCall("apply_patch", patch(path), `p${i}`)), say("ok")], options);
  await fixture.ask("go");
  const declined = fixture.ofType("tool_call_declined").map(({ call_id, decision }) => [call_id, decision.layer]);
  expect(declined).toEqual([
    ["p0", "sandbox_policy"],
    ["p1", "sandbox_policy"],
  ]);
  const closed = ["/home", "/home/rules", "/home/config.toml"];
  const decided = ["/home/rules/a", "/home/config.toml", "/home/notes"].map(
    (path) =>
      decidePatch({
        approvalPolicy: "never",
        sandboxPolicy: { permissions: ["disk-write-cwd"] },
        paths: [{ path, locations: [path] }],
        writableRoots: ["/home"],
        grantedRoots: [],
        closedPlaces: closed,
        canAsk: false,
      }).verdict,
  );
  expect(decided).toEqual(["reject", "reject", "allow"]);
});

test("a submitted answer may approve some hunks; the model is told which were applied and which were not", async () => {
  const fixture = await openFixture([customCall("apply_patch", PATCH, "p"), say("ok")], ASKING);
  const end = fixture.ask("go");
  const request = await fixture.next("apply_patch_approval_request");
  expect(request.hunks).toMatchObject([{ id: "1.1", unified_diff: "@@ -1,2 +1,2 @@\n-a\n+A\n b\n" }, { id: "1.2" }]);
  fixture.session.submit({ type: "patch_approval", call_id: "p", decision: "approved", approved_hunks: ["1.2"] });
  expect((await fixture.next("tool_call_allowed")).decision.reason).toBe("It was approved, hunk 1.2 of the patch.");
  await end;
  expect(await readFile(join(fixture.cwd, "f"), "utf8")).toBe("a\nB\n");
  const [output] = inputOf(fixture, 1).filter((item) => item["type"] === "custom_tool_call_output");
  expect(String(output?.["output"])).toMatch(/Applied: hunk 1\.2 .*\nDeclined, and not written: hunk 1\.1 /);
});

test("the host's handler may do the same", async () => {
  const fixture = await openFixture([customCall("apply_patch", PATCH, "p"), say("ok")], {
    ...ASKING,
    host: {
      approve: async (request) => ({
        decision: "approved",
        approved_hunks: request.type === "apply_patch_approval_request" ? ["1.1"] : [],
      }),
    },
  });
  await fixture.ask("go");
  expect(await readFile(join(fixture.cwd, "f"), "utf8")).toBe("A\nb\n");
});

test("a patch for a folder that is not there is refused as the shell would refuse the way into it", async () => {
  const script = "cd missing && apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: f\n+x\n*** End Patch\nEOF\n";
  const fixture = await openFixture([call("shell", { command: ["bash", "-lc", script] }, "c"), say("ok")]);
  await fixture.ask("go");
  const [output] = inputOf(fixture, 1).filter((item) => item["type"] === "function_call_output");
  expect(output?.["output"]).toBe(`There is no folder ${join(fixture.cwd, "missing")}, so nothing was done.`);
});

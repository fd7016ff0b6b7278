import { expect, test } from "vitest";
import { call, say } from "../../src/testing/scripted-turn.ts";
import { inputOf, openFixture } from "../support/session-fixture.ts";

test("override_turn_context holds from the next task on, and the model is told what changed", async () => {
  const fixture = await openFixture([say("one"), call("shell", { command: ["touch", "made"] }, "c1"), say("two")]);
  await fixture.ask("first");
  fixture.session.submit({ type: "override_turn_context", model: "gpt-5", approval_policy: "never", sandbox_mode: "read-only" });
  expect(fixture.ofType("session_configured").map(({ model, sandbox_policy }) => ({ model, sandbox_policy }))).toEqual([
    { model: fixture.config.model, sandbox_policy: { permissions: [...fixture.config.sandboxPolicy.permissions] } },
    { model: "gpt-5", sandbox_policy: { permissions: ["disk-full-read-access"] } },
  ]);
  await fixture.ask("second");
  expect(fixture.model.requests.map(({ body }) => body["model"])).toEqual([fixture.config.model, "gpt-5", "gpt-5"]);
  expect(JSON.stringify(inputOf(fixture, 1))).toContain(String.raw`<sandbox_permissions>[\"disk-full-read-access\"]</sandbox_permissions>`);
  const [end] = fixture.ofType("exec_command_end");
  const [declined] = fixture.ofType("tool_call_declined");
  expect(declined !== undefined || end?.exit_code !== 0).toBe(true);
});

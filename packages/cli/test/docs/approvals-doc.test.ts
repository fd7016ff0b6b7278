import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer, call, readAnswer, say } from "@codex/core";
import { describe, expect, test } from "vitest";
import { EXEC_EVENT } from "../../src/exec/events.ts";
import { eventsOf, openPlace } from "../process/codex-process.ts";

const text = readFileSync(new URL("../../../../docs/approvals.md", import.meta.url), "utf8");

describe("docs/approvals.md", () => {
  test("has a program that answers as it says", async () => {
    const program = /<!-- approver: run by a test -->\n```js\n([^]*?)```/u.exec(text)?.[1] ?? "";
    const bash = (script: string, id: string) => call("shell", { command: ["bash", "-c", script] }, id);
    await using place = await openPlace([answer([bash("npm test", "a")]), bash("npm test", "b"), bash("npm publish", "c"), say("Done.")]);
    writeFileSync(join(place.cwd, "package.json"), '{"scripts":{"test":"echo tested"}}');
    writeFileSync(join(place.cwd, "approve.mjs"), program);
    chmodSync(join(place.cwd, "approve.mjs"), 0o755);
    const finished = await place.run(
      ["exec", "--json", "-a", "untrusted", "--sandbox", "danger-full-access", "--approvals", "command:./approve.mjs", "go"],
      { env: { PATH: process.env["PATH"] } },
    );
    const events = eventsOf(finished);
    expect(events.flatMap((event) => (event.type === "approval.requested" ? [event.request.call_id] : []))).toEqual(["a", "c"]);
    expect(events.at(-1)).toMatchObject({ declined: [{ call_id: "c", reason: "Only the tests and the linter may run here." }] });
    expect(
      events.filter((event) => event.type === "item.completed" && event.item.type === "command_execution" && event.item.exit_code === 0),
    ).toHaveLength(2);
  });

  test("shows questions and answers as they are", () => {
    const blocks = [...text.matchAll(/```json\n([^`]*)```/gu)].map(([, block = ""]) => JSON.parse(block) as unknown);
    const [question] = blocks.splice(2, 1);
    expect(EXEC_EVENT.parse(question)).toEqual(question);
    const answers = blocks.map((block) => readAnswer(block));
    // `call_id` only finds the question.
    expect(answers).toEqual(blocks.map((block) => ({ ok: true, answer: { ...(block as object), call_id: undefined } })));
    expect(blocks).toHaveLength(3);
    const grants = [...text.matchAll(/^\| `(\{"type".*?\})` \|/gmu)].map(([, grant = ""]) => JSON.parse(grant) as unknown);
    expect(grants).toHaveLength(4);
    expect(readAnswer({ decision: "approved", grants })).toEqual({ ok: true, answer: { decision: "approved", grants } });
  });
});

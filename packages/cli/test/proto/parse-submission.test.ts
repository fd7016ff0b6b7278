import { expect, test } from "vitest";
import { parseSubmission } from "../../src/proto/parse-submission.ts";

test.each<[string, string]>([
  ["hi", "not JSON (Unexpected token 'h', \"hi\" is not valid JSON)"],
  ["[1]", "expected object, found [1]"],
  ['{"op":{"type":"interrupt"}}', "id: expected string, found nothing"],
  ['{"id":"1"}', "op: expected object, found nothing"],
  [
    '{"id":"1","op":{"type":"stop"}}',
    'op.type: expected one of user_input, interrupt, exec_approval, patch_approval, mcp_approval, elicitation_answer, override_turn_context, thread_rollback, shutdown, found "stop"',
  ],
  ['{"id":"1","op":{"type":"user_input","items":"hi"}}', 'op.items: expected array, found "hi"'],
  [
    '{"id":"1","op":{"type":"exec_approval","decision":"yes"}}',
    'op.decision: expected one of approved, approved_for_session, denied, abort, found "yes"',
  ],
  [
    '{"id":"1","op":{"type":"user_input","items":[{"type":"text","text":"a"},{"type":"pdf"}]}}',
    'op.items.1.type: expected one of text, image, local_image, found "pdf"',
  ],
])("the line %s is refused with the place and what was expected", (line, message) => {
  expect(parseSubmission(Buffer.from(line))).toEqual({ ok: false, message });
});

test("a line that is a submission is taken, and a blank one passed over", () => {
  expect(parseSubmission(Buffer.from('{"id":"1","op":{"type":"interrupt"}}'))).toEqual({
    ok: true,
    submission: { id: "1", op: { type: "interrupt" } },
  });
  expect(parseSubmission(Buffer.from("  \r"))).toBeUndefined();
});

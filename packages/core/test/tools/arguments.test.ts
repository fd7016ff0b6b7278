import { expect, test } from "vitest";
import * as z from "zod/mini";
import { parseArguments } from "../../src/tools/arguments.ts";

const SCHEMA = z.object({
  command: z.union([z.array(z.string()), z.string()]),
  mode: z.optional(z.enum(["fast", "slow"])),
  count: z.optional(z.number()),
});

test.each([
  ["", "command: expected a list or a string, found nothing"],
  ["null", "the arguments: expected an object, found null"],
  ['{"command": 5}', "command: expected a list or a string, found 5"],
  ['{"command": {}}', "command: expected a list or a string, found an object"],
  ['{"command": "ls", "mode": "quick"}', 'mode: expected one of "fast", "slow", found "quick"'],
  ['{"command": "ls", "count": []}', "count: expected a number, found a list"],
])("the model is told what was expected in place of %s", (text, fault) => {
  const call = { type: "function_call", call_id: "c", name: "tool", arguments: text } as const;
  expect(parseArguments(call, SCHEMA)).toEqual({ ok: false, message: `The arguments of tool have the wrong shape. ${fault}.` });
});

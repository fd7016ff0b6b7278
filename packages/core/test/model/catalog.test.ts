import { expect, test } from "vitest";
import { modelInfo } from "../../src/model/catalog.ts";
import { retryAfterOf, waitNamedIn } from "../../src/model/retry-after.ts";

test.each([
  ["gpt-5.5-codex", { known: true, reasoning: true, applyPatch: "freeform", contextWindow: 272_000 }],
  ["openai/gpt-5-mini", { known: true, reasoning: true, applyPatch: "freeform" }],
  ["gpt-5-chat-latest", { known: true, reasoning: false, applyPatch: "function" }],
  ["gpt-oss:20b", { known: true, reasoning: true, applyPatch: "function" }],
  ["gpt-4.1-nano", { known: true, reasoning: false, contextWindow: 1_047_576 }],
  ["o3-pro", { known: true, reasoning: true, verbosity: false }],
  ["o365", { known: false }],
  ["gpt-50", { known: false, reasoning: false, applyPatch: "function", contextWindow: 128_000 }],
] as const)("%s is looked up by its family", (slug, info) => {
  expect(modelInfo(slug)).toMatchObject(info);
});

test.each([
  ["try again in 1.5s", 1500],
  ["Please retry after 20 seconds.", 20_000],
  ["try again in 6m0s", 360_000],
  ["try again in 20ms.", 20],
  ["try again in 1 hour, 2 minutes", 3_720_000],
  ["try again later", undefined],
])("the wait named in %j is %s ms", (text, ms) => {
  expect(waitNamedIn(text)).toBe(ms);
});

test.each([
  [{ "retry-after": "1.5" }, 1500],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "Thu, 01 Jan 1970 00:00:01 GMT" }, 0],
  [{}, undefined],
])("the wait in headers %j is %s ms", (headers, ms) => {
  expect(retryAfterOf(headers, 5000)).toBe(ms);
});

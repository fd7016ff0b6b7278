// How long the validator takes for a list of 500 tools, beside the JSON parser and the SDK's schema. Prints JSON, ms.
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { checkListToolsResult } from "../dist/index.js";

const property = (index) => [`argument${index}`, { type: "string", description: `What the argument ${index} of the tool is good for.` }];
const tools = Array.from({ length: 500 }, (_, index) => ({
  name: `tool_${index}`,
  title: `Tool ${index}`,
  description: "Does one thing with its arguments and says what came of it.",
  inputSchema: { type: "object", properties: Object.fromEntries([1, 2, 3, 4].map(property)), required: ["argument1"] },
  annotations: { readOnlyHint: true, openWorldHint: false },
}));
const text = JSON.stringify({ tools });
const value = JSON.parse(text);

const subjects = {
  "JSON.parse": () => JSON.parse(text),
  ours: () => checkListToolsResult(value),
  sdk: () => ListToolsResultSchema.safeParse(value),
};
const figures = Object.entries(subjects).map(([name, run]) => {
  const times = Array.from({ length: 100 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  const first = times[0];
  times.sort((a, b) => a - b);
  return [name, { first: Number(first.toFixed(3)), median: Number(times[50].toFixed(3)) }];
});
console.log(JSON.stringify({ bytes: text.length, ...Object.fromEntries(figures) }, null, 2));

// What importing the client and its types costs a program, beside the SDK's client; each import in a fresh process, in turns. Prints JSON, ms.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const RUNS = 11;
const here = fileURLToPath(new URL(".", import.meta.url));
const subjects = {
  nothing: [],
  ours: ["@codex/mcp-types", "../dist/index.js"],
  sdk: ["@modelcontextprotocol/sdk/client/index.js", "@modelcontextprotocol/sdk/client/stdio.js"],
};
const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, modules] of Object.entries(subjects)) {
    const program = `const t = performance.now(); ${modules.map((module) => `await import(${JSON.stringify(module)});`).join(" ")} console.log(performance.now() - t);`;
    times[name].push(Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: here, encoding: "utf8" })));
  }
}
const median = (values) => Number(values.toSorted((a, b) => a - b)[RUNS >> 1].toPrecision(3));
console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)])), null, 2));

// @ts-check
// Holds every package.json and every import of every source against layers.json; exits 1 with one line per fault.
// Usage: node scripts/check-layers.mjs [--root DIR]
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { layerFaults } from "./layers/layer-faults.mjs";

const { values } = parseArgs({ options: { root: { type: "string" } } });
const faults = layerFaults(values.root ?? fileURLToPath(new URL("..", import.meta.url)));
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

import { createHash } from "node:crypto";

/** The longest name of a tool that models take. */
const MAX_LENGTH = 64;
const HASH_LENGTH = 12;

/**
 * What the model calls the tool: `mcp__<server>__<tool>`, at most 64 letters, digits, `_` and `-`. Two pairs never share a name, and a
 * name depends on its pair alone: where the plain form does not fit or could be another pair's, it ends in a hash of the pair.
 */
export function qualifyToolName(server: string, tool: string): string {
  const plain = `mcp__${server}__${tool}`;
  if (isUnambiguous(server, tool) && plain.length <= MAX_LENGTH) return plain;
  const hash = createHash("sha256")
    .update(JSON.stringify([server, tool]))
    .digest("hex")
    .slice(0, HASH_LENGTH);
  const readable = plain.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, MAX_LENGTH - HASH_LENGTH - 1);
  return `${readable}_${hash}`;
}

/** Whether the plain form leads back to this pair only: the server ends at the first `__`, and nothing looks like a hash. */
function isUnambiguous(server: string, tool: string): boolean {
  const allowed = /^[a-zA-Z0-9_-]+$/;
  return allowed.test(server) && allowed.test(tool) && !/__|_$/.test(server) && !/_[0-9a-f]{12}$/.test(tool);
}

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const EXAMPLE = fileURLToPath(new URL("../embed", import.meta.url));
const CORE = fileURLToPath(new URL("../../packages/core", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-embed-"));
  await cp(EXAMPLE, join(folder, "app"), { recursive: true, filter: (path) => !path.includes("node_modules") });
  await mkdir(join(folder, "app/node_modules/@codex"), { recursive: true });
  await symlink(CORE, join(folder, "app/node_modules/@codex/core"), "junction");
  await mkdir(join(folder, "work"));
});
afterEach(() => rm(folder, { recursive: true }));

async function runExample(program: string): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env["PATH"], HOME: folder };
  return promisify(execFile)(process.execPath, [join(folder, "app", program), join(folder, "work")], { env });
}

test("run: the model uses the program's own tool, and a patch is applied because the program approved it", async () => {
  expect(await runExample("run.mjs")).toEqual({
    stdout: "… order_status\n… apply_patch\nOrder 7 is on its way and arrives on Friday. I noted it in order-7.md.\n330 tokens\n",
    stderr: "",
  });
  expect(await readFile(join(folder, "work/order-7.md"), "utf8")).toBe("Order 7: shipped, arrives on Friday.\n");
});

test("session: two turns of one session are read from its events", async () => {
  expect(await runExample("session.mjs")).toEqual({ stdout: "Four.\nBecause two and two make four.\n", stderr: "" });
});

import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOutputPipes, type OutputPipe, type OutputPipes } from "../../src/node/output-pipe.ts";

let folder: string;
let pipes: OutputPipes;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "output-pipe-test-"));
  pipes = createOutputPipes(folder);
});
afterEach(async () => {
  await pipes.close();
  rmSync(folder, { recursive: true, force: true });
});

test("what was written can be had without waiting for the event loop", async () => {
  const pipe = await open();
  const seen: string[] = [];
  pipe.read(
    (chunk) => seen.push(Buffer.from(chunk).toString()),
    () => undefined,
  );
  writeSync(pipe.writeFd, "written");
  pipe.readRest();
  pipe.readRest();
  expect(seen).toEqual(["written"]);
  pipe.closeWriteEnd();
  pipe.readRest();
  pipe.close();
});

test("what a killed process has left goes when the next one makes pipes", async () => {
  const { pid } = spawnSync("true");
  const [left, living, others] = [`codex-pipes-${pid}-abcdef`, `codex-pipes-${process.pid}-abcdef`, "codex-pipes-other"];
  for (const name of [left, living, others]) mkdirSync(join(folder, name));
  (await open()).close();
  await pipes.close();
  expect(readdirSync(folder)).toEqual([living, others]);
});

// Names of open files are read from /proc.
test.runIf(process.platform === "linux")("a pipe is used again only after its end was seen", async () => {
  const ended = await open();
  const end = new Promise<void>((resolve) => ended.read(() => undefined, resolve));
  ended.closeWriteEnd();
  await end;
  ended.close();
  const [folderOfPipes = ""] = readdirSync(folder);
  expect(readdirSync(join(folder, folderOfPipes))).toHaveLength(4);
  const held = await open();
  const holder = openSync(readlinkSync(`/proc/self/fd/${held.writeFd}`), "w");
  writeSync(holder, "left over");
  held.close();
  const others = await Promise.all(Array.from({ length: 8 }, open));
  const seen: string[] = [];
  for (const pipe of others) {
    pipe.read(
      (chunk) => seen.push(Buffer.from(chunk).toString()),
      () => undefined,
    );
    pipe.readRest();
    pipe.close();
  }
  closeSync(holder);
  expect(seen).toEqual([]);
});

async function open(): Promise<OutputPipe> {
  const pipe = await pipes.acquire();
  if (pipe === undefined) throw new Error("no named pipes here");
  return pipe;
}

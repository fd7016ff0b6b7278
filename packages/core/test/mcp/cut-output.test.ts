import { readdir, readFile, stat, utimes, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cutOutput } from "../../src/mcp/cut-output.ts";
import type { Config } from "../../src/config/config.ts";
import type { ContentPart } from "../../src/protocol/item.ts";
import { testHost } from "../cassette/test-host.ts";
import { temporaryFolder } from "./mcp-fixture.ts";

const IMAGE: ContentPart = { type: "input_image", image_url: "data:image/png;base64,AAAA" };
const text = (value: string): ContentPart => ({ type: "input_text", text: value });

async function open(tokens = 500) {
  const codexHome = await temporaryFolder();
  const config = { codexHome, toolOutputTokenLimit: tokens } as Config;
  return { folder: join(codexHome, "mcp-output"), cut: (parts: readonly ContentPart[]) => cutOutput(parts, { config, host: testHost() }) };
}

test("what fits is passed on: as text alone, as parts where there are images, and nothing is kept", async () => {
  const { folder, cut } = await open();
  expect(await cut([text("a"), text("b")])).toBe("a\nb");
  expect(await cut([text("a"), IMAGE])).toEqual([text("a"), IMAGE]);
  await expect(stat(folder)).rejects.toThrow("ENOENT");
});

test("an image is never cut, and a short text beside a long one stays whole", async () => {
  const { folder, cut } = await open();
  const parts = (await cut([text("short"), IMAGE, text("long\n".repeat(100_000))])) as readonly ContentPart[];
  expect(parts.slice(0, 2)).toEqual([text("short"), IMAGE]);
  expect(parts.map((part) => (part.type === "input_image" ? 0 : part.text.length)).reduce((sum, length) => sum + length)).toBeLessThan(
    2500,
  );
  const [file = ""] = await readdir(folder);
  expect(await readFile(join(folder, file), "utf8")).toBe(`short\n${"long\n".repeat(100_000)}`);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test("what was kept longer than a week ago is removed", async () => {
  const { folder, cut } = await open();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "old.txt"), "");
  await writeFile(join(folder, "new.txt"), "");
  const old = Date.now() / 1000 - 8 * 24 * 60 * 60;
  await utimes(join(folder, "old.txt"), old, old);
  await cut([text("x".repeat(100_000))]);
  const left = await readdir(folder);
  expect(left).toHaveLength(2);
  expect(left).not.toContain("old.txt");
});

test("where nothing can be written the text is cut all the same, and says so", async () => {
  const { folder, cut } = await open();
  await writeFile(folder, "a file in the way");
  expect(await cut([text("x".repeat(100_000))])).toMatch(/\[The whole output could not be kept: /);
});

import { execFileSync } from "node:child_process";
import { PLACEHOLDER_TIME } from "@codex/linux-sandbox";
import { mkdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generator } from "./random-patch.ts";
import { openWorkspace, patchOf } from "./workspace.ts";

describe("line ends of new files", () => {
  it("are those that .gitattributes asks for, the nearer and the later line winning", async () => {
    await using workspace = await openWorkspace({
      ".gitattributes":
        '* text=auto\n*.bat eol=crlf\n"with space.txt" text eol=crlf\n/top.sln text eol=crlf\n[attr]dos text eol=crlf\n*.dos dos\n',
      "sub/.gitattributes": "*.bat eol=lf\ndeep/**/x.txt eol=crlf\n*.bin binary eol=crlf\n",
    });
    mkdirSync(join(workspace.root, ".git"));
    const paths = [
      "a.bat",
      "with space.txt",
      "top.sln",
      "sub/top.sln",
      "b.dos",
      "plain.txt",
      "sub/a.bat",
      "sub/deep/1/2/x.txt",
      "sub/q.bin",
    ];
    await workspace.apply(patchOf(...paths.flatMap((path) => [`*** Add File: ${path}`, "+one", "+two"])));
    const found = await Promise.all(paths.map(async (path) => [path, await workspace.read(path)]));
    expect(Object.fromEntries(found)).toEqual({
      "a.bat": "one\r\ntwo\r\n",
      "with space.txt": "one\r\ntwo\r\n",
      "top.sln": "one\r\ntwo\r\n",
      "sub/top.sln": "one\ntwo\n",
      "b.dos": "one\r\ntwo\r\n",
      "plain.txt": "one\ntwo\n",
      "sub/a.bat": "one\ntwo\n",
      "sub/deep/1/2/x.txt": "one\r\ntwo\r\n",
      "sub/q.bin": "one\ntwo\n",
    });
  });

  it("follow attributes that the same patch makes, and none outside of a repository", async () => {
    await using workspace = await openWorkspace();
    const patch = patchOf("*** Add File: .gitattributes", "+*.txt eol=crlf", "*** Add File: x.txt", "+x");
    await workspace.apply(patch);
    expect(await workspace.read("x.txt")).toBe("x\n");
    mkdirSync(join(workspace.root, ".git"));
    // The empty folder that a sandbox puts in the place of a missing .git makes no repository.
    utimesSync(join(workspace.root, ".git"), PLACEHOLDER_TIME, PLACEHOLDER_TIME);
    await workspace.apply(patchOf("*** Add File: y.txt", "+y"));
    expect(await workspace.read("y.txt")).toBe("y\n");
    utimesSync(join(workspace.root, ".git"), 1, 1);
    await workspace.apply(patchOf("*** Delete File: .gitattributes", "*** Delete File: x.txt"));
    await workspace.apply(patch);
    expect(await workspace.read("x.txt")).toBe("x\r\n");
  });

  it("are as git itself reads them, for random attributes", async () => {
    const random = generator(4711);
    const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
    const parts = ["*", "**", "a", "b", "a*", "*.txt", "?.txt", "[a-c]*", "[!a].txt", "x.txt", "\\a"];
    const settings = [
      "text",
      "-text",
      "!text",
      "text=auto",
      "eol=crlf",
      "eol=lf",
      "-eol",
      "!eol",
      "binary",
      "mine",
      "-mine",
      "text eol=crlf",
    ];
    const pattern = (): string => (random(4) === 0 ? "/" : "") + Array.from({ length: 1 + random(3) }, () => pick(parts)).join("/");
    const lines = (): string => Array.from({ length: 1 + random(5) }, () => `${pattern()} ${pick(settings)} ${pick(settings)}\n`).join("");
    const paths = ["x.txt", "a.txt", "a/x.txt", "a/b/x.txt", "b/a/a.txt", "a/b/a/b.txt", "b/ab.txt"].map((path) => `new/${path}`);
    for (let round = 0; round < 30; round++) {
      await using workspace = await openWorkspace({
        ".gitattributes": `[attr]mine text eol=crlf\n${lines()}`,
        "new/.gitattributes": lines(),
        "new/a/.gitattributes": lines(),
      });
      const git = (...args: string[]): string =>
        execFileSync("git", args, { cwd: workspace.root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      git("init", "-q");
      await workspace.apply(patchOf(...paths.flatMap((path) => [`*** Add File: ${path}`, "+line"])));
      const attributes = new Map<string, string>();
      for (const line of git("check-attr", "text", "eol", "--", ...paths)
        .trim()
        .split("\n")) {
        const [path = "", name = "", value = ""] = line.split(": ");
        attributes.set(`${path} ${name}`, value);
      }
      for (const path of paths) {
        const wanted = attributes.get(`${path} eol`) === "crlf" && attributes.get(`${path} text`) !== "unset";
        expect({ round, path, content: await workspace.read(path), attributes: await workspace.read(".gitattributes") }).toMatchObject({
          content: wanted ? "line\r\n" : "line\n",
        });
      }
    }
  });
});

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { REPOSITORY } from "./temporary-tree.ts";

const documents = ["CONTRIBUTING.md", "AGENTS.md", "docs/architecture.md"];

describe.each(documents)("%s", (document) => {
  const text = readFileSync(join(REPOSITORY, document), "utf8");

  test("links to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !existsSync(join(REPOSITORY, dirname(document), target)))).toEqual([]);
  });

  test("names sources that exist", () => {
    const sources = [...text.matchAll(/`((?:packages\/)?(?:core|cli)\/(?:src|test)[^`]*)`/g)].map(([, path = ""]) =>
      path.replace(/^packages\//, ""),
    );
    expect(sources.filter((path) => !existsSync(join(REPOSITORY, "packages", path)))).toEqual([]);
  });

  test("names scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/(?:`|npx -y )pnpm(?:@[\d.]+)? ([a-z:]+)/g)].map(([, script = ""]) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});

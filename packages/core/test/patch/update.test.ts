import { describe, expect, it } from "vitest";
import { openWorkspace, patchOf } from "./workspace.ts";

/** The content of a one-file workspace after an update, or the error. Bytes in and out are Latin-1. */
async function update(before: string, ...lines: string[]): Promise<string> {
  await using workspace = await openWorkspace({ f: Buffer.from(before, "latin1") });
  const output = await workspace.apply(patchOf("*** Update File: f", ...lines));
  const after = await workspace.bytes("f");
  if (output === "Success. Updated the following files:\nM f\n") return after;
  return after === before ? output : `changed by a refused patch: ${after}`;
}

/** UTF-8 text as the byte string that `update` takes and gives. */
function utf8(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

describe("finding a hunk's place", () => {
  it("takes the exact place before one that agrees only loosely", async () => {
    expect(await update("  x\ny\nx\ny\n", "@@", "-x", "+z")).toBe("  x\ny\nz\ny\n");
  });

  it.each([
    ["trailing white space", "foo  \t\nbar\n", " foo", "foo  \t\nnew\n"],
    ["leading white space", "\t\tfoo\nbar\n", " foo", "\t\tfoo\nnew\n"],
    ["dashes", utf8("a \u2013 b\nbar\n"), " a - b", utf8("a \u2013 b\nnew\n")],
    ["quotes", utf8("\u201cit\u2019s\u201d\nbar\n"), ' "it\'s"', utf8("\u201cit\u2019s\u201d\nnew\n")],
    ["no-break spaces", utf8("x\u00a0y\nbar\n"), " x y", utf8("x\u00a0y\nnew\n")],
    ["next line as white space", utf8("foo\u0085\nbar\n"), " foo", utf8("foo\u0085\nnew\n")],
    ["bytes that are not UTF-8", "caf\xe9\nbar\n", " caf\ufffd", "caf\xe9\nnew\n"],
  ])("looks past %s, and keeps the file's own bytes", async (_name, before, ...[context, after]) => {
    expect(await update(before, "@@", context, "-bar", "+new")).toBe(after);
  });

  it.each(["\u2026", "\u200b", "\u2032", "e\u0301"])("does not fold %j", async (character) => {
    const plain = { "\u2026": "...", "\u200b": "", "\u2032": "'", "e\u0301": "\u00e9" }[character] ?? "";
    expect(await update(utf8(`a${character}b\n`), "@@", `-a${plain}b`, "+c")).toMatch(/^error: Hunk 1 of f/);
  });

  it("goes below the @@ line, which may be given loosely and repeatedly", async () => {
    const before = "class A:\n  def f():\n    pass\nclass B:\n  def f():\n    pass\n";
    expect(await update(before, "@@ class B:", "@@ def f():", "-    pass", "+    return 1")).toBe(
      "class A:\n  def f():\n    pass\nclass B:\n  def f():\n    return 1\n",
    );
  });

  it("ignores a git range that is no line of the file", async () => {
    expect(await update("a\nb\n", "@@ -1,2 +1,2 @@", " a", "-b", "+c")).toBe("a\nc\n");
  });

  it("finds hunks in the order of the file only", async () => {
    expect(await update("a\nb\n", "@@", "-b", "+B", "@@", "-a", "+A")).toBe(
      "error: Hunk 2 of f (line 6 of the patch) does not fit the file. Its lines stand at line 1, which is not after line 2, where the search begins: " +
        'hunks go in the order of the file, and a hunk starts below its "@@" line.',
    );
  });

  it("refuses a hunk that fits in several places and lists them", async () => {
    expect(await update("x\na\nx\nb\nx\n", "@@", "-x", "+y")).toBe(
      "error: Hunk 1 of f (line 3 of the patch) fits equally well at several places of the file: lines 1, 3, 5. Say which is meant: " +
        'add unchanged lines around it, or put "@@ TEXT" before it, where TEXT is a whole line that comes earlier in the file.',
    );
  });

  it.each([
    ["a line before it", ["@@", " b", "-x", "+y"], "x\na\nx\nb\ny\n"],
    ["an @@ line", ["@@ a", "-x", "+y"], "x\na\ny\nb\nx\n"],
    ["the end of the file", ["@@", "-x", "+y", "*** End of File"], "x\na\nx\nb\ny\n"],
    ["as many hunks as places", ["@@", "-x", "+1", "@@", "-x", "+2", "@@", "-x", "+3"], "1\na\n2\nb\n3\n"],
    ["the hunk changing nothing", ["@@", " x"], "x\na\nx\nb\nx\n"],
  ])("lets %s decide between equal places", async (_name, lines, after) => {
    expect(await update("x\na\nx\nb\nx\n", ...lines)).toBe(after);
  });

  it("counts overlapping places as a choice", async () => {
    expect(await update("a\na\na\n", "@@", "-a", "-a", "+b", "@@", "-a", "-a", "+c")).toMatch(
      /fits equally well at several places of the file: lines 1, 2\./,
    );
  });

  it("does not look before the end of the file for a hunk that ends it", async () => {
    expect(await update("a\nb\n", "@@", "-a", "+c", "*** End of File")).toBe(
      'error: Hunk 1 of f (line 3 of the patch) does not fit the file. Its lines stand at lines 1 to 1, but "*** End of File" says that they end the file. Leave that line out.',
    );
  });

  it("does without a blank line at the end of a hunk that the file does not hold", async () => {
    expect(await update("a\nb\n", "@@", "-b", "+c", "")).toBe("a\nc\n");
  });

  it("names the nearest place, the first line that differs and what the file holds", async () => {
    const before = "import os\n\ndef f(x):\n    y = x + 2\n    return y\n\nend\n";
    expect(await update(before, "@@", " def f(x):", "-    y = x + 1", "+    y = x", "     return y")).toBe(
      [
        "error: Hunk 1 of f (line 3 of the patch) does not fit the file. Its nearest place is line 3; the first line that differs is line 4:",
        '  the patch expects: "    y = x + 1"',
        '  the file holds:    "    y = x + 2"',
        "The file reads there:",
        "     3  def f(x):",
        "     4      y = x + 2",
        "     5      return y",
        "     6  ",
      ].join("\n"),
    );
  });

  it("finds a near line when no line agrees", async () => {
    expect(await update("alpha\nconst total = sum(items);\n", "@@", "-const total = sum(values);", "+x")).toContain(
      'the file holds:    "const total = sum(items);"',
    );
  });

  it("says when nothing is near, and when the file is empty", async () => {
    expect(await update("alpha\n", "@@", "-zzzzzz", "+x")).toBe(
      'error: Hunk 1 of f (line 3 of the patch) does not fit the file. Nothing like its first line "zzzzzz" stands in the file, which has one line. Read the file again.',
    );
    expect(await update("", "@@", "-a", "+x")).toBe("error: Hunk 1 of f (line 3 of the patch) does not fit: the file is empty.");
  });

  it("names the line nearest to a missing @@ text", async () => {
    expect(await update("def alpha(self):\n    pass\n", "@@ def alpha():", "-    pass", "+    x")).toBe(
      'error: Hunk 1 of f (line 3 of the patch): no line of the file is the "@@" text "def alpha():". It has to be one whole line, and to come before the hunk.\n' +
        "The nearest line is:\n     1  def alpha(self):",
    );
  });
});

describe("adding lines without old ones", () => {
  it.each([
    ["under the @@ line", "a\nb\nc\n", ["@@ b", "+x"], "a\nb\nx\nc\n"],
    ["at the end without one", "a\nb\n", ["@@", "+x", "@@", "+y"], "a\nb\nx\ny\n"],
    ["at the end when the hunk ends the file", "a\nb\nc\n", ["@@ a", "+x", "*** End of File"], "a\nb\nc\nx\n"],
    ["into an empty file", "", ["@@", "+x"], "x\n"],
    ["at the end when its only old line is a blank that is not there", "a\nb\n", ["@@", "+x", ""], "a\nb\nx\n"],
    ["after a blank last line", "a\n\n", ["@@", "+x"], "a\n\nx\n"],
    ["before a later hunk", "a\nb\nc\n", ["@@ a", "+x", "@@", "-c", "+d"], "a\nx\nb\nd\n"],
  ])("puts them %s", async (_name, before, ...[lines, after]) => {
    expect(await update(before, ...lines)).toBe(after);
  });

  it("refuses an @@ line that could be several", async () => {
    expect(await update("a\nx\na\n", "@@ a", "+b")).toMatch(/several places of the file: lines 1, 3\./);
  });
});

describe("keeping bytes", () => {
  it.each([
    ["CRLF", "a\r\nb\r\nc\r\n", ["@@", " a", "-b", "+x", "+y"], "a\r\nx\r\ny\r\nc\r\n"],
    ["mixed ends, each replaced line keeping its own", "a\nb\r\nc\nd\r\n", ["@@", " a", "-b", "-c", "+x", "+y"], "a\nx\r\ny\nd\r\n"],
    ["mixed ends, an added line ending as the one before", "a\r\nb\nc\r\n", ["@@", " b", "+x"], "a\r\nb\nx\nc\r\n"],
    ["a lone CR", "a\rb\nc\n", ["@@", "-c", "+d"], "a\rb\nd\n"],
    ["a missing final newline away from the hunk", "a\nb", ["@@", "-a", "+x"], "x\nb"],
    ["a missing final newline in the hunk", "a\nb", ["@@", "-b", "+x", "+y"], "a\nx\ny"],
    ["a missing final newline when lines follow", "a\r\nb", ["@@", " b", "+x"], "a\r\nb\r\nx"],
    ["a missing final newline through two hunks", "a\nb", ["@@", "-b", "+x", "@@", "+y"], "a\nx\ny"],
    ["a blank line added where the final newline is missing", "a\nb", ["@@", " b", "+x", "+"], "a\nb\nx\n\n"],
    ["a missing final newline when only it is shown", "a\nb", ["@@", " b"], "a\nb"],
    ["the line ends before a removed last line", "a\nb", ["@@", " a", "-b"], "a\n"],
    ["nothing when every line goes", "a\nb\n", ["@@", "-a", "-b"], ""],
    ["a byte order mark", "\xef\xbb\xbfa\nb\n", ["@@", "-a", "+x"], "\xef\xbb\xbfx\nb\n"],
    ["a byte order mark that the patch repeats", "\xef\xbb\xbfa\nb\n", ["@@", "-\ufeffa", "+\ufeffx"], "\xef\xbb\xbfx\nb\n"],
    ["NUL and bytes that are not UTF-8", "\x00\xff\xfe\na\n\xe9\n", ["@@", "-a", "+\u00e9"], "\x00\xff\xfe\n\xc3\xa9\n\xe9\n"],
  ])("keeps %s", async (_name, before, ...[lines, after]) => {
    expect(await update(before, ...lines)).toBe(after);
  });
});

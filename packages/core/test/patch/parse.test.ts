import { describe, expect, it } from "vitest";
import { parsePatch, type Patch } from "../../src/patch/parse.ts";
import { patchOf } from "./workspace.ts";

function parsed(text: string): Patch {
  const result = parsePatch(text);
  if (!result.ok) throw new Error(`${result.error.line}: ${result.error.message}`);
  return result.patch;
}

function fault(text: string): string {
  const result = parsePatch(text);
  return result.ok ? "no error" : `${result.error.line}: ${result.error.message}`;
}

const UPDATE = patchOf("*** Update File: a.txt", "@@", "-old", "+new");
const UPDATED: Patch = {
  sections: [
    {
      type: "update",
      path: "a.txt",
      line: 2,
      movePath: undefined,
      chunks: [
        {
          line: 3,
          headers: [],
          endOfFile: false,
          lines: [
            { kind: "remove", text: "old" },
            { kind: "add", text: "new" },
          ],
        },
      ],
    },
  ],
};

describe("parsePatch", () => {
  it("reads every kind of section", () => {
    expect(
      parsed(
        patchOf(
          "*** Add File: new.txt",
          "+one",
          "+",
          "*** Delete File: dir/gone file.txt",
          "*** Update File: from.ts",
          "*** Move to: to.ts",
          "@@ class A:",
          "@@   def f():",
          " same",
          "-old",
          "",
          "+new",
          "*** End of File",
          "",
          "@@",
          "+more",
        ),
      ),
    ).toEqual({
      sections: [
        { type: "add", path: "new.txt", line: 2, lines: ["one", ""] },
        { type: "delete", path: "dir/gone file.txt", line: 5 },
        {
          type: "update",
          path: "from.ts",
          line: 6,
          movePath: "to.ts",
          chunks: [
            {
              line: 8,
              headers: ["class A:", "  def f():"],
              endOfFile: true,
              lines: [
                { kind: "context", text: "same" },
                { kind: "remove", text: "old" },
                { kind: "context", text: "" },
                { kind: "add", text: "new" },
              ],
            },
            { line: 16, headers: [], endOfFile: false, lines: [{ kind: "add", text: "more" }] },
          ],
        },
      ],
    });
  });

  it.each([
    ["blank lines around it", `\n\n${UPDATE}\n \n`],
    ["spaces around the markers", UPDATE.replace("*** Begin Patch", "  *** Begin Patch  ").replace("*** End Patch", "\t*** End Patch ")],
    ["CRLF line ends", UPDATE.replaceAll("\n", "\r\n")],
    ["a heredoc left around it", `<<'EOF'\n${UPDATE}\nEOF\n`],
    ["a heredoc whose end is glued", `<<EOF\n${UPDATE}\nfooEOF`],
    ["an indented section header", UPDATE.replace("*** Update", "   *** Update")],
    ["trailing space after a header", UPDATE.replace("a.txt", "a.txt  ").replace("@@", "@@   ")],
    ["an update without its first @@", UPDATE.replace("@@\n", "")],
    ["the closing line twice", `${UPDATE}\n*** End Patch`],
    ["the closing line twice with a blank line between", `${UPDATE}\n\n *** End Patch`],
  ])("accepts %s", (_name, text) => {
    const withoutLines = (patch: Patch): unknown =>
      JSON.parse(JSON.stringify(patch, (key, value: unknown) => (key === "line" ? undefined : value)));
    expect(withoutLines(parsed(text))).toEqual(withoutLines(UPDATED));
  });

  it("skips one environment id", () => {
    expect(parsed(patchOf("*** Environment ID: e1", "*** Delete File: a")).sections).toEqual([{ type: "delete", path: "a", line: 3 }]);
  });

  it.each([
    ["", '1: the first line has to be "*** Begin Patch"; it is "".'],
    ["hello", '1: the first line has to be "*** Begin Patch"; it is "hello".'],
    ["*** Begin Patch", '1: the last line has to be "*** End Patch"; it is "*** Begin Patch".'],
    [`${UPDATE}\n*** End Patch\n*** End Patch`, '6: a further hunk of the same file starts with "@@"; found "*** End Patch".'],
    ["*** Begin Patch\n*** End Patch\n*** End Patch", "1: there is no file section, so there is nothing to change."],
    [`${UPDATE}\ntrailing`, '7: the last line has to be "*** End Patch"; it is "trailing".'],
    [`\ufeff${UPDATE}`, '1: the first line has to be "*** Begin Patch"; it is "\ufeff*** Begin Patch".'],
    ["```\n" + UPDATE + "\n```", '1: the first line has to be "*** Begin Patch"; it is "```".'],
    ["*** Begin Patch\n*** End Patch", "1: there is no file section, so there is nothing to change."],
    [patchOf("*** Environment ID: a", "*** Environment ID: b", "*** Delete File: x"), "3: the environment id is given twice."],
    [patchOf("*** Environment ID:", "*** Delete File: x"), "2: the environment id is empty."],
    [patchOf("*** Rename File: x"), '2: "*** Rename File: x" is not a section header; exactly one space and a path follow the colon.'],
    [patchOf("*** Add File: "), '2: "*** Add File:" is not a section header; exactly one space and a path follow the colon.'],
    [
      patchOf("*** Add File: x", "+a", "b"),
      '4: "b" is not a section header. Inside "*** Add File:" every line of the new file starts with "+", empty lines too.',
    ],
    [patchOf("*** Update File: x"), '2: the update of "x" has no lines.'],
    [
      patchOf("*** Update File: x", "*** Move to: y"),
      '2: the move of "x" has no lines. To move a file unchanged, show one of its lines as context.',
    ],
    [patchOf("*** Update File: x", "@@"), "4: the hunk before this line has no lines."],
    [
      patchOf("*** Update File: x", "@@nospace", "-a"),
      '3: "@@nospace" cannot stand in a hunk: a line starts with " " (unchanged), "-" (removed) or "+" (added).',
    ],
    [patchOf("*** Update File: x", "@@", "-a", "garbage"), '5: a further hunk of the same file starts with "@@"; found "garbage".'],
    [
      patchOf("*** Update File: x", "@@", "-a", "*** End of File", "*** End of File"),
      '6: a further hunk of the same file starts with "@@"; found "*** End of File".',
    ],
    [
      patchOf("*** Update File: x", "@@", "-a", "*** End Patch", "*** Delete File: y"),
      '5: a further hunk of the same file starts with "@@"; found "*** End Patch".',
    ],
  ])("says where %j is wrong", (text, message) => {
    expect(fault(text)).toBe(message);
  });

  it("takes a header with leading space inside an update for context", () => {
    const [section] = parsed(patchOf("*** Update File: x", "@@", "-a", " *** Delete File: y")).sections;
    expect(section?.type === "update" && section.chunks[0]?.lines.at(-1)).toEqual({ kind: "context", text: "*** Delete File: y" });
  });

  it("shows how a malformed place should look", () => {
    const result = parsePatch(patchOf("*** Update File: x", "@@", "oops"));
    expect(!result.ok && result.error.example).toBe("@@\n unchanged line\n-old line\n+new line");
  });
});

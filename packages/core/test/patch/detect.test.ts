import { spawnSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detectApplyPatch } from "../../src/patch/detect.ts";
import { generator } from "./random-patch.ts";
import { openWorkspace, patchOf } from "./workspace.ts";

const PATCH = patchOf('*** Add File: it\'s "$HOME"', "+`x` \\");
const PLAIN = patchOf("*** Add File: f", "+text \\d");
const HEREDOC = `apply_patch <<'EOF'\n${PATCH}\nEOF`;

describe("detectApplyPatch", () => {
  it.each([
    ["the program and the patch", ["apply_patch", PATCH], "/w", PATCH],
    ["the other name", ["applypatch", PATCH], "/w", PATCH],
    ["bash -lc", ["bash", "-lc", HEREDOC], "/w", `${PATCH}\n`],
    ["a shell by path and -c", ["/usr/bin/zsh", "-c", `\n\n${HEREDOC}\n`], "/w", `${PATCH}\n`],
    ["sh", ["sh", "-c", HEREDOC], "/w", `${PATCH}\n`],
    ["an unquoted delimiter", ["bash", "-c", `applypatch <<PATCH\n${PLAIN}\nPATCH\n`], "/w", `${PLAIN}\n`],
    ["a dash before the here document", ["bash", "-c", HEREDOC.replace("<<", "- <<")], "/w", `${PATCH}\n`],
    ["cd", ["bash", "-lc", `cd sub && ${HEREDOC}`], "/w/sub", `${PATCH}\n`],
    ["cd with quotes", ["bash", "-lc", `cd "a b" && ${HEREDOC}`], "/w/a b", `${PATCH}\n`],
    ["cd to an absolute folder", ["bash", "-lc", `cd '/x' && ${HEREDOC}`], "/x", `${PATCH}\n`],
    ["cd up", ["bash", "-lc", `cd .. && ${HEREDOC}`], "/", `${PATCH}\n`],
  ])("recognises %s", async (_name, argv, ...[baseDirectory, input]) => {
    expect(await detectApplyPatch(argv, "/w")).toEqual({ type: "patch", input, baseDirectory });
  });

  it.each([
    ["nothing", []],
    ["another command", ["ls", "-l"]],
    ["another path to it", ["bash", "-lc", HEREDOC.replace("apply_patch", "./apply_patch")]],
    ["a command before", ["bash", "-lc", `echo x; ${HEREDOC}`]],
    ["a command after", ["bash", "-lc", HEREDOC.replace("'EOF'\n", "'EOF' && echo done\n")]],
    ["cd without &&", ["bash", "-lc", `cd x; ${HEREDOC}`]],
    ["cd with ||", ["bash", "-lc", `cd x || ${HEREDOC}`]],
    ["two arguments of cd", ["bash", "-lc", `cd x y && ${HEREDOC}`]],
    ["an expansion in cd", ["bash", "-lc", `cd $HOME && ${HEREDOC}`]],
    ["a pipe", ["bash", "-lc", HEREDOC.replace("'EOF'\n", "'EOF' | cat\n")]],
    ["an unfinished here document", ["bash", "-lc", `apply_patch <<'EOF'\n${PATCH}\n`]],
    ["another shell", ["fish", "-c", HEREDOC]],
    ["other flags", ["bash", "-x", HEREDOC]],
    ["more arguments", ["bash", "-lc", HEREDOC, "x"]],
    ["another argument", ["bash", "-lc", HEREDOC.replace("<<", "file <<")]],
  ])("leaves %s alone", async (_name, argv) => {
    expect(await detectApplyPatch(argv, "/w")).toEqual({ type: "none" });
  });

  it.each([[[PATCH]], [["bash", "-lc", `\n${PATCH}\n`]]])("refuses a patch without the command", async (argv) => {
    expect(await detectApplyPatch(argv, "/w")).toEqual({
      type: "refused",
      message:
        'This is a patch without a command, so nothing was done. Call it as ["apply_patch", PATCH], with the whole patch as the one argument.',
    });
  });
});

describe("a here document whose word is not quoted", () => {
  it.each(["$HOME", "`date`", "a \\\\ b", "line \\\n+joined"])("is refused when the shell would change %j in it", async (text) => {
    const script = `apply_patch <<EOF\n${patchOf("*** Add File: f", `+${text}`)}\nEOF`;
    expect(await detectApplyPatch(["bash", "-lc", script], "/w")).toEqual({
      type: "refused",
      message:
        'Nothing was done: the word of the here document is not quoted, so the shell would replace what follows a "$", a backquote or a backslash, ' +
        "first on line 3 of the patch. Quote it: apply_patch <<'EOF'",
    });
  });
});

describe("what is taken from a script", () => {
  it("is what bash would have passed, in the folder it would have passed it in", { timeout: 120_000 }, async () => {
    await using workspace = await openWorkspace({ "sub/deep/x": "", "a b/x": "", "it's/x": "" });
    // Stands in for the program: says where it runs and what it reads.
    await workspace.write("bin/apply_patch", '#!/bin/sh\nprintf "%s\\0" "$PWD"\ncat\n');
    await workspace.write("bin/applypatch", '#!/bin/sh\nprintf "%s\\0" "$PWD"\ncat\n');
    for (const name of ["apply_patch", "applypatch"]) await chmod(join(workspace.root, "bin", name), 0o755);
    const shells = ["bash", "sh"].map((name) => [name, ...["-c"]] as const);
    const counts = { patch: 0, other: 0 };
    for (let seed = 1; seed <= 150; seed++) {
      const script = randomScript(generator(seed));
      const shell = shells[seed % 2] ?? ["bash", "-c"];
      const found = await detectApplyPatch([...shell, script], workspace.root);
      if (found.type !== "patch") {
        counts.other++;
        continue;
      }
      counts.patch++;
      const { stdout, status } = spawnSync(shell[0], [shell[1], script], {
        cwd: workspace.root,
        encoding: "utf8",
        env: { PATH: `${join(workspace.root, "bin")}:${process.env["PATH"] ?? ""}` },
      });
      const [directory, input] = stdout.split("\0");
      expect({ script, status, directory, input }).toEqual({ script, status: 0, directory: found.baseDirectory, input: found.input });
    }
    expect(counts.patch).toBeGreaterThan(25);
    expect(counts.other).toBeGreaterThan(20);
  });
});

/** A call of the program with a here document, now and then with something beside it. */
function randomScript(random: (below: number) => number): string {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const word = pick(["EOF", "PATCH", "END_1"]);
  const quoted = pick([word, `'${word}'`, `"${word}"`, `\\${word}`]);
  const operator = pick(["<<", "<<", "<< ", "<<-", "0<<"]);
  const texts = [
    "plain",
    "",
    "\ttabs",
    "  $HOME `x`",
    "back\\slash",
    "\\$escaped",
    'it\'s "q"',
    "EOFX",
    " EOF",
    "\u00e9 \u2013",
    "a\\\\b",
    "# no comment",
    "cr\r",
  ];
  const body = Array.from({ length: 1 + random(5) }, () => `+${pick(texts)}`);
  const tabs = operator === "<<-" ? "\t".repeat(random(2)) : "";
  const lines = ["*** Begin Patch", "*** Add File: f", ...body, "*** End Patch", word].map((line) => tabs + line).join("\n");
  const directory = pick(["sub", "sub/deep", "./sub/..", '"a b"', "'a b'", '"it\'s"', "a\\ b", "~", "$PWD"]);
  const cd = random(2) === 0 ? `cd ${directory} ${pick(["&&", "&&", "&&", ";", "||"])} ` : "";
  const program = pick(["apply_patch", "apply_patch", "applypatch", "'apply_patch'", "apply_patch -", "./apply_patch", "x=1 apply_patch"]);
  // Every other script is one that is taken, but for what its text says.
  const isOdd = random(2) === 0;
  const before = !isOdd ? "" : pick(["", "", "", "", "", "\n\n", "  ", "echo x; ", "# comment\n", "set -e\n"]);
  const after = !isOdd ? "" : pick(["", "\n", "\n\n", "\n# comment", "\necho done"]);
  const beside = !isOdd ? "" : pick(["", "", "", "", "", "", "", "", " | cat", " && echo", " 2>&1", " &", " > out"]);
  return `${before}${cd}${program} ${operator}${quoted}${beside}\n${lines}${after}`;
}

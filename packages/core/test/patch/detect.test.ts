import { describe, expect, it } from "vitest";
import { detectApplyPatch } from "../../src/patch/detect.ts";
import { patchOf } from "./workspace.ts";

const PATCH = patchOf('*** Add File: it\'s "$HOME"', "+`x` \\");
const HEREDOC = `apply_patch <<'EOF'\n${PATCH}\nEOF`;

describe("detectApplyPatch", () => {
  it.each([
    ["the program and the patch", ["apply_patch", PATCH], "/w", PATCH],
    ["the other name", ["applypatch", PATCH], "/w", PATCH],
    ["bash -lc", ["bash", "-lc", HEREDOC], "/w", `${PATCH}\n`],
    ["a shell by path and -c", ["/usr/bin/zsh", "-c", `\n\n${HEREDOC}\n`], "/w", `${PATCH}\n`],
    ["sh", ["sh", "-c", HEREDOC], "/w", `${PATCH}\n`],
    ["an unquoted delimiter", ["bash", "-c", `applypatch <<PATCH\n${PATCH}\nPATCH\n`], "/w", `${PATCH}\n`],
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

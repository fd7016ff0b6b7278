import { describe, expect, test } from "vitest";
import { plainCommands } from "../../src/index.ts";

describe("plainCommands reads", () => {
  test.each<[string, string[][]]>([
    ["ls", [["ls"]]],
    ["ls -la src", [["ls", "-la", "src"]]],
    ["cd a && ls | head -5; pwd || echo no", [["cd", "a"], ["ls"], ["head", "-5"], ["pwd"], ["echo", "no"]]],
    ["ls\n\npwd\n", [["ls"], ["pwd"]]],
    ["  ls;  # what is here", [["ls"]]],
    [`grep -R "Cargo.toml" -n`, [["grep", "-R", "Cargo.toml", "-n"]]],
    [`sed -n '1,5p' f`, [["sed", "-n", "1,5p", "f"]]],
    [`rg 'it'"'"'s' a\\ b ""`, [["rg", "it's", "a b", ""]]],
    [`echo $'a\\tb\\'c'`, [["echo", "a\tb'c"]]],
    ['echo "a \\$b \\`c\\` \\\\ \\n"', [["echo", "a $b `c` \\ \\n"]]],
    ["echo '*' \"~\" \\* \\~ '{a,b}' HEAD~1 a=b [ ]", [["echo", "*", "~", "*", "~", "{a,b}", "HEAD~1", "a=b", "[", "]"]]],
    ["ls \\\n  -1 \\\n| cat", [["ls", "-1"], ["cat"]]],
    ["'git status'", [["git status"]]],
    ["echo é 日本 'a b'", [["echo", "é", "日本", "a b"]]],
  ])("%j", (script, commands) => {
    expect(plainCommands(script)).toEqual({ type: "plain", commands });
  });
});

describe("plainCommands refuses", () => {
  test.each([
    ["", "it has no command"],
    ["# only a comment", "it has no command"],
    ["ls > out", "it redirects"],
    ["ls < in", "it redirects"],
    ["> out", "it redirects"],
    ["ls 2>&1", "it redirects"],
    ["ls |& cat", "it redirects"],
    ["cat <<< x", "it redirects"],
    ["cat <<'E'\nx\nE", "it has a here document"],
    ["cat <<'E'\nx", "it cannot be read: a here document without its end (line 1, column 5)"],
    ["ls 'a", "it cannot be read: unterminated single quote (line 1, column 4)"],
    ["ls\nls ;; pwd", "it cannot be read: unexpected token ';;' (line 2, column 4)"],
    ["sleep 9 &", "it runs something in the background"],
    ["ls & pwd", "it runs something in the background"],
    ["FOO=1", "it assigns a variable"],
    ["FOO=1 ls", "it assigns a variable"],
    ["export FOO=1", "it assigns a variable"],
    ["ls *.ts", "it uses a glob"],
    ["ls [ab]", "it uses a glob"],
    ['ls [a"b"]', "it uses a glob"],
    ["ls @(a|b)", "it uses a glob"],
    ["ls {a,b}", "it uses a brace expansion"],
    ["ls ~", "it uses ~ for a home folder"],
    ["ls ~root/x", "it uses ~ for a home folder"],
    ["echo a=~", "it uses ~ for a home folder"],
    ["echo a=b:~", "it uses ~ for a home folder"],
    ["ls $HOME", "it expands a variable or an expression"],
    ['ls "$HOME"', "it expands a variable or an expression"],
    ["ls ${x}", "it expands a variable or an expression"],
    ["echo $((1+1))", "it expands a variable or an expression"],
    ["ls $(pwd)", "it runs a command inside a word"],
    ['ls "`pwd`"', "it runs a command inside a word"],
    ["cat <(ls)", "it runs a command inside a word"],
    ['echo $"x"', "it uses a translated string"],
    ["echo $'\\x2d'", "it uses a numeric escape in $'…'"],
    ["echo $[1+1]", "it expands a variable or an expression"],
    ['echo "$[1+1]"', "it expands a variable or an expression"],
    ["echo $\\\n{x}", "it continues a word on the next line"],
    ['echo "$\\\n{x}"', "it continues a word on the next line"],
    ["ls\\\n-l", "it continues a word on the next line"],
    ["ls a\\", "it ends in a lone backslash"],
    ["ls(", "it holds something that is neither a word nor a separator"],
    ["(ls)", "it uses a subshell"],
    ["{ ls; }", "it groups commands"],
    ["{ ls; } > x", "it redirects"],
    ["! ls", "it uses !"],
    ["time ls", "it uses time"],
    ["if ls; then pwd; fi", "it uses if"],
    ["while ls; do pwd; done", "it uses a loop"],
    ["for a in b; do ls; done", "it uses for"],
    ["case a in b) ls;; esac", "it uses case"],
    ["ls() { rm x; }; ls", "it defines a function"],
    ["[[ a ]]", "it uses [[ ]]"],
    ["((1))", "it uses (( ))"],
    ["ls\r\n", "it holds a control character"],
    ["ls \0x", "it holds a control character"],
    ["ls \ud800", "it holds a control character"],
    ["rg a\u00a0--pre=x", "it holds an unusual blank"],
  ])("%j", (script, reason) => {
    expect(plainCommands(script)).toEqual({ type: "not_plain", reason });
  });

  test("what only the shell that runs it reads otherwise", () => {
    const quote = "ls $'\\' ; rm -rf x; echo \\''";
    expect(plainCommands(quote, "bash")).toEqual({ type: "plain", commands: [["ls", "' ; rm -rf x; echo '"]] });
    expect(plainCommands(quote, "sh")).toEqual({ type: "not_plain", reason: "it uses $'…', which not every sh knows" });
    expect(plainCommands("ls =cat", "bash")).toEqual({ type: "plain", commands: [["ls", "=cat"]] });
    expect(plainCommands("ls =cat", "zsh")).toEqual({ type: "not_plain", reason: "it uses =NAME, which zsh expands" });
  });

  test("a script that is too long to be read soon", () => {
    expect(plainCommands(`ls ${"a".repeat(100_000)}`)).toEqual({ type: "not_plain", reason: "it is too long" });
  });

  test("a script nested so deeply that it cannot be read, without throwing", () => {
    for (const script of ["(".repeat(30_000), `echo ${"$(".repeat(30_000)}`, `${"{ ".repeat(15_000)}ls${"; }".repeat(15_000)}`]) {
      expect(plainCommands(script).type).toBe("not_plain");
    }
  });
});

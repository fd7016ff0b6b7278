import { expect, test } from "vitest";
import { evaluateScript, loadLegacyPolicy, NO_RULES, suggestPrefix, type LegacyPolicy } from "../../src/index.ts";
import { judge, rulesOf } from "./scripts.ts";

const RULES = rulesOf(`prefix_rule(["git", ["status", "log"]])
prefix_rule(["git", "push"], "prompt", justification = "leaves the machine")
prefix_rule(["rm", "-rf"], "forbidden")
prefix_rule(["sudo", "systemctl", "status"])
prefix_rule(["bash", "-lc", "make x"])
`);

test("the result names the part and the rule that decided, with their places", () => {
  expect(judge("git status &&\n  timeout 5 git push origin", RULES)).toEqual({
    verdict: "prompt",
    decidedBy: {
      verdict: "prompt",
      because: {
        type: "rule",
        rule: { path: "a.rules", line: 2, column: 1, decision: "prompt", justification: "leaves the machine" },
      },
      words: ["git", "push", "origin"],
      line: 2,
      column: 3,
    },
    parts: [
      {
        verdict: "allow",
        because: { type: "rule", rule: { path: "a.rules", line: 1, column: 1, decision: "allow" } },
        words: ["git", "status"],
        line: 1,
        column: 1,
      },
      expect.objectContaining({ verdict: "prompt" }),
    ],
    writes: [],
  });
});

test("what cannot be read is asked about when a rule could be dodged by it, and never allowed", () => {
  const hidden = judge('eval "$X"', RULES);
  expect(hidden.verdict).toBe("prompt");
  expect(hidden.decidedBy?.because).toMatchObject({ type: "unreadable", rule: { line: 3, decision: "forbidden" } });

  // A substitution of nothing is no word, so the next one is the program.
  expect(judge("<() rm -rf a; ls", RULES).verdict).toBe("prompt");

  const allowing = rulesOf('prefix_rule(["eval"])\nprefix_rule(["git"])');
  expect(judge('eval "$X"', allowing)).toMatchObject({ verdict: "none", decidedBy: { because: { type: "unreadable" } } });
  expect(judge("git $X", allowing)).toMatchObject({ verdict: "none", decidedBy: { because: { type: "not_allowed_so" } } });
});

test.each(["\u0001", "\u000b", "\u000c", "\u001b", "\u007f", "\ud800", "\0"])("a script that holds %j is not read at all", (sign) => {
  expect(judge(`git status${sign}x`, RULES)).toMatchObject({
    verdict: "prompt",
    decidedBy: { words: [], because: { type: "unreadable" } },
  });
});

test("files that redirections write are facts, and a question unless they may be written", () => {
  const script = 'git log > out/a.txt 2> /dev/null; git status >> "$X"';
  expect(judge(script, RULES)).toMatchObject({ verdict: "none", writes: ["out/a.txt", undefined] });

  const may = evaluateScript(
    { type: "script", script: "git log > out/a.txt", shell: "bash" },
    { prefix: RULES },
    { cwd: "/project", mayWrite: (path) => path.startsWith("out/") },
  );
  expect(may).toMatchObject({ verdict: "allow", writes: ["out/a.txt"] });
});

test("a rule that goes on into what a wrapper runs speaks about that too, but not over a stricter rule", () => {
  expect(judge("sudo systemctl status nginx", RULES).verdict).toBe("allow");
  expect(judge("sudo systemctl stop nginx", RULES).verdict).toBe("none");
  expect(judge("sudo git status", RULES).verdict).toBe("none");
  expect(judge("bash -lc 'make x'", RULES).verdict).toBe("allow");
  expect(judge("bash -lc 'make y'", RULES).verdict).toBe("none");
  expect(judge("bash -lc 'rm -rf a'", rulesOf('prefix_rule(["bash", "-lc", "rm -rf a"])\nprefix_rule(["rm"], "prompt")')).verdict).toBe(
    "prompt",
  );
});

test("a program by its path is allowed from the system's folders or where host_executable says, and denied from anywhere", () => {
  expect(judge("/usr/bin/git status", RULES).verdict).toBe("allow");
  expect(judge("/tmp/git status", RULES).verdict).toBe("none");
  expect(judge("./git status", RULES).verdict).toBe("none");
  expect(judge("/tmp/rm -rf a", RULES).verdict).toBe("forbidden");
  expect(judge("/tmp/RM -rf a; Rm -rf $X", RULES).verdict).toBe("forbidden");
  expect(judge("GIT status", RULES).verdict).toBe("none");
  const listed = rulesOf('prefix_rule(["git"])\nhost_executable("git", ["/opt/git/bin/git"])');
  expect(judge("/opt/git/bin/git status", listed).verdict).toBe("allow");
  expect(judge("/usr/bin/git status", listed).verdict).toBe("none");
  const relative = rulesOf('prefix_rule(["./gradlew"])');
  expect(judge("./gradlew test", relative).verdict).toBe("allow");
  expect(judge("cd /elsewhere && ./gradlew test", relative).verdict).toBe("none");
});

test("zsh and sh are only trusted where they read as bash does", () => {
  const judgeIn = (script: string, shell: "sh" | "zsh"): string =>
    evaluateScript({ type: "script", script, shell }, { prefix: RULES }, { cwd: "/" }).verdict;

  expect(judgeIn("git status && git log", "zsh")).toBe("allow");
  expect(judgeIn("git status *(e:'rm -rf a':)", "zsh")).toBe("prompt");
  expect(judgeIn("git status &> /dev/null", "sh")).toBe("prompt");
  expect(judgeIn("git status", "sh")).toBe("allow");
});

test("a policy of the April kind has its say in scripts as well", () => {
  const legacy = policyOf(`define_program(program = "cat", args = [ARG_RFILES])
define_program(program = "cp", args = [ARG_RFILES, ARG_WFILE])
define_program(program = "deploy", args = [ARG_UNVERIFIED_VARARGS], forbidden = "by people only")
forbid_substrings(["/etc/shadow"])
forbid_program_regex("^ssh", "no remote machines")
`);
  const verdict = (script: string): string =>
    evaluateScript({ type: "script", script, shell: "bash" }, { prefix: NO_RULES, legacy }, { cwd: "/" }).verdict;

  expect(verdict("cat a | cat b")).toBe("allow");
  expect(verdict("cat -A a")).toBe("none");
  expect(verdict("cat a; cp a b")).toBe("none");
  expect(verdict("nice deploy now")).toBe("forbidden");
  expect(verdict("deploy $WHERE")).toBe("prompt");
  expect(verdict("/opt/deploy now")).toBe("forbidden");
  expect(verdict("echo /etc/shadow | xargs cat /etc/shadow")).toBe("forbidden");
  expect(verdict("bash -c 'sshpass x'")).toBe("forbidden");
  const facts = evaluateScript({ type: "argv", argv: ["cp", "a", "b"] }, { prefix: NO_RULES, legacy }, { cwd: "/" });
  expect(facts.writes).toEqual(["b"]);
});

function policyOf(text: string): LegacyPolicy {
  const loaded = loadLegacyPolicy({ path: "a.policy", text });
  if (!loaded.ok) throw new Error(loaded.error.message);
  return loaded.policy;
}

test("a prefix to allow for ever is offered for what no rule speaks about, and only when all words are known", () => {
  expect(suggestPrefix(judge("git status && npm run dev", RULES))).toEqual(["npm", "run", "dev"]);
  expect(suggestPrefix(judge("npm run $X", RULES))).toBeUndefined();
  expect(suggestPrefix(judge("git push", RULES))).toBeUndefined();
  expect(suggestPrefix(judge("python3", RULES))).toBeUndefined();
  expect(suggestPrefix(judge("npm run dev > out", RULES))).toBeUndefined();
});

test.each([
  "PATH=/x; git status",
  "PATH=/x git status",
  "export PATH=/x; git status",
  "read PATH; git status",
  "for PATH in /x; do git status; done",
  "select PATH in /x; do git status; done",
  ": ${PATH:=/x}; git status",
  ': "${PATH=/x}"; git status',
  "{PATH}> /dev/null git status",
  "coproc PATH { git status; }; git log",
  "printf -v PATH /x; git status",
  "env PATH=/x git status",
  "shopt -s expand_aliases; git status",
])("what changes which program runs takes the permission away: %s", (script) => {
  expect(judge(script, RULES).verdict).toBe("none");
});

test("nesting and length are bounded", () => {
  const nested = Array.from({ length: 12 }).reduce<string>((script) => `bash -c ${JSON.stringify(script)}`, "git status");
  expect(judge(nested, RULES).verdict).toBe("prompt");
  expect(judge(`git status ${"a".repeat(200_000)}`, RULES).verdict).toBe("prompt");
  expect(judge("(".repeat(5000), RULES).verdict).toBe("prompt");
});

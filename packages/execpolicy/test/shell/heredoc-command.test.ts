import { describe, expect, test } from "vitest";
import { heredocCommand, type HeredocCommand } from "../../src/index.ts";

const FOUND: HeredocCommand = { directory: undefined, words: ["apply_patch"], body: "a\n b\n", quoted: true };

describe("heredocCommand finds", () => {
  test.each<[string, HeredocCommand]>([
    ["apply_patch <<'EOF'\na\n b\nEOF\n", FOUND],
    ["apply_patch <<'EOF'\na\n b\nEOF", FOUND],
    ['\n\n  apply_patch <<"EOF"\na\n b\nEOF\n\n', FOUND],
    ["apply_patch <<-'EOF'\n\ta\n\t\t b\n\tEOF\n", FOUND],
    ["apply_patch 0<<'EOF'\na\n b\nEOF", FOUND],
    ["<<'EOF' apply_patch\na\n b\nEOF", FOUND],
    ["apply_patch <<EOF\na\n b\nEOF", { ...FOUND, quoted: false }],
    ["apply_patch <<EOF\n$a `b`\\\nEOF\nEOF", { ...FOUND, body: "$a `b`\\\nEOF\n", quoted: false }],
    ["apply_patch - <<'EOF'\na\n b\nEOF", { ...FOUND, words: ["apply_patch", "-"] }],
    ["apply_patch <<'E'\nE", { ...FOUND, body: "" }],
    ["apply_patch <<'E'\n\x1b[0m\f\r\nE", { ...FOUND, body: "\x1b[0m\f\r\n" }],
    ["cd sub && apply_patch <<'EOF'\na\n b\nEOF", { ...FOUND, directory: "sub" }],
    ["cd 'my dir' &&\napply_patch <<'EOF'\na\n b\nEOF", { ...FOUND, directory: "my dir" }],
    ["cd \"/abs/it's\" && cat -n <<'EOF'\na\n b\nEOF", { ...FOUND, directory: "/abs/it's", words: ["cat", "-n"] }],
  ])("%j", (script, found) => {
    expect(heredocCommand(script)).toEqual(found);
  });
});

describe("heredocCommand leaves to the shell", () => {
  test.each([
    "",
    "apply_patch",
    "apply_patch 'PATCH TEXT'",
    "apply_patch <<'EOF'\na\n",
    "apply_patch <<'EOF' > out\na\nEOF",
    "apply_patch <<'EOF' <<'B'\na\nEOF\nb\nB",
    "apply_patch 3<<'EOF'\na\nEOF",
    "apply_patch <<'EOF' &\na\nEOF",
    "apply_patch <<'EOF' | cat\na\nEOF",
    "apply_patch <<'EOF' && echo done\na\nEOF",
    "apply_patch <<'EOF'\na\nEOF\necho done",
    "X=1 apply_patch <<'EOF'\na\nEOF",
    "! apply_patch <<'EOF'\na\nEOF",
    "(apply_patch <<'EOF'\na\nEOF\n)",
    "$TOOL <<'EOF'\na\nEOF",
    "apply_patch $X <<'EOF'\na\nEOF",
    "apply_patch <<< a",
    "cd a; apply_patch <<'EOF'\na\nEOF",
    "cd a || apply_patch <<'EOF'\na\nEOF",
    "cd a b && apply_patch <<'EOF'\na\nEOF",
    "cd && apply_patch <<'EOF'\na\nEOF",
    "cd - && apply_patch <<'EOF'\na\nEOF",
    "cd '' && apply_patch <<'EOF'\na\nEOF",
    "cd $HOME && apply_patch <<'EOF'\na\nEOF",
    "cd ~ && apply_patch <<'EOF'\na\nEOF",
    "cd a > b && apply_patch <<'EOF'\na\nEOF",
    "echo hi && apply_patch <<'EOF'\na\nEOF",
    "cd a && cd b && apply_patch <<'EOF'\na\nEOF",
  ])("%j", (script) => {
    expect(heredocCommand(script)).toBeUndefined();
  });
});

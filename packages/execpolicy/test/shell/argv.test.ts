import { expect, test } from "vitest";
import { shellCommandScript } from "../../src/index.ts";

test("a shell, one of its two flags and a script are recognised by the shell's basename", () => {
  expect(shellCommandScript(["bash", "-lc", "ls"])).toEqual({ shell: "bash", login: true, script: "ls" });
  expect(shellCommandScript(["/bin/sh", "-c", ""])).toEqual({ shell: "sh", login: false, script: "" });
  expect(shellCommandScript(["/opt/x/zsh", "-lc", "ls"])).toEqual({ shell: "zsh", login: true, script: "ls" });
});

test.each([
  [[]],
  [["bash"]],
  [["bash", "-lc"]],
  [["bash", "-lc", "ls", "x"]],
  [["bash", "-x", "ls"]],
  [["fish", "-c", "ls"]],
  [["bash", "-c", "-x ls"]],
  [["bash", "-c", "+x"]],
  [["bashful", "-c", "ls"]],
])("%j is not", (argv) => {
  expect(shellCommandScript(argv)).toBeUndefined();
});

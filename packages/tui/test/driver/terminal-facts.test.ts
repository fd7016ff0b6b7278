import { expect, test } from "vitest";
import { knowsModifyOtherKeys, terminalFacts } from "../../src/driver/terminal-facts.ts";

test("the environment says how many colours there are", () => {
  const depth = (env: Record<string, string>): string => terminalFacts(env).colorDepth;
  expect(depth({ TERM: "xterm-256color" })).toBe("256");
  expect(depth({ TERM: "xterm-256color", COLORTERM: "truecolor" })).toBe("true");
  expect(depth({ TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: "1" })).toBe("none");
  expect(depth({ TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: "" })).toBe("true");
  expect([depth({ TERM: "xterm" }), depth({ TERM: "linux" }), depth({ TERM: "dumb" }), depth({})]).toEqual(["16", "16", "none", "16"]);
  expect([depth({ TERM: "xterm-kitty" }), depth({ TERM: "xterm-256color", TERM_PROGRAM: "WezTerm" })]).toEqual(["true", "true"]);
});

test("and where the interface runs", () => {
  expect(terminalFacts({ TERM: "tmux-256color", TMUX: "/tmp/x,1,0", SSH_TTY: "/dev/pts/1" })).toEqual({
    term: "tmux-256color",
    program: "",
    colorDepth: "256",
    multiplexer: "tmux",
    remote: true,
    backgroundErase: true,
  });
  expect(terminalFacts({ TERM: "screen", STY: "1.pts" })).toMatchObject({ multiplexer: "screen", backgroundErase: false });
  expect(knowsModifyOtherKeys(terminalFacts({ TERM: "xterm-256color", TERM_PROGRAM: "Apple_Terminal" }))).toBe(false);
});

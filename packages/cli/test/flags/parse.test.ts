import { CodexError } from "@codex/core";
import { describe, expect, test } from "vitest";
import { COMPLETION, EXEC, EXEC_OPTIONS, PLAIN_OPTIONS, PROTO, PROTO_OPTIONS } from "../../src/flags/commands.ts";
import { findCommand } from "../../src/flags/find-command.ts";
import { parseFlags } from "../../src/flags/parse.ts";

const exec = (...args: string[]) => parseFlags(EXEC, EXEC_OPTIONS, args);

function fault(work: () => unknown): { code: string; message: string; hint: string | undefined } {
  try {
    work();
  } catch (error) {
    if (error instanceof CodexError) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("exec's options", () => {
  test("are read in every spelling a shell user knows", () => {
    const { values, argument } = exec(
      "-m",
      "m1",
      "-C=sub",
      "-ca=1",
      "--config",
      "b=2",
      "-i",
      "x.png,y.png",
      "--image=z.png",
      "-sdisk-write-cwd",
      "-s",
      "disk-write-folder=/x",
      "--experimental-json",
      "do it",
      "-o",
      "out",
    );
    expect({ argument, ...values }).toEqual({
      argument: "do it",
      image: ["x.png,y.png", "z.png"],
      model: "m1",
      cd: "sub",
      config: ["a=1", "b=2"],
      profile: undefined,
      "ask-for-approval": undefined,
      "sandbox-permission": ["disk-write-cwd", "disk-write-folder=/x"],
      sandbox: undefined,
      "full-auto": false,
      "dangerously-bypass-approvals-and-sandbox": false,
      "disable-response-storage": false,
      ephemeral: false,
      oss: false,
      "strict-config": false,
      "skip-git-repo-check": false,
      color: undefined,
      json: true,
      "output-schema": undefined,
      "output-last-message": "out",
      record: undefined,
      replay: undefined,
      "live-tools": false,
      help: false,
      version: false,
    });
  });

  test("end at --, so that a prompt may look like one", () => {
    expect(exec("--json", "--", "--model")).toMatchObject({ argument: "--model", values: { json: true, model: undefined } });
  });

  test("leave a single dash alone: it stands for stdin", () => {
    expect(exec("-").argument).toBe("-");
  });

  test.each([
    ["an unknown option", ["--modle", "x"], "there is no option --modle; did you mean `--model`?"],
    ["an unknown letter", ["-z"], "there is no option -z"],
    ["a missing value", ["-m"], "the option -m MODEL needs a value"],
    ["a blank value", ["-m", " "], "the option -m MODEL needs a value"],
    ["an option in place of a value", ["--model", "--json"], "the option --model MODEL needs a value, but --json follows"],
    ["a value for a switch", ["--json=yes"], "the option --json takes no value"],
    ["a second value", ["-m", "a", "--model", "b"], "the option --model was given twice"],
    ["an unknown choice", ["--color", "alwys"], '"alwys" is not a value of --color; did you mean `always`?'],
    ["an unknown permission", ["-s", "disk-write-pwd"], '"disk-write-pwd" is not a value of -s; did you mean `disk-write-cwd`?'],
    ["a second argument", ["fix", "it"], 'unexpected argument "it"'],
    ["options that exclude each other", ["--full-auto", "--sandbox", "read-only"], "--sandbox and --full-auto cannot be used together"],
    ["recording a replay", ["--record", "a", "--replay", "b"], "--record and --replay cannot be used together"],
    ["an option that needs another", ["--live-tools"], "--live-tools needs --replay"],
  ])("refuse %s", (_name, args, message) => {
    expect(fault(() => exec(...args))).toMatchObject({ code: "usage", message });
  });

  test("help is given whatever else is wrong between the options", () => {
    expect(exec("a", "b", "--live-tools", "--help").values.help).toBe(true);
  });
});

test("a command without an argument refuses one", () => {
  expect(fault(() => parseFlags(PROTO, PROTO_OPTIONS, ["x"])).message).toBe('unexpected argument "x"');
});

test("completion names the shells it knows", () => {
  expect(fault(() => parseFlags(COMPLETION, PLAIN_OPTIONS, ["fsh"])).message).toBe(
    '"fsh" is not one of bash, zsh, fish; did you mean `zsh` or `fish` or `bash`?',
  );
});

describe("the command word", () => {
  test("may follow options", () => {
    expect(findCommand(["-m", "exec", "exec", "hi"])).toEqual({ type: "command", command: EXEC, args: ["-m", "exec", "hi"] });
  });

  test("has aliases", () => {
    expect(findCommand(["e", "--json"])).toEqual({ type: "command", command: EXEC, args: ["--json"] });
    expect(findCommand(["p"])).toEqual({ type: "command", command: PROTO, args: [] });
  });

  test("is not looked for behind --", () => {
    expect(findCommand(["--", "exec"])).toMatchObject({ type: "none" });
  });

  test("that does not exist brings up the near ones", () => {
    expect(findCommand(["exce"])).toMatchObject({
      type: "none",
      misspelt: { message: 'there is no command "exce"; did you mean `exec`?', at: 0 },
    });
  });

  test("left out means the interface", () => {
    expect(findCommand(["fix the bug"])).toEqual({ type: "none", help: false, version: false, misspelt: undefined });
  });
});

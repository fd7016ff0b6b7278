import { expect, test } from "vitest";
import { parseOverrides } from "../../src/config/overrides.ts";
import { fixture } from "./config-fixture.ts";

const parsed = (...overrides: string[]): unknown => JSON.parse(JSON.stringify(parseOverrides(overrides)));

test("a value is read as TOML when it is TOML, else it is plain text", () => {
  expect(
    parsed(
      "a=1",
      "b=true",
      "c=[1, 2]",
      "d={ x = 1, y.z = 'w' }",
      'e="quoted"',
      "f=o3-mini",
      "g=1=2",
      'h="open',
      "i= spaced out ",
      "j=",
      "k=1\nz=2",
      "l=1.5",
    ),
  ).toEqual({
    a: 1,
    b: true,
    c: [1, 2],
    d: { x: 1, y: { z: "w" } },
    e: "quoted",
    f: "o3-mini",
    g: "1=2",
    h: '"open',
    i: "spaced out",
    j: "",
    k: "1\nz=2",
    l: 1.5,
  });
});

test("keys are dotted and may be quoted", () => {
  expect(parsed('model_providers."my = id".name=x', "a.'b.c'.d=1", "a . e = 2", '"q\\"q"=3')).toEqual({
    model_providers: { "my = id": { name: "x" } },
    a: { "b.c": { d: 1 }, e: 2 },
    'q"q': 3,
  });
});

test("a later override wins, and joins the tables of earlier ones", () => {
  expect(parsed("a=1", "a=2", "t={ x = 1 }", "t.y=2", "s=1", "s.deep=2")).toEqual({ a: 2, t: { x: 1, y: 2 }, s: { deep: 2 } });
});

test.each(["model", "=x", "a..b=1", ".a=1", "a b=1", "", "a.=1", '"open=1'])("%j is refused by name", async (override) => {
  const { fail } = await fixture();
  expect(await fail({ overrides: [override] })).toMatchObject({
    code: "config_invalid",
    message: `-c ${override.split("=", 1)[0]}: expected dotted.key=value`,
  });
});

test("a wrong value, type or key of an override is named by its key", async () => {
  const { fail, load } = await fixture();
  expect((await fail({ overrides: ["model_reasoning_effort=hihg"] })).message).toBe(
    '-c model_reasoning_effort: expected one of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, found the string "hihg"; did you mean `high` or `xhigh`?',
  );
  expect((await fail({ overrides: ["model=5"] })).message).toBe("-c model: expected a string, found the number 5");
  expect((await load({ overrides: ["modle=x"] })).warnings).toEqual(["-c modle: unknown key `modle`; did you mean `model`?"]);
  expect((await fail({ overrides: ["modle=x"], strict: true })).message).toBe("-c modle: unknown key `modle`; did you mean `model`?");
});

test("keys with a meaning in JavaScript mean nothing", async () => {
  const { load } = await fixture();
  const config = await load({ overrides: ["__proto__.polluted=1", "constructor.prototype.polluted=1", "model=m"] });
  expect([config.model, config.warnings.length, ({} as { polluted?: unknown }).polluted]).toEqual(["m", 2, undefined]);
});

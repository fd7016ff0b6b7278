import { expect, test } from "vitest";
import { fixture } from "./config-fixture.ts";

test("a profile is a table of config.toml or a file of its own, chosen by flag, override or setting", async () => {
  const { load } = await fixture({
    ".codex/config.toml": 'profile = "table"\nmodel = "base"\n[profiles.table]\nmodel = "from table"\n',
    ".codex/file.config.toml": 'model = "from file"\nlog_dir = "l"\n',
  });
  const chosen = async (sources: Parameters<typeof load>[0]) => {
    const config = await load(sources);
    return [config.profile, config.model];
  };
  expect(await chosen({})).toEqual(["table", "from table"]);
  expect(await chosen({ overrides: ["profile=file"] })).toEqual(["file", "from file"]);
  expect(await chosen({ overrides: ["profile=table"], profile: "file" })).toEqual(["file", "from file"]);
  expect(await chosen({ profile: "file", ignoreUserConfig: true })).toEqual(["file", "from file"]);
  expect(await chosen({ profile: "new", overrides: ["profiles.new.model=inline"] })).toEqual(["new", "inline"]);
});

test("an unknown profile is an error that names the near and the known ones", async () => {
  const { fail } = await fixture({ ".codex/config.toml": 'profile = "careful"\n[profiles.carefull]\n', ".codex/fast.config.toml": "" });
  expect(await fail()).toEqual({
    code: "config_invalid",
    message: '~/.codex/config.toml:1:11: unknown profile `careful`; did you mean `carefull`?\n1 | profile = "careful"\n              ^',
    hint: "Known profiles: carefull, fast.",
  });
  expect(await fail({ profile: "../fast" })).toEqual({
    code: "config_invalid",
    message: "unknown profile `../fast`",
    hint: "Known profiles: carefull, fast.",
  });
  const none = await fixture();
  expect(await none.fail({ profile: "p" })).toEqual({
    code: "config_invalid",
    message: "unknown profile `p`",
    hint: "There are no profiles. Write one to ~/.codex/NAME.config.toml.",
  });
});

test("a profile's name cannot lead out of the Codex home", async () => {
  const { fail } = await fixture({ "outside.config.toml": 'model = "x"\n', ".codex/config.toml": "" });
  expect((await fail({ profile: "../outside" })).message).toBe("unknown profile `../outside`");
});

test("a profile that exists twice is an error", async () => {
  const { fail } = await fixture({ ".codex/config.toml": "[profiles.p]\n", ".codex/p.config.toml": "" });
  expect((await fail({ profile: "p" })).message).toBe(
    "the profile `p` stands both under [profiles] and in ~/.codex/p.config.toml; keep one",
  );
});

test("a profile cannot choose profiles, and its mistakes are located in it", async () => {
  const { fail } = await fixture({
    ".codex/config.toml": "",
    ".codex/chain.config.toml": 'model = "x"\nprofile = "other"\n',
    ".codex/wrong.config.toml": 'model_provider = "nowhere"\n',
    ".codex/broken.config.toml": "model = ",
  });
  expect((await fail({ profile: "chain" })).message).toBe(
    '~/.codex/chain.config.toml:2:1: `profile` cannot be set inside a profile\n2 | profile = "other"\n    ^',
  );
  expect((await fail({ profile: "wrong" })).message).toMatch(/^~\/\.codex\/wrong\.config\.toml:1:18: unknown model provider `nowhere`/);
  expect((await fail({ profile: "broken" })).message).toMatch(/^~\/\.codex\/broken\.config\.toml:1:9: malformed TOML/);
});

test("a mistake in a profile's table is located there", async () => {
  const { fail } = await fixture({ ".codex/config.toml": 'model_provider = "openai"\n[profiles.p]\nmodel_provider = "nowhere"\n' });
  expect((await fail({ profile: "p" })).message).toMatch(/^~\/\.codex\/config\.toml:3:18: unknown model provider `nowhere`/);
});

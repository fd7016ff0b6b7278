import type { Grant } from "@codex/core";
import { describe, expect, test } from "vitest";
import { BY_RULE, execAsk, STARTED } from "../support/events.ts";
import { Play } from "../support/play.ts";

const LONG = ["cat > notes.txt <<'EOF'", ...Array.from({ length: 60 }, (_, index) => `line ${String(index + 1)}`), "EOF", "rm -rf hidden"];

describe("a command that is longer than its place", () => {
  const asked = (): Play => new Play().ready().events(STARTED, execAsk("a", LONG.join("\n"), { reason: "It writes." }));

  test("is shown with its beginning and its end, where most is hidden", async () => {
    const frame = await asked().frame();
    expect(frame).toContain("$ cat > notes.txt");
    expect(frame).toContain("rm -rf hidden");
    expect(frame).toContain("It writes.");
    expect(frame).toMatch(/… 5\d more lines · pgdn, pgup/);
  });

  test("can be read whole, page by page and by the wheel, before it is answered", async () => {
    const play = asked();
    let seen = await play.frame();
    for (let page = 0; page < 6; page++) seen += await play.press("pagedown").frame();
    for (const line of LONG) expect(seen).toContain(line);
    expect(await play.frame()).toContain("▶ Yes");
    await play.press("pageup").frame();
    const before = await play.frame();
    expect(await play.input({ kind: "scroll", lines: -2, x: 0, y: 0 }).frame()).not.toBe(before);
    for (let page = 0; page < 9; page++) await play.press("pageup").frame();
    expect(await play.frame()).toBe(await asked().frame());
    expect(play.submitted()).toEqual([]);
  });

  test("on a screen that grows the end stays at the bottom", async () => {
    const play = asked();
    await play.frame();
    for (let page = 0; page < 6; page++) await play.press("pagedown").frame();
    const frame = await play.input({ kind: "resize", columns: 80, rows: 40 }).frame();
    expect(frame).toMatch(/It writes\..*\n│ +│\n│ ▶ Yes/);
    expect(frame).toContain("line 45");
  });

  test("the next question begins at its beginning", async () => {
    const play = asked().events(execAsk("b", `echo first\n${LONG.join("\n")}`));
    await play.frame();
    await play.press("pagedown", "pagedown").frame();
    expect(await play.press("n").frame()).toContain("$ echo first");
  });

  test("leaves pages to the history when it fits", async () => {
    const play = new Play().ready().events({ type: "agent_message", message: LONG.join("\n\n") }, STARTED, execAsk("a", "ls"));
    const before = await play.frame();
    expect(await play.press("pageup").frame()).not.toBe(before);
  });
});

describe("a patch", () => {
  const changes = { "/home/me/shop/long.txt": { add: { content: LONG.join("\n") } } };
  const ask = { type: "apply_patch_approval_request", call_id: "p", changes } as const;

  test("is shown from its beginning, and the history goes on at its end once it is answered", async () => {
    const play = new Play().ready().events({ type: "agent_message", message: "I write it down." }, STARTED, ask);
    const frame = await play.frame();
    expect(frame.split("\n")[1]).toContain("Proposed patch · 1 file");
    expect(await play.press("y").events({ type: "agent_message", message: "Written." }).frame()).toContain("Written.");
  });

  test("is shown from its beginning as well when it waited behind another question", async () => {
    const play = new Play().ready().events(STARTED, execAsk("a", "ls"), ask);
    await play.frame();
    expect((await play.press("n").frame()).split("\n")[1]).toContain("Proposed patch · 1 file");
  });

  test("shows why it is asked about in full when that is asked for, on a low screen as well", async () => {
    const reason = `The policy asks because ${"of this and that and ".repeat(6)}nothing else.`;
    const decision = { ...BY_RULE, reason, change: ["Choose another policy."] };
    const play = new Play(60, 16).ready().events(STARTED, { ...ask, decision });
    expect(await play.frame()).not.toContain("nothing else.");
    const explained = await play.press("w").frame();
    expect(explained).toContain("nothing else.");
    expect(explained).toContain("→ Choose another policy.");
  });
});

describe("answers", () => {
  test("a yes after a denial names everything it gives, and one of several alone is less", async () => {
    const permissions = ["disk-write-folder=/data", "network-full-access"];
    const offers = permissions.flatMap((permission) =>
      (["call", "session"] as const).map((scope): Grant => ({ type: "permission", permission, scope })),
    );
    const denial = { denied: true, what: "write", path: "/data/x", permission: "disk-write-folder=/data", permissions } as const;
    const play = new Play(120, 40).ready().events(STARTED, execAsk("a", "make", { denial, may_leave_sandbox: true, offers }));
    const frame = await play.frame();
    expect(frame.match(/[▶ ] (Yes.*?) +│/gu)?.map((line) => line.replace(/ +│$/, "").slice(2))).toEqual([
      "Yes, run it again with disk-write-folder=/data and network-full-access (y)",
      "Yes, and for this session keep disk-write-folder=/data and network-full-access (a)",
      "Yes, but this once with disk-write-folder=/data alone (1)",
      "Yes, but this once with network-full-access alone (2)",
      "Yes, without the sandbox, this once (u)",
    ]);
    expect(play.press("y").submitted()).toEqual(['{"type":"exec_approval","call_id":"a","decision":"approved"}']);
  });

  test("a long one is told apart from its neighbours", async () => {
    const offers = (["session", "user"] as const).flatMap((scope): Grant[] => [
      { type: "prefix", prefix: ["rm", "-rf", "build"], scope },
      { type: "prefix", prefix: ["npm", "install", "--save-exact", "lodash"], scope },
    ]);
    const frame = await new Play()
      .ready()
      .events(STARTED, execAsk("a", "rm -rf build && npm i", { offers }))
      .frame();
    expect(frame).toContain("Yes, and for this session whatever begins with `rm -rf build` or");
    expect(frame).toContain("Yes, and always (your rules) whatever begins with `rm -rf build` or");
    expect(frame.match(/install --save-exact lodash` \([12]\)/g)).toHaveLength(2);
  });
});

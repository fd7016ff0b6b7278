import { expect, test } from "vitest";
import type { ApprovalAnswer, ApprovalHandler, ApprovalRequest } from "../../src/host/approval.ts";
import type { EventMsg } from "../../src/protocol/event.ts";
import { ApprovalDesk } from "../../src/session/approval-desk.ts";

const request = (id: string): ApprovalRequest => ({ type: "exec_approval_request", call_id: id, command: ["make"], cwd: "/p" });

test("an answer given while the request is being shown is not lost", async () => {
  const desk = new ApprovalDesk("ops");
  const faults: (string | undefined)[] = [];
  const approvals = desk.forTask(
    () => faults.push(desk.answer("a", { decision: "approved" })),
    () => {},
  );
  expect(await approvals.ask(request("a"), new AbortController().signal)).toEqual({ decision: "approved" });
  expect(faults).toEqual([undefined]);
});

test("an answer without a call id goes to the only open request and is refused when there are several", async () => {
  const desk = new ApprovalDesk("ops");
  const approvals = desk.forTask(
    () => {},
    () => {},
  );
  const { signal } = new AbortController();
  const first = approvals.ask(request("a"), signal);
  const second = approvals.ask(request("b"), signal);
  expect(desk.answer(undefined, { decision: "approved" })).toBe("2 approvals are open: say which with call_id");
  expect(desk.answer("b", { decision: "denied", reason: "too slow" })).toBeUndefined();
  expect(desk.answer(undefined, { decision: "approved" })).toBeUndefined();
  expect(await Promise.all([first, second])).toEqual([{ decision: "approved" }, { decision: "denied", reason: "too slow" }]);
  expect(desk.answer(undefined, { decision: "approved" })).toBe("no approval is asked for");
});

test("a request that is aborted counts as denied, and its late answer finds nothing", async () => {
  const desk = new ApprovalDesk("ops");
  const controller = new AbortController();
  const answer = desk
    .forTask(
      () => {},
      () => {},
    )
    .ask(request("a"), controller.signal);
  controller.abort();
  expect(await answer).toEqual({ decision: "denied" });
  expect(desk.answer("a", { decision: "approved" })).toBe("no approval with call_id a is open");
});

test("where nobody answers, nothing is shown and everything is denied", async () => {
  const shown: EventMsg[] = [];
  const approvals = new ApprovalDesk("nobody").forTask(
    (msg) => shown.push(msg),
    () => {},
  );
  expect(approvals.canAsk).toBe(false);
  expect(await approvals.ask(request("a"), new AbortController().signal)).toEqual({ decision: "denied" });
  expect(shown).toEqual([]);
});

test("a host's approver that fails denies, with the reason", async () => {
  const approvals = new ApprovalDesk(async () => Promise.reject(new Error("no terminal"))).forTask(
    () => {},
    () => {},
  );
  const answer = await approvals.ask(request("a"), new AbortController().signal);
  expect(answer).toEqual({ decision: "denied", reason: "the approver failed: Error: no terminal" });
});

test.each([
  [
    "throws",
    () => {
      throw new Error("no terminal");
    },
    "the approver failed: Error: no terminal",
  ],
  ["gives nothing", () => undefined, "the approver gave no decision: it is nothing and no object"],
  [
    "gives a misspelt decision",
    () => ({ decision: "aproved" }),
    'the approver gave no decision: `decision` is "aproved", which is none of approved, approved_for_session, denied, abort; did you mean `approved`?',
  ],
  ["gives no decision", () => ({ reason: "x" }), "the approver gave no decision: `decision` is missing"],
  [
    "grants what there is not",
    () => ({ decision: "approved", grants: [{ type: "everything" }] }),
    "the approver gave no decision: `grants.0.type`: Invalid input",
  ],
])("a host's approver that %s denies, with the reason", async (_, handler, reason) => {
  const approvals = new ApprovalDesk(handler as unknown as ApprovalHandler).forTask(
    () => {},
    () => {},
  );
  expect(await approvals.ask(request("a"), new AbortController().signal)).toEqual({ decision: "denied", reason });
});

test("the answer abort stops the task", async () => {
  let aborted = 0;
  const desk = new ApprovalDesk(async () => ({ decision: "abort" }));
  await desk
    .forTask(
      () => {},
      () => aborted++,
    )
    .ask(request("a"), new AbortController().signal);
  expect(aborted).toBe(1);
});

test("two requests of one call id are answered one after the other", async () => {
  const desk = new ApprovalDesk("ops");
  const approvals = desk.forTask(
    () => {},
    () => {},
  );
  const { signal } = new AbortController();
  const both = Promise.all([approvals.ask(request("a"), signal), approvals.ask(request("a"), signal)]);
  expect([desk.answer("a", { decision: "approved" }), desk.answer("a", { decision: "denied" })]).toEqual([undefined, undefined]);
  expect(await both).toEqual([{ decision: "approved" }, { decision: "denied" }]);
});

test("a request that nobody answers in time is denied, says so, and its handler is told that it is over", async () => {
  let elapse: () => void = () => {};
  const waits: number[] = [];
  const clock = {
    timer: (ms: number, callback: () => void) => {
      waits.push(ms);
      elapse = callback;
      return () => {};
    },
  };
  let told: AbortSignal | undefined;
  const desk = new ApprovalDesk(
    (_, signal) => {
      told = signal;
      return new Promise(() => {});
    },
    { ms: 2500, clock },
  );
  const asked = desk.forTask(
    () => {},
    () => {},
  );
  const answer = asked.ask(request("a"), new AbortController().signal);
  expect({ waits, aborted: told?.aborted }).toEqual({ waits: [2500], aborted: false });
  elapse();
  expect(await answer).toEqual({ decision: "denied", reason: "nobody answered within 2.5 s" });
  expect(told?.aborted).toBe(true);
});

test("the grants of an answer reach who asked", async () => {
  const given: ApprovalAnswer = {
    decision: "approved",
    grants: [
      { type: "prefix", prefix: ["npm", "test"], scope: "user" },
      { type: "permission", permission: "network-full-access", scope: "call" },
    ],
  };
  const approvals = new ApprovalDesk(async () => given).forTask(
    () => {},
    () => {},
  );
  expect(await approvals.ask(request("a"), new AbortController().signal)).toEqual(given);
});

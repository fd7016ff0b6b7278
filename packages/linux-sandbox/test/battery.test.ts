import { expect, test } from "vitest";
import { probeSandbox } from "../src/battery.ts";
import { missing } from "./support/requirements.ts";

test.skipIf(missing("landlock", "scopes", "bwrap"))(
  "the battery tells what each backend holds and where its gaps are",
  { timeout: 60_000 },
  async () => {
    const { support, trials } = await probeSandbox();
    expect(support.reasons).toEqual([]);
    const readOnlyHeld = ["write", "metadata", "network", "abstract_sockets", "signals"];
    expect(trials).toEqual([
      {
        backend: "landlock",
        policy: "read-only",
        held: [...readOnlyHeld, "ipc"],
        gaps: [
          { guarantee: "processes", attempts: ["see a process"] },
          { guarantee: "loopback", attempts: ["serve on loopback"] },
        ],
      },
      {
        backend: "landlock",
        policy: "workspace-write",
        held: ["write", "network", "abstract_sockets", "signals"],
        gaps: [
          { guarantee: "carveout", attempts: ["change a git hook", "change a nested git hook", "replace .git", "create .agents"] },
          { guarantee: "metadata", attempts: ["change a mode", "change a time"] },
          { guarantee: "processes", attempts: ["see a process"] },
          { guarantee: "ipc", attempts: ["use System V queues"] },
          { guarantee: "loopback", attempts: ["serve on loopback"] },
        ],
      },
      { backend: "bwrap", policy: "read-only", held: [...readOnlyHeld, "processes", "ipc", "loopback"], gaps: [] },
      {
        backend: "bwrap",
        policy: "workspace-write",
        held: ["write", "carveout", "metadata", "network", "abstract_sockets", "signals", "processes", "ipc", "loopback"],
        gaps: [],
      },
    ]);
  },
);

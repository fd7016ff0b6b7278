import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../../src/config/config.ts";
import type { ConfigFlags } from "../../src/config/config-sources.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Host } from "../../src/host/host.ts";
import { createNodeHost } from "../../src/node/node-host.ts";
import type { Event, EventMsg, EventOf } from "../../src/protocol/event.ts";
import type { InputItem } from "../../src/protocol/op.ts";
import { Session, type SessionOptions } from "../../src/session/session.ts";
import { script, type ScriptedModel } from "../../src/testing/script.ts";
import type { ScriptedTurn } from "../../src/testing/scripted-turn.ts";

export interface SessionFixture {
  readonly session: Session;
  readonly config: Config;
  readonly model: ScriptedModel;
  /** An empty folder, the session's cwd. */
  readonly cwd: string;
  readonly events: readonly Event[];
  /** Submits one text and resolves with the terminal event of its task. */
  ask(text: string | InputItem[]): Promise<EventMsg>;
  ofType<Type extends EventMsg["type"]>(type: Type): EventOf<Type>[];
  /** Resolves with the next event of the type, also one that was emitted already. */
  next<Type extends EventMsg["type"]>(type: Type): Promise<EventOf<Type>>;
}

export interface FixtureOptions {
  readonly flags?: ConfigFlags;
  readonly overrides?: readonly string[];
  readonly host?: Partial<Host>;
  readonly session?: SessionOptions;
  /** False: a host that confines nothing. */
  readonly sandbox?: false;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the fixture's folders before the session opens. */
  readonly prepare?: (folders: { readonly cwd: string; readonly home: string }) => Promise<void>;
}

const TERMINAL = ["task_complete", "error", "turn_aborted"];

/** A real session in its own folders, with a scripted model; everything is closed and removed when the test is over. */
export async function openFixture(turns: readonly ScriptedTurn[], options: FixtureOptions = {}): Promise<SessionFixture> {
  const root = await mkdtemp(join(tmpdir(), "session-"));
  const [cwd, home] = [join(root, "work"), join(root, "home")];
  await Promise.all([mkdir(cwd), mkdir(home)]);
  await options.prepare?.({ cwd, home });
  const model = script(turns);
  const env = { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home, OPENAI_API_KEY: "test-key", ...options.env };
  const machine = createNodeHost({ env });
  const { run, start, close } = machine.processes;
  const processes = options.sandbox === false ? { run, start, close } : machine.processes;
  const host: Host = { ...machine, model, processes, ...options.host };
  const flags = { sandboxMode: "danger-full-access", approvalPolicy: "never", ...options.flags };
  const config = await loadConfig({ processCwd: cwd, flags, overrides: options.overrides }, host);
  const session = await Session.open(config, host, options.session);
  onTestFinished(async () => {
    await session.close();
    await host.processes.close();
    await rm(root, { recursive: true });
  });
  return { session, config, model, cwd, ...observe(session) };
}

function observe(session: Session): Pick<SessionFixture, "events" | "ask" | "ofType" | "next"> {
  const events: Event[] = [];
  const waiting = new Set<() => void>();
  session.subscribe((event) => {
    events.push(event);
    for (const check of waiting) check();
  });
  function until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  }
  function ofType<Type extends EventMsg["type"]>(type: Type): EventOf<Type>[] {
    return events.map((event) => event.msg).filter((msg): msg is EventOf<Type> => msg.type === type);
  }
  return {
    events,
    ofType,
    next: (type) => until(() => ofType(type)[0]),
    ask(text) {
      const items: InputItem[] = typeof text === "string" ? [{ type: "text", text }] : text;
      const id = session.submit({ type: "user_input", items });
      return until(() => events.find((event) => event.id === id && TERMINAL.includes(event.msg.type))?.msg);
    },
  };
}

/** The input items of a recorded request that follow the session's first context, for comparing transcripts. */
export function inputOf(fixture: SessionFixture, request: number): readonly Record<string, unknown>[] {
  const input = fixture.model.requests[request]?.body["input"];
  return Array.isArray(input) ? (input as Record<string, unknown>[]) : [];
}

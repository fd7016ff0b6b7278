import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { connectStdio, type ClientOptions, type Clock, type McpClient, type McpError, type StdioOptions } from "../../src/index.ts";

export const FIXTURE = fileURLToPath(new URL("../fixtures/server.mjs", import.meta.url));

/** A client of the fixture server with these faults, not initialized. It is closed when the test ends. */
export async function connectFixture(faults: readonly string[] = [], options: ClientOptions & StdioOptions = {}): Promise<McpClient> {
  const client = await connectStdio({ command: process.execPath, args: [FIXTURE, ...faults] }, { name: "fixture", ...options });
  onTestFinished(() => client.close());
  return client;
}

export async function openFixture(faults: readonly string[] = [], options: ClientOptions & StdioOptions = {}): Promise<McpClient> {
  const client = await connectFixture(faults, options);
  await client.initialize();
  return client;
}

export function textOf({ content }: { readonly content: readonly { readonly type: string }[] }): string {
  const [first] = content;
  return first !== undefined && "text" in first && typeof first.text === "string" ? first.text : "";
}

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<McpError> {
  return promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error as McpError,
  );
}

/** Time that is turned by hand. */
export function manualClock(): Clock & { advance(ms: number): void } {
  const timers = new Map<object, { readonly at: number; readonly callback: () => void }>();
  let now = 0;
  return {
    monotonic: () => now,
    timer: (ms, callback) => {
      const key = {};
      timers.set(key, { at: now + ms, callback });
      return () => timers.delete(key);
    },
    advance: (ms) => {
      now += ms;
      for (const [key, { at, callback }] of timers) {
        if (at > now) continue;
        timers.delete(key);
        callback();
      }
    },
  };
}

/** Resolves when it holds; the test's own limit ends the wait. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

import { describe, expect, test } from "vitest";
import {
  CLIENT_NOTIFICATIONS,
  CLIENT_REQUESTS,
  SERVER_NOTIFICATIONS,
  SERVER_REQUESTS,
  toClientNotification,
  toClientRequest,
  toServerNotification,
  toServerRequest,
} from "../src/index.ts";

test("the tables have the methods of the newest version and tell those of the older ones apart", () => {
  const upTo = (table: Readonly<Record<string, { readonly since: string }>>, version: string): number =>
    Object.values(table).filter(({ since }) => since <= version).length;
  const counts = ["2025-03-26", "2025-06-18", "2025-11-25"].map((version) =>
    [CLIENT_REQUESTS, CLIENT_NOTIFICATIONS, SERVER_REQUESTS, SERVER_NOTIFICATIONS].map((table) => upTo(table, version)),
  );
  expect(counts).toEqual([
    [13, 4, 3, 7],
    [13, 4, 4, 7],
    [17, 5, 8, 9],
  ]);
});

describe("a message is narrowed to its method", () => {
  const request = (method: string, params?: object): Parameters<typeof toClientRequest>[0] => ({
    jsonrpc: "2.0",
    id: 1,
    method,
    ...(params !== undefined && { params: params as Record<string, unknown> }),
  });

  test("and stays the same object, with what nobody knows", () => {
    const message = request("tools/call", { name: "x", extra: { kept: true } });
    const narrowed = toClientRequest(message);
    expect(narrowed).toEqual({ ok: true, message });
    expect(narrowed.ok && narrowed.message).toBe(message);
  });

  test("unless nobody knows the method", () => {
    expect(toClientRequest(request("tools/paint"))).toEqual({ ok: false, code: -32601, reason: "method not found: tools/paint" });
    expect(toClientRequest(request("toString"))).toEqual({ ok: false, code: -32601, reason: "method not found: toString" });
    expect(toServerRequest(request("tools/call", { name: "x" }))).toMatchObject({ ok: false, code: -32601 });
    expect(toServerNotification({ jsonrpc: "2.0", method: "notifications/initialized" })).toMatchObject({ ok: false, code: -32601 });
    expect(toClientNotification({ jsonrpc: "2.0", method: "notifications/initialized" })).toMatchObject({ ok: true });
  });

  test("unless its params do not fit", () => {
    const reasons = [request("tools/call"), request("tools/call", { name: 7 }), request("logging/setLevel", { level: "loud" })].map(
      (message) => {
        const narrowed = toClientRequest(message);
        return narrowed.ok ? "" : `${String(narrowed.code)} ${narrowed.reason}`;
      },
    );
    expect(reasons).toEqual([
      "-32602 params of tools/call: expected an object, found nothing",
      "-32602 params of tools/call: name: expected a string, found 7",
      '-32602 params of logging/setLevel: level: expected "debug", "info", "notice", "warning", "error", "critical", "alert" or "emergency", found "loud"',
    ]);
  });
});

import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ModelHttpRequest, ModelTransport } from "../../src/host/host.ts";
import { openHttpTransport } from "../../src/node/http-transport.ts";
import { makeCertificate } from "./make-certificate.ts";

/** A server whose answers are written by hand, and a transport that asks it. */
async function open(protocol: "http" | "https") {
  const responses: http.ServerResponse[] = [];
  let connections = 0;
  const listener: http.RequestListener = (_request, response) => void responses.push(response);
  const certificate =
    protocol === "http" ? undefined : await makeCertificate((cleanup) => onTestFinished(async () => void (await cleanup())));
  const server = certificate === undefined ? http.createServer(listener) : https.createServer(certificate, listener);
  server.on("connection", () => void connections++);
  await new Promise<void>((resolve) => void server.listen(0, "localhost", resolve));
  const transport = openHttpTransport({ env: certificate === undefined ? {} : { SSL_CERT_FILE: certificate.file } });
  onTestFinished(async () => {
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `${protocol}://localhost:${String((server.address() as AddressInfo).port)}/`;
  return { responses, transport, url, connections: () => connections };
}

const SOON = 20;

function ask(transport: ModelTransport, url: string, { restMs, onData }: { restMs: () => number; onData: (text: string) => void }) {
  const controller = new AbortController();
  const request: ModelHttpRequest = { method: "POST", url, headers: {}, body: "{}" };
  const sink = { head: () => undefined, data: (chunk: Uint8Array) => onData(Buffer.from(chunk).toString()), restMs };
  return { end: transport.send(request, sink, controller.signal), abort: () => controller.abort() };
}

async function arrived(condition: () => boolean): Promise<void> {
  // Nothing tells it; the limit is the test's.
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function written(response: http.ServerResponse | undefined, text: string): Promise<void> {
  return new Promise((resolve) => void response?.write(text, () => resolve()));
}

describe.each(["http", "https"] as const)("over %s", (protocol) => {
  test("what comes while the reader rests is not read, and an abort need not wait for it", async () => {
    const { responses, transport, url } = await open(protocol);
    const seen: string[] = [];
    const resting = ask(transport, url, { restMs: () => 3_600_000, onData: (text) => seen.push(text) });
    await arrived(() => responses.length === 1);
    await written(responses[0], "first");
    await arrived(() => seen.length === 1);
    await written(responses[0], "second");
    // An answer on another connection that is written later is there: the one before would be there too.
    const other: string[] = [];
    const second = ask(transport, url, { restMs: () => 0, onData: (text) => other.push(text) });
    await arrived(() => responses.length === 2);
    responses[1]?.end("other");
    expect(await second.end).toEqual({ type: "ended" });
    expect({ seen, other }).toEqual({ seen: ["first"], other: ["other"] });
    resting.abort();
    expect(await resting.end).toEqual({ type: "aborted" });
  });

  test("after the rest all of it is read, to the end", async () => {
    const { responses, transport, url } = await open(protocol);
    const seen: string[] = [];
    const { end } = ask(transport, url, { restMs: () => SOON, onData: (text) => seen.push(text) });
    await arrived(() => responses.length === 1);
    for (const text of ["a", "b", "c"]) await written(responses[0], text);
    responses[0]?.end("d");
    expect(await end).toEqual({ type: "ended" });
    expect(seen.join("")).toBe("abcd");
  });

  test("an answer that ends while its reader rests leaves a connection that can be used again", async () => {
    const { responses, transport, url, connections } = await open(protocol);
    const texts: string[] = [];
    for (const text of ["one", "two"]) {
      const { end } = ask(transport, url, { restMs: () => 3_600_000, onData: (data) => texts.push(data) });
      await arrived(() => responses.length === texts.length + 1);
      // One packet: the end is read along with the text that begins the rest.
      responses.at(-1)?.end(text);
      expect(await end).toEqual({ type: "ended" });
    }
    expect({ texts, connections: connections() }).toEqual({ texts: ["one", "two"], connections: 1 });
  });
});

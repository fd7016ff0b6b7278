import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import type { ModelHttpRequest, ModelTransport, ModelTransportEnd } from "../../src/host/host.ts";
import { openHttpTransport, type HttpTransportOptions } from "../../src/node/http-transport.ts";
import { proxyFor } from "../../src/node/proxy.ts";
import { startFakeResponsesServer } from "../../src/testing/fake-responses-server.ts";
import { say, stall } from "../../src/testing/scripted-turn.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function transportOf(options: Partial<HttpTransportOptions> = {}): ModelTransport {
  const transport = openHttpTransport({ env: {}, ...options });
  cleanups.push(() => transport.close());
  return transport;
}

async function listening(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

interface Received {
  readonly status: number | undefined;
  readonly body: string;
  readonly end: ModelTransportEnd;
}

async function post(
  transport: ModelTransport,
  url: string,
  options: { readonly signal?: AbortSignal; readonly headers?: Record<string, string> } = {},
): Promise<Received> {
  let status: number | undefined;
  const chunks: Uint8Array[] = [];
  const request: ModelHttpRequest = { method: "POST", url, headers: options.headers ?? {}, body: '{"text":"ä"}' };
  const end = await transport.send(
    request,
    { head: (code) => void (status = code), data: (chunk) => void chunks.push(chunk) },
    options.signal ?? new AbortController().signal,
  );
  return { status, body: Buffer.concat(chunks).toString(), end };
}

/** Answers with what it was asked. */
const echo: http.RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () =>
    response.end(JSON.stringify({ url: request.url, host: request.headers.host, body: Buffer.concat(chunks).toString() })),
  );
};

test("a request that is given up before its way is known is never sent", async () => {
  let received = 0;
  const port = await listening(http.createServer(() => void received++));
  const controller = new AbortController();
  const sent = post(transportOf(), `http://127.0.0.1:${port}/x`, { signal: controller.signal });
  controller.abort();
  expect({ end: (await sent).end, received }).toEqual({ end: { type: "aborted" }, received: 0 });
});

describe("connections", () => {
  test("are kept and used again", async () => {
    const server = await startFakeResponsesServer([say("a"), say("b"), say("c")]);
    cleanups.push(() => server.close());
    const transport = transportOf();
    for (let i = 0; i < 3; i++) expect((await post(transport, `${server.url}/responses`)).end).toEqual({ type: "ended" });
    expect(server.connections).toBe(1);
  });

  test("that the server closed meanwhile are replaced without notice", async () => {
    let requests = 0;
    const server = http.createServer((request, response) => {
      requests += 1;
      // The second request on a connection finds it reset, as one does that lost the race against the server's timeout.
      if (requests === 2) request.socket.resetAndDestroy();
      else echo(request, response);
    });
    const port = await listening(server);
    const transport = transportOf();
    const first = await post(transport, `http://127.0.0.1:${port}/one`);
    const second = await post(transport, `http://127.0.0.1:${port}/two`);
    expect([first.status, second.status, requests]).toEqual([200, 200, 3]);
  });

  test("that are new and reset are a failure, sent once", async () => {
    let requests = 0;
    const port = await listening(
      http.createServer((request) => {
        requests += 1;
        request.socket.resetAndDestroy();
      }),
    );
    const { end } = await post(transportOf(), `http://127.0.0.1:${port}/`);
    expect({ end, requests }).toMatchObject({ end: { type: "failed", kind: "cut", code: "ECONNRESET" }, requests: 1 });
  });

  test("that nobody takes are unreachable", async () => {
    const server = net.createServer();
    const port = await listening(server);
    await cleanups.pop()?.();
    expect((await post(transportOf(), `http://127.0.0.1:${port}/`)).end).toEqual({
      type: "failed",
      kind: "unreachable",
      code: "ECONNREFUSED",
      message: `connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  test("that break in the middle of a body are cut", async () => {
    const port = await listening(
      http.createServer((_request, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("half", () => response.destroy());
      }),
    );
    const { body, end } = await post(transportOf(), `http://127.0.0.1:${port}/`);
    expect({ body, end }).toMatchObject({ body: "half", end: { type: "failed", kind: "cut" } });
  });

  test("are closed by an abort, after which nothing is told", async () => {
    const server = await startFakeResponsesServer([stall({ headers: false })]);
    cleanups.push(() => server.close());
    const abort = new AbortController();
    const done = post(transportOf(), `${server.url}/responses`, { signal: abort.signal });
    await server.received(1);
    abort.abort();
    expect(await done).toEqual({ status: undefined, body: "", end: { type: "aborted" } });
  });

  test("end with the transport", async () => {
    const server = await startFakeResponsesServer([stall({ headers: false })]);
    cleanups.push(() => server.close());
    const transport = transportOf();
    const done = post(transport, `${server.url}/responses`);
    await server.received(1);
    await transport.close();
    expect((await done).end.type).toBe("aborted");
    expect((await post(transport, `${server.url}/responses`)).end).toMatchObject({ type: "failed", kind: "unreachable", code: "CLOSED" });
  });

  test("with a header or address that cannot be sent are an outcome, not an exception", async () => {
    expect((await post(transportOf(), "http://127.0.0.1:9/", { headers: { "x-bad": "a\nb" } })).end).toMatchObject({
      type: "failed",
      kind: "unreachable",
    });
    expect((await post(transportOf(), "nonsense")).end).toMatchObject({ type: "failed", kind: "unreachable", code: "ERR_INVALID_URL" });
  });
});

describe("proxies", () => {
  test("take plain requests by their absolute address, with credentials", async () => {
    const seen: unknown[] = [];
    const port = await listening(
      http.createServer((request, response) => {
        seen.push({ url: request.url, host: request.headers.host, authorization: request.headers["proxy-authorization"] });
        response.end("ok");
      }),
    );
    const transport = transportOf({ env: { http_proxy: `http://user:p%40ss@127.0.0.1:${port}` } });
    expect((await post(transport, "http://model.test/v1/responses?a=1")).body).toBe("ok");
    expect(seen).toEqual([
      {
        url: "http://model.test/v1/responses?a=1",
        host: "model.test",
        authorization: `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
      },
    ]);
  });

  test("of a kind that is not supported are said to be so", async () => {
    const { end } = await post(transportOf({ env: { ALL_PROXY: "socks5://127.0.0.1:1" } }), "http://model.test/");
    expect(end).toEqual({
      type: "failed",
      kind: "unreachable",
      code: "PROXY_UNSUPPORTED",
      message: "proxies of the kind socks5:// are not supported",
    });
  });

  test.each([
    ["https://a.test", { HTTPS_PROXY: "http://p:1", HTTP_PROXY: "http://q:1" }, "http://p:1/"],
    ["https://a.test", { https_proxy: "p:1", HTTPS_PROXY: "http://q:1" }, "http://p:1/"],
    ["https://a.test", { HTTP_PROXY: "http://q:1" }, undefined],
    ["http://a.test", { ALL_PROXY: "http://p:1" }, "http://p:1/"],
    ["http://localhost:8080", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://127.0.0.1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://[::1]:1", { HTTP_PROXY: "http://p:1" }, undefined],
    ["https://x.a.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "b.test, a.test" }, undefined],
    ["https://xa.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "a.test" }, "http://p:1/"],
    ["https://a.test", { HTTPS_PROXY: "http://p:1", no_proxy: ".a.test" }, undefined],
    ["https://a.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "*.a.test:443" }, undefined],
    ["https://a.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "a.test:8443" }, "http://p:1/"],
    ["https://a.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
    ["http://10.0.0.7", { HTTP_PROXY: "http://p:1", NO_PROXY: "10.0.0.7" }, undefined],
    ["http://[fe80::1]", { HTTP_PROXY: "http://p:1", NO_PROXY: "fe80::1" }, undefined],
  ])("%s with %j goes through %s", (target, env, proxy) => {
    expect(proxyFor(new URL(target), env)?.href).toBe(proxy);
  });
});

describe("https", () => {
  /** A certificate for `localhost` and `model.test`, made by the openssl program. */
  async function certificate(): Promise<{ readonly key: string; readonly cert: string; readonly file: string }> {
    const folder = await mkdtemp(join(tmpdir(), "codex-tls-"));
    cleanups.push(() => rm(folder, { recursive: true }));
    const [key, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const names = ["-subj", "/CN=model.test", "-addext", "subjectAltName=DNS:localhost,DNS:model.test"];
    await promisify(execFile)("openssl", [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      file,
      ...names,
    ]);
    return { key: await readFile(key, "utf8"), cert: await readFile(file, "utf8"), file };
  }

  test("trusts what SSL_CERT_FILE names, and nothing unknown", async () => {
    const { key, cert, file } = await certificate();
    const port = await listening(https.createServer({ key, cert }, echo));
    const trusting = await post(transportOf({ env: { SSL_CERT_FILE: file } }), `https://localhost:${port}/x`);
    expect({ status: trusting.status, body: JSON.parse(trusting.body) as unknown }).toEqual({
      status: 200,
      body: { url: "/x", host: `localhost:${port}`, body: '{"text":"ä"}' },
    });
    expect((await post(transportOf(), `https://localhost:${port}/x`)).end).toMatchObject({
      type: "failed",
      kind: "unreachable",
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });

  test("goes through a tunnel of the proxy, which is kept and used again", async () => {
    const { key, cert, file } = await certificate();
    const target = await listening(https.createServer({ key, cert }, echo));
    const tunnels: (string | undefined)[] = [];
    const proxy = http.createServer();
    proxy.on("connect", (request, socket) => {
      tunnels.push(request.url);
      const upstream = net.connect(target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    const port = await listening(proxy);
    const transport = transportOf({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}`, SSL_CERT_FILE: file } });
    for (const path of ["/one", "/two"])
      expect(JSON.parse((await post(transport, `https://model.test${path}`)).body)).toMatchObject({ url: path, host: "model.test" });
    expect(tunnels).toEqual(["model.test:443"]);
  });

  test("says what the proxy answered when it refuses the tunnel", async () => {
    const proxy = http.createServer();
    proxy.on("connect", (_request, socket) => void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
    const port = await listening(proxy);
    const { end } = await post(transportOf({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } }), "https://model.test/");
    expect(end).toEqual({ type: "failed", kind: "unreachable", code: "PROXY_FAILED", message: `the proxy 127.0.0.1:${port} answered 407` });
  });

  test("names an SSL_CERT_FILE that cannot be read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codex-tls-"));
    cleanups.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "unrelated"), "");
    const { end } = await post(transportOf({ env: { SSL_CERT_FILE: join(folder, "missing.pem") } }), "https://localhost:1/");
    expect(end).toMatchObject({ type: "failed", kind: "unreachable", code: "CERTIFICATES_UNREADABLE" });
  });
});

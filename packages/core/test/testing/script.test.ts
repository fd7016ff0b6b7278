import { expect, test } from "vitest";
import type { ModelHttpRequest } from "../../src/host/host.ts";
import { openHttpTransport } from "../../src/node/http-transport.ts";
import { startFakeResponsesServer } from "../../src/testing/fake-responses-server.ts";
import { answer, call, customCall, cut, endEarly, fail, refuse, say, think, type ScriptedTurn } from "../../src/testing/scripted-turn.ts";
import { script } from "../../src/testing/script.ts";
import type { ModelTransport } from "../../src/host/host.ts";

interface Received {
  readonly status: number | undefined;
  readonly body: string;
  readonly end: unknown;
}

async function post(transport: ModelTransport, url: string): Promise<Received> {
  let status: number | undefined;
  const chunks: Uint8Array[] = [];
  const request: ModelHttpRequest = { method: "POST", url, headers: { "x-test": "1" }, body: '{"model":"m"}' };
  const end = await transport.send(
    request,
    { head: (code) => void (status = code), data: (chunk) => void chunks.push(chunk) },
    new AbortController().signal,
  );
  return { status, body: Buffer.concat(chunks).toString(), end: end.type };
}

const TURNS: readonly ScriptedTurn[] = [
  say("hello"),
  answer([think("a", "b"), call("shell", {}), customCall("apply_patch", "x")], { tearEvery: 11, garbage: true }),
  refuse(429, "slow", { headers: { "retry-after": "1" } }),
  fail("server_error", "boom"),
  endEarly("max_output_tokens"),
  cut("half", { clean: true }),
  cut("half"),
];

test.each(["responses", "chat/completions"])("script and server answer the same bytes for the same turns (%s)", async (path) => {
  const server = await startFakeResponsesServer(TURNS);
  const transport = openHttpTransport({ env: {} });
  const model = script(TURNS);
  for (const _turn of TURNS) {
    expect(await post(transport, `${server.url}/${path}`)).toEqual(await post(model, `http://script.test/v1/${path}`));
  }
  expect(server.requests.map(({ path: at, rawBody, body }) => ({ at, rawBody, body }))).toEqual(
    model.requests.map(({ path: at, rawBody, body }) => ({ at, rawBody, body })),
  );
  await transport.close();
  await server.close();
});

test("a request beyond the script is refused in words", async () => {
  const received = await post(script([]), "http://script.test/v1/responses");
  expect({ status: received.status, message: (JSON.parse(received.body) as { error: { message: string } }).error.message }).toEqual({
    status: 400,
    message: "the script has no turn for request 1",
  });
});

test("the server takes new turns while it runs", async () => {
  const server = await startFakeResponsesServer([say("old")]);
  const transport = openHttpTransport({ env: {} });
  server.setTurns([say("new")]);
  expect((await post(transport, `${server.url}/responses`)).body).toContain('"text":"new"');
  expect(server.requests).toMatchObject([{ method: "POST", path: "/v1/responses", headers: { "x-test": "1" }, body: { model: "m" } }]);
  await transport.close();
  await server.close();
});

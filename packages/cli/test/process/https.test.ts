import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openPlace } from "./codex-process.ts";

const ITEM = { type: "message", role: "assistant", content: [{ type: "output_text", text: "Over TLS." }] };
const ANSWER = [
  { type: "response.output_item.done", item: ITEM },
  { type: "response.completed", response: { id: "r" } },
];

test("the built command line reaches a provider over https (needs the openssl program)", async () => {
  await using place = await openPlace([]);
  const [key, cert] = [join(place.cwd, "key.pem"), join(place.cwd, "cert.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await promisify(execFile)("openssl", ["req", "-x509", ...kind, ...names, "-keyout", key, "-out", cert]);
  const server = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(ANSWER.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
  });
  await new Promise<void>((resolve) => void server.listen(0, "localhost", resolve));
  const url = `https://localhost:${String((server.address() as AddressInfo).port)}/v1`;
  const { code, stdout } = await place.run(["exec", "go"], { env: { OPENAI_BASE_URL: url, SSL_CERT_FILE: cert } });
  server.closeAllConnections();
  server.close();
  expect({ code, stdout }).toEqual({ code: 0, stdout: "Over TLS.\n" });
});

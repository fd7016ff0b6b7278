// @ts-check
// A scripted model for gemini, which speaks an interface of its own: generateContent, on loopback.
import { createServer } from "node:http";
import { pause } from "./terminal.mjs";

/** @typedef {import("../packages/core/dist/index.js").ScriptedTurn} ScriptedTurn */
/** @typedef {Extract<ScriptedTurn, { type: "answer" }>} Answer */

/** The same script as `startFakeResponsesServer` takes, as far as answers of text and function calls go. @param {readonly ScriptedTurn[]} [turns] */
export async function startGeminiServer(turns = []) {
  let left = [...turns];
  /** @type {string[]} */
  const requests = [];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      answer(request.url ?? "", response).catch(() => response.destroy());
    });
  });

  /** @param {string} path @param {import("node:http").ServerResponse} response */
  async function answer(path, response) {
    // Only the conversation streams; what is asked beside it, as the number of tokens, must not use up the script.
    if (!path.includes(":streamGenerateContent")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(path.includes(":countTokens") ? { totalTokens: 100 } : chunk([{ text: "{}" }], "STOP")));
      return;
    }
    const turn = left.shift();
    requests.push(path);
    if (turn === undefined) {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code: 400, message: "the script is over", status: "INVALID_ARGUMENT" } }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const { items, deltaDelayMs } = answerOf(turn);
    const parts = items.flatMap(partsOf);
    for (const [index, part] of parts.entries()) {
      if (response.destroyed) return;
      response.write(`data: ${JSON.stringify(chunk([part], index === parts.length - 1 ? "STOP" : undefined))}\r\n\r\n`);
      if (deltaDelayMs !== undefined) await pause(deltaDelayMs);
    }
    response.end();
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    requests,
    setTurns: (/** @type {readonly ScriptedTurn[]} */ next) => void (left = [...next]),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** @param {ScriptedTurn} turn @returns {Pick<Answer, "items" | "deltaDelayMs">} */
function answerOf(turn) {
  if (turn.type === "answer") return turn;
  if (turn.type === "text" || turn.type === "function_call") return { items: [turn] };
  throw new Error(`a turn of the kind ${turn.type} is not known here`);
}

/** @param {Answer["items"][number]} item */
function partsOf(item) {
  if (item.type === "text") return (item.deltas ?? [item.text]).map((text) => ({ text }));
  if (item.type === "function_call") return [{ functionCall: { name: item.name, args: JSON.parse(item.arguments) } }];
  throw new Error(`an item of the kind ${item.type} is not known here`);
}

/** @param {readonly object[]} parts @param {string | undefined} finishReason */
function chunk(parts, finishReason) {
  const candidate = { index: 0, content: { role: "model", parts }, ...(finishReason === undefined ? {} : { finishReason }) };
  const usage = { promptTokenCount: 100, candidatesTokenCount: 10, totalTokenCount: 110 };
  return { candidates: [candidate], usageMetadata: usage, modelVersion: "bench" };
}

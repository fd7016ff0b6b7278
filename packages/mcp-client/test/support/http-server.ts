import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A server on loopback until the test ends; its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

interface Asked {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly protocolVersion?: string };
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly message: Asked | undefined;
  /** Answers with one JSON message. */
  json(result: object, headers?: Record<string, string>): void;
  /** The start of an event stream. */
  stream(): void;
  event(message: object | string, id?: string): void;
}

/** A hand-made MCP server: initialize and notifications are answered; the rest is `take`'s. */
export function mcpServer(take: (exchange: Exchange) => void, headers: Record<string, string> = {}): Promise<string> {
  return serve((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const message = body === "" ? undefined : (JSON.parse(body) as Asked);
    const exchange: Exchange = {
      request,
      response,
      message,
      json: (result, more = {}) => {
        response.writeHead(200, { "content-type": "application/json", ...more });
        response.end(JSON.stringify({ jsonrpc: "2.0", id: message?.id, result }));
      },
      stream: () => response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders(),
      event: (event, id) => {
        const data = typeof event === "string" ? event : JSON.stringify({ jsonrpc: "2.0", ...event });
        response.write(`${id === undefined ? "" : `id: ${id}\n`}data: ${data}\n\n`);
      },
    };
    if (message?.method === "initialize") {
      const { protocolVersion } = message.params ?? {};
      return exchange.json({ protocolVersion, capabilities: {}, serverInfo: { name: "hand-made", version: "1" } }, headers);
    }
    if (message?.method?.startsWith("notifications/") === true) return void response.writeHead(202).end();
    take(exchange);
  }
}

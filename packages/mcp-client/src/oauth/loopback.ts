import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { McpError } from "../error.ts";

/** Where the browser is sent back to after the login. */
export interface Redirect {
  readonly uri: string;
  /** Sends the user to the address; resolves with the address the browser came back to. */
  visit(authorization: URL, signal: AbortSignal): Promise<URL>;
  close(): void;
}

/** Opens a place to come back to, at the wanted address when that is still free. */
export type OpenRedirect = (wanted: string | undefined) => Promise<Redirect>;

const PATH = "/callback";
const PAGE = "<!doctype html><meta charset=utf-8><title>Login</title><p>You can close this window and go back to the terminal.";

/** A small server on loopback that the browser comes back to. `show` gets the address to visit to the user, for instance by a browser. */
export function loopbackRedirect(show: (url: URL) => void | Promise<void>): OpenRedirect {
  return async (wanted) => {
    let arrived: (url: URL) => void = () => undefined;
    const back = new Promise<URL>((resolve) => (arrived = resolve));
    const server = createServer((request, response) => answer(request, response, arrived));
    const port = wanted === undefined ? 0 : Number(new URL(wanted).port);
    await listen(server, port).catch(() => listen(server, 0));
    const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

    async function visit(authorization: URL, signal: AbortSignal): Promise<URL> {
      const given = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new McpError("cancelled", "the login was cancelled")), { once: true });
      });
      await show(authorization);
      return Promise.race([back, given]);
    }

    function close(): void {
      server.close();
      server.closeAllConnections();
    }

    return { uri: origin + PATH, visit, close };
  };
}

function answer(request: IncomingMessage, response: ServerResponse, arrived: (url: URL) => void): void {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
  if (url.pathname !== PATH) return void response.writeHead(404).end();
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", connection: "close" }).end(PAGE);
  arrived(url);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

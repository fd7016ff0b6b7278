import type { ServerSettings } from "./server-flags.ts";
import { runStdioServer } from "./stdio.ts";

/** Serves where the settings say, on the standard streams or over HTTP. Returns the exit code, with which the caller ends the process. */
export async function runServer(settings: ServerSettings = {}): Promise<number> {
  const { listen } = settings;
  if (listen === undefined) return runStdioServer(settings);
  const { runHttpServer } = await import("./http/run-http-server.ts");
  return runHttpServer(listen, settings);
}

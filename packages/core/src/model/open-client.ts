import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import type { ClientIdentity } from "./endpoint.ts";
import type { ModelClient } from "./model-client.ts";
import { openResponsesWire } from "./responses.ts";
import { runStep } from "./run-step.ts";
import type { WireFormat } from "./wire-format.ts";

/** The model client of one session. `session.id` is the prompt cache key; the same bytes come before every step's new input. */
export function openModelClient(config: Config, host: Host, session: ClientIdentity): ModelClient {
  let opened: Promise<WireFormat> | undefined;
  return {
    async step(request, sink, signal) {
      const wire = await (opened ??= openWire(config, host, session));
      return runStep({ config, host, identity: session, wire }, { step: request, sink, signal });
    },
  };
}

async function openWire(config: Config, host: Host, session: ClientIdentity): Promise<WireFormat> {
  if (config.provider.wireApi === "responses") return openResponsesWire(config, host, session.id);
  const { openChatWire } = await import("./chat.ts");
  return openChatWire(config, host);
}

import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import { openChatWire } from "./chat.ts";
import type { ClientIdentity } from "./endpoint.ts";
import type { ModelClient } from "./model-client.ts";
import { openResponsesWire } from "./responses.ts";
import { runStep } from "./run-step.ts";

/** The model client of one session. `session.id` is the prompt cache key; the same bytes come before every step's new input. */
export function openModelClient(config: Config, host: Host, session: ClientIdentity): ModelClient {
  const wire = config.provider.wireApi === "chat" ? openChatWire(config, host) : openResponsesWire(config, host, session.id);
  const context = { config, host, identity: session, wire };
  return { step: (request, sink, signal) => runStep(context, { step: request, sink, signal }) };
}

import type { Config } from "../config/config.ts";
import { ownProgramEnvironment } from "../config/secret-variables.ts";
import { wholeCharactersEnd } from "../exec/utf8-cut.ts";
import type { Host } from "../host/host.ts";

export interface TurnNotice {
  readonly sessionId: string;
  readonly turnId: string;
  /** The user's messages of the turn, text only. */
  readonly inputMessages: readonly string[];
  readonly lastAssistantMessage: string | null;
}

/**
 * Starts the user's notify program with one more argument, a JSON object (docs/config.md, `notify`). It is not waited for; a
 * program that cannot be started is logged.
 */
export async function notifyTurnEnd(config: Config, host: Host, notice: TurnNotice): Promise<void> {
  if (config.notify.length === 0) return;
  const payload = {
    type: "agent-turn-complete",
    "thread-id": notice.sessionId,
    "turn-id": notice.turnId,
    cwd: config.cwd,
    "input-messages": shortened(notice.inputMessages),
    "last-assistant-message": notice.lastAssistantMessage === null ? null : cut(notice.lastAssistantMessage, MESSAGE_BYTES),
  };
  const { error } = await host.processes.start([...config.notify, JSON.stringify(payload)], {
    cwd: config.cwd,
    env: ownProgramEnvironment(config, host.env),
  });
  if (error !== undefined)
    host.log.write("error", "the notify program cannot be started", { program: config.notify[0], error: error.message });
}

/** Linux takes 128 KiB as one argument, Windows 32 Ki characters as all of them. JSON may double a text's length, or worse. */
const MESSAGE_BYTES = 8 * 1024;
const INPUT_BYTES = 8 * 1024;

/** The messages, cut to {@link INPUT_BYTES} in all: a prompt may hold a whole file that was piped in. */
function shortened(messages: readonly string[]): readonly string[] {
  const each = Math.floor(INPUT_BYTES / Math.max(1, messages.length));
  return messages.map((message) => cut(message, each)).slice(0, MAX_INPUTS);
}

const MAX_INPUTS = 64;

function cut(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  return whole.length <= bytes ? text : `${whole.toString("utf8", 0, wholeCharactersEnd(whole, bytes))}…`;
}

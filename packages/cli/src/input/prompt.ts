import { CodexError } from "@codex/core";
import { fstatSync } from "node:fs";
import { decodeUtf8 } from "./utf8.ts";

/** More than this from stdin is no prompt. Bytes. */
const STDIN_LIMIT = 64 * 1024 * 1024;
/** How long stdin may stay silent before the user is told what is waited for. ms. */
const STDIN_NOTICE_MS = 2000;

/**
 * The prompt: the argument, or stdin when there is none or it is `-`. What is piped in beside an argument follows it as a
 * `<stdin>` block, unless it is empty. A terminal is never read. Throws a CodexError `no_prompt` when nothing is there to do.
 */
export async function readPrompt(argument: string | undefined, notice: (text: string) => void): Promise<string> {
  const fromStdin = argument === undefined || argument === "-";
  if (!fromStdin && argument.trim() === "") throw noPrompt("the prompt is blank");
  const kind = stdinKind();
  if (kind === "terminal" && fromStdin) throw noPrompt("no prompt was given, and stdin is a terminal");
  const piped =
    kind === "piped" ? await readStdin(notice, fromStdin ? "reading the prompt from stdin…" : "reading additional input from stdin…") : "";
  if (fromStdin) {
    if (piped.trim() === "") throw noPrompt("no prompt was given, and stdin is empty");
    return piped;
  }
  if (piped.trim() === "") return argument;
  return `${argument}\n\n<stdin>\n${piped.endsWith("\n") ? piped : `${piped}\n`}</stdin>`;
}

function noPrompt(message: string): CodexError {
  return new CodexError("no_prompt", message, { hint: 'Say what to do: codex exec "…", or pipe it in.' });
}

/** `none` is a stdin that cannot bring text: closed, or a device such as /dev/null. */
function stdinKind(): "terminal" | "piped" | "none" {
  try {
    const stat = fstatSync(0);
    // Node's own pipes to a child are sockets.
    if (stat.isFile() || stat.isFIFO() || stat.isSocket()) return "piped";
  } catch {
    return "none";
  }
  return process.stdin.isTTY ? "terminal" : "none";
}

async function readStdin(notice: (text: string) => void, text: string): Promise<string> {
  const timer = setTimeout(() => notice(text), STDIN_NOTICE_MS);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      size += chunk.length;
      if (size > STDIN_LIMIT) throw new CodexError("usage", `stdin brings more than ${String(STDIN_LIMIT)} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CodexError) throw error;
    throw new CodexError("file_unreadable", `stdin cannot be read: ${(error as Error).message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  const decoded = decodeUtf8(Buffer.concat(chunks));
  if (!decoded.ok)
    throw new CodexError("usage", `stdin is not UTF-8: byte ${String(decoded.offset)} fits no character`, {
      hint: "Convert it first, for example with iconv.",
    });
  return decoded.text;
}

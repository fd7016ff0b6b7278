import { CodexError, type Host } from "@codex/core";
import { resolve } from "node:path";
import { decodeUtf8 } from "./utf8.ts";

/** The JSON Schema in the file named by `--output-schema`. Throws a CodexError `file_unreadable`. */
export async function readOutputSchema(file: string, cwd: string, fs: Host["fs"]): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(cwd, file);
  const unusable = (why: string, cause?: unknown): CodexError =>
    new CodexError("file_unreadable", `--output-schema ${path}: ${why}`, { cause });
  let bytes: Uint8Array;
  try {
    bytes = await fs.readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unusable(code === "ENOENT" ? "does not exist" : `cannot be read: ${message}`, error);
  }
  const decoded = decodeUtf8(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!decoded.ok) throw unusable(`is not UTF-8: byte ${String(decoded.offset)} fits no character`);
  let schema: unknown;
  try {
    schema = JSON.parse(decoded.text);
  } catch (error) {
    throw unusable(`is not JSON: ${(error as Error).message}`, error);
  }
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) throw unusable("must be a JSON object");
  return schema as Readonly<Record<string, unknown>>;
}

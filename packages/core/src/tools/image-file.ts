import type { FileSystem } from "../host/host.ts";

/** Larger files are refused: providers do, and the request would be cut off on the way. Bytes. */
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;

export type ImageFile = { readonly ok: true; readonly dataUrl: string } | { readonly ok: false; readonly message: string };

/** Reads an image into a `data:` URL. The kind is told by the file's first bytes, never by its name. */
export async function readImage(path: string, fs: Pick<FileSystem, "readFile" | "stat">): Promise<ImageFile> {
  const stat = await fs.stat(path).catch(() => undefined);
  if (stat === undefined) return { ok: false, message: `There is no image at ${path}.` };
  if (stat.kind !== "file") return { ok: false, message: `${path} is not a file.` };
  if (stat.size > MAX_IMAGE_BYTES)
    return { ok: false, message: `${path} has ${stat.size} bytes; an image may have ${MAX_IMAGE_BYTES} at most.` };
  let bytes: Uint8Array;
  try {
    bytes = await fs.readFile(path);
  } catch (error) {
    return { ok: false, message: `${path} cannot be read: ${(error as Error).message}` };
  }
  const mime = imageType(bytes);
  if (mime === undefined) return { ok: false, message: `${path} is not a PNG, JPEG, GIF or WebP image.` };
  return { ok: true, dataUrl: `data:${mime};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")}` };
}

/** The MIME type the first bytes stand for, of the kinds that models take. */
function imageType(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  if (head.startsWith("RIFF") && head.slice(8) === "WEBP") return "image/webp";
  return undefined;
}

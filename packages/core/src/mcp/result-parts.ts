import { isDeepStrictEqual } from "node:util";
import type { CallToolResult } from "@codex/mcp-types";
import type { ContentPart } from "../protocol/item.ts";

type Block = CallToolResult["content"][number];

/** Larger images are refused by providers. Characters of base64. */
const MAX_IMAGE_CHARACTERS = 27_000_000;
/** So many images of one result are shown, and together not more than one may be large: each costs as much as a page of text or more. */
const MAX_IMAGES = 16;
const IMAGE_TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/**
 * What a server answered, as text and image parts in its order. Structured content takes the place of the text that repeats it.
 * What a model cannot take is named instead.
 */
export function resultParts({ content, structuredContent, isError }: CallToolResult): readonly ContentPart[] {
  const blocks = structuredContent === undefined ? content : content.filter((block) => !mirrors(block, structuredContent));
  const parts = blocks.map(partOf);
  if (structuredContent !== undefined) parts.push(text(JSON.stringify(structuredContent)));
  if (parts.length === 0) parts.push(text(isError === true ? "(no explanation)" : "(no content)"));
  return joined(isError === true ? [text("The tool reports an error:"), ...parts] : parts);
}

/** The contents of a resource that was read. */
export function resourceParts(contents: readonly ResourceContents[]): readonly ContentPart[] {
  return joined(contents.length === 0 ? [text("(no content)")] : contents.map(resourcePart));
}

function mirrors(block: Block, structured: object): boolean {
  if (block.type !== "text") return false;
  try {
    return isDeepStrictEqual(JSON.parse(block.text), JSON.parse(JSON.stringify(structured)));
  } catch {
    return false;
  }
}

function partOf(block: Block): ContentPart {
  switch (block.type) {
    case "text":
      return text(block.text);
    case "image":
      return image(block.data, block.mimeType);
    case "audio":
      return text(`[audio that cannot be shown: ${block.mimeType}, ${String(bytesOf(block.data))} bytes]`);
    case "resource_link": {
      const about = [block.title ?? block.name, block.mimeType, block.description].filter((word) => word !== undefined && word !== "");
      return text(`[resource ${block.uri}: ${about.join(", ")}]`);
    }
    case "resource":
      return resourcePart(block.resource);
    default:
      // A server may speak a newer version.
      return text(JSON.stringify(block));
  }
}

interface ResourceContents {
  readonly uri: string;
  readonly mimeType?: string | undefined;
  readonly text?: string | undefined;
  readonly blob?: string | undefined;
}

function resourcePart({ uri, mimeType, text: content, blob }: ResourceContents): ContentPart {
  if (content !== undefined) return text(`[resource ${uri}${mimeType === undefined ? "" : `, ${mimeType}`}]\n${content}`);
  if (blob !== undefined && mimeType !== undefined && IMAGE_TYPES.has(mimeType)) return image(blob, mimeType);
  return text(`[resource ${uri} that cannot be shown: ${mimeType ?? "of unknown kind"}, ${String(bytesOf(blob ?? ""))} bytes]`);
}

function image(data: string, mimeType: string): ContentPart {
  const bytes = String(bytesOf(data));
  if (!IMAGE_TYPES.has(mimeType)) return text(`[image that cannot be shown: ${mimeType}, ${bytes} bytes]`);
  if (data.length > MAX_IMAGE_CHARACTERS) return text(`[image that is too large to be shown: ${mimeType}, ${bytes} bytes]`);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return text(`[image that cannot be shown: it is not base64]`);
  return { type: "input_image", image_url: `data:${mimeType};base64,${data}` };
}

function bytesOf(base64: string): number {
  return Math.floor((base64.length * 3) / 4);
}

function text(value: string): ContentPart {
  return { type: "input_text", text: value };
}

/** Without the images beyond the limits, which are counted in words. */
function limited(parts: readonly ContentPart[]): readonly ContentPart[] {
  let [shown, characters, left] = [0, 0, 0];
  const kept = parts.filter((part) => {
    if (part.type !== "input_image") return true;
    const fits = shown < MAX_IMAGES && characters + part.image_url.length <= MAX_IMAGE_CHARACTERS + 64;
    if (!fits) left += 1;
    else [shown, characters] = [shown + 1, characters + part.image_url.length];
    return fits;
  });
  return left === 0 ? parts : [...kept, text(`[${String(left)} more images that are too many to be shown; ask for fewer at once]`)];
}

/** Neighbouring texts as one, and no more images than a model should be shown at once. */
function joined(parts: readonly ContentPart[]): readonly ContentPart[] {
  const result: ContentPart[] = [];
  for (const part of limited(parts)) {
    const last = result.at(-1);
    if (last?.type === "input_text" && part.type === "input_text") result[result.length - 1] = text(`${last.text}\n${part.text}`);
    else result.push(part);
  }
  return result;
}

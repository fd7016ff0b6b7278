import { resolve } from "node:path";
import * as z from "zod/mini";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { parseArguments } from "./arguments.ts";
import { readImage } from "./image-file.ts";
import { wrongKind, type ToolContext } from "./tool.ts";

const ARGUMENTS = z.object({ path: z.string() });

/** Runs one call of `view_image`. */
export async function runViewImage(call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
  if (call.type !== "function_call") return wrongKind(call);
  const parsed = parseArguments(call, ARGUMENTS);
  if (!parsed.ok) return parsed.message;
  const path = resolve(context.config.cwd, parsed.value.path);
  context.emit({ type: "tool_call_begin", call_id: call.call_id, tool: "view_image", arguments: parsed.value });
  const image = await readImage(path, context.host.fs);
  const output = image.ok ? `image ${path}` : image.message;
  context.emit({ type: "tool_call_end", call_id: call.call_id, tool: "view_image", success: image.ok, output });
  return image.ok ? [{ type: "input_image", image_url: image.dataUrl }] : image.message;
}

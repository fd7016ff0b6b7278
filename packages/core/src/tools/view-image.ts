import { resolve } from "node:path";
import * as z from "zod/mini";
import type { OutputPayload, ToolCallItem } from "../protocol/item.ts";
import { parseArguments } from "./arguments.ts";
import { readImage } from "./image-file.ts";
import { wrongKind, type Tool, type ToolContext } from "./tool.ts";

const ARGUMENTS = z.object({ path: z.string() });

/** `view_image`: puts an image file in front of the model. */
export const viewImageTool: Tool = {
  spec: {
    type: "function",
    name: "view_image",
    description: "Shows you an image file of this machine (PNG, JPEG, GIF or WebP). Use it when you need to see a picture, not for text files.",
    strict: false,
    parameters: {
      type: "object",
      properties: { path: { type: "string", description: "Absolute, or relative to the working directory." } },
      required: ["path"],
      additionalProperties: false,
    },
  },
  parallel: true,
  run: viewImage,
};

async function viewImage(call: ToolCallItem, context: ToolContext): Promise<OutputPayload> {
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

import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { Host } from "../host/host.ts";
import type { ContentPart, MessageItem } from "../protocol/item.ts";
import type { InputItem } from "../protocol/op.ts";
import { readImage } from "../tools/image-file.ts";

/**
 * One user message from what was submitted. Each local image stands between two text parts that name it; one that cannot be
 * read is told through `warn` and left out.
 */
export async function userMessage(
  items: readonly InputItem[],
  options: { config: Config; host: Host; warn: (message: string) => void },
): Promise<MessageItem> {
  let images = 0;
  const parts = items.map(async (item): Promise<readonly ContentPart[]> => {
    switch (item.type) {
      case "text":
        return [{ type: "input_text", text: item.text }];
      case "image":
        return [{ type: "input_image", image_url: item.image_url }];
      case "local_image": {
        const name = `[Image #${++images}]`;
        const image = await readImage(resolve(options.config.cwd, item.path), options.host.fs);
        if (!image.ok) {
          options.warn(`${image.message} The message is sent without it.`);
          return [];
        }
        return [
          { type: "input_text", text: `<image name=${name} path=${JSON.stringify(item.path)}>` },
          { type: "input_image", image_url: image.dataUrl },
          { type: "input_text", text: "</image>" },
        ];
      }
    }
  });
  return { type: "message", role: "user", content: (await Promise.all(parts)).flat() };
}

/** The text a user typed, for records and notices. */
export function inputText(items: readonly InputItem[]): string {
  return items.map((item) => (item.type === "text" ? item.text : "")).join("");
}

import { lazyTool } from "./tool.ts";

/** `view_image`: puts an image file in front of the model. */
export const viewImageTool = lazyTool(
  {
    spec: {
      type: "function",
      name: "view_image",
      description:
        "Shows you an image file of this machine (PNG, JPEG, GIF or WebP). Use it when you need to see a picture, not for text files.",
      strict: false,
      parameters: {
        type: "object",
        properties: { path: { type: "string", description: "Absolute, or relative to the working directory." } },
        required: ["path"],
        additionalProperties: false,
      },
    },
    parallel: true,
  },
  async () => (await import("./run-view-image.ts")).runViewImage,
);

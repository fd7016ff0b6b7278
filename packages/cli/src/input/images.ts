import { CodexError, readImage, type Host, type InputItem } from "@codex/core";
import { resolve } from "node:path";

/**
 * The images named by `-i`, as parts of the user's message. Paths start at `cwd`; a value may hold several, separated by
 * commas, unless a file has just that name. Throws a CodexError `image_unreadable` for the first that no model could see.
 */
export async function readImages(values: readonly string[], cwd: string, fs: Host["fs"]): Promise<InputItem[]> {
  const lists = await Promise.all(
    values.map(async (value) => ((await exists(resolve(cwd, value), fs)) ? [value] : value.split(",").filter((path) => path !== ""))),
  );
  const paths = lists.flat().map((path) => resolve(cwd, path));
  const images = await Promise.all(paths.map((path) => readImage(path, fs)));
  for (const image of images) if (!image.ok) throw new CodexError("image_unreadable", image.message);
  return paths.map((path) => ({ type: "local_image", path }));
}

async function exists(path: string, fs: Host["fs"]): Promise<boolean> {
  return (await fs.stat(path).catch(() => undefined)) !== undefined;
}

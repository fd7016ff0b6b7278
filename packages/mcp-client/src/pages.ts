import { McpError } from "./error.ts";

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}

const MAX_PAGES = 1000;
/** Of all pages together, in characters: as much as one message may have. */
const MAX_LENGTH = 32 * 1024 * 1024;

/** The items of all pages. A server that repeats a cursor, never comes to an end, or sends more than fits is refused. */
export async function allPages<T>(server: string, load: (params: { cursor: string } | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  let length = 0;
  do {
    const page = await load(cursor === undefined ? undefined : { cursor });
    for (const item of page.items) items.push(item);
    cursor = page.nextCursor;
    // Most lists have one page, whose size is limited already.
    if (cursor !== undefined) length += JSON.stringify(page.items).length;
    if (length > MAX_LENGTH)
      throw new McpError("protocol", `${server} sends pages of more than ${String(MAX_LENGTH / 1024 / 1024)} MiB in all`);
    if (cursor !== undefined && (seen.has(cursor) || seen.size >= MAX_PAGES))
      throw new McpError("protocol", `${server} sends pages without end`);
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return items;
}

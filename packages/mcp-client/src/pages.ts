import { McpError } from "./error.ts";

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}

const MAX_PAGES = 1000;

/** The items of all pages. A server that repeats a cursor, or never comes to an end, is refused. */
export async function allPages<T>(server: string, load: (params: { cursor: string } | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await load(cursor === undefined ? undefined : { cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor !== undefined && (seen.has(cursor) || seen.size >= MAX_PAGES))
      throw new McpError("protocol", `${server} sends pages without end`);
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return items;
}

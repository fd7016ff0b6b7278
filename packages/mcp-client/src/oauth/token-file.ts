import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What is kept of one server. Times are Unix ms. */
export interface StoredLogin {
  readonly client: StoredClient;
  readonly tokenEndpoint: string;
  readonly resource: string;
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt?: number | undefined;
  readonly scope?: string | undefined;
}

export interface StoredClient {
  readonly id: string;
  readonly secret?: string | undefined;
  readonly authMethod: string;
  readonly redirectUri: string;
}

const STALE_MS = 10_000;

type Logins = Readonly<Record<string, StoredLogin>>;

/** Undefined when nobody has logged in to the server. */
export async function readLogin(file: string, server: string): Promise<StoredLogin | undefined> {
  return (await readLogins(file))[server];
}

/** Replaces or, without a login, removes what is kept of the server. The file is for its owner only and never half written. */
export async function writeLogin(file: string, server: string, login: StoredLogin | undefined): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unlock = await lock(file);
  try {
    const { [server]: _, ...others } = await readLogins(file);
    const logins: Logins = login === undefined ? others : { ...others, [server]: login };
    const draft = `${file}.new`;
    await rm(draft, { force: true });
    await writeFile(draft, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await rename(draft, file);
  } finally {
    await unlock();
  }
}

/** Holds other writers off, of this process and of others. A lock that is older than any writer needs was left by one that died. */
async function lock(file: string): Promise<() => Promise<void>> {
  const path = `${file}.lock`;
  for (;;) {
    try {
      await writeFile(path, "", { flag: "wx", mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (error) {
      if (Object(error).code !== "EEXIST") throw error;
    }
    const left = await stat(path).catch(() => undefined);
    if (left !== undefined && Date.now() - left.mtimeMs > STALE_MS) await rm(path, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function readLogins(file: string): Promise<Logins> {
  try {
    const value = JSON.parse(await readFile(file, "utf8")) as unknown;
    return typeof value === "object" && value !== null ? (value as Logins) : {};
  } catch {
    return {};
  }
}

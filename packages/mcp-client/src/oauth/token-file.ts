import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
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

type Logins = Readonly<Record<string, StoredLogin>>;

/** Undefined when nobody has logged in to the server. */
export async function readLogin(file: string, server: string): Promise<StoredLogin | undefined> {
  return (await readLogins(file))[server];
}

/** Replaces or, without a login, removes what is kept of the server. The file is for its owner only and never half written. */
export async function writeLogin(file: string, server: string, login: StoredLogin | undefined): Promise<void> {
  const { [server]: _, ...others } = await readLogins(file);
  const logins: Logins = login === undefined ? others : { ...others, [server]: login };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${String(process.pid)}`;
  try {
    await writeFile(draft, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
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

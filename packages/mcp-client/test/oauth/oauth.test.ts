import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectHttp, type McpClient } from "../../src/index.ts";
import { loopbackRedirect, openOAuth, type OAuthSession, type OpenRedirect } from "../../src/oauth/oauth.ts";
import { startAuthority, type Authority } from "../support/authority.ts";
import { failureOf } from "../support/connection.ts";

interface Setting {
  readonly authority: Authority;
  readonly tokenFile: string;
  readonly redirect: OpenRedirect;
  /** The pages the user was sent to. */
  readonly visits: URL[];
  open(options?: { readonly interactive?: boolean; readonly scopes?: readonly string[] }): OAuthSession;
  connect(session: OAuthSession): Promise<McpClient>;
}

async function setting(): Promise<Setting> {
  const authority = await startAuthority();
  const folder = mkdtempSync(join(tmpdir(), "mcp-tokens-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tokenFile = join(folder, "private", "tokens.json");
  const visits: URL[] = [];
  const redirect = loopbackRedirect(async (url) => {
    visits.push(url);
    // A browser: it follows the way back by itself.
    await (await fetch(url)).text();
  });
  return {
    authority,
    tokenFile,
    redirect,
    visits,
    open: ({ interactive = true, scopes } = {}) =>
      openOAuth({ serverUrl: authority.url, tokenFile, redirect: interactive ? redirect : undefined, scopes }),
    connect: async (session) => {
      const client = await connectHttp({ url: authority.url }, { name: "guarded", authorize: session });
      onTestFinished(() => client.close());
      await client.initialize();
      return client;
    },
  };
}

const LOGIN = [
  "register",
  expect.stringMatching(/^authorize scope=read write resource=http:\/\/127.*\/mcp$/),
  "authorization_code client=registered",
];

describe("a server that wants a login", () => {
  test("gets one, once, with PKCE and a client registered for it; the tokens are the user's own", async () => {
    const { authority, tokenFile, open, connect, visits } = await setting();

    const client = await connect(open());
    await Promise.all([client.ping(), client.ping()]);

    expect(authority.asked).toEqual(LOGIN);
    expect(visits[0]?.searchParams.get("code_challenge_method")).toBe("S256");
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(tokenFile, "..")).mode & 0o777).toBe(0o700);
  });

  test("knows the user again on the next run", async () => {
    const { authority, open, connect } = await setting();
    await connect(open());
    await (await connect(open({ interactive: false }))).ping();
    expect(authority.asked).toEqual(LOGIN);
  });

  test("gets a new token before the old one runs out, and when it refuses the old one", async () => {
    const { authority, open, connect } = await setting();
    authority.expiresIn = 10;
    await open().login(AbortSignal.timeout(10_000));
    authority.expiresIn = 3600;

    const client = await connect(open({ interactive: false }));
    authority.tokens.clear();
    await client.ping();

    const refresh = "refresh_token client=registered";
    expect(authority.asked).toEqual([...LOGIN, refresh, refresh]);
  });

  test("asks the user again when the old login can no longer be renewed, with the client it knows", async () => {
    const { authority, open, connect, visits } = await setting();
    const client = await connect(open());
    authority.tokens.clear();
    authority.refreshes = false;

    await client.ping();

    expect(visits).toHaveLength(2);
    expect(authority.asked.slice(3)).toEqual(["refresh_token client=registered", LOGIN[1], LOGIN[2]]);
  });

  test("is a named error when nobody can be asked", async () => {
    const { open, connect } = await setting();
    expect(await failureOf(connect(open({ interactive: false })))).toMatchObject({
      kind: "auth",
      code: 401,
      hint: "Log in to the server, or give a bearer token.",
    });
  });

  test("may be logged in to beforehand with chosen scopes, and out again", async () => {
    const { authority, tokenFile, open } = await setting();
    const session = open({ scopes: ["read"] });

    await session.login(AbortSignal.timeout(10_000));
    const before = await session.isLoggedIn();
    await session.logout();

    expect([before, await session.isLoggedIn(), await session.token()]).toEqual([true, false, undefined]);
    expect(authority.asked[1]).toContain("scope=read resource=");
    expect(readFileSync(tokenFile, "utf8")).toBe("{}\n");
  });
});

test("logins to several servers at once are all kept", async () => {
  const { tokenFile, redirect } = await setting();
  const authorities = await Promise.all(Array.from({ length: 8 }, () => startAuthority()));
  const sessions = authorities.map(({ url }) => openOAuth({ serverUrl: url, tokenFile, redirect }));

  await Promise.all(sessions.map((session) => session.login(AbortSignal.timeout(10_000))));

  expect(await Promise.all(sessions.map((session) => session.isLoggedIn()))).toEqual(sessions.map(() => true));
});

describe("a login", () => {
  test("that the user does not finish ends with its signal", async () => {
    const { authority, tokenFile } = await setting();
    const controller = new AbortController();
    const redirect = loopbackRedirect(() => controller.abort());
    const session = openOAuth({ serverUrl: authority.url, tokenFile, redirect });
    expect(await failureOf(session.login(controller.signal))).toMatchObject({ kind: "cancelled" });
  });

  test("that comes back from elsewhere, or refused, is not believed", async () => {
    const { authority, tokenFile } = await setting();
    const comingBack = (change: (parameters: URLSearchParams) => void): OAuthSession => {
      const redirect = loopbackRedirect(async (url) => {
        const { headers } = await fetch(url, { redirect: "manual" });
        const back = new URL(headers.get("location") ?? "");
        change(back.searchParams);
        await fetch(back);
      });
      return openOAuth({ serverUrl: authority.url, tokenFile, redirect });
    };
    const failure = (change: (parameters: URLSearchParams) => void): Promise<Error> =>
      failureOf(comingBack(change).login(AbortSignal.timeout(10_000)));

    expect((await failure((back) => back.set("state", "theirs"))).message).toBe("the login came back with a state that is not ours");
    expect((await failure((back) => back.set("iss", "https://evil.example"))).message).toContain(
      "the login came back from https://evil.example",
    );
    expect((await failure((back) => back.set("error", "access_denied"))).message).toBe("the login was refused: access_denied");
    expect((await failure((back) => back.delete("code"))).message).toBe("the login came back without a code");
    expect((await failure((back) => back.set("code", "guessed"))).message).toBe(
      "the authorization server did not give a token: invalid_grant: no longer valid (400)",
    );
  });

  test("is refused where it would travel in the clear", async () => {
    const session = openOAuth({
      serverUrl: "http://192.0.2.1/mcp",
      tokenFile: "/nowhere/tokens.json",
      redirect: loopbackRedirect(() => undefined),
      exchange: async () => ({ status: 401, headers: {}, body: (async function* () {})() }),
    });
    expect(await failureOf(session.login(AbortSignal.timeout(10_000)))).toMatchObject({
      kind: "auth",
      message: "http://192.0.2.1 asks for authorization without encryption, which is refused",
    });
  });
});

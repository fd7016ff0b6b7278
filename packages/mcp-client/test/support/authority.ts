import { createHash, randomUUID } from "node:crypto";
import { bodyOf, serve } from "./http-server.ts";

export interface Authority {
  readonly url: string;
  /** What was asked, in order, without the challenge's random parts. */
  readonly asked: string[];
  /** The tokens it has given and still takes. */
  readonly tokens: Set<string>;
  expiresIn: number;
  refreshes: boolean;
}

/** An MCP server that wants a token, and the authorization server that gives it, at one origin. */
export async function startAuthority(): Promise<Authority> {
  const codes = new Map<string, string>();
  const state: Authority = { url: "", asked: [], tokens: new Set(), expiresIn: 3600, refreshes: true };
  const json = (status: number, body: object) => ({ status, body });

  const origin = await serve((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? "/", origin);
      if (url.pathname === "/authorize") {
        const code = randomUUID();
        codes.set(code, url.searchParams.get("code_challenge") ?? "");
        state.asked.push(`authorize scope=${url.searchParams.get("scope") ?? ""} resource=${url.searchParams.get("resource") ?? ""}`);
        const back = new URL(url.searchParams.get("redirect_uri") ?? "");
        back.search = new URLSearchParams({ code, state: url.searchParams.get("state") ?? "" }).toString();
        return void response.writeHead(302, { location: back.href }).end();
      }
      const answer = answerTo(url.pathname, body, request.headers.authorization);
      if (answer.status === 401)
        response.setHeader(
          "www-authenticate",
          `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="read write"`,
        );
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });

  function answerTo(path: string, body: string, authorization: string | undefined): { readonly status: number; readonly body: object } {
    switch (path) {
      case "/mcp":
        return mcp(body, authorization);
      case "/.well-known/oauth-protected-resource/mcp":
        return json(200, { resource: `${origin}/mcp`, authorization_servers: [origin] });
      case "/.well-known/oauth-authorization-server":
        return json(200, {
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          registration_endpoint: `${origin}/register`,
          code_challenge_methods_supported: ["S256"],
          token_endpoint_auth_methods_supported: ["none"],
        });
      case "/register":
        state.asked.push("register");
        return json(201, { client_id: "registered", token_endpoint_auth_method: "none" });
      case "/token":
        return token(new URLSearchParams(body));
    }
    return json(404, {});
  }

  function token(form: URLSearchParams): { readonly status: number; readonly body: object } {
    const grant = form.get("grant_type") ?? "";
    state.asked.push(`${grant} client=${form.get("client_id") ?? ""}`);
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isGood = grant === "refresh_token" ? state.refreshes : codes.get(form.get("code") ?? "") === proof;
    if (!isGood) return json(400, { error: "invalid_grant", error_description: "no longer valid" });
    const accessToken = randomUUID();
    state.tokens.add(accessToken);
    return json(200, { access_token: accessToken, token_type: "Bearer", expires_in: state.expiresIn, refresh_token: randomUUID() });
  }

  function mcp(body: string, authorization: string | undefined): { readonly status: number; readonly body: object } {
    if (!state.tokens.has(authorization?.replace("Bearer ", "") ?? "")) return json(401, { error: "invalid_token" });
    if (body === "") return json(405, {});
    const { id, method, params } = JSON.parse(body) as { id?: number; method: string; params?: { protocolVersion?: string } };
    if (id === undefined) return json(202, {});
    const result =
      method === "initialize"
        ? { protocolVersion: params?.protocolVersion, capabilities: {}, serverInfo: { name: "guarded", version: "1" } }
        : {};
    return json(200, { jsonrpc: "2.0", id, result });
  }

  return Object.assign(state, { url: `${origin}/mcp` });
}

import { secretVariables } from "../config/secret-variables.ts";
import type { Config } from "../config/config.ts";
import type { McpServerConfig } from "../config/mcp-servers.ts";
import type { Host } from "../host/host.ts";
import type { McpConnector } from "../host/mcp.ts";
import { CodexError } from "../protocol/error-code.ts";
import type { EventMsg } from "../protocol/event.ts";
import { elicitation, type AskUser } from "./elicitation.ts";
import { McpServer, orAborted, type McpServerState } from "./mcp-server.ts";
import type { OfferedServer } from "./offer.ts";

export interface McpServersOptions {
  readonly config: Config;
  readonly host: Pick<Host, "clock" | "log">;
  readonly connector: McpConnector;
  /** Shows an event of the session's own. */
  readonly emit: (msg: EventMsg) => void;
  /** Asks the user in the course of the task that runs. */
  readonly ask: AskUser;
}

/** How long the first turn waits for servers that are not required, ms. */
const FIRST_WAIT_MS = 1000;

/** The servers of one session. They start at once, side by side, and nobody waits for them until a turn begins. */
export class McpServers {
  readonly #options: McpServersOptions;
  readonly #servers: readonly McpServer[];
  /** Those that a turn has been told of as ready, or as late. */
  readonly #told = new Set<string>();
  #turns = 0;
  #complete = false;
  #closed = false;

  constructor(options: McpServersOptions) {
    this.#options = options;
    this.#servers = options.config.mcpServers.filter(({ enabled }) => enabled).map((config) => this.#open(config));
  }

  /**
   * What the model is offered in the turn that begins, by server name. The first turn waits a second for servers that start, every turn
   * for those that are required; throws CodexError `mcp_unavailable` when one of these cannot be had.
   */
  async offer(signal: AbortSignal): Promise<readonly OfferedServer[]> {
    const first = this.#turns === 0;
    this.#turns += 1;
    for (const server of this.#servers) if (server.config.required) server.retry();
    await this.#ready(first ? this.#servers : this.#servers.filter(({ config }) => config.required), signal);
    await this.#within(Promise.all(this.#servers.map((server) => server.refresh())), signal);
    if (!signal.aborted) this.#refuseWithoutRequired();
    for (const server of this.#servers) this.#tell(server, first);
    return this.#servers.flatMap(({ offered }) => (offered === undefined ? [] : [offered]));
  }

  find(name: string): McpServer | undefined {
    return this.#servers.find(({ config }) => config.name === name);
  }

  /** Ends all servers and what they started. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  #open(config: McpServerConfig): McpServer {
    const { host, connector, ask } = this.#options;
    const { cwd, codexHome } = this.#options.config;
    const secretNames = secretVariables(this.#options.config);
    return new McpServer({
      config,
      clock: host.clock,
      connect: (signal) =>
        connector.connect(
          {
            name: config.name,
            transport: config.transport,
            cwd,
            codexHome,
            secretNames,
            startupTimeoutMs: config.startupTimeoutMs,
            toolTimeoutMs: config.toolTimeoutMs,
            elicit: elicitation(config.name, ask),
            onWarning: (text) => host.log.write("warn", "an MCP server does something odd", { server: config.name, text }),
          },
          signal,
        ),
      onState: (state) => this.#changed(config.name, state),
      onOfferChanged: () => this.#toolsChanged(config.name),
      onWarning: (text) => this.#warn(config.name, text),
    });
  }

  #changed(server: string, state: McpServerState): void {
    if (this.#closed && state.type !== "closed") return;
    if (state.type === "closed" && this.#complete) return;
    const status = state.type === "closed" ? { state: "cancelled" as const } : { state: state.type, ...errorOf(state) };
    const tools = state.type === "ready" ? this.find(server)?.offered?.tools.map(({ name }) => name) : undefined;
    this.#options.emit({ type: "mcp_startup_update", server, status, ...(tools === undefined ? {} : { tools }) });
    if (state.type === "failed") this.#warn(server, `cannot be used: ${state.message}${state.hint === undefined ? "" : `. ${state.hint}`}`);
    // The states of servers that are still being made are not there yet.
    queueMicrotask(() => this.#completeOnce());
  }

  #toolsChanged(server: string): void {
    const tools = this.find(server)?.offered?.tools.map(({ name }) => name);
    if (!this.#closed && tools !== undefined) this.#options.emit({ type: "mcp_tools_changed", server, tools });
  }

  #completeOnce(): void {
    if (this.#complete || this.#servers.some(({ state }) => state.type === "starting")) return;
    this.#complete = true;
    const failed = this.#servers.flatMap(({ config, state }) =>
      state.type === "failed" ? [{ server: config.name, error: state.message }] : [],
    );
    const named = (type: McpServerState["type"]): string[] =>
      this.#servers.filter(({ state }) => state.type === type).map(({ config }) => config.name);
    this.#options.emit({ type: "mcp_startup_complete", ready: named("ready"), failed, cancelled: named("closed") });
  }

  #warn(server: string, text: string): void {
    if (!this.#closed) this.#options.emit({ type: "warning", message: `The MCP server ${server} ${text}` });
  }

  async #ready(servers: readonly McpServer[], signal: AbortSignal): Promise<void> {
    const required = servers.filter(({ config }) => config.required);
    const others = servers.filter(({ config }) => !config.required);
    await Promise.all([
      orAborted(Promise.all(required.map(({ settled }) => settled)), signal).catch(() => undefined),
      this.#within(Promise.all(others.map(({ settled }) => settled)), signal),
    ]);
  }

  /** Waits until it is over, but not for long. */
  async #within(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (cancel = this.#options.host.clock.timer(FIRST_WAIT_MS, resolve)));
    await orAborted(Promise.race([work, late]), signal).catch(() => undefined);
    cancel();
  }

  #refuseWithoutRequired(): void {
    for (const { config, state } of this.#servers) {
      if (!config.required || state.type !== "failed") continue;
      const hint = state.hint ?? `Mend its settings in [mcp_servers.${config.name}], or set required = false there.`;
      throw new CodexError("mcp_unavailable", `the required MCP server ${config.name} cannot be used: ${state.message}`, { hint });
    }
  }

  /** Says who comes late, and who has come. */
  #tell({ config: { name }, state, offered }: McpServer, first: boolean): void {
    if (first && state.type === "starting") {
      this.#options.emit({
        type: "background_event",
        message: `The MCP server ${name} is still starting; its tools come with a later turn. \`required = true\` would wait for it.`,
      });
    }
    if (offered === undefined || this.#told.has(name)) return;
    this.#told.add(name);
    if (first) return;
    const count = offered.tools.length === 1 ? "its tool is" : `its ${String(offered.tools.length)} tools are`;
    this.#options.emit({ type: "background_event", message: `The MCP server ${name} is ready; ${count} offered from now on.` });
  }
}

function errorOf(state: McpServerState): { readonly error?: string } {
  return state.type === "failed" ? { error: state.message } : {};
}

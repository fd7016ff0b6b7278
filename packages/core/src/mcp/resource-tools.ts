import * as z from "zod/mini";
import type { McpServerConfig } from "../config/mcp-servers.ts";
import type { McpConnection } from "../host/mcp.ts";
import type { FunctionToolSpec } from "../model/tool-spec.ts";
import type { FunctionCallItem, OutputPayload } from "../protocol/item.ts";
import { parseArguments } from "../tools/arguments.ts";
import { didYouMean } from "../config/near-miss.ts";
import { wrongKind, type Tool, type ToolContext } from "../tools/tool.ts";
import { cutOutput } from "./cut-output.ts";
import type { McpServers } from "./mcp-servers.ts";
import type { OfferedServer } from "./offer.ts";
import { refusalOf } from "./refusal-of.ts";
import { resourceParts } from "./result-parts.ts";
import { failureText } from "./run-mcp-call.ts";

/** The tools that list and read what servers offer to be read; none when no server has resources. Listing runs unasked; reading is a call like others. */
export function resourceTools(
  offer: readonly OfferedServer[],
  servers: McpServers | undefined,
  configs: readonly McpServerConfig[],
): readonly Tool[] {
  const names = offer.filter(({ resources }) => resources).map(({ name }) => name);
  if (names.length === 0) return [];
  const reach: Reach = { names, servers, configs };
  return [
    tool(LIST_RESOURCES, (call, context) => list("resources/list", { call, context, reach })),
    tool(LIST_TEMPLATES, (call, context) => list("resources/templates/list", { call, context, reach })),
    tool(READ_RESOURCE, (call, context) => read({ call, context, reach })),
  ];
}

interface Reach {
  /** The servers that have resources. */
  readonly names: readonly string[];
  readonly servers: McpServers | undefined;
  readonly configs: readonly McpServerConfig[];
}

interface ResourceCall {
  readonly call: FunctionCallItem;
  readonly context: ToolContext;
  readonly reach: Reach;
}

const SERVER = { type: "string", description: "Name of the MCP server." };
const LIST_PARAMETERS = {
  type: "object",
  properties: {
    server: { ...SERVER, description: "Name of the MCP server; left out: all of them, the first page of each." },
    cursor: { type: "string", description: "The next_cursor of the page before, with the server it came from." },
  },
  additionalProperties: false,
};

const LIST_RESOURCES = {
  name: "list_mcp_resources",
  description: "Lists the resources that MCP servers offer to be read: files, tables and other context of their own.",
  parameters: LIST_PARAMETERS,
};
const LIST_TEMPLATES = {
  name: "list_mcp_resource_templates",
  description: "Lists the templates of resource URIs that MCP servers offer. Fill in the places in braces and read the resource.",
  parameters: LIST_PARAMETERS,
};
const READ_RESOURCE = {
  name: "read_mcp_resource",
  description: "Reads one resource of an MCP server.",
  parameters: {
    type: "object",
    properties: { server: SERVER, uri: { type: "string", description: "As it was listed, or made from a template." } },
    required: ["server", "uri"],
    additionalProperties: false,
  },
};

type Run = (call: FunctionCallItem, context: ToolContext) => Promise<OutputPayload>;

function tool(declaration: Omit<FunctionToolSpec, "type" | "strict">, run: Run): Tool {
  return {
    spec: { type: "function", strict: false, ...declaration },
    parallel: true,
    run: async (call, context) => (call.type === "function_call" ? run(call, context) : wrongKind(call)),
  };
}

const LIST_ARGUMENTS = z.object({ server: z.optional(z.string()), cursor: z.optional(z.string()) });

async function list(method: "resources/list" | "resources/templates/list", { call, context, reach }: ResourceCall): Promise<OutputPayload> {
  const parsed = parseArguments(call, LIST_ARGUMENTS);
  if (!parsed.ok) return parsed.message;
  const { server, cursor } = parsed.value;
  if (cursor !== undefined && server === undefined) return "A cursor belongs to one server: say which.";
  const unknown = server === undefined ? undefined : unknownServer(server, reach);
  if (unknown !== undefined) return unknown;
  const names = server === undefined ? reach.names : [server];
  const pages = await Promise.all(names.map(async (name) => ({ server: name, ...(await page(name, { method, cursor, reach, context })) })));
  return reported(call, parsed.value, { context, text: JSON.stringify(pages.length === 1 ? pages[0] : { servers: pages }) });
}

interface PageRequest {
  readonly method: "resources/list" | "resources/templates/list";
  readonly cursor: string | undefined;
  readonly reach: Reach;
  readonly context: ToolContext;
}

async function page(name: string, { method, cursor, reach, context }: PageRequest): Promise<object> {
  try {
    const connection = await connectionTo(name, reach, context);
    const params = cursor === undefined ? undefined : { cursor };
    const result = await connection.request(method, params, { signal: context.signal });
    const { nextCursor } = result;
    const next = nextCursor === undefined ? {} : { next_cursor: nextCursor };
    return "resources" in result ? { resources: result.resources, ...next } : { resource_templates: result.resourceTemplates, ...next };
  } catch (error) {
    return { error: failureText(error) };
  }
}

const READ_ARGUMENTS = z.object({ server: z.string(), uri: z.string() });

async function read({ call, context, reach }: ResourceCall): Promise<OutputPayload> {
  const parsed = parseArguments(call, READ_ARGUMENTS);
  if (!parsed.ok) return parsed.message;
  const { server, uri } = parsed.value;
  const unknown = unknownServer(server, reach);
  if (unknown !== undefined) return unknown;
  const config = reach.configs.find(({ name }) => name === server);
  const asked = {
    server,
    config,
    tool: call.name,
    annotations: { readOnlyHint: true },
    name: call.name,
    callId: call.call_id,
    args: parsed.value,
  };
  const refusal = await refusalOf(asked, context);
  if (refusal !== undefined) return refusal;
  context.emit({ type: "tool_call_begin", call_id: call.call_id, tool: call.name, arguments: parsed.value });
  try {
    const connection = await connectionTo(server, reach, context);
    const { contents } = await connection.request("resources/read", { uri }, { signal: context.signal });
    const output = await cutOutput(resourceParts(contents), context);
    context.emit({ type: "tool_call_end", call_id: call.call_id, tool: call.name, success: true, output: `resource ${uri}` });
    return output;
  } catch (error) {
    const output = `The resource cannot be read: ${failureText(error)}`;
    context.emit({ type: "tool_call_end", call_id: call.call_id, tool: call.name, success: false, output });
    return output;
  }
}

async function reported(
  call: FunctionCallItem,
  args: unknown,
  { context, text }: { readonly context: ToolContext; readonly text: string },
): Promise<OutputPayload> {
  context.emit({ type: "tool_call_begin", call_id: call.call_id, tool: call.name, arguments: args });
  const output = await cutOutput([{ type: "input_text", text }], context);
  context.emit({
    type: "tool_call_end",
    call_id: call.call_id,
    tool: call.name,
    success: true,
    output: typeof output === "string" ? output : "",
  });
  return output;
}

function unknownServer(server: string, { names }: Reach): string | undefined {
  if (names.includes(server)) return undefined;
  return `No MCP server called ${server} has resources${didYouMean(server, names)}. Those that have: ${names.join(", ")}.`;
}

async function connectionTo(name: string, { servers }: Reach, { signal }: ToolContext): Promise<McpConnection> {
  const server = servers?.find(name);
  if (server === undefined) throw new Error(`there is no MCP server ${name}`);
  return server.connection(signal);
}

export const JSONRPC_VERSION = "2.0";

/** The version of the schema these types are made from. */
export const MCP_SCHEMA_VERSION = "2025-11-25";

/** Versions of the protocol that are spoken, the newest first. */
export const SUPPORTED_PROTOCOL_VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"] as const;

export type ProtocolVersion = (typeof SUPPORTED_PROTOCOL_VERSIONS)[number];

export function isSupportedProtocolVersion(version: string): version is ProtocolVersion {
  return (SUPPORTED_PROTOCOL_VERSIONS as readonly string[]).includes(version);
}

/** Whether several messages may come as one list; only one version had that. */
export function hasBatches(version: string): boolean {
  return version === "2025-03-26";
}

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

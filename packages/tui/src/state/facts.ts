/** What is known of the session; filled in as it becomes known. */
export interface Facts {
  readonly version: string;
  readonly cwd: string;
  /** The user's home, for short paths; empty when unknown. */
  readonly home: string;
  readonly model: string;
  readonly provider: string;
  readonly effort: string;
  readonly approval: string;
  readonly sandbox: string;
  readonly permissions: readonly string[];
  readonly branch: string;
  readonly sessionId: string;
  readonly rolloutPath: string;
  readonly backend: string;
  readonly missingGuarantees: readonly string[];
  readonly mcpServers: readonly McpServerFacts[];
}

/** An MCP server of the configuration. */
export interface McpServerFacts {
  readonly name: string;
  /** The program, or the address; without arguments, which may be secret. */
  readonly transport: string;
  readonly enabled: boolean;
  readonly required: boolean;
  /** Tools that its settings name, with what they say of them. */
  readonly settings: readonly { readonly tool: string; readonly says: string }[];
}

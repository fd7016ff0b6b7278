/** The closed sets of words that configuration takes. Kept free of imports: the flags need them before any file was read. */

export const APPROVAL_POLICIES = ["unless-allow-listed", "untrusted", "auto-edit", "on-failure", "on-request", "never"] as const;
export const SANDBOX_MODES = ["read-only", "workspace-write", "danger-full-access"] as const;
export const TRUST_LEVELS = ["trusted", "untrusted"] as const;
export const REASONING_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;
export const REASONING_SUMMARIES = ["auto", "concise", "detailed", "none"] as const;
export const VERBOSITIES = ["low", "medium", "high"] as const;
export const WIRE_APIS = ["responses", "chat"] as const;
export const MCP_APPROVAL_MODES = ["auto", "prompt", "approve"] as const;
export const ENVIRONMENT_INHERITANCE = ["core", "all", "none"] as const;

/** An http(s) URL that request paths can be put behind: no query, no fragment. */
export const BASE_URL_PATTERN = /^https?:\/\/[^\s/?#]+[^\s?#]*$/;

export const TUI_THEMES = ["auto", "dark", "light", "high-contrast", "ansi"] as const;
export const TUI_MOUSE_MODES = ["wheel", "off"] as const;

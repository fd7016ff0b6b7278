// DO NOT EDIT: written by `pnpm generate` from src/tool-schemas.ts.

import type { Tool } from "@codex/mcp-types";

export const TOOLS: readonly Tool[] = [
  {
    "name": "codex",
    "title": "Codex",
    "description": "Gives a coding agent a task in a folder: it reads and changes files and runs commands there, within its sandbox, and says what it did. Starts a new thread.",
    "inputSchema": {
      "type": "object",
      "properties": {
        "approval-policy": {
          "type": "string",
          "enum": [
            "auto-edit",
            "unless-allow-listed",
            "on-failure",
            "never"
          ],
          "description": "When the agent asks before it acts. Questions reach you as elicitations; a host that has none declines them."
        },
        "cwd": {
          "type": "string",
          "description": "Folder the agent works in. A relative path starts at the server's own folder, which is also the default."
        },
        "disable-response-storage": {
          "type": "boolean",
          "description": "Zero data retention: the model's provider is told to store nothing."
        },
        "model": {
          "type": "string",
          "description": "Model to ask instead of the configured one."
        },
        "prompt": {
          "type": "string",
          "description": "What the agent is to do, in plain words."
        },
        "sandbox-permissions": {
          "type": "array",
          "items": {
            "type": "string",
            "enum": [
              "disk-full-read-access",
              "disk-write-cwd",
              "disk-write-platform-user-temp-folder",
              "disk-write-platform-global-temp-folder",
              "disk-full-write-access",
              "network-full-access"
            ]
          },
          "description": "What commands may do, in place of the configured sandbox; an empty list grants nothing. With `sandbox`, added to it."
        },
        "profile": {
          "type": "string",
          "description": "Profile of the user's configuration to work under."
        },
        "config": {
          "type": "object",
          "additionalProperties": true,
          "description": "Settings for this thread, as config.toml has them: keys, dotted if need be, and their values."
        },
        "sandbox": {
          "type": "string",
          "enum": [
            "read-only",
            "workspace-write",
            "danger-full-access"
          ],
          "description": "What commands may touch, as a named set of permissions."
        },
        "base-instructions": {
          "type": "string",
          "description": "Instructions to the model that replace the built-in ones."
        }
      },
      "required": [
        "prompt"
      ]
    },
    "outputSchema": {
      "type": "object",
      "properties": {
        "threadId": {
          "type": "string",
          "description": "Names the thread, for codex-reply and codex-close."
        },
        "content": {
          "type": "string",
          "description": "The agent's last message, or what went wrong."
        }
      },
      "required": [
        "threadId",
        "content"
      ]
    },
    "annotations": {
      "title": "Codex",
      "readOnlyHint": false,
      "destructiveHint": true,
      "idempotentHint": false,
      "openWorldHint": true
    }
  },
  {
    "name": "codex-reply",
    "title": "Codex Reply",
    "description": "Goes on with a thread that `codex` started: the agent remembers all of it.",
    "inputSchema": {
      "type": "object",
      "properties": {
        "threadId": {
          "type": "string",
          "description": "The thread to go on with, as `codex` returned it."
        },
        "prompt": {
          "type": "string",
          "description": "What to say next."
        }
      },
      "required": [
        "threadId",
        "prompt"
      ]
    },
    "outputSchema": {
      "type": "object",
      "properties": {
        "threadId": {
          "type": "string",
          "description": "Names the thread, for codex-reply and codex-close."
        },
        "content": {
          "type": "string",
          "description": "The agent's last message, or what went wrong."
        }
      },
      "required": [
        "threadId",
        "content"
      ]
    },
    "annotations": {
      "title": "Codex Reply",
      "readOnlyHint": false,
      "destructiveHint": true,
      "idempotentHint": false,
      "openWorldHint": true
    }
  },
  {
    "name": "codex-close",
    "title": "Codex Close",
    "description": "Closes a thread that is no longer needed: what still runs in it is stopped.",
    "inputSchema": {
      "type": "object",
      "properties": {
        "threadId": {
          "type": "string",
          "description": "The thread to close, as `codex` returned it."
        }
      },
      "required": [
        "threadId"
      ]
    },
    "outputSchema": {
      "type": "object",
      "properties": {
        "threadId": {
          "type": "string",
          "description": "Names the thread, for codex-reply and codex-close."
        },
        "content": {
          "type": "string",
          "description": "The agent's last message, or what went wrong."
        }
      },
      "required": [
        "threadId",
        "content"
      ]
    },
    "annotations": {
      "title": "Codex Close",
      "readOnlyHint": false,
      "destructiveHint": false,
      "idempotentHint": true,
      "openWorldHint": false
    }
  }
];

// DO NOT EDIT: written by scripts/generate.ts from the schema of the Model Context Protocol.

import type { CallToolRequest, CallToolResult, CancelTaskRequest, CancelTaskResult, CancelledNotification, CompleteRequest, CompleteResult, CreateMessageRequest, CreateMessageResult, ElicitRequest, ElicitResult, ElicitationCompleteNotification, GetPromptRequest, GetPromptResult, GetTaskPayloadRequest, GetTaskPayloadResult, GetTaskRequest, GetTaskResult, InitializeRequest, InitializeResult, InitializedNotification, ListPromptsRequest, ListPromptsResult, ListResourceTemplatesRequest, ListResourceTemplatesResult, ListResourcesRequest, ListResourcesResult, ListRootsRequest, ListRootsResult, ListTasksRequest, ListTasksResult, ListToolsRequest, ListToolsResult, LoggingMessageNotification, PingRequest, ProgressNotification, PromptListChangedNotification, ReadResourceRequest, ReadResourceResult, ResourceListChangedNotification, ResourceUpdatedNotification, Result, RootsListChangedNotification, SetLevelRequest, SubscribeRequest, TaskStatusNotification, ToolListChangedNotification, UnsubscribeRequest } from "./types.ts";
import { checkCallToolRequestParams, checkCallToolResult, checkCancelTaskRequestParams, checkCancelTaskResult, checkCancelledNotificationParams, checkCompleteRequestParams, checkCompleteResult, checkCreateMessageRequestParams, checkCreateMessageResult, checkElicitRequestParams, checkElicitResult, checkElicitationCompleteNotificationParams, checkGetPromptRequestParams, checkGetPromptResult, checkGetTaskPayloadRequestParams, checkGetTaskPayloadResult, checkGetTaskRequestParams, checkGetTaskResult, checkInitializeRequestParams, checkInitializeResult, checkListPromptsResult, checkListResourceTemplatesResult, checkListResourcesResult, checkListRootsResult, checkListTasksResult, checkListToolsResult, checkLoggingMessageNotificationParams, checkNotificationParams, checkPaginatedRequestParams, checkProgressNotificationParams, checkReadResourceRequestParams, checkReadResourceResult, checkRequestParams, checkResourceUpdatedNotificationParams, checkResult, checkSetLevelRequestParams, checkSubscribeRequestParams, checkTaskStatusNotificationParams, checkUnsubscribeRequestParams } from "./validate.ts";

export interface ClientRequests {
  "completion/complete": { params: CompleteRequest["params"]; result: CompleteResult };
  "initialize": { params: InitializeRequest["params"]; result: InitializeResult };
  "logging/setLevel": { params: SetLevelRequest["params"]; result: Result };
  "ping": { params: PingRequest["params"]; result: Result };
  "prompts/get": { params: GetPromptRequest["params"]; result: GetPromptResult };
  "prompts/list": { params: ListPromptsRequest["params"]; result: ListPromptsResult };
  "resources/list": { params: ListResourcesRequest["params"]; result: ListResourcesResult };
  "resources/read": { params: ReadResourceRequest["params"]; result: ReadResourceResult };
  "resources/subscribe": { params: SubscribeRequest["params"]; result: Result };
  "resources/templates/list": { params: ListResourceTemplatesRequest["params"]; result: ListResourceTemplatesResult };
  "resources/unsubscribe": { params: UnsubscribeRequest["params"]; result: Result };
  "tasks/cancel": { params: CancelTaskRequest["params"]; result: CancelTaskResult };
  "tasks/get": { params: GetTaskRequest["params"]; result: GetTaskResult };
  "tasks/list": { params: ListTasksRequest["params"]; result: ListTasksResult };
  "tasks/result": { params: GetTaskPayloadRequest["params"]; result: GetTaskPayloadResult };
  "tools/call": { params: CallToolRequest["params"]; result: CallToolResult };
  "tools/list": { params: ListToolsRequest["params"]; result: ListToolsResult };
}

export const CLIENT_REQUESTS = {
  "completion/complete": { params: checkCompleteRequestParams, needsParams: true, result: checkCompleteResult, since: "2024-11-05" },
  "initialize": { params: checkInitializeRequestParams, needsParams: true, result: checkInitializeResult, since: "2024-11-05" },
  "logging/setLevel": { params: checkSetLevelRequestParams, needsParams: true, result: checkResult, since: "2024-11-05" },
  "ping": { params: checkRequestParams, needsParams: false, result: checkResult, since: "2024-11-05" },
  "prompts/get": { params: checkGetPromptRequestParams, needsParams: true, result: checkGetPromptResult, since: "2024-11-05" },
  "prompts/list": { params: checkPaginatedRequestParams, needsParams: false, result: checkListPromptsResult, since: "2024-11-05" },
  "resources/list": { params: checkPaginatedRequestParams, needsParams: false, result: checkListResourcesResult, since: "2024-11-05" },
  "resources/read": { params: checkReadResourceRequestParams, needsParams: true, result: checkReadResourceResult, since: "2024-11-05" },
  "resources/subscribe": { params: checkSubscribeRequestParams, needsParams: true, result: checkResult, since: "2024-11-05" },
  "resources/templates/list": { params: checkPaginatedRequestParams, needsParams: false, result: checkListResourceTemplatesResult, since: "2024-11-05" },
  "resources/unsubscribe": { params: checkUnsubscribeRequestParams, needsParams: true, result: checkResult, since: "2024-11-05" },
  "tasks/cancel": { params: checkCancelTaskRequestParams, needsParams: true, result: checkCancelTaskResult, since: "2025-11-25" },
  "tasks/get": { params: checkGetTaskRequestParams, needsParams: true, result: checkGetTaskResult, since: "2025-11-25" },
  "tasks/list": { params: checkPaginatedRequestParams, needsParams: false, result: checkListTasksResult, since: "2025-11-25" },
  "tasks/result": { params: checkGetTaskPayloadRequestParams, needsParams: true, result: checkGetTaskPayloadResult, since: "2025-11-25" },
  "tools/call": { params: checkCallToolRequestParams, needsParams: true, result: checkCallToolResult, since: "2024-11-05" },
  "tools/list": { params: checkPaginatedRequestParams, needsParams: false, result: checkListToolsResult, since: "2024-11-05" },
} as const;

export interface ServerRequests {
  "elicitation/create": { params: ElicitRequest["params"]; result: ElicitResult };
  "ping": { params: PingRequest["params"]; result: Result };
  "roots/list": { params: ListRootsRequest["params"]; result: ListRootsResult };
  "sampling/createMessage": { params: CreateMessageRequest["params"]; result: CreateMessageResult };
  "tasks/cancel": { params: CancelTaskRequest["params"]; result: CancelTaskResult };
  "tasks/get": { params: GetTaskRequest["params"]; result: GetTaskResult };
  "tasks/list": { params: ListTasksRequest["params"]; result: ListTasksResult };
  "tasks/result": { params: GetTaskPayloadRequest["params"]; result: GetTaskPayloadResult };
}

export const SERVER_REQUESTS = {
  "elicitation/create": { params: checkElicitRequestParams, needsParams: true, result: checkElicitResult, since: "2025-06-18" },
  "ping": { params: checkRequestParams, needsParams: false, result: checkResult, since: "2024-11-05" },
  "roots/list": { params: checkRequestParams, needsParams: false, result: checkListRootsResult, since: "2024-11-05" },
  "sampling/createMessage": { params: checkCreateMessageRequestParams, needsParams: true, result: checkCreateMessageResult, since: "2024-11-05" },
  "tasks/cancel": { params: checkCancelTaskRequestParams, needsParams: true, result: checkCancelTaskResult, since: "2025-11-25" },
  "tasks/get": { params: checkGetTaskRequestParams, needsParams: true, result: checkGetTaskResult, since: "2025-11-25" },
  "tasks/list": { params: checkPaginatedRequestParams, needsParams: false, result: checkListTasksResult, since: "2025-11-25" },
  "tasks/result": { params: checkGetTaskPayloadRequestParams, needsParams: true, result: checkGetTaskPayloadResult, since: "2025-11-25" },
} as const;

export interface ClientNotifications {
  "notifications/cancelled": { params: CancelledNotification["params"] };
  "notifications/initialized": { params: InitializedNotification["params"] };
  "notifications/progress": { params: ProgressNotification["params"] };
  "notifications/roots/list_changed": { params: RootsListChangedNotification["params"] };
  "notifications/tasks/status": { params: TaskStatusNotification["params"] };
}

export const CLIENT_NOTIFICATIONS = {
  "notifications/cancelled": { params: checkCancelledNotificationParams, needsParams: true, since: "2024-11-05" },
  "notifications/initialized": { params: checkNotificationParams, needsParams: false, since: "2024-11-05" },
  "notifications/progress": { params: checkProgressNotificationParams, needsParams: true, since: "2024-11-05" },
  "notifications/roots/list_changed": { params: checkNotificationParams, needsParams: false, since: "2024-11-05" },
  "notifications/tasks/status": { params: checkTaskStatusNotificationParams, needsParams: true, since: "2025-11-25" },
} as const;

export interface ServerNotifications {
  "notifications/cancelled": { params: CancelledNotification["params"] };
  "notifications/elicitation/complete": { params: ElicitationCompleteNotification["params"] };
  "notifications/message": { params: LoggingMessageNotification["params"] };
  "notifications/progress": { params: ProgressNotification["params"] };
  "notifications/prompts/list_changed": { params: PromptListChangedNotification["params"] };
  "notifications/resources/list_changed": { params: ResourceListChangedNotification["params"] };
  "notifications/resources/updated": { params: ResourceUpdatedNotification["params"] };
  "notifications/tasks/status": { params: TaskStatusNotification["params"] };
  "notifications/tools/list_changed": { params: ToolListChangedNotification["params"] };
}

export const SERVER_NOTIFICATIONS = {
  "notifications/cancelled": { params: checkCancelledNotificationParams, needsParams: true, since: "2024-11-05" },
  "notifications/elicitation/complete": { params: checkElicitationCompleteNotificationParams, needsParams: true, since: "2025-11-25" },
  "notifications/message": { params: checkLoggingMessageNotificationParams, needsParams: true, since: "2024-11-05" },
  "notifications/progress": { params: checkProgressNotificationParams, needsParams: true, since: "2024-11-05" },
  "notifications/prompts/list_changed": { params: checkNotificationParams, needsParams: false, since: "2024-11-05" },
  "notifications/resources/list_changed": { params: checkNotificationParams, needsParams: false, since: "2024-11-05" },
  "notifications/resources/updated": { params: checkResourceUpdatedNotificationParams, needsParams: true, since: "2024-11-05" },
  "notifications/tasks/status": { params: checkTaskStatusNotificationParams, needsParams: true, since: "2025-11-25" },
  "notifications/tools/list_changed": { params: checkNotificationParams, needsParams: false, since: "2024-11-05" },
} as const;

/** Keys that may hold null in some definition. */
export const NULLABLE_KEYS: ReadonlySet<string> = new Set(["data","ttl"]);

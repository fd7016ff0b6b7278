// DO NOT EDIT: written by scripts/generate.ts from the schema of the Model Context Protocol.

import { anyOf, checkObject, checkString, eachItem, eachValue, isObject, under, wrong, type Fault } from "../checks.ts";

export function checkAnnotations(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["audience"];
  if (item !== undefined && (fault = checkAnnotationsAudience(item)) !== undefined) return under("audience", fault);
  item = value["priority"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "priority");
  item = value["lastModified"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "lastModified");
  return undefined;
}

function checkAnnotationsAudience(value: unknown): Fault | undefined {
  return eachItem(value, checkRole);
}

export function checkAudioContent(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "audio") return wrong("\"audio\"", item, "type");
  item = value["data"];
  if (typeof item !== "string") return wrong("a string", item, "data");
  item = value["mimeType"];
  if (typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["annotations"];
  if (item !== undefined && (fault = checkAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkBaseMetadata(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  return undefined;
}

export function checkBlobResourceContents(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  item = value["mimeType"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["blob"];
  if (typeof item !== "string") return wrong("a string", item, "blob");
  return undefined;
}

export function checkBooleanSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["type"];
  if (item !== "boolean") return wrong("\"boolean\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["default"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "default");
  return undefined;
}

export function checkCallToolRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "tools/call") return wrong("\"tools/call\"", item, "method");
  item = value["params"];
  if ((fault = checkCallToolRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkCallToolRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkCallToolRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["task"];
  if (item !== undefined && (fault = checkTaskMetadata(item)) !== undefined) return under("task", fault);
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["arguments"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("arguments", fault);
  return undefined;
}

function checkCallToolRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkCallToolResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["content"];
  if ((fault = checkCallToolResultContent(item)) !== undefined) return under("content", fault);
  item = value["structuredContent"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("structuredContent", fault);
  item = value["isError"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "isError");
  return undefined;
}

function checkCallToolResultContent(value: unknown): Fault | undefined {
  return eachItem(value, checkContentBlock);
}

export function checkCancelTaskRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "tasks/cancel") return wrong("\"tasks/cancel\"", item, "method");
  item = value["params"];
  if ((fault = checkCancelTaskRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkCancelTaskRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  return undefined;
}

export function checkCancelTaskResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  item = value["status"];
  if (!(item === "working" || item === "input_required" || item === "completed" || item === "failed" || item === "cancelled")) return wrong("\"working\", \"input_required\", \"completed\", \"failed\" or \"cancelled\"", item, "status");
  item = value["statusMessage"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "statusMessage");
  item = value["createdAt"];
  if (typeof item !== "string") return wrong("a string", item, "createdAt");
  item = value["lastUpdatedAt"];
  if (typeof item !== "string") return wrong("a string", item, "lastUpdatedAt");
  item = value["ttl"];
  if (!(typeof item === "number" || item === null)) return wrong("a number or null", item, "ttl");
  item = value["pollInterval"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "pollInterval");
  return undefined;
}

export function checkCancelledNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/cancelled") return wrong("\"notifications/cancelled\"", item, "method");
  item = value["params"];
  if ((fault = checkCancelledNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkCancelledNotificationParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["requestId"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "requestId");
  item = value["reason"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "reason");
  return undefined;
}

export function checkClientCapabilities(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["experimental"];
  if (item !== undefined && (fault = checkClientCapabilitiesExperimental(item)) !== undefined) return under("experimental", fault);
  item = value["roots"];
  if (item !== undefined && (fault = checkClientCapabilitiesRoots(item)) !== undefined) return under("roots", fault);
  item = value["sampling"];
  if (item !== undefined && (fault = checkClientCapabilitiesSampling(item)) !== undefined) return under("sampling", fault);
  item = value["elicitation"];
  if (item !== undefined && (fault = checkClientCapabilitiesElicitation(item)) !== undefined) return under("elicitation", fault);
  item = value["tasks"];
  if (item !== undefined && (fault = checkClientCapabilitiesTasks(item)) !== undefined) return under("tasks", fault);
  item = value["extensions"];
  if (item !== undefined && (fault = checkClientCapabilitiesExtensions(item)) !== undefined) return under("extensions", fault);
  return undefined;
}

function checkClientCapabilitiesExperimental(value: unknown): Fault | undefined {
  return eachValue(value, checkObject);
}

function checkClientCapabilitiesRoots(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["listChanged"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "listChanged");
  return undefined;
}

function checkClientCapabilitiesSampling(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["context"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("context", fault);
  item = value["tools"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("tools", fault);
  return undefined;
}

function checkClientCapabilitiesElicitation(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["form"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("form", fault);
  item = value["url"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("url", fault);
  return undefined;
}

function checkClientCapabilitiesTasks(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["list"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("list", fault);
  item = value["cancel"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("cancel", fault);
  item = value["requests"];
  if (item !== undefined && (fault = checkClientCapabilitiesTasksRequests(item)) !== undefined) return under("requests", fault);
  return undefined;
}

function checkClientCapabilitiesTasksRequests(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["sampling"];
  if (item !== undefined && (fault = checkClientCapabilitiesTasksRequestsSampling(item)) !== undefined) return under("sampling", fault);
  item = value["elicitation"];
  if (item !== undefined && (fault = checkClientCapabilitiesTasksRequestsElicitation(item)) !== undefined) return under("elicitation", fault);
  return undefined;
}

function checkClientCapabilitiesTasksRequestsSampling(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["createMessage"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("createMessage", fault);
  return undefined;
}

function checkClientCapabilitiesTasksRequestsElicitation(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["create"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("create", fault);
  return undefined;
}

function checkClientCapabilitiesExtensions(value: unknown): Fault | undefined {
  return eachValue(value, checkObject);
}

export function checkClientNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  switch (value["method"]) {
    case "notifications/cancelled":
      return checkCancelledNotification(value);
    case "notifications/progress":
      return checkProgressNotification(value);
    case "notifications/initialized":
      return checkInitializedNotification(value);
    case "notifications/roots/list_changed":
      return checkRootsListChangedNotification(value);
    case "notifications/tasks/status":
      return checkTaskStatusNotification(value);
    default:
      return wrong("\"notifications/cancelled\", \"notifications/progress\", \"notifications/initialized\", \"notifications/roots/list_changed\" or \"notifications/tasks/status\"", value["method"], "method");
  }
}

export function checkClientRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  switch (value["method"]) {
    case "ping":
      return checkPingRequest(value);
    case "initialize":
      return checkInitializeRequest(value);
    case "completion/complete":
      return checkCompleteRequest(value);
    case "logging/setLevel":
      return checkSetLevelRequest(value);
    case "prompts/get":
      return checkGetPromptRequest(value);
    case "prompts/list":
      return checkListPromptsRequest(value);
    case "resources/list":
      return checkListResourcesRequest(value);
    case "resources/templates/list":
      return checkListResourceTemplatesRequest(value);
    case "resources/read":
      return checkReadResourceRequest(value);
    case "resources/subscribe":
      return checkSubscribeRequest(value);
    case "resources/unsubscribe":
      return checkUnsubscribeRequest(value);
    case "tools/call":
      return checkCallToolRequest(value);
    case "tools/list":
      return checkListToolsRequest(value);
    case "tasks/get":
      return checkGetTaskRequest(value);
    case "tasks/result":
      return checkGetTaskPayloadRequest(value);
    case "tasks/list":
      return checkListTasksRequest(value);
    case "tasks/cancel":
      return checkCancelTaskRequest(value);
    default:
      return wrong("\"ping\", \"initialize\", \"completion/complete\", \"logging/setLevel\", \"prompts/get\", \"prompts/list\", \"resources/list\", \"resources/templates/list\", \"resources/read\", \"resources/subscribe\", \"resources/unsubscribe\", \"tools/call\", \"tools/list\", \"tasks/get\", \"tasks/result\", \"tasks/list\" or \"tasks/cancel\"", value["method"], "method");
  }
}

export function checkClientResult(value: unknown): Fault | undefined {
  return anyOf(value, [checkEmptyResult, checkCreateMessageResult, checkListRootsResult, checkElicitResult, checkGetTaskResult, checkGetTaskPayloadResult, checkListTasksResult, checkCancelTaskResult]);
}

export function checkCompleteRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "completion/complete") return wrong("\"completion/complete\"", item, "method");
  item = value["params"];
  if ((fault = checkCompleteRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkCompleteRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkCompleteRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["ref"];
  if ((fault = checkCompleteRequestParamsRef(item)) !== undefined) return under("ref", fault);
  item = value["argument"];
  if ((fault = checkCompleteRequestParamsArgument(item)) !== undefined) return under("argument", fault);
  item = value["context"];
  if (item !== undefined && (fault = checkCompleteRequestParamsContext(item)) !== undefined) return under("context", fault);
  return undefined;
}

function checkCompleteRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

function checkCompleteRequestParamsRef(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  switch (value["type"]) {
    case "ref/prompt":
      return checkPromptReference(value);
    case "ref/resource":
      return checkResourceTemplateReference(value);
    default:
      return wrong("\"ref/prompt\" or \"ref/resource\"", value["type"], "type");
  }
}

function checkCompleteRequestParamsArgument(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["value"];
  if (typeof item !== "string") return wrong("a string", item, "value");
  return undefined;
}

function checkCompleteRequestParamsContext(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["arguments"];
  if (item !== undefined && (fault = checkCompleteRequestParamsContextArguments(item)) !== undefined) return under("arguments", fault);
  return undefined;
}

function checkCompleteRequestParamsContextArguments(value: unknown): Fault | undefined {
  return eachValue(value, checkString);
}

export function checkCompleteResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["completion"];
  if ((fault = checkCompleteResultCompletion(item)) !== undefined) return under("completion", fault);
  return undefined;
}

function checkCompleteResultCompletion(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["values"];
  if ((fault = checkCompleteResultCompletionValues(item)) !== undefined) return under("values", fault);
  item = value["total"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "total");
  item = value["hasMore"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "hasMore");
  return undefined;
}

function checkCompleteResultCompletionValues(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkContentBlock(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  switch (value["type"]) {
    case "text":
      return checkTextContent(value);
    case "image":
      return checkImageContent(value);
    case "audio":
      return checkAudioContent(value);
    case "resource_link":
      return checkResourceLink(value);
    case "resource":
      return checkEmbeddedResource(value);
    default:
      return wrong("\"text\", \"image\", \"audio\", \"resource_link\" or \"resource\"", value["type"], "type");
  }
}

export function checkCreateMessageRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "sampling/createMessage") return wrong("\"sampling/createMessage\"", item, "method");
  item = value["params"];
  if ((fault = checkCreateMessageRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkCreateMessageRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkCreateMessageRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["task"];
  if (item !== undefined && (fault = checkTaskMetadata(item)) !== undefined) return under("task", fault);
  item = value["messages"];
  if ((fault = checkCreateMessageRequestParamsMessages(item)) !== undefined) return under("messages", fault);
  item = value["modelPreferences"];
  if (item !== undefined && (fault = checkModelPreferences(item)) !== undefined) return under("modelPreferences", fault);
  item = value["systemPrompt"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "systemPrompt");
  item = value["includeContext"];
  if (item !== undefined && !(item === "none" || item === "thisServer" || item === "allServers")) return wrong("\"none\", \"thisServer\" or \"allServers\"", item, "includeContext");
  item = value["temperature"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "temperature");
  item = value["maxTokens"];
  if (typeof item !== "number") return wrong("a number", item, "maxTokens");
  item = value["stopSequences"];
  if (item !== undefined && (fault = checkCreateMessageRequestParamsStopSequences(item)) !== undefined) return under("stopSequences", fault);
  item = value["metadata"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("metadata", fault);
  item = value["tools"];
  if (item !== undefined && (fault = checkCreateMessageRequestParamsTools(item)) !== undefined) return under("tools", fault);
  item = value["toolChoice"];
  if (item !== undefined && (fault = checkToolChoice(item)) !== undefined) return under("toolChoice", fault);
  return undefined;
}

function checkCreateMessageRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

function checkCreateMessageRequestParamsMessages(value: unknown): Fault | undefined {
  return eachItem(value, checkSamplingMessage);
}

function checkCreateMessageRequestParamsStopSequences(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

function checkCreateMessageRequestParamsTools(value: unknown): Fault | undefined {
  return eachItem(value, checkTool);
}

export function checkCreateMessageResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["role"];
  if (!(item === "user" || item === "assistant")) return wrong("\"user\" or \"assistant\"", item, "role");
  item = value["content"];
  if ((fault = checkCreateMessageResultContent(item)) !== undefined) return under("content", fault);
  item = value["model"];
  if (typeof item !== "string") return wrong("a string", item, "model");
  item = value["stopReason"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "stopReason");
  return undefined;
}

function checkCreateMessageResultContent(value: unknown): Fault | undefined {
  return anyOf(value, [checkSamplingMessageContentBlock, checkCreateMessageResultContent2]);
}

function checkCreateMessageResultContent2(value: unknown): Fault | undefined {
  return eachItem(value, checkSamplingMessageContentBlock);
}

export function checkCreateTaskResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["task"];
  if ((fault = checkTask(item)) !== undefined) return under("task", fault);
  return undefined;
}

export function checkCursor(value: unknown): Fault | undefined {
  return typeof value === "string" ? undefined : wrong("a string", value);
}

export function checkElicitRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "elicitation/create") return wrong("\"elicitation/create\"", item, "method");
  item = value["params"];
  if ((fault = checkElicitRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkElicitRequestFormParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkElicitRequestFormParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["task"];
  if (item !== undefined && (fault = checkTaskMetadata(item)) !== undefined) return under("task", fault);
  item = value["mode"];
  if (item !== undefined && item !== "form") return wrong("\"form\"", item, "mode");
  item = value["message"];
  if (typeof item !== "string") return wrong("a string", item, "message");
  item = value["requestedSchema"];
  if ((fault = checkElicitRequestFormParamsRequestedSchema(item)) !== undefined) return under("requestedSchema", fault);
  return undefined;
}

function checkElicitRequestFormParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

function checkElicitRequestFormParamsRequestedSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["$schema"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "$schema");
  item = value["type"];
  if (item !== "object") return wrong("\"object\"", item, "type");
  item = value["properties"];
  if ((fault = checkElicitRequestFormParamsRequestedSchemaProperties(item)) !== undefined) return under("properties", fault);
  item = value["required"];
  if (item !== undefined && (fault = checkElicitRequestFormParamsRequestedSchemaRequired(item)) !== undefined) return under("required", fault);
  return undefined;
}

function checkElicitRequestFormParamsRequestedSchemaProperties(value: unknown): Fault | undefined {
  return eachValue(value, checkPrimitiveSchemaDefinition);
}

function checkElicitRequestFormParamsRequestedSchemaRequired(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkElicitRequestParams(value: unknown): Fault | undefined {
  return anyOf(value, [checkElicitRequestFormParams, checkElicitRequestURLParams]);
}

export function checkElicitRequestURLParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkElicitRequestURLParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["task"];
  if (item !== undefined && (fault = checkTaskMetadata(item)) !== undefined) return under("task", fault);
  item = value["mode"];
  if (item !== "url") return wrong("\"url\"", item, "mode");
  item = value["message"];
  if (typeof item !== "string") return wrong("a string", item, "message");
  item = value["elicitationId"];
  if (typeof item !== "string") return wrong("a string", item, "elicitationId");
  item = value["url"];
  if (typeof item !== "string") return wrong("a string", item, "url");
  return undefined;
}

function checkElicitRequestURLParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkElicitResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["action"];
  if (!(item === "accept" || item === "decline" || item === "cancel")) return wrong("\"accept\", \"decline\" or \"cancel\"", item, "action");
  item = value["content"];
  if (item !== undefined && (fault = checkElicitResultContent(item)) !== undefined) return under("content", fault);
  return undefined;
}

function checkElicitResultContent(value: unknown): Fault | undefined {
  return eachValue(value, checkElicitResultContentValue);
}

function checkElicitResultContentValue(value: unknown): Fault | undefined {
  return anyOf(value, [checkString, checkElicitResultContentValue2, checkElicitResultContentValue3, checkElicitResultContentValue4]);
}

function checkElicitResultContentValue2(value: unknown): Fault | undefined {
  return typeof value === "number" ? undefined : wrong("a number", value);
}

function checkElicitResultContentValue3(value: unknown): Fault | undefined {
  return typeof value === "boolean" ? undefined : wrong("a boolean", value);
}

function checkElicitResultContentValue4(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkElicitationCompleteNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/elicitation/complete") return wrong("\"notifications/elicitation/complete\"", item, "method");
  item = value["params"];
  if ((fault = checkElicitationCompleteNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkElicitationCompleteNotificationParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["elicitationId"];
  if (typeof item !== "string") return wrong("a string", item, "elicitationId");
  return undefined;
}

export function checkEmbeddedResource(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "resource") return wrong("\"resource\"", item, "type");
  item = value["resource"];
  if ((fault = checkEmbeddedResourceResource(item)) !== undefined) return under("resource", fault);
  item = value["annotations"];
  if (item !== undefined && (fault = checkAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkEmbeddedResourceResource(value: unknown): Fault | undefined {
  return anyOf(value, [checkTextResourceContents, checkBlobResourceContents]);
}

export function checkEmptyResult(value: unknown): Fault | undefined {
  return checkResult(value);
}

export function checkEnumSchema(value: unknown): Fault | undefined {
  return anyOf(value, [checkSingleSelectEnumSchema, checkMultiSelectEnumSchema, checkLegacyTitledEnumSchema]);
}

export function checkError(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["code"];
  if (typeof item !== "number") return wrong("a number", item, "code");
  item = value["message"];
  if (typeof item !== "string") return wrong("a string", item, "message");
  return undefined;
}

export function checkGetPromptRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "prompts/get") return wrong("\"prompts/get\"", item, "method");
  item = value["params"];
  if ((fault = checkGetPromptRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkGetPromptRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkGetPromptRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["arguments"];
  if (item !== undefined && (fault = checkGetPromptRequestParamsArguments(item)) !== undefined) return under("arguments", fault);
  return undefined;
}

function checkGetPromptRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

function checkGetPromptRequestParamsArguments(value: unknown): Fault | undefined {
  return eachValue(value, checkString);
}

export function checkGetPromptResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["messages"];
  if ((fault = checkGetPromptResultMessages(item)) !== undefined) return under("messages", fault);
  return undefined;
}

function checkGetPromptResultMessages(value: unknown): Fault | undefined {
  return eachItem(value, checkPromptMessage);
}

export function checkGetTaskPayloadRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "tasks/result") return wrong("\"tasks/result\"", item, "method");
  item = value["params"];
  if ((fault = checkGetTaskPayloadRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkGetTaskPayloadRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  return undefined;
}

export function checkGetTaskPayloadResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkGetTaskRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "tasks/get") return wrong("\"tasks/get\"", item, "method");
  item = value["params"];
  if ((fault = checkGetTaskRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkGetTaskRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  return undefined;
}

export function checkGetTaskResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  item = value["status"];
  if (!(item === "working" || item === "input_required" || item === "completed" || item === "failed" || item === "cancelled")) return wrong("\"working\", \"input_required\", \"completed\", \"failed\" or \"cancelled\"", item, "status");
  item = value["statusMessage"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "statusMessage");
  item = value["createdAt"];
  if (typeof item !== "string") return wrong("a string", item, "createdAt");
  item = value["lastUpdatedAt"];
  if (typeof item !== "string") return wrong("a string", item, "lastUpdatedAt");
  item = value["ttl"];
  if (!(typeof item === "number" || item === null)) return wrong("a number or null", item, "ttl");
  item = value["pollInterval"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "pollInterval");
  return undefined;
}

export function checkIcon(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["src"];
  if (typeof item !== "string") return wrong("a string", item, "src");
  item = value["mimeType"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["sizes"];
  if (item !== undefined && (fault = checkIconSizes(item)) !== undefined) return under("sizes", fault);
  item = value["theme"];
  if (item !== undefined && !(item === "light" || item === "dark")) return wrong("\"light\" or \"dark\"", item, "theme");
  return undefined;
}

function checkIconSizes(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkIcons(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["icons"];
  if (item !== undefined && (fault = checkIconsIcons(item)) !== undefined) return under("icons", fault);
  return undefined;
}

function checkIconsIcons(value: unknown): Fault | undefined {
  return eachItem(value, checkIcon);
}

export function checkImageContent(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "image") return wrong("\"image\"", item, "type");
  item = value["data"];
  if (typeof item !== "string") return wrong("a string", item, "data");
  item = value["mimeType"];
  if (typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["annotations"];
  if (item !== undefined && (fault = checkAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkImplementation(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["icons"];
  if (item !== undefined && (fault = checkImplementationIcons(item)) !== undefined) return under("icons", fault);
  item = value["version"];
  if (typeof item !== "string") return wrong("a string", item, "version");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["websiteUrl"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "websiteUrl");
  return undefined;
}

function checkImplementationIcons(value: unknown): Fault | undefined {
  return eachItem(value, checkIcon);
}

export function checkInitializeRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "initialize") return wrong("\"initialize\"", item, "method");
  item = value["params"];
  if ((fault = checkInitializeRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkInitializeRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkInitializeRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["protocolVersion"];
  if (typeof item !== "string") return wrong("a string", item, "protocolVersion");
  item = value["capabilities"];
  if ((fault = checkClientCapabilities(item)) !== undefined) return under("capabilities", fault);
  item = value["clientInfo"];
  if ((fault = checkImplementation(item)) !== undefined) return under("clientInfo", fault);
  return undefined;
}

function checkInitializeRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkInitializeResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["protocolVersion"];
  if (typeof item !== "string") return wrong("a string", item, "protocolVersion");
  item = value["capabilities"];
  if ((fault = checkServerCapabilities(item)) !== undefined) return under("capabilities", fault);
  item = value["serverInfo"];
  if ((fault = checkImplementation(item)) !== undefined) return under("serverInfo", fault);
  item = value["instructions"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "instructions");
  return undefined;
}

export function checkInitializedNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/initialized") return wrong("\"notifications/initialized\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkJSONRPCErrorResponse(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  item = value["error"];
  if ((fault = checkError(item)) !== undefined) return under("error", fault);
  return undefined;
}

export function checkJSONRPCMessage(value: unknown): Fault | undefined {
  return anyOf(value, [checkJSONRPCRequest, checkJSONRPCNotification, checkJSONRPCResponse]);
}

export function checkJSONRPCNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (typeof item !== "string") return wrong("a string", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkJSONRPCRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (typeof item !== "string") return wrong("a string", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkJSONRPCResponse(value: unknown): Fault | undefined {
  return anyOf(value, [checkJSONRPCResultResponse, checkJSONRPCErrorResponse]);
}

export function checkJSONRPCResultResponse(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  item = value["result"];
  if ((fault = checkResult(item)) !== undefined) return under("result", fault);
  return undefined;
}

export function checkLegacyTitledEnumSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "string") return wrong("\"string\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["enum"];
  if ((fault = checkLegacyTitledEnumSchemaEnum(item)) !== undefined) return under("enum", fault);
  item = value["enumNames"];
  if (item !== undefined && (fault = checkLegacyTitledEnumSchemaEnumNames(item)) !== undefined) return under("enumNames", fault);
  item = value["default"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "default");
  return undefined;
}

function checkLegacyTitledEnumSchemaEnum(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

function checkLegacyTitledEnumSchemaEnumNames(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkListPromptsRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "prompts/list") return wrong("\"prompts/list\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkPaginatedRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkListPromptsResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["nextCursor"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "nextCursor");
  item = value["prompts"];
  if ((fault = checkListPromptsResultPrompts(item)) !== undefined) return under("prompts", fault);
  return undefined;
}

function checkListPromptsResultPrompts(value: unknown): Fault | undefined {
  return eachItem(value, checkPrompt);
}

export function checkListResourceTemplatesRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "resources/templates/list") return wrong("\"resources/templates/list\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkPaginatedRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkListResourceTemplatesResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["nextCursor"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "nextCursor");
  item = value["resourceTemplates"];
  if ((fault = checkListResourceTemplatesResultResourceTemplates(item)) !== undefined) return under("resourceTemplates", fault);
  return undefined;
}

function checkListResourceTemplatesResultResourceTemplates(value: unknown): Fault | undefined {
  return eachItem(value, checkResourceTemplate);
}

export function checkListResourcesRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "resources/list") return wrong("\"resources/list\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkPaginatedRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkListResourcesResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["nextCursor"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "nextCursor");
  item = value["resources"];
  if ((fault = checkListResourcesResultResources(item)) !== undefined) return under("resources", fault);
  return undefined;
}

function checkListResourcesResultResources(value: unknown): Fault | undefined {
  return eachItem(value, checkResource);
}

export function checkListRootsRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "roots/list") return wrong("\"roots/list\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkListRootsResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["roots"];
  if ((fault = checkListRootsResultRoots(item)) !== undefined) return under("roots", fault);
  return undefined;
}

function checkListRootsResultRoots(value: unknown): Fault | undefined {
  return eachItem(value, checkRoot);
}

export function checkListTasksRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "tasks/list") return wrong("\"tasks/list\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkPaginatedRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkListTasksResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["nextCursor"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "nextCursor");
  item = value["tasks"];
  if ((fault = checkListTasksResultTasks(item)) !== undefined) return under("tasks", fault);
  return undefined;
}

function checkListTasksResultTasks(value: unknown): Fault | undefined {
  return eachItem(value, checkTask);
}

export function checkListToolsRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "tools/list") return wrong("\"tools/list\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkPaginatedRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkListToolsResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["nextCursor"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "nextCursor");
  item = value["tools"];
  if ((fault = checkListToolsResultTools(item)) !== undefined) return under("tools", fault);
  return undefined;
}

function checkListToolsResultTools(value: unknown): Fault | undefined {
  return eachItem(value, checkTool);
}

export function checkLoggingLevel(value: unknown): Fault | undefined {
  return value === "debug" || value === "info" || value === "notice" || value === "warning" || value === "error" || value === "critical" || value === "alert" || value === "emergency" ? undefined : wrong("\"debug\", \"info\", \"notice\", \"warning\", \"error\", \"critical\", \"alert\" or \"emergency\"", value);
}

export function checkLoggingMessageNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/message") return wrong("\"notifications/message\"", item, "method");
  item = value["params"];
  if ((fault = checkLoggingMessageNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkLoggingMessageNotificationParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["level"];
  if (!(item === "debug" || item === "info" || item === "notice" || item === "warning" || item === "error" || item === "critical" || item === "alert" || item === "emergency")) return wrong("\"debug\", \"info\", \"notice\", \"warning\", \"error\", \"critical\", \"alert\" or \"emergency\"", item, "level");
  item = value["logger"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "logger");
  item = value["data"];
  if (item === undefined) return wrong("a value", item, "data");
  return undefined;
}

export function checkModelHint(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["name"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "name");
  return undefined;
}

export function checkModelPreferences(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["hints"];
  if (item !== undefined && (fault = checkModelPreferencesHints(item)) !== undefined) return under("hints", fault);
  item = value["costPriority"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "costPriority");
  item = value["speedPriority"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "speedPriority");
  item = value["intelligencePriority"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "intelligencePriority");
  return undefined;
}

function checkModelPreferencesHints(value: unknown): Fault | undefined {
  return eachItem(value, checkModelHint);
}

export function checkMultiSelectEnumSchema(value: unknown): Fault | undefined {
  return anyOf(value, [checkUntitledMultiSelectEnumSchema, checkTitledMultiSelectEnumSchema]);
}

export function checkNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (typeof item !== "string") return wrong("a string", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("params", fault);
  return undefined;
}

export function checkNotificationParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkNumberSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["type"];
  if (!(item === "number" || item === "integer")) return wrong("\"number\" or \"integer\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["minimum"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "minimum");
  item = value["maximum"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "maximum");
  item = value["default"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "default");
  return undefined;
}

export function checkPaginatedRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (typeof item !== "string") return wrong("a string", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkPaginatedRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkPaginatedRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkPaginatedRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["cursor"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "cursor");
  return undefined;
}

function checkPaginatedRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkPaginatedResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["nextCursor"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "nextCursor");
  return undefined;
}

export function checkPingRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "ping") return wrong("\"ping\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkPrimitiveSchemaDefinition(value: unknown): Fault | undefined {
  return anyOf(value, [checkStringSchema, checkNumberSchema, checkBooleanSchema, checkEnumSchema]);
}

export function checkProgressNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/progress") return wrong("\"notifications/progress\"", item, "method");
  item = value["params"];
  if ((fault = checkProgressNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkProgressNotificationParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["progressToken"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  item = value["progress"];
  if (typeof item !== "number") return wrong("a number", item, "progress");
  item = value["total"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "total");
  item = value["message"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "message");
  return undefined;
}

export function checkProgressToken(value: unknown): Fault | undefined {
  return typeof value === "string" || typeof value === "number" ? undefined : wrong("a string or a number", value);
}

export function checkPrompt(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["icons"];
  if (item !== undefined && (fault = checkPromptIcons(item)) !== undefined) return under("icons", fault);
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["arguments"];
  if (item !== undefined && (fault = checkPromptArguments(item)) !== undefined) return under("arguments", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkPromptIcons(value: unknown): Fault | undefined {
  return eachItem(value, checkIcon);
}

function checkPromptArguments(value: unknown): Fault | undefined {
  return eachItem(value, checkPromptArgument);
}

export function checkPromptArgument(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["required"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "required");
  return undefined;
}

export function checkPromptListChangedNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/prompts/list_changed") return wrong("\"notifications/prompts/list_changed\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkPromptMessage(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["role"];
  if (!(item === "user" || item === "assistant")) return wrong("\"user\" or \"assistant\"", item, "role");
  item = value["content"];
  if ((fault = checkContentBlock(item)) !== undefined) return under("content", fault);
  return undefined;
}

export function checkPromptReference(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["type"];
  if (item !== "ref/prompt") return wrong("\"ref/prompt\"", item, "type");
  return undefined;
}

export function checkReadResourceRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "resources/read") return wrong("\"resources/read\"", item, "method");
  item = value["params"];
  if ((fault = checkReadResourceRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkReadResourceRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkReadResourceRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  return undefined;
}

function checkReadResourceRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkReadResourceResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["contents"];
  if ((fault = checkReadResourceResultContents(item)) !== undefined) return under("contents", fault);
  return undefined;
}

function checkReadResourceResultContents(value: unknown): Fault | undefined {
  return eachItem(value, checkReadResourceResultContentsItem);
}

function checkReadResourceResultContentsItem(value: unknown): Fault | undefined {
  return anyOf(value, [checkTextResourceContents, checkBlobResourceContents]);
}

export function checkRelatedTaskMetadata(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  return undefined;
}

export function checkRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (typeof item !== "string") return wrong("a string", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("params", fault);
  return undefined;
}

export function checkRequestId(value: unknown): Fault | undefined {
  return typeof value === "string" || typeof value === "number" ? undefined : wrong("a string or a number", value);
}

export function checkRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkResource(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["icons"];
  if (item !== undefined && (fault = checkResourceIcons(item)) !== undefined) return under("icons", fault);
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["mimeType"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["annotations"];
  if (item !== undefined && (fault = checkAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["size"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "size");
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkResourceIcons(value: unknown): Fault | undefined {
  return eachItem(value, checkIcon);
}

export function checkResourceContents(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  item = value["mimeType"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkResourceLink(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["icons"];
  if (item !== undefined && (fault = checkResourceLinkIcons(item)) !== undefined) return under("icons", fault);
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["mimeType"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["annotations"];
  if (item !== undefined && (fault = checkAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["size"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "size");
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["type"];
  if (item !== "resource_link") return wrong("\"resource_link\"", item, "type");
  return undefined;
}

function checkResourceLinkIcons(value: unknown): Fault | undefined {
  return eachItem(value, checkIcon);
}

export function checkResourceListChangedNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/resources/list_changed") return wrong("\"notifications/resources/list_changed\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkResourceRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkResourceRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  return undefined;
}

function checkResourceRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkResourceTemplate(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["icons"];
  if (item !== undefined && (fault = checkResourceTemplateIcons(item)) !== undefined) return under("icons", fault);
  item = value["uriTemplate"];
  if (typeof item !== "string") return wrong("a string", item, "uriTemplate");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["mimeType"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["annotations"];
  if (item !== undefined && (fault = checkAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkResourceTemplateIcons(value: unknown): Fault | undefined {
  return eachItem(value, checkIcon);
}

export function checkResourceTemplateReference(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["type"];
  if (item !== "ref/resource") return wrong("\"ref/resource\"", item, "type");
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  return undefined;
}

export function checkResourceUpdatedNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/resources/updated") return wrong("\"notifications/resources/updated\"", item, "method");
  item = value["params"];
  if ((fault = checkResourceUpdatedNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkResourceUpdatedNotificationParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  return undefined;
}

export function checkResult(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkRole(value: unknown): Fault | undefined {
  return value === "user" || value === "assistant" ? undefined : wrong("\"user\" or \"assistant\"", value);
}

export function checkRoot(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  item = value["name"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "name");
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkRootsListChangedNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/roots/list_changed") return wrong("\"notifications/roots/list_changed\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkSamplingMessage(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["role"];
  if (!(item === "user" || item === "assistant")) return wrong("\"user\" or \"assistant\"", item, "role");
  item = value["content"];
  if ((fault = checkSamplingMessageContent(item)) !== undefined) return under("content", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkSamplingMessageContent(value: unknown): Fault | undefined {
  return anyOf(value, [checkSamplingMessageContentBlock, checkSamplingMessageContent2]);
}

function checkSamplingMessageContent2(value: unknown): Fault | undefined {
  return eachItem(value, checkSamplingMessageContentBlock);
}

export function checkSamplingMessageContentBlock(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  switch (value["type"]) {
    case "text":
      return checkTextContent(value);
    case "image":
      return checkImageContent(value);
    case "audio":
      return checkAudioContent(value);
    case "tool_use":
      return checkToolUseContent(value);
    case "tool_result":
      return checkToolResultContent(value);
    default:
      return wrong("\"text\", \"image\", \"audio\", \"tool_use\" or \"tool_result\"", value["type"], "type");
  }
}

export function checkServerCapabilities(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["experimental"];
  if (item !== undefined && (fault = checkServerCapabilitiesExperimental(item)) !== undefined) return under("experimental", fault);
  item = value["logging"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("logging", fault);
  item = value["completions"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("completions", fault);
  item = value["prompts"];
  if (item !== undefined && (fault = checkServerCapabilitiesPrompts(item)) !== undefined) return under("prompts", fault);
  item = value["resources"];
  if (item !== undefined && (fault = checkServerCapabilitiesResources(item)) !== undefined) return under("resources", fault);
  item = value["tools"];
  if (item !== undefined && (fault = checkServerCapabilitiesTools(item)) !== undefined) return under("tools", fault);
  item = value["tasks"];
  if (item !== undefined && (fault = checkServerCapabilitiesTasks(item)) !== undefined) return under("tasks", fault);
  item = value["extensions"];
  if (item !== undefined && (fault = checkServerCapabilitiesExtensions(item)) !== undefined) return under("extensions", fault);
  return undefined;
}

function checkServerCapabilitiesExperimental(value: unknown): Fault | undefined {
  return eachValue(value, checkObject);
}

function checkServerCapabilitiesPrompts(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["listChanged"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "listChanged");
  return undefined;
}

function checkServerCapabilitiesResources(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["subscribe"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "subscribe");
  item = value["listChanged"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "listChanged");
  return undefined;
}

function checkServerCapabilitiesTools(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["listChanged"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "listChanged");
  return undefined;
}

function checkServerCapabilitiesTasks(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["list"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("list", fault);
  item = value["cancel"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("cancel", fault);
  item = value["requests"];
  if (item !== undefined && (fault = checkServerCapabilitiesTasksRequests(item)) !== undefined) return under("requests", fault);
  return undefined;
}

function checkServerCapabilitiesTasksRequests(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["tools"];
  if (item !== undefined && (fault = checkServerCapabilitiesTasksRequestsTools(item)) !== undefined) return under("tools", fault);
  return undefined;
}

function checkServerCapabilitiesTasksRequestsTools(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["call"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("call", fault);
  return undefined;
}

function checkServerCapabilitiesExtensions(value: unknown): Fault | undefined {
  return eachValue(value, checkObject);
}

export function checkServerNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  switch (value["method"]) {
    case "notifications/cancelled":
      return checkCancelledNotification(value);
    case "notifications/progress":
      return checkProgressNotification(value);
    case "notifications/message":
      return checkLoggingMessageNotification(value);
    case "notifications/resources/updated":
      return checkResourceUpdatedNotification(value);
    case "notifications/resources/list_changed":
      return checkResourceListChangedNotification(value);
    case "notifications/tools/list_changed":
      return checkToolListChangedNotification(value);
    case "notifications/prompts/list_changed":
      return checkPromptListChangedNotification(value);
    case "notifications/elicitation/complete":
      return checkElicitationCompleteNotification(value);
    case "notifications/tasks/status":
      return checkTaskStatusNotification(value);
    default:
      return wrong("\"notifications/cancelled\", \"notifications/progress\", \"notifications/message\", \"notifications/resources/updated\", \"notifications/resources/list_changed\", \"notifications/tools/list_changed\", \"notifications/prompts/list_changed\", \"notifications/elicitation/complete\" or \"notifications/tasks/status\"", value["method"], "method");
  }
}

export function checkServerRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  switch (value["method"]) {
    case "ping":
      return checkPingRequest(value);
    case "sampling/createMessage":
      return checkCreateMessageRequest(value);
    case "roots/list":
      return checkListRootsRequest(value);
    case "elicitation/create":
      return checkElicitRequest(value);
    case "tasks/get":
      return checkGetTaskRequest(value);
    case "tasks/result":
      return checkGetTaskPayloadRequest(value);
    case "tasks/list":
      return checkListTasksRequest(value);
    case "tasks/cancel":
      return checkCancelTaskRequest(value);
    default:
      return wrong("\"ping\", \"sampling/createMessage\", \"roots/list\", \"elicitation/create\", \"tasks/get\", \"tasks/result\", \"tasks/list\" or \"tasks/cancel\"", value["method"], "method");
  }
}

export function checkServerResult(value: unknown): Fault | undefined {
  return anyOf(value, [checkEmptyResult, checkInitializeResult, checkCompleteResult, checkGetPromptResult, checkListPromptsResult, checkListResourceTemplatesResult, checkListResourcesResult, checkReadResourceResult, checkCallToolResult, checkListToolsResult, checkGetTaskResult, checkGetTaskPayloadResult, checkListTasksResult, checkCancelTaskResult]);
}

export function checkSetLevelRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "logging/setLevel") return wrong("\"logging/setLevel\"", item, "method");
  item = value["params"];
  if ((fault = checkSetLevelRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkSetLevelRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkSetLevelRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["level"];
  if (!(item === "debug" || item === "info" || item === "notice" || item === "warning" || item === "error" || item === "critical" || item === "alert" || item === "emergency")) return wrong("\"debug\", \"info\", \"notice\", \"warning\", \"error\", \"critical\", \"alert\" or \"emergency\"", item, "level");
  return undefined;
}

function checkSetLevelRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkSingleSelectEnumSchema(value: unknown): Fault | undefined {
  return anyOf(value, [checkUntitledSingleSelectEnumSchema, checkTitledSingleSelectEnumSchema]);
}

export function checkStringSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["type"];
  if (item !== "string") return wrong("\"string\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["minLength"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "minLength");
  item = value["maxLength"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "maxLength");
  item = value["format"];
  if (item !== undefined && !(item === "email" || item === "uri" || item === "date" || item === "date-time")) return wrong("\"email\", \"uri\", \"date\" or \"date-time\"", item, "format");
  item = value["default"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "default");
  return undefined;
}

export function checkSubscribeRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "resources/subscribe") return wrong("\"resources/subscribe\"", item, "method");
  item = value["params"];
  if ((fault = checkSubscribeRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkSubscribeRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkSubscribeRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  return undefined;
}

function checkSubscribeRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkTask(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  item = value["status"];
  if (!(item === "working" || item === "input_required" || item === "completed" || item === "failed" || item === "cancelled")) return wrong("\"working\", \"input_required\", \"completed\", \"failed\" or \"cancelled\"", item, "status");
  item = value["statusMessage"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "statusMessage");
  item = value["createdAt"];
  if (typeof item !== "string") return wrong("a string", item, "createdAt");
  item = value["lastUpdatedAt"];
  if (typeof item !== "string") return wrong("a string", item, "lastUpdatedAt");
  item = value["ttl"];
  if (!(typeof item === "number" || item === null)) return wrong("a number or null", item, "ttl");
  item = value["pollInterval"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "pollInterval");
  return undefined;
}

export function checkTaskAugmentedRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkTaskAugmentedRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["task"];
  if (item !== undefined && (fault = checkTaskMetadata(item)) !== undefined) return under("task", fault);
  return undefined;
}

function checkTaskAugmentedRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkTaskMetadata(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["ttl"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "ttl");
  return undefined;
}

export function checkTaskStatus(value: unknown): Fault | undefined {
  return value === "working" || value === "input_required" || value === "completed" || value === "failed" || value === "cancelled" ? undefined : wrong("\"working\", \"input_required\", \"completed\", \"failed\" or \"cancelled\"", value);
}

export function checkTaskStatusNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/tasks/status") return wrong("\"notifications/tasks/status\"", item, "method");
  item = value["params"];
  if ((fault = checkTaskStatusNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkTaskStatusNotificationParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["taskId"];
  if (typeof item !== "string") return wrong("a string", item, "taskId");
  item = value["status"];
  if (!(item === "working" || item === "input_required" || item === "completed" || item === "failed" || item === "cancelled")) return wrong("\"working\", \"input_required\", \"completed\", \"failed\" or \"cancelled\"", item, "status");
  item = value["statusMessage"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "statusMessage");
  item = value["createdAt"];
  if (typeof item !== "string") return wrong("a string", item, "createdAt");
  item = value["lastUpdatedAt"];
  if (typeof item !== "string") return wrong("a string", item, "lastUpdatedAt");
  item = value["ttl"];
  if (!(typeof item === "number" || item === null)) return wrong("a number or null", item, "ttl");
  item = value["pollInterval"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "pollInterval");
  return undefined;
}

export function checkTextContent(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "text") return wrong("\"text\"", item, "type");
  item = value["text"];
  if (typeof item !== "string") return wrong("a string", item, "text");
  item = value["annotations"];
  if (item !== undefined && (fault = checkAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkTextResourceContents(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  item = value["mimeType"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "mimeType");
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  item = value["text"];
  if (typeof item !== "string") return wrong("a string", item, "text");
  return undefined;
}

export function checkTitledMultiSelectEnumSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "array") return wrong("\"array\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["minItems"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "minItems");
  item = value["maxItems"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "maxItems");
  item = value["items"];
  if ((fault = checkTitledMultiSelectEnumSchemaItems(item)) !== undefined) return under("items", fault);
  item = value["default"];
  if (item !== undefined && (fault = checkTitledMultiSelectEnumSchemaDefault(item)) !== undefined) return under("default", fault);
  return undefined;
}

function checkTitledMultiSelectEnumSchemaItems(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["anyOf"];
  if ((fault = checkTitledMultiSelectEnumSchemaItemsAnyOf(item)) !== undefined) return under("anyOf", fault);
  return undefined;
}

function checkTitledMultiSelectEnumSchemaItemsAnyOf(value: unknown): Fault | undefined {
  return eachItem(value, checkTitledMultiSelectEnumSchemaItemsAnyOfItem);
}

function checkTitledMultiSelectEnumSchemaItemsAnyOfItem(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["const"];
  if (typeof item !== "string") return wrong("a string", item, "const");
  item = value["title"];
  if (typeof item !== "string") return wrong("a string", item, "title");
  return undefined;
}

function checkTitledMultiSelectEnumSchemaDefault(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkTitledSingleSelectEnumSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "string") return wrong("\"string\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["oneOf"];
  if ((fault = checkTitledSingleSelectEnumSchemaOneOf(item)) !== undefined) return under("oneOf", fault);
  item = value["default"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "default");
  return undefined;
}

function checkTitledSingleSelectEnumSchemaOneOf(value: unknown): Fault | undefined {
  return eachItem(value, checkTitledSingleSelectEnumSchemaOneOfItem);
}

function checkTitledSingleSelectEnumSchemaOneOfItem(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["const"];
  if (typeof item !== "string") return wrong("a string", item, "const");
  item = value["title"];
  if (typeof item !== "string") return wrong("a string", item, "title");
  return undefined;
}

export function checkTool(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["icons"];
  if (item !== undefined && (fault = checkToolIcons(item)) !== undefined) return under("icons", fault);
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["inputSchema"];
  if ((fault = checkToolInputSchema(item)) !== undefined) return under("inputSchema", fault);
  item = value["execution"];
  if (item !== undefined && (fault = checkToolExecution(item)) !== undefined) return under("execution", fault);
  item = value["outputSchema"];
  if (item !== undefined && (fault = checkToolOutputSchema(item)) !== undefined) return under("outputSchema", fault);
  item = value["annotations"];
  if (item !== undefined && (fault = checkToolAnnotations(item)) !== undefined) return under("annotations", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkToolIcons(value: unknown): Fault | undefined {
  return eachItem(value, checkIcon);
}

function checkToolInputSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["$schema"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "$schema");
  item = value["type"];
  if (item !== "object") return wrong("\"object\"", item, "type");
  item = value["properties"];
  if (item !== undefined && (fault = checkToolInputSchemaProperties(item)) !== undefined) return under("properties", fault);
  item = value["required"];
  if (item !== undefined && (fault = checkToolInputSchemaRequired(item)) !== undefined) return under("required", fault);
  return undefined;
}

function checkToolInputSchemaProperties(value: unknown): Fault | undefined {
  return eachValue(value, checkObject);
}

function checkToolInputSchemaRequired(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

function checkToolOutputSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["$schema"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "$schema");
  item = value["type"];
  if (item !== "object") return wrong("\"object\"", item, "type");
  item = value["properties"];
  if (item !== undefined && (fault = checkToolOutputSchemaProperties(item)) !== undefined) return under("properties", fault);
  item = value["required"];
  if (item !== undefined && (fault = checkToolOutputSchemaRequired(item)) !== undefined) return under("required", fault);
  return undefined;
}

function checkToolOutputSchemaProperties(value: unknown): Fault | undefined {
  return eachValue(value, checkObject);
}

function checkToolOutputSchemaRequired(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkToolAnnotations(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["readOnlyHint"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "readOnlyHint");
  item = value["destructiveHint"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "destructiveHint");
  item = value["idempotentHint"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "idempotentHint");
  item = value["openWorldHint"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "openWorldHint");
  return undefined;
}

export function checkToolChoice(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["mode"];
  if (item !== undefined && !(item === "auto" || item === "required" || item === "none")) return wrong("\"auto\", \"required\" or \"none\"", item, "mode");
  return undefined;
}

export function checkToolExecution(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["taskSupport"];
  if (item !== undefined && !(item === "forbidden" || item === "optional" || item === "required")) return wrong("\"forbidden\", \"optional\" or \"required\"", item, "taskSupport");
  return undefined;
}

export function checkToolListChangedNotification(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "notifications/tools/list_changed") return wrong("\"notifications/tools/list_changed\"", item, "method");
  item = value["params"];
  if (item !== undefined && (fault = checkNotificationParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  return undefined;
}

export function checkToolResultContent(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "tool_result") return wrong("\"tool_result\"", item, "type");
  item = value["toolUseId"];
  if (typeof item !== "string") return wrong("a string", item, "toolUseId");
  item = value["content"];
  if ((fault = checkToolResultContentContent(item)) !== undefined) return under("content", fault);
  item = value["structuredContent"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("structuredContent", fault);
  item = value["isError"];
  if (item !== undefined && typeof item !== "boolean") return wrong("a boolean", item, "isError");
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

function checkToolResultContentContent(value: unknown): Fault | undefined {
  return eachItem(value, checkContentBlock);
}

export function checkToolUseContent(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "tool_use") return wrong("\"tool_use\"", item, "type");
  item = value["id"];
  if (typeof item !== "string") return wrong("a string", item, "id");
  item = value["name"];
  if (typeof item !== "string") return wrong("a string", item, "name");
  item = value["input"];
  if ((fault = checkObject(item)) !== undefined) return under("input", fault);
  item = value["_meta"];
  if (item !== undefined && (fault = checkObject(item)) !== undefined) return under("_meta", fault);
  return undefined;
}

export function checkURLElicitationRequiredError(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  item = value["error"];
  if ((fault = checkURLElicitationRequiredErrorError(item)) !== undefined) return under("error", fault);
  return undefined;
}

function checkURLElicitationRequiredErrorError(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["code"];
  if (item !== -32042) return wrong("-32042", item, "code");
  item = value["message"];
  if (typeof item !== "string") return wrong("a string", item, "message");
  item = value["data"];
  if ((fault = checkURLElicitationRequiredErrorErrorData(item)) !== undefined) return under("data", fault);
  return undefined;
}

function checkURLElicitationRequiredErrorErrorData(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["elicitations"];
  if ((fault = checkURLElicitationRequiredErrorErrorDataElicitations(item)) !== undefined) return under("elicitations", fault);
  return undefined;
}

function checkURLElicitationRequiredErrorErrorDataElicitations(value: unknown): Fault | undefined {
  return eachItem(value, checkElicitRequestURLParams);
}

export function checkUnsubscribeRequest(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["method"];
  if (item !== "resources/unsubscribe") return wrong("\"resources/unsubscribe\"", item, "method");
  item = value["params"];
  if ((fault = checkUnsubscribeRequestParams(item)) !== undefined) return under("params", fault);
  item = value["jsonrpc"];
  if (item !== "2.0") return wrong("\"2.0\"", item, "jsonrpc");
  item = value["id"];
  if (!(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "id");
  return undefined;
}

export function checkUnsubscribeRequestParams(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["_meta"];
  if (item !== undefined && (fault = checkUnsubscribeRequestParamsMeta(item)) !== undefined) return under("_meta", fault);
  item = value["uri"];
  if (typeof item !== "string") return wrong("a string", item, "uri");
  return undefined;
}

function checkUnsubscribeRequestParamsMeta(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  item = value["progressToken"];
  if (item !== undefined && !(typeof item === "string" || typeof item === "number")) return wrong("a string or a number", item, "progressToken");
  return undefined;
}

export function checkUntitledMultiSelectEnumSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "array") return wrong("\"array\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["minItems"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "minItems");
  item = value["maxItems"];
  if (item !== undefined && typeof item !== "number") return wrong("a number", item, "maxItems");
  item = value["items"];
  if ((fault = checkUntitledMultiSelectEnumSchemaItems(item)) !== undefined) return under("items", fault);
  item = value["default"];
  if (item !== undefined && (fault = checkUntitledMultiSelectEnumSchemaDefault(item)) !== undefined) return under("default", fault);
  return undefined;
}

function checkUntitledMultiSelectEnumSchemaItems(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "string") return wrong("\"string\"", item, "type");
  item = value["enum"];
  if ((fault = checkUntitledMultiSelectEnumSchemaItemsEnum(item)) !== undefined) return under("enum", fault);
  return undefined;
}

function checkUntitledMultiSelectEnumSchemaItemsEnum(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

function checkUntitledMultiSelectEnumSchemaDefault(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

export function checkUntitledSingleSelectEnumSchema(value: unknown): Fault | undefined {
  if (!isObject(value)) return wrong("an object", value);
  let item: unknown;
  let fault: Fault | undefined;
  item = value["type"];
  if (item !== "string") return wrong("\"string\"", item, "type");
  item = value["title"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "title");
  item = value["description"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "description");
  item = value["enum"];
  if ((fault = checkUntitledSingleSelectEnumSchemaEnum(item)) !== undefined) return under("enum", fault);
  item = value["default"];
  if (item !== undefined && typeof item !== "string") return wrong("a string", item, "default");
  return undefined;
}

function checkUntitledSingleSelectEnumSchemaEnum(value: unknown): Fault | undefined {
  return eachItem(value, checkString);
}

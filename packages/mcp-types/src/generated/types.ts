// DO NOT EDIT: written by scripts/generate.ts from the schema of the Model Context Protocol.

export interface Annotations {
  audience?: Role[] | undefined;
  priority?: number | undefined;
  lastModified?: string | undefined;
}

export interface AudioContent {
  type: "audio";
  data: string;
  mimeType: string;
  annotations?: Annotations | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface BaseMetadata {
  name: string;
  title?: string | undefined;
}

export interface BlobResourceContents {
  uri: string;
  mimeType?: string | undefined;
  _meta?: { [key: string]: unknown } | undefined;
  blob: string;
}

export interface BooleanSchema {
  type: "boolean";
  title?: string | undefined;
  description?: string | undefined;
  default?: boolean | undefined;
}

export interface CallToolRequest {
  method: "tools/call";
  params: CallToolRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface CallToolRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  task?: TaskMetadata | undefined;
  name: string;
  arguments?: { [key: string]: unknown } | undefined;
}

export interface CallToolResult {
  _meta?: { [key: string]: unknown } | undefined;
  content: ContentBlock[];
  structuredContent?: { [key: string]: unknown } | undefined;
  isError?: boolean | undefined;
  [key: string]: unknown;
}

export interface CancelTaskRequest {
  method: "tasks/cancel";
  params: {
    taskId: string;
  };
  jsonrpc: "2.0";
  id: RequestId;
}

export interface CancelTaskResult {
  _meta?: { [key: string]: unknown } | undefined;
  taskId: string;
  status: TaskStatus;
  statusMessage?: string | undefined;
  createdAt: string;
  lastUpdatedAt: string;
  ttl: number | null;
  pollInterval?: number | undefined;
  [key: string]: unknown;
}

export interface CancelledNotification {
  method: "notifications/cancelled";
  params: CancelledNotificationParams;
  jsonrpc: "2.0";
}

export interface CancelledNotificationParams {
  _meta?: { [key: string]: unknown } | undefined;
  requestId?: RequestId | undefined;
  reason?: string | undefined;
}

export interface ClientCapabilities {
  experimental?: { [key: string]: { [key: string]: unknown } } | undefined;
  roots?: {
    listChanged?: boolean | undefined;
  } | undefined;
  sampling?: {
    context?: { [key: string]: unknown } | undefined;
    tools?: { [key: string]: unknown } | undefined;
  } | undefined;
  elicitation?: {
    form?: { [key: string]: unknown } | undefined;
    url?: { [key: string]: unknown } | undefined;
  } | undefined;
  tasks?: {
    list?: { [key: string]: unknown } | undefined;
    cancel?: { [key: string]: unknown } | undefined;
    requests?: {
      sampling?: {
        createMessage?: { [key: string]: unknown } | undefined;
      } | undefined;
      elicitation?: {
        create?: { [key: string]: unknown } | undefined;
      } | undefined;
    } | undefined;
  } | undefined;
  extensions?: { [key: string]: { [key: string]: unknown } } | undefined;
}

export type ClientNotification = CancelledNotification | ProgressNotification | InitializedNotification | RootsListChangedNotification | TaskStatusNotification;

export type ClientRequest = PingRequest | InitializeRequest | CompleteRequest | SetLevelRequest | GetPromptRequest | ListPromptsRequest | ListResourcesRequest | ListResourceTemplatesRequest | ReadResourceRequest | SubscribeRequest | UnsubscribeRequest | CallToolRequest | ListToolsRequest | GetTaskRequest | GetTaskPayloadRequest | ListTasksRequest | CancelTaskRequest;

export type ClientResult = EmptyResult | CreateMessageResult | ListRootsResult | ElicitResult | GetTaskResult | GetTaskPayloadResult | ListTasksResult | CancelTaskResult;

export interface CompleteRequest {
  method: "completion/complete";
  params: CompleteRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface CompleteRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  ref: PromptReference | ResourceTemplateReference;
  argument: {
    name: string;
    value: string;
  };
  context?: {
    arguments?: { [key: string]: string } | undefined;
  } | undefined;
}

export interface CompleteResult {
  _meta?: { [key: string]: unknown } | undefined;
  completion: {
    values: string[];
    total?: number | undefined;
    hasMore?: boolean | undefined;
  };
  [key: string]: unknown;
}

export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource;

export interface CreateMessageRequest {
  method: "sampling/createMessage";
  params: CreateMessageRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface CreateMessageRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  task?: TaskMetadata | undefined;
  messages: SamplingMessage[];
  modelPreferences?: ModelPreferences | undefined;
  systemPrompt?: string | undefined;
  includeContext?: "none" | "thisServer" | "allServers" | undefined;
  temperature?: number | undefined;
  maxTokens: number;
  stopSequences?: string[] | undefined;
  metadata?: { [key: string]: unknown } | undefined;
  tools?: Tool[] | undefined;
  toolChoice?: ToolChoice | undefined;
}

export interface CreateMessageResult {
  _meta?: { [key: string]: unknown } | undefined;
  role: Role;
  content: SamplingMessageContentBlock | SamplingMessageContentBlock[];
  model: string;
  stopReason?: string | undefined;
  [key: string]: unknown;
}

export interface CreateTaskResult {
  _meta?: { [key: string]: unknown } | undefined;
  task: Task;
  [key: string]: unknown;
}

export type Cursor = string;

export interface ElicitRequest {
  method: "elicitation/create";
  params: ElicitRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ElicitRequestFormParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  task?: TaskMetadata | undefined;
  mode?: "form" | undefined;
  message: string;
  requestedSchema: {
    $schema?: string | undefined;
    type: "object";
    properties: { [key: string]: PrimitiveSchemaDefinition };
    required?: string[] | undefined;
  };
}

export type ElicitRequestParams = ElicitRequestFormParams | ElicitRequestURLParams;

export interface ElicitRequestURLParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  task?: TaskMetadata | undefined;
  mode: "url";
  message: string;
  elicitationId: string;
  url: string;
}

export interface ElicitResult {
  _meta?: { [key: string]: unknown } | undefined;
  action: "accept" | "decline" | "cancel";
  content?: { [key: string]: string | number | boolean | string[] } | undefined;
  [key: string]: unknown;
}

export interface ElicitationCompleteNotification {
  method: "notifications/elicitation/complete";
  params: {
    elicitationId: string;
  };
  jsonrpc: "2.0";
}

export interface EmbeddedResource {
  type: "resource";
  resource: TextResourceContents | BlobResourceContents;
  annotations?: Annotations | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export type EmptyResult = Result;

export type EnumSchema = SingleSelectEnumSchema | MultiSelectEnumSchema | LegacyTitledEnumSchema;

export interface Error {
  code: number;
  message: string;
  data?: unknown;
}

export interface GetPromptRequest {
  method: "prompts/get";
  params: GetPromptRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface GetPromptRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  name: string;
  arguments?: { [key: string]: string } | undefined;
}

export interface GetPromptResult {
  _meta?: { [key: string]: unknown } | undefined;
  description?: string | undefined;
  messages: PromptMessage[];
  [key: string]: unknown;
}

export interface GetTaskPayloadRequest {
  method: "tasks/result";
  params: {
    taskId: string;
  };
  jsonrpc: "2.0";
  id: RequestId;
}

export interface GetTaskPayloadResult {
  _meta?: { [key: string]: unknown } | undefined;
  [key: string]: unknown;
}

export interface GetTaskRequest {
  method: "tasks/get";
  params: {
    taskId: string;
  };
  jsonrpc: "2.0";
  id: RequestId;
}

export interface GetTaskResult {
  _meta?: { [key: string]: unknown } | undefined;
  taskId: string;
  status: TaskStatus;
  statusMessage?: string | undefined;
  createdAt: string;
  lastUpdatedAt: string;
  ttl: number | null;
  pollInterval?: number | undefined;
  [key: string]: unknown;
}

export interface Icon {
  src: string;
  mimeType?: string | undefined;
  sizes?: string[] | undefined;
  theme?: "light" | "dark" | undefined;
}

export interface Icons {
  icons?: Icon[] | undefined;
}

export interface ImageContent {
  type: "image";
  data: string;
  mimeType: string;
  annotations?: Annotations | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface Implementation {
  name: string;
  title?: string | undefined;
  icons?: Icon[] | undefined;
  version: string;
  description?: string | undefined;
  websiteUrl?: string | undefined;
}

export interface InitializeRequest {
  method: "initialize";
  params: InitializeRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface InitializeRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  protocolVersion: string;
  capabilities: ClientCapabilities;
  clientInfo: Implementation;
}

export interface InitializeResult {
  _meta?: { [key: string]: unknown } | undefined;
  protocolVersion: string;
  capabilities: ServerCapabilities;
  serverInfo: Implementation;
  instructions?: string | undefined;
  [key: string]: unknown;
}

export interface InitializedNotification {
  method: "notifications/initialized";
  params?: NotificationParams | undefined;
  jsonrpc: "2.0";
}

export interface JSONRPCErrorResponse {
  jsonrpc: "2.0";
  id?: RequestId | undefined;
  error: Error;
}

export type JSONRPCMessage = JSONRPCRequest | JSONRPCNotification | JSONRPCResponse;

export interface JSONRPCNotification {
  method: string;
  params?: { [key: string]: unknown } | undefined;
  jsonrpc: "2.0";
}

export interface JSONRPCRequest {
  method: string;
  params?: { [key: string]: unknown } | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export type JSONRPCResponse = JSONRPCResultResponse | JSONRPCErrorResponse;

export interface JSONRPCResultResponse {
  jsonrpc: "2.0";
  id: RequestId;
  result: Result;
}

export interface LegacyTitledEnumSchema {
  type: "string";
  title?: string | undefined;
  description?: string | undefined;
  enum: string[];
  enumNames?: string[] | undefined;
  default?: string | undefined;
}

export interface ListPromptsRequest {
  method: "prompts/list";
  params?: PaginatedRequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ListPromptsResult {
  _meta?: { [key: string]: unknown } | undefined;
  nextCursor?: Cursor | undefined;
  prompts: Prompt[];
  [key: string]: unknown;
}

export interface ListResourceTemplatesRequest {
  method: "resources/templates/list";
  params?: PaginatedRequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ListResourceTemplatesResult {
  _meta?: { [key: string]: unknown } | undefined;
  nextCursor?: Cursor | undefined;
  resourceTemplates: ResourceTemplate[];
  [key: string]: unknown;
}

export interface ListResourcesRequest {
  method: "resources/list";
  params?: PaginatedRequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ListResourcesResult {
  _meta?: { [key: string]: unknown } | undefined;
  nextCursor?: Cursor | undefined;
  resources: Resource[];
  [key: string]: unknown;
}

export interface ListRootsRequest {
  method: "roots/list";
  params?: RequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ListRootsResult {
  _meta?: { [key: string]: unknown } | undefined;
  roots: Root[];
  [key: string]: unknown;
}

export interface ListTasksRequest {
  method: "tasks/list";
  params?: PaginatedRequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ListTasksResult {
  _meta?: { [key: string]: unknown } | undefined;
  nextCursor?: Cursor | undefined;
  tasks: Task[];
  [key: string]: unknown;
}

export interface ListToolsRequest {
  method: "tools/list";
  params?: PaginatedRequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ListToolsResult {
  _meta?: { [key: string]: unknown } | undefined;
  nextCursor?: Cursor | undefined;
  tools: Tool[];
  [key: string]: unknown;
}

export type LoggingLevel = "debug" | "info" | "notice" | "warning" | "error" | "critical" | "alert" | "emergency";

export interface LoggingMessageNotification {
  method: "notifications/message";
  params: LoggingMessageNotificationParams;
  jsonrpc: "2.0";
}

export interface LoggingMessageNotificationParams {
  _meta?: { [key: string]: unknown } | undefined;
  level: LoggingLevel;
  logger?: string | undefined;
  data: unknown;
}

export interface ModelHint {
  name?: string | undefined;
}

export interface ModelPreferences {
  hints?: ModelHint[] | undefined;
  costPriority?: number | undefined;
  speedPriority?: number | undefined;
  intelligencePriority?: number | undefined;
}

export type MultiSelectEnumSchema = UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema;

export interface Notification {
  method: string;
  params?: { [key: string]: unknown } | undefined;
}

export interface NotificationParams {
  _meta?: { [key: string]: unknown } | undefined;
}

export interface NumberSchema {
  type: "number" | "integer";
  title?: string | undefined;
  description?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  default?: number | undefined;
}

export interface PaginatedRequest {
  method: string;
  params?: PaginatedRequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface PaginatedRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  cursor?: Cursor | undefined;
}

export interface PaginatedResult {
  _meta?: { [key: string]: unknown } | undefined;
  nextCursor?: Cursor | undefined;
  [key: string]: unknown;
}

export interface PingRequest {
  method: "ping";
  params?: RequestParams | undefined;
  jsonrpc: "2.0";
  id: RequestId;
}

export type PrimitiveSchemaDefinition = StringSchema | NumberSchema | BooleanSchema | EnumSchema;

export interface ProgressNotification {
  method: "notifications/progress";
  params: ProgressNotificationParams;
  jsonrpc: "2.0";
}

export interface ProgressNotificationParams {
  _meta?: { [key: string]: unknown } | undefined;
  progressToken: ProgressToken;
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
}

export type ProgressToken = string | number;

export interface Prompt {
  name: string;
  title?: string | undefined;
  icons?: Icon[] | undefined;
  description?: string | undefined;
  arguments?: PromptArgument[] | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface PromptArgument {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  required?: boolean | undefined;
}

export interface PromptListChangedNotification {
  method: "notifications/prompts/list_changed";
  params?: NotificationParams | undefined;
  jsonrpc: "2.0";
}

export interface PromptMessage {
  role: Role;
  content: ContentBlock;
}

export interface PromptReference {
  name: string;
  title?: string | undefined;
  type: "ref/prompt";
}

export interface ReadResourceRequest {
  method: "resources/read";
  params: ReadResourceRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface ReadResourceRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  uri: string;
}

export interface ReadResourceResult {
  _meta?: { [key: string]: unknown } | undefined;
  contents: (TextResourceContents | BlobResourceContents)[];
  [key: string]: unknown;
}

export interface RelatedTaskMetadata {
  taskId: string;
}

export interface Request {
  method: string;
  params?: { [key: string]: unknown } | undefined;
}

export type RequestId = string | number;

export interface RequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
}

export interface Resource {
  name: string;
  title?: string | undefined;
  icons?: Icon[] | undefined;
  uri: string;
  description?: string | undefined;
  mimeType?: string | undefined;
  annotations?: Annotations | undefined;
  size?: number | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface ResourceContents {
  uri: string;
  mimeType?: string | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface ResourceLink {
  name: string;
  title?: string | undefined;
  icons?: Icon[] | undefined;
  uri: string;
  description?: string | undefined;
  mimeType?: string | undefined;
  annotations?: Annotations | undefined;
  size?: number | undefined;
  _meta?: { [key: string]: unknown } | undefined;
  type: "resource_link";
}

export interface ResourceListChangedNotification {
  method: "notifications/resources/list_changed";
  params?: NotificationParams | undefined;
  jsonrpc: "2.0";
}

export interface ResourceRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  uri: string;
}

export interface ResourceTemplate {
  name: string;
  title?: string | undefined;
  icons?: Icon[] | undefined;
  uriTemplate: string;
  description?: string | undefined;
  mimeType?: string | undefined;
  annotations?: Annotations | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface ResourceTemplateReference {
  type: "ref/resource";
  uri: string;
}

export interface ResourceUpdatedNotification {
  method: "notifications/resources/updated";
  params: ResourceUpdatedNotificationParams;
  jsonrpc: "2.0";
}

export interface ResourceUpdatedNotificationParams {
  _meta?: { [key: string]: unknown } | undefined;
  uri: string;
}

export interface Result {
  _meta?: { [key: string]: unknown } | undefined;
  [key: string]: unknown;
}

export type Role = "user" | "assistant";

export interface Root {
  uri: string;
  name?: string | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface RootsListChangedNotification {
  method: "notifications/roots/list_changed";
  params?: NotificationParams | undefined;
  jsonrpc: "2.0";
}

export interface SamplingMessage {
  role: Role;
  content: SamplingMessageContentBlock | SamplingMessageContentBlock[];
  _meta?: { [key: string]: unknown } | undefined;
}

export type SamplingMessageContentBlock = TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent;

export interface ServerCapabilities {
  experimental?: { [key: string]: { [key: string]: unknown } } | undefined;
  logging?: { [key: string]: unknown } | undefined;
  completions?: { [key: string]: unknown } | undefined;
  prompts?: {
    listChanged?: boolean | undefined;
  } | undefined;
  resources?: {
    subscribe?: boolean | undefined;
    listChanged?: boolean | undefined;
  } | undefined;
  tools?: {
    listChanged?: boolean | undefined;
  } | undefined;
  tasks?: {
    list?: { [key: string]: unknown } | undefined;
    cancel?: { [key: string]: unknown } | undefined;
    requests?: {
      tools?: {
        call?: { [key: string]: unknown } | undefined;
      } | undefined;
    } | undefined;
  } | undefined;
  extensions?: { [key: string]: { [key: string]: unknown } } | undefined;
}

export type ServerNotification = CancelledNotification | ProgressNotification | LoggingMessageNotification | ResourceUpdatedNotification | ResourceListChangedNotification | ToolListChangedNotification | PromptListChangedNotification | ElicitationCompleteNotification | TaskStatusNotification;

export type ServerRequest = PingRequest | CreateMessageRequest | ListRootsRequest | ElicitRequest | GetTaskRequest | GetTaskPayloadRequest | ListTasksRequest | CancelTaskRequest;

export type ServerResult = EmptyResult | InitializeResult | CompleteResult | GetPromptResult | ListPromptsResult | ListResourceTemplatesResult | ListResourcesResult | ReadResourceResult | CallToolResult | ListToolsResult | GetTaskResult | GetTaskPayloadResult | ListTasksResult | CancelTaskResult;

export interface SetLevelRequest {
  method: "logging/setLevel";
  params: SetLevelRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface SetLevelRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  level: LoggingLevel;
}

export type SingleSelectEnumSchema = UntitledSingleSelectEnumSchema | TitledSingleSelectEnumSchema;

export interface StringSchema {
  type: "string";
  title?: string | undefined;
  description?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  format?: "email" | "uri" | "date" | "date-time" | undefined;
  default?: string | undefined;
}

export interface SubscribeRequest {
  method: "resources/subscribe";
  params: SubscribeRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface SubscribeRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  uri: string;
}

export interface Task {
  taskId: string;
  status: TaskStatus;
  statusMessage?: string | undefined;
  createdAt: string;
  lastUpdatedAt: string;
  ttl: number | null;
  pollInterval?: number | undefined;
}

export interface TaskAugmentedRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  task?: TaskMetadata | undefined;
}

export interface TaskMetadata {
  ttl?: number | undefined;
}

export type TaskStatus = "working" | "input_required" | "completed" | "failed" | "cancelled";

export interface TaskStatusNotification {
  method: "notifications/tasks/status";
  params: TaskStatusNotificationParams;
  jsonrpc: "2.0";
}

export interface TaskStatusNotificationParams {
  _meta?: { [key: string]: unknown } | undefined;
  taskId: string;
  status: TaskStatus;
  statusMessage?: string | undefined;
  createdAt: string;
  lastUpdatedAt: string;
  ttl: number | null;
  pollInterval?: number | undefined;
}

export interface TextContent {
  type: "text";
  text: string;
  annotations?: Annotations | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface TextResourceContents {
  uri: string;
  mimeType?: string | undefined;
  _meta?: { [key: string]: unknown } | undefined;
  text: string;
}

export interface TitledMultiSelectEnumSchema {
  type: "array";
  title?: string | undefined;
  description?: string | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  items: {
    anyOf: {
      const: string;
      title: string;
    }[];
  };
  default?: string[] | undefined;
}

export interface TitledSingleSelectEnumSchema {
  type: "string";
  title?: string | undefined;
  description?: string | undefined;
  oneOf: {
    const: string;
    title: string;
  }[];
  default?: string | undefined;
}

export interface Tool {
  name: string;
  title?: string | undefined;
  icons?: Icon[] | undefined;
  description?: string | undefined;
  inputSchema: {
    $schema?: string | undefined;
    type: "object";
    properties?: { [key: string]: { [key: string]: unknown } } | undefined;
    required?: string[] | undefined;
  };
  execution?: ToolExecution | undefined;
  outputSchema?: {
    $schema?: string | undefined;
    type: "object";
    properties?: { [key: string]: { [key: string]: unknown } } | undefined;
    required?: string[] | undefined;
  } | undefined;
  annotations?: ToolAnnotations | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface ToolAnnotations {
  title?: string | undefined;
  readOnlyHint?: boolean | undefined;
  destructiveHint?: boolean | undefined;
  idempotentHint?: boolean | undefined;
  openWorldHint?: boolean | undefined;
}

export interface ToolChoice {
  mode?: "auto" | "required" | "none" | undefined;
}

export interface ToolExecution {
  taskSupport?: "forbidden" | "optional" | "required" | undefined;
}

export interface ToolListChangedNotification {
  method: "notifications/tools/list_changed";
  params?: NotificationParams | undefined;
  jsonrpc: "2.0";
}

export interface ToolResultContent {
  type: "tool_result";
  toolUseId: string;
  content: ContentBlock[];
  structuredContent?: { [key: string]: unknown } | undefined;
  isError?: boolean | undefined;
  _meta?: { [key: string]: unknown } | undefined;
}

export interface ToolUseContent {
  type: "tool_use";
  id: string;
  name: string;
  input: { [key: string]: unknown };
  _meta?: { [key: string]: unknown } | undefined;
}

export interface URLElicitationRequiredError {
  jsonrpc: "2.0";
  id?: RequestId | undefined;
  error: {
    code: -32042;
    message: string;
    data: {
      elicitations: ElicitRequestURLParams[];
      [key: string]: unknown;
    };
  };
}

export interface UnsubscribeRequest {
  method: "resources/unsubscribe";
  params: UnsubscribeRequestParams;
  jsonrpc: "2.0";
  id: RequestId;
}

export interface UnsubscribeRequestParams {
  _meta?: {
    progressToken?: ProgressToken | undefined;
    [key: string]: unknown;
  } | undefined;
  uri: string;
}

export interface UntitledMultiSelectEnumSchema {
  type: "array";
  title?: string | undefined;
  description?: string | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  items: {
    type: "string";
    enum: string[];
  };
  default?: string[] | undefined;
}

export interface UntitledSingleSelectEnumSchema {
  type: "string";
  title?: string | undefined;
  description?: string | undefined;
  enum: string[];
  default?: string | undefined;
}

// The session and its short form.
export { Codex } from "./library/codex.ts";
export { run, type RunItem, type RunOptions, type RunResult } from "./library/run.ts";
export { applyPatchText, type ApplyPatchTextOptions, type ApplyPatchTextResult } from "./library/apply-patch-text.ts";
export type { PatchHost } from "./node/patch-host.ts";
export type { SessionOptions } from "./session/session.ts";
export type { SubscribeOptions } from "./session/event-log.ts";
export { findGitRoot } from "./session/git.ts";

// The protocol.
export { CodexError, ERROR_CODES, type CodexErrorOptions, type ErrorCode } from "./protocol/error-code.ts";
export {
  EVENT,
  EVENT_MSG,
  type DecisionExplanation,
  type Event,
  type EventMsg,
  type EventOf,
  type FileChange,
  type OutputStream,
  type PlanStep,
  type TokenUsage,
} from "./protocol/event.ts";
export type { ContentPart, OutputPayload, ResponseItem } from "./protocol/item.ts";
export { GRANT, type Grant, type RuleScope } from "./protocol/grant.ts";
export { OP, SUBMISSION, type InputItem, type Op, type ReviewDecision, type Submission } from "./protocol/op.ts";

// Configuration.
export { loadConfig } from "./config/load.ts";
export type { ConfigFlags, ConfigSources } from "./config/config-sources.ts";
export type {
  ApprovalPolicy,
  Config,
  ModelProvider,
  ReasoningEffort,
  ReasoningSummary,
  ShellEnvironmentPolicy,
  TuiConfig,
  WireApi,
} from "./config/config.ts";
export { ownProgramEnvironment } from "./config/secret-variables.ts";
export { checkMcpServer, editMcpServer, type EditedToml } from "./config/edit-mcp-server.ts";
export type { McpApprovalMode, McpServerConfig } from "./config/mcp-servers.ts";
export type { McpServerToml } from "./config/schema.ts";
export { findCodexHome } from "./config/paths.ts";
export { didYouMean, nearMisses } from "./config/near-miss.ts";

// The host and its Node implementation.
export type { ApprovalAnswer, ApprovalHandler, ApprovalRequest } from "./host/approval.ts";
export { readAnswer, type ReadAnswer } from "./session/read-answer.ts";
export type { McpConnection, McpConnector, McpConnectRequest, McpHttpTransport, McpStdioTransport, McpTransport } from "./host/mcp.ts";
export { openMcpLogin, type McpLoginOptions } from "./node/mcp-login.ts";
export type { CustomTool } from "./host/custom-tool.ts";
export type {
  Clock,
  FileStat,
  FileSystem,
  HeldFolder,
  Host,
  Logger,
  LogLevel,
  ModelHttpRequest,
  ModelHttpSink,
  ModelTransport,
  ModelTransportEnd,
  Platform,
  Processes,
  ProcessIdentity,
  ProcessOutcome,
  ProcessRequest,
  Random,
  RecordedMcpOffer,
  RecordedToolResult,
  ToolTape,
  WriteFileOptions,
} from "./host/host.ts";
export { quoteCommand } from "./exec/quote.ts";
export { seatbeltArguments, seatbeltEnvironment } from "./sandbox/seatbelt.ts";
export { systemClock } from "./node/clock.ts";
export { createNodeHost, type NodeHostOptions } from "./node/node-host.ts";

// Record and replay, and models for tests.
export { readCassette, type Cassette } from "./cassette/format.ts";
export { recordingHost, type Recording, type RecordOptions } from "./cassette/record.ts";
export { replayHost, type Replay, type ReplayOptions } from "./cassette/replay.ts";
export { startFakeResponsesServer, type FakeResponsesServer, type FakeServerOptions } from "./testing/fake-responses-server.ts";
export type { RecordedRequest } from "./testing/recorded-request.ts";
export { script, type ScriptedModel, type ScriptOptions } from "./testing/script.ts";
export {
  answer,
  call,
  customCall,
  cut,
  endEarly,
  fail,
  refuse,
  say,
  stall,
  think,
  times,
  type ScriptedItem,
  type ScriptedTurn,
} from "./testing/scripted-turn.ts";

export { readImage, type ImageFile } from "./tools/image-file.ts";
export { sessionsDirectory } from "./config/paths.ts";
export type { RolloutLine } from "./transcript/rollout.ts";
export { VERSION } from "./version.ts";

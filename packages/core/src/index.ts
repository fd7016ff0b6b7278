export { CodexError, ERROR_CODES, type ErrorCode } from "./protocol/error-code.ts";

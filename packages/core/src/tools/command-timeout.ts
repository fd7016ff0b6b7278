/** How long a command may run when the call does not say, ms. */
export const DEFAULT_TIMEOUT_MS = 120_000;
/** The most a call may ask for, ms. */
export const MAX_TIMEOUT_MS = 3_600_000;

/** For turns and what they run to end. Afterwards what is left is killed as the process exits; in all it stays below 2 s. ms. */
export const CLOSE_LIMIT_MS = 1200;

/** Resolves with the exit code: 0 after SIGTERM, SIGINT or SIGHUP, 1 after a fault of ours. */
export function toldToEnd(warn: (text: string) => void): Promise<number> {
  return new Promise((resolve) => {
    const fault = (error: unknown): void => {
      warn(`a fault in Codex: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      resolve(1);
    };
    process.stderr.on("error", () => undefined);
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => resolve(0));
    process.on("uncaughtException", fault).on("unhandledRejection", fault);
  });
}

/** Resolves with the work, or when it has taken too long. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

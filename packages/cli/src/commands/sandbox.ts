import { CodexError } from "@codex/core";
import { DONE } from "../exit.ts";

/** `codex sandbox`: the launcher of this system with `args`. Comes back with the command's exit code, or not at all. */
export async function sandbox(args: readonly string[]): Promise<number> {
  switch (process.platform) {
    case "linux": {
      const { main } = await import("@codex/linux-sandbox/launcher");
      await main(args);
      return Number(process.exitCode ?? DONE);
    }
    case "darwin": {
      const { runSeatbelt } = await import("./seatbelt.ts");
      return runSeatbelt(args);
    }
    default:
      throw new CodexError("usage", `commands cannot be confined on ${process.platform}`);
  }
}

/** `codex debug WHAT …`. */
export async function debug([what, ...args]: readonly string[]): Promise<number> {
  switch (what) {
    case "landlock":
      if (process.platform !== "linux") throw new CodexError("usage", "Landlock exists on Linux only");
      return sandbox(args);
    case "seatbelt":
      if (process.platform !== "darwin") throw new CodexError("usage", "Seatbelt exists on macOS only");
      return sandbox(args);
    case "sandbox-probe": {
      const { sandboxProbe } = await import("./sandbox-probe.ts");
      return sandboxProbe(args);
    }
    default:
      throw new CodexError("usage", `there is nothing to debug called ${JSON.stringify(what)}`, {
        hint: "Known are landlock, seatbelt and sandbox-probe.",
      });
  }
}

import { CodexError } from "@codex/core";
import type { SandboxReport, SandboxTrial } from "@codex/linux-sandbox/battery";
import { DONE, FAILED } from "../exit.ts";

/** `codex debug sandbox-probe`: what each backend really holds here. Exit code 1 when nothing can confine a command. */
export async function sandboxProbe(args: readonly string[]): Promise<number> {
  const unknown = args.find((word) => word !== "--json");
  if (unknown !== undefined) throw new CodexError("usage", `codex debug sandbox-probe does not know ${JSON.stringify(unknown)}`);
  const { probeSandbox } = await import("@codex/linux-sandbox/battery");
  const report = await probeSandbox({ untrusted: process.cwd() });
  process.stdout.write(args.includes("--json") ? `${JSON.stringify(report, undefined, 2)}\n` : `${describeReport(report).join("\n")}\n`);
  return report.trials.some((trial) => trial.failure === undefined) ? DONE : FAILED;
}

/** The report for a person, a line each. */
export function describeReport({ support, trials }: SandboxReport): readonly string[] {
  const { landlockAbi, seccomp, bwrap, reasons } = support;
  return [
    `Landlock: ${landlockAbi === 0 ? "no" : `ABI ${String(landlockAbi)}`}; system call filter: ${seccomp ? "yes" : "no"}; bubblewrap: ${bwrap?.path ?? "no"}`,
    ...reasons,
    ...trials.map(describeTrial),
  ];
}

function describeTrial({ backend, policy, held, gaps, failure }: SandboxTrial): string {
  const head = `${backend}, ${policy}:`;
  if (failure !== undefined) return `${head} does not work (${failure})`;
  const open = gaps.map(({ guarantee, attempts }) => `${guarantee} (${attempts.join(", ")})`);
  return `${head} holds ${held.join(", ")}${open.length === 0 ? "" : `; not ${open.join(", ")}`}`;
}

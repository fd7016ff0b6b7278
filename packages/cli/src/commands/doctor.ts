import { CodexError, createNodeHost, loadConfig, type Config } from "@codex/core";
import { execFile } from "node:child_process";
import { DONE, FAILED } from "../exit.ts";
import type { DOCTOR_OPTIONS } from "../flags/commands.ts";
import type { Values } from "../flags/option.ts";
import { harmless } from "../terminal/harmless.ts";

interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  /** A line each. */
  readonly lines: readonly string[];
}

/** `codex doctor`: looks at what Codex needs, and says what is wrong. Reads only; no key is printed. */
export async function doctor(values: Values<typeof DOCTOR_OPTIONS>, version: string): Promise<number> {
  const host = createNodeHost();
  const configured = await loadConfig({ processCwd: process.cwd() }, host).catch((error: unknown) => error);
  const config = configured instanceof Error || configured === undefined ? undefined : (configured as Config);
  const findings = [
    { subject: "Codex", ok: true, lines: [version] },
    nodeFinding(),
    await gitFinding(),
    configFinding(configured),
    ...(config === undefined ? [] : [keyFinding(config)]),
    ...(await sandboxFindings(config)),
  ];
  await Promise.all([host.processes.close(), host.model.close()]);
  const ok = findings.every((finding) => finding.ok);
  process.stdout.write(values.json ? `${JSON.stringify({ ok, findings }, undefined, 2)}\n` : findings.map(describe).join(""));
  return ok ? DONE : FAILED;
}

function describe({ subject, ok, lines }: Finding): string {
  const [first = "", ...rest] = lines;
  return harmless(`${ok ? "ok " : "!! "} ${subject}: ${first}\n${rest.map((line) => `     ${line}\n`).join("")}`);
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    subject: "Node",
    ok,
    lines: [`${process.version} (${process.platform} ${process.arch})${ok ? "" : "; 20.19 or newer is needed"}`],
  };
}

async function gitFinding(): Promise<Finding> {
  const version = await new Promise<string | undefined>((resolve) => {
    execFile("git", ["--version"], { timeout: 5000 }, (error, stdout) => resolve(error === null ? stdout.trim() : undefined));
  });
  return { subject: "git", ok: version !== undefined, lines: [version?.replace(/^git version /, "") ?? "there is no git on PATH"] };
}

function configFinding(configured: unknown): Finding {
  if (configured instanceof Error) {
    const hint = configured instanceof CodexError && configured.hint !== undefined ? [configured.hint] : [];
    return { subject: "Configuration", ok: false, lines: [...configured.message.split("\n"), ...hint] };
  }
  const { codexHome, model, provider, approvalPolicy, warnings } = configured as Config;
  const chosen = `model ${model} of ${provider.id}, approval policy ${approvalPolicy}`;
  return { subject: "Configuration", ok: true, lines: [`${codexHome}: ${chosen}`, ...warnings] };
}

function keyFinding({ provider }: Config): Finding {
  if (provider.envKey === undefined) return { subject: "Key", ok: true, lines: [`${provider.id} needs none`] };
  const present = (process.env[provider.envKey] ?? "").trim() !== "";
  const lines = present
    ? [`${provider.envKey} is set`]
    : [`${provider.envKey} is not set`, ...(provider.envKeyInstructions === undefined ? [] : [provider.envKeyInstructions])];
  return { subject: "Key", ok: present, lines };
}

/** On Linux it hangs on no setting what the machine can enforce. */
async function sandboxFindings(config: Config | undefined): Promise<readonly Finding[]> {
  if (process.platform === "linux") return [await linuxSandboxFinding(config?.cwd ?? process.cwd())];
  return config === undefined ? [] : [await sandboxFinding(config)];
}

async function linuxSandboxFinding(cwd: string): Promise<Finding> {
  const [{ probeSandbox }, { describeReport }] = await Promise.all([import("@codex/linux-sandbox/battery"), import("./sandbox-probe.ts")]);
  const report = await probeSandbox({ untrusted: cwd });
  const works = report.trials.some((trial) => trial.failure === undefined);
  return {
    subject: "Sandbox",
    ok: works,
    lines: [works ? "commands can be confined" : "commands cannot be confined here", ...describeReport(report)],
  };
}

async function sandboxFinding(config: Config): Promise<Finding> {
  const host = createNodeHost();
  const status = await host.processes.sandbox?.({ policy: config.sandboxPolicy, cwd: config.cwd, require: config.sandboxRequire });
  await host.processes.close();
  if (status?.type === "available") return { subject: "Sandbox", ok: true, lines: [status.backend, ...status.reasons] };
  return { subject: "Sandbox", ok: false, lines: [status?.reason ?? "commands cannot be confined here"] };
}

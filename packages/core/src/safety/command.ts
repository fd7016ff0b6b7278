import type { ShellCommandScript } from "@codex/execpolicy";
import type { FileSystem } from "../host/host.ts";
import { unsafeReason, type CommandPlace } from "./known-safe-rules.ts";
import { trustedProgramName, type ProgramContext } from "./program-trust.ts";

export interface KnownSafeContext {
  readonly os: NodeJS.Platform;
  /** Absolute; where the command will start. */
  readonly cwd: string;
  /** Real paths of the folders the model may write without asking. A program found below one of them, or below `cwd`, is not trusted. */
  readonly writableRoots: readonly string[];
  /** The PATH the command will be started with. */
  readonly searchPath: string;
  readonly fs: Pick<FileSystem, "stat" | "realPath">;
}

/** `reason`: a clause for the explanation of a decision, in both cases. */
export interface KnownSafe {
  readonly safe: boolean;
  readonly reason: string;
}

/**
 * Says whether a command only reads and cannot start another program, from its words and from where its programs are. Looks
 * into `bash|zsh|sh -c|-lc` when the script is plain and asks the same of every command in it. In doubt: not safe. Nothing is
 * known on Windows, where a bare name may be found in the working directory. Counts on commands having no terminal (no pager
 * starts) and on the user's own environment and profile being the user's.
 */
export async function isKnownSafe(argv: readonly string[], context: KnownSafeContext): Promise<KnownSafe> {
  if (context.os === "win32") return notSafe("no command is known to be safe on Windows");
  const programs = programContext(context);
  const shell = looksLikeShellCall(argv) ? (await import("@codex/execpolicy")).shellCommandScript(argv) : undefined;
  const reason =
    shell === undefined ? await whyNotSafe(argv, { inScript: false }, programs) : await whyScriptNotSafe(argv, shell, programs);
  return reason === undefined ? { safe: true, reason: "it only reads" } : notSafe(reason);
}

/** The same of one command that stands in a script, whose shell is not its business. */
export async function isKnownSafePart(argv: readonly string[], context: KnownSafeContext): Promise<boolean> {
  return context.os !== "win32" && (await whyNotSafe(argv, { inScript: true }, programContext(context))) === undefined;
}

function programContext({ cwd, writableRoots, searchPath, fs }: KnownSafeContext): ProgramContext {
  return { untrustedDirectories: [cwd, ...writableRoots], searchPath, fs };
}

/** Cheap enough to spare most commands the loading of the shell grammar. */
function looksLikeShellCall(argv: readonly string[]): boolean {
  return argv.length === 3 && /(?:^|\/)(?:ba|z)?sh$/u.test(argv[0] ?? "");
}

async function whyScriptNotSafe(argv: readonly string[], shell: ShellCommandScript, programs: ProgramContext): Promise<string | undefined> {
  const trusted = await trustedProgramName(argv[0] ?? "", programs);
  if (trusted === undefined) return untrusted(argv[0] ?? "");
  const { plainCommands } = await import("@codex/execpolicy");
  const script = plainCommands(shell.script, shell.shell);
  if (script.type === "not_plain") return `its script is more than plain commands: ${script.reason}`;
  for (const command of script.commands) {
    const reason = await whyNotSafe(command, { inScript: true }, programs);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Built into bash, zsh and sh alike: no file is looked up. */
const SHELL_BUILTINS: ReadonlySet<string> = new Set(["cd", "echo", "false", "pwd", "true"]);

async function whyNotSafe(argv: readonly string[], place: CommandPlace, programs: ProgramContext): Promise<string | undefined> {
  const [program, ...args] = argv;
  if (program === undefined || program === "") return "there is no command";
  if (place.inScript && SHELL_BUILTINS.has(program)) return undefined;
  const byName = program.includes("/") ? undefined : unsafeReason(program, args, place);
  if (byName !== undefined) return byName;
  const name = await trustedProgramName(program, programs);
  return name === undefined ? untrusted(program) : unsafeReason(name, args, place);
}

function untrusted(program: string): string {
  return program.includes("/")
    ? `\`${program}\` is not in a folder of the system, or can be replaced by the model`
    : `the \`${program}\` on the PATH lies where the model can write, so it could be another program`;
}

function notSafe(reason: string): KnownSafe {
  return { safe: false, reason };
}

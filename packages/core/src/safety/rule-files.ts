import type { LegacyPolicy, PolicyError, ScriptRules, SourceFile } from "@codex/execpolicy";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { decodeUtf8 } from "../config/decode-utf8.ts";
import { describeFileError, errorCode } from "../config/paths.ts";
import { projectDirectories } from "../config/project-root.ts";
import type { FileSystem } from "../host/host.ts";

export type LoadedRules =
  /** Undefined when there are no files, so that nothing had to be loaded to read them. */
  | { readonly ok: true; readonly rules: ScriptRules | undefined }
  /** `message`: `FILE:LINE:COLUMN: what is wrong`, and on further lines the place and what would mend it. */
  | { readonly ok: false; readonly message: string };

/** Larger files are no rules that a person wrote. */
const LARGEST_FILE = 1024 * 1024;

/**
 * Reads the rule files of a session: `rules/*.rules` and `rules/*.policy` in the Codex home, then those in `.codex` of a project that is
 * trusted. All of them count together, so one that cannot be read refuses them all: nobody knows what it forbids.
 */
export async function readRuleFiles(config: Config, fs: FileSystem): Promise<LoadedRules> {
  const files: SourceFile[] = [];
  for (const folder of await ruleFolders(config, fs)) {
    // oxlint-disable-next-line no-await-in-loop -- the folder with the lowest precedence comes first
    const read = await readFolder(folder, fs);
    if (!read.ok) return read;
    files.push(...read.files);
  }
  return files.length === 0 ? { ok: true, rules: undefined } : parse(files, config.cwd);
}

async function ruleFolders(config: Config, fs: FileSystem): Promise<readonly string[]> {
  const user = join(config.codexHome, "rules");
  const project = await trustedProject(config, fs);
  return project === undefined ? [user] : [user, join(project, ".codex", "rules")];
}

/** The root of the session's project when the user trusts it. */
export async function trustedProject(config: Config, fs: FileSystem): Promise<string | undefined> {
  if (config.trustedProjects.length === 0) return undefined;
  const [root] = await projectDirectories(config, fs);
  const trusted = await Promise.all(config.trustedProjects.map((folder) => fs.realPath(folder).catch(() => undefined)));
  return trusted.includes(root) ? root : undefined;
}

type ReadFolder = { readonly ok: true; readonly files: readonly SourceFile[] } | { readonly ok: false; readonly message: string };

async function readFolder(folder: string, fs: FileSystem): Promise<ReadFolder> {
  let names: readonly string[];
  try {
    names = await fs.readDirectory(folder);
  } catch (error) {
    const code = errorCode(error);
    return code === "ENOENT" || code === "ENOTDIR"
      ? { ok: true, files: [] }
      : { ok: false, message: `${folder}:1:1: it ${describeFileError(error)}` };
  }
  const files: SourceFile[] = [];
  for (const name of names.filter((one) => /\.(?:rules|policy)$/u.test(one)).toSorted()) {
    const path = join(folder, name);
    // oxlint-disable-next-line no-await-in-loop -- the first file that is wrong is the one that is told
    const text = await readText(path, fs);
    if (!text.ok) return { ok: false, message: `${path}:${text.message}` };
    files.push({ path, text: text.text });
  }
  return { ok: true, files };
}

async function readText(path: string, fs: FileSystem): Promise<ReturnType<typeof decodeUtf8>> {
  try {
    const stat = await fs.stat(path);
    if (stat === undefined) return { ok: false, message: "1:1: it is a link that leads nowhere" };
    // A pipe or a device has no end.
    if (stat.kind !== "file") return { ok: false, message: "1:1: it is not a file" };
    if (stat.size > LARGEST_FILE) return { ok: false, message: "1:1: it is larger than 1 MiB" };
    const bytes = await fs.readFile(path);
    const decoded = decodeUtf8(bytes);
    // Unlike in other files, a byte order mark is a mistake here: it is told, not dropped.
    return decoded.ok ? { ok: true, text: Buffer.from(bytes).toString("utf8") } : decoded;
  } catch (error) {
    return { ok: false, message: `1:1: it ${describeFileError(error)}` };
  }
}

async function parse(files: readonly SourceFile[], cwd: string): Promise<LoadedRules> {
  const { describePolicyError, loadLegacyPolicy, loadPrefixRules } = await import("@codex/execpolicy");
  const refuse = (error: PolicyError): LoadedRules => ({ ok: false, message: describePolicyError(error) });
  const prefix = loadPrefixRules(
    files.filter(({ path }) => path.endsWith(".rules")),
    cwd,
  );
  if (!prefix.ok) return refuse(prefix.error);
  const policies: LegacyPolicy[] = [];
  for (const file of files.filter(({ path }) => path.endsWith(".policy"))) {
    const loaded = loadLegacyPolicy(file);
    if (!loaded.ok) return refuse(loaded.error);
    policies.push(loaded.policy);
  }
  const legacy = policies.length === 0 ? undefined : joined(policies);
  return { ok: true, rules: { prefix: prefix.rules, legacy } };
}

function joined(policies: readonly LegacyPolicy[]): LegacyPolicy {
  return {
    programs: policies.flatMap(({ programs }) => programs),
    forbiddenPrograms: policies.flatMap(({ forbiddenPrograms }) => forbiddenPrograms),
    forbiddenSubstrings: policies.flatMap(({ forbiddenSubstrings }) => forbiddenSubstrings),
  };
}

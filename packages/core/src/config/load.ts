import { join, resolve } from "node:path";
import { CodexError } from "../protocol/error-code.ts";
import { buildConfig } from "./build-config.ts";
import type { Config } from "./config.ts";
import type { ConfigSources } from "./config-sources.ts";
import { decodeUtf8 } from "./decode-utf8.ts";
import { type ConfigLayer, mergeLayers, type MergedLayers } from "./layer.ts";
import { type ConfigHost, describeFileError, errorCode, findCodexHome, openCodexHome, openWorkingDirectory, userHome } from "./paths.ts";
import { profileLayers, profilePath } from "./profile.ts";

/**
 * Reads the configuration of a session and answers everything left open with defaults. The result is deeply frozen.
 * Throws CodexError `config_invalid` (with file:line:col where there is one), `cwd_not_found` or `home_unusable`.
 */
export async function loadConfig(sources: ConfigSources, host: ConfigHost): Promise<Config> {
  const home = findCodexHome(host, sources.processCwd);
  // Settled together and looked at in a fixed order, so that the same fault is always the one reported.
  const [codexHome, cwd, userFile, profileFile] = await Promise.allSettled([
    openCodexHome(home, host.fs),
    openWorkingDirectory(workingDirectory(sources), host.fs),
    sources.ignoreUserConfig === true ? undefined : readFileIfThere(join(home.path, "config.toml"), host),
    sources.profile === undefined ? undefined : readProfileFile(home.path, sources.profile, host),
  ]);
  const settings = await readSettings({
    sources,
    host,
    codexHome: valueOf(codexHome),
    userFile: valueOf(userFile),
    profileFile: valueOf(profileFile),
  });
  const config = buildConfig({
    ...settings,
    flags: sources.flags ?? {},
    defaultApprovalPolicy: sources.defaultApprovalPolicy,
    env: host.env,
    processCwd: sources.processCwd,
    cwd: valueOf(cwd),
    codexHome: valueOf(codexHome),
    baseInstructions: await readBaseInstructions(settings.merged, host),
  });
  return deepFreeze(config);
}

function workingDirectory({ processCwd, flags }: ConfigSources): string {
  if (flags?.cwd?.trim() === "") throw new CodexError("cwd_not_found", "the working directory must not be empty");
  return resolve(processCwd, flags?.cwd ?? "");
}

interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

interface SettingsInput {
  readonly sources: ConfigSources;
  readonly host: ConfigHost;
  readonly codexHome: string;
  readonly userFile: FoundFile | undefined;
  readonly profileFile: FoundFile | undefined;
}

interface Settings {
  readonly merged: MergedLayers;
  readonly profile: string | undefined;
  readonly warnings: readonly string[];
}

async function readSettings(input: SettingsInput): Promise<Settings> {
  const { sources, host, codexHome, userFile } = input;
  const overrides = sources.overrides ?? [];
  if (userFile === undefined && sources.profile === undefined && overrides.length === 0) {
    return { merged: mergeLayers([]), profile: undefined, warnings: [] };
  }
  // The TOML parser and the schema are loaded only when there is something to read.
  const { assertProfileLayer, readFileLayer, readOverrideLayer } = await import("./read-layer.ts");
  const options = { userHome: userHome(host), strict: sources.strict ?? false };
  const warnings: string[] = [];
  const readFile = (file: FoundFile | undefined): ConfigLayer[] => {
    if (file === undefined) return [];
    const read = readFileLayer(file.path, file.bytes, { ...options, baseDirectory: codexHome });
    warnings.push(...read.warnings);
    return [read.layer];
  };
  const user = readFile(userFile);
  const over = overrides.length === 0 ? undefined : readOverrideLayer(overrides, { ...options, baseDirectory: sources.processCwd });
  warnings.push(...(over?.warnings ?? []));
  const top = over === undefined ? [] : [over.layer];

  const base = mergeLayers([...user, ...top]);
  const name = sources.profile ?? base.values.profile;
  if (name === undefined) return { merged: base, profile: undefined, warnings };
  const file = sources.profile === undefined ? await readProfileFile(codexHome, name, host) : input.profileFile;
  const [fileLayer] = readFile(file);
  if (fileLayer !== undefined) assertProfileLayer(fileLayer);
  const selectedBy = (message: string): string => (sources.profile === undefined ? base.describe(["profile"], message) : message);
  const profile = await profileLayers({ name, selectedBy, layers: [...user, ...top], fileLayer, codexHome, fs: host.fs });
  return { merged: mergeLayers([...user, ...profile, ...top]), profile: name, warnings };
}

async function readProfileFile(codexHome: string, name: string, host: ConfigHost): Promise<FoundFile | undefined> {
  const path = profilePath(codexHome, name);
  return path === undefined ? undefined : readFileIfThere(path, host);
}

async function readFileIfThere(path: string, host: ConfigHost): Promise<FoundFile | undefined> {
  try {
    return { path, bytes: await host.fs.readFile(path) };
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return undefined;
    const what = describeFileError(error);
    if (code === "ENOTDIR")
      throw new CodexError("home_unusable", `${resolve(path, "..")} is not a directory, so ${path} cannot be read`, {
        hint: "Move the file away, or set CODEX_HOME to a directory.",
      });
    throw new CodexError("config_invalid", `${path} ${what}`, { cause: error });
  }
}

async function readBaseInstructions({ values, describe }: MergedLayers, host: ConfigHost): Promise<string | undefined> {
  const path = values.model_instructions_file;
  if (path === undefined) return values.instructions;
  const fail = (message: string, cause?: unknown): CodexError =>
    new CodexError("config_invalid", describe(["model_instructions_file"], message), { cause });
  let bytes: Uint8Array;
  try {
    bytes = await host.fs.readFile(path);
  } catch (error) {
    throw fail(`${path} ${describeFileError(error)}`, error);
  }
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) throw fail(`${path}:${decoded.message}`);
  if (decoded.text.trim() === "") throw fail(`${path} is empty`);
  return decoded.text;
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}

import { parseSandboxPermission, type SandboxPermission } from "@codex/linux-sandbox";
import { usedAlternatives } from "./layer.ts";
import { resolveConfiguredPath } from "./paths.ts";
import type { ConfigToml, ProfileToml } from "./schema.ts";
import { type ConfigSource, dotted } from "./source.ts";
import type { TomlPath } from "./toml-locations.ts";

export interface SettleContext {
  readonly source: ConfigSource;
  /** What `~/` stands for. */
  readonly userHome: string | undefined;
}

export interface Settled {
  readonly values: ConfigToml;
  readonly errors: readonly string[];
}

/** Makes every path of one layer absolute, reads its permissions, and finds keys of it that contradict each other. */
export function settleConfig(values: ConfigToml, context: SettleContext): Settled {
  const errors: string[] = [];
  const top = settleProfile(values, [], { ...context, errors });
  if (values.projects !== undefined) top.projects = settleProjects(values.projects, context);
  if (values.profiles === undefined) return { values: top, errors };
  const profiles = Object.entries(values.profiles).map(
    ([name, profile]) => [name, settleProfile(profile, ["profiles", name], { ...context, errors })] as const,
  );
  return { values: { ...top, profiles: Object.fromEntries(profiles) }, errors };
}

function settleProjects(projects: NonNullable<ConfigToml["projects"]>, { source, userHome }: SettleContext): ConfigToml["projects"] {
  return Object.fromEntries(
    Object.entries(projects).map(([folder, project]) => [resolveConfiguredPath(folder, source.baseDirectory, userHome), project]),
  );
}

type Collecting = SettleContext & { readonly errors: string[] };

function settleProfile<T extends ProfileToml>(values: T, prefix: TomlPath, context: Collecting): T {
  for (const used of usedAlternatives(values)) {
    const [first, second] = used;
    if (first === undefined || second === undefined) continue;
    context.errors.push(
      context.source.describe([...prefix, ...second], `set \`${dotted(first)}\` or \`${dotted(second)}\`, not both`, { atKey: true }),
    );
  }
  const absolute = (path: string): string => resolveConfiguredPath(path, context.source.baseDirectory, context.userHome);
  const settled: T = { ...values };
  if (values.log_dir !== undefined) settled.log_dir = absolute(values.log_dir);
  if (values.model_instructions_file !== undefined) settled.model_instructions_file = absolute(values.model_instructions_file);
  const roots = values.sandbox_workspace_write?.writable_roots;
  if (roots !== undefined) settled.sandbox_workspace_write = { ...values.sandbox_workspace_write, writable_roots: roots.map(absolute) };
  if (values.mcp_servers !== undefined) settled.mcp_servers = settleServers(values.mcp_servers, absolute, context.userHome);
  if (values.sandbox_permissions !== undefined)
    settled.sandbox_permissions = settlePermissions(values.sandbox_permissions, prefix, context);
  return settled;
}

type ServersToml = NonNullable<ProfileToml["mcp_servers"]>;

/** A command that begins with `~/` is the user's; other commands are looked up when the server starts. */
function settleServers(servers: ServersToml, absolute: (path: string) => string, home: string | undefined): ServersToml {
  return Object.fromEntries(
    Object.entries(servers).map(([name, server]) => {
      const settled = { ...server };
      if (server.cwd !== undefined) settled.cwd = absolute(server.cwd);
      if (home !== undefined && server.command?.startsWith("~/") === true) settled.command = absolute(server.command);
      return [name, settled];
    }),
  );
}

/** The permissions written out, with absolute folders. */
function settlePermissions(permissions: readonly string[], prefix: TomlPath, context: Collecting): string[] {
  return permissions.map((text, index) => {
    const folder = /^disk-write-folder=(~(?:[/\\].*)?)$/.exec(text)?.[1];
    const expanded =
      folder === undefined ? text : `disk-write-folder=${resolveConfiguredPath(folder, context.source.baseDirectory, context.userHome)}`;
    const parsed = parseSandboxPermission(expanded, context.source.baseDirectory);
    if (parsed.ok) return permissionText(parsed.value);
    context.errors.push(context.source.describe([...prefix, "sandbox_permissions", index], parsed.message));
    return text;
  });
}

function permissionText(permission: SandboxPermission): string {
  return typeof permission === "string" ? permission : `disk-write-folder=${permission["disk-write-folder"].folder}`;
}

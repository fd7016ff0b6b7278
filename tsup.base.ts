import { defineConfig, type Options } from "tsup";

/** The build of a library package: one ES module per entry, libraries left as imports, declarations made by tsc. */
export function definePackage(options: Pick<Options, "entry" | "noExternal">): ReturnType<typeof defineConfig> {
  return defineConfig({
    format: ["esm"],
    target: "node20",
    platform: "node",
    dts: false,
    clean: true,
    sourcemap: true,
    silent: true,
    ...options,
  });
}

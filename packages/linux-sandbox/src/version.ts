import { readFileSync } from "node:fs";

/** The version in the package.json beside the folder that this code runs from. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

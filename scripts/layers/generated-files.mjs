// @ts-check
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ciMatrix } from "./ci-matrix.mjs";
import { lintConfig } from "./lint-config.mjs";
import { layerPicture } from "./picture.mjs";
import { readLayerTable } from "./table.mjs";

/**
 * What the layer table says each generated file should hold, and what it holds now.
 * @param {string} root
 * @returns {{ path: string, expected: string, found: string | undefined }[]}
 */
export function generatedFiles(root) {
  const table = readLayerTable(root);
  return [
    whole(root, ".oxlintrc.json", `${JSON.stringify(lintConfig(table), null, 2)}\n`),
    block(root, "docs/architecture.md", {
      begin: "<!-- layers:begin (generated) -->",
      end: "<!-- layers:end -->",
      text: `\n${layerPicture(table, root)}\n`,
    }),
    block(root, ".github/workflows/ci.yml", {
      begin: "        # layers:begin (generated)",
      end: "        # layers:end",
      text: ciMatrix(table),
    }),
  ];
}

/**
 * @param {string} root
 * @param {string} path
 * @param {string} expected
 */
function whole(root, path, expected) {
  return { path, expected, found: read(root, path) };
}

/**
 * A file of which only the lines between two markers are generated.
 * @param {string} root
 * @param {string} path
 * @param {{ begin: string, end: string, text: string }} part
 */
function block(root, path, { begin, end, text }) {
  const found = read(root, path);
  const from = found?.indexOf(begin) ?? -1;
  const to = found?.indexOf(end, from) ?? -1;
  if (found === undefined || from < 0 || to < 0) throw new Error(`${path}: the markers "${begin.trim()}" and "${end.trim()}" are missing`);
  return { path, expected: `${found.slice(0, from)}${begin}\n${text}\n${found.slice(to)}`, found };
}

/**
 * @param {string} root
 * @param {string} path
 */
function read(root, path) {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8").replaceAll("\r\n", "\n") : undefined;
}

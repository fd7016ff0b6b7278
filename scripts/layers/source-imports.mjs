// @ts-check

/**
 * One import, export-from or dynamic import of a source file.
 * @typedef {object} SourceImport
 * @property {string} specifier
 * @property {number} line From 1.
 */

/**
 * The module specifiers a TypeScript source names with a literal, types and dynamic imports included, in order of place.
 * Comment lines are left out.
 * @param {string} source
 * @returns {SourceImport[]}
 */
export function sourceImports(source) {
  const text = source.replace(/^[ \t]*(?:\/\/|\*|\/\*\*).*$/gm, (line) => " ".repeat(line.length));
  const found = [...statements(text), ...dynamicImports(text)];
  return found.sort((a, b) => a.index - b.index).map(({ specifier, index }) => ({ specifier, line: lineOf(text, index) }));
}

/** @param {string} text */
function statements(text) {
  const withNames = /^[ \t]*(?:import|export)\b(?<names>[^;"'`=]*?)\bfrom\s*["'](?<specifier>[^"'\n]+)["']/gm;
  const bare = /^[ \t]*import\s*(?<names>)["'](?<specifier>[^"'\n]+)["']/gm;
  return [...text.matchAll(withNames), ...text.matchAll(bare)].map((match) => ({
    specifier: match.groups?.["specifier"] ?? "",
    index: match.index,
  }));
}

/** @param {string} text */
function dynamicImports(text) {
  const pattern = /\bimport\s*\(\s*["'](?<specifier>[^"'\n]+)["']/g;
  return [...text.matchAll(pattern)].map((match) => ({ specifier: match.groups?.["specifier"] ?? "", index: match.index }));
}

/**
 * @param {string} text
 * @param {number} index
 */
function lineOf(text, index) {
  return text.slice(0, index).split("\n").length;
}

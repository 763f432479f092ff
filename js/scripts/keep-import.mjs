// What src/platform/node.ts imports, told to bundlers once more: a minifier drops the comments that keep them from following it.

/** Minified code with these comments. Throws where there is not exactly one import of a name that is computed. */
export function keepImport(code) {
  const found = code.match(/\bimport\([\w$]+\)/g) ?? [];
  if (found.length !== 1) throw new Error(`${found.length} calls of import() where there is one, of platform/node.ts: ${found.join(", ")}`);
  return code.replace(/\bimport\(([\w$]+)\)/, "import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ $1)");
}

// Makes the entry point that needs no second file: node scripts/bundle-inline.mjs <dist>
//
// inline.js is index.js and all that it imports, with inline/files.js in the place of files.js, and holds two strings: the
// binary with SIMD, gzipped, in base64, and the script of the worker, to be put together into a blob. The worker's script
// is a classic one, for a blob's worker of modules would ask more of a policy and of old browsers.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { keepImport } from "./keep-import.mjs";

const [dist] = process.argv.slice(2);
if (!dist) {
  console.error("usage: node bundle-inline.mjs <dist>");
  process.exit(2);
}
const files = resolve(dist, "files.js");
const held = {
  name: "files that are held",
  setup({ onResolve }) {
    onResolve({ filter: /\/files\.js$/ }, ({ path, resolveDir }) => resolve(resolveDir, path) === files ? { path: resolve(dist, "inline", "files.js") } : undefined);
  },
};
const common = { bundle: true, minify: true, legalComments: "inline", plugins: [held], charset: "utf8" };

const { outputFiles: [worker] } = await build({ ...common, entryPoints: [join(dist, "worker.js")], format: "iife", write: false });
const binary = gzipSync(readFileSync(join(dist, "focalfit.simd.wasm")), { level: 9 }).toString("base64");
const { outputFiles: [index] } = await build({ ...common, entryPoints: [join(dist, "index.js")], format: "esm", write: false });
const strings = `const focalfitBinary=${JSON.stringify(binary)},focalfitWorker=${JSON.stringify(worker.text)};\n`;
writeFileSync(join(dist, "inline.js"), strings + keepImport(index.text));
rmSync(join(dist, "inline"), { recursive: true });

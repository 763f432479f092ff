// Bundles of the peers, for Node and for a page, in dist/: one copy of each library, as its users would ship it.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const tfjs = `
export * from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-backend-cpu";
export { getThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
`;

/** What a page loads to have TensorFlow.js ready to compute in WebAssembly, and no more. */
const tfjsStart = `
import { ready, setBackend } from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
setWasmPaths("/bench/dist/");
export async function start() {
  await setBackend("wasm");
  await ready();
}
`;

const minified = { bundle: true, minify: true, format: "esm", target: "es2022", logLevel: "error", legalComments: "none" };

/** A bundle of source text, whose imports are looked for from `folder`. */
const bundle = (contents, outfile, options) =>
  build({ ...minified, stdin: { contents, resolveDir: here("."), loader: "js" }, outfile: here(outfile), ...options });

export async function bundlePeers() {
  rmSync(here("dist"), { recursive: true, force: true });
  mkdirSync(here("dist/start/focalfit"), { recursive: true });
  const require = 'import { createRequire } from "node:module"; import { dirname as __directory } from "node:path"; import { fileURLToPath as __path } from "node:url"; const require = createRequire(import.meta.url), __filename = __path(import.meta.url), __dirname = __directory(__filename);';
  await Promise.all([
    bundle(tfjs, "dist/node/tfjs.js", { platform: "node", mainFields: ["module", "main"], banner: { js: require } }),
    bundle(tfjs, "dist/page/tfjs.js", { platform: "browser" }),
    bundle(tfjsStart, "dist/start/tfjs.js", { platform: "browser" }),
    build({ ...minified, splitting: true, entryPoints: { start: here("start-focalfit.mjs") }, outdir: here("dist/start/focalfit") }),
  ]);
  // The worker, what it imports and the binaries stay as they ship, beside the client.
  for (const file of readdirSync(here("../js/dist"))) if (/\.(js|wasm)$/.test(file)) copyFileSync(here(`../js/dist/${file}`), here(`dist/start/focalfit/${file}`));
  for (const kind of ["", "-simd", "-threaded-simd"]) {
    const file = `tfjs-backend-wasm${kind}.wasm`;
    copyFileSync(here(`node_modules/@tensorflow/tfjs-backend-wasm/dist/${file}`), here(`dist/${file}`));
  }
}

/** The version of an installed package. */
export const versionOf = (name) => JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), "utf8")).version;

// Makes one file of the worker and what it imports: node scripts/bundle-worker.mjs <worker.js>
//
// A worker's modules are fetched one after the other, depth by depth, before it takes its first message; of one file it
// is ready after one request.
import { writeFileSync } from "node:fs";
import { build } from "esbuild";
import { keepImport } from "./keep-import.mjs";

const [worker] = process.argv.slice(2);
if (!worker) {
  console.error("usage: node bundle-worker.mjs <worker.js>");
  process.exit(2);
}
const { outputFiles: [bundle] } = await build({ entryPoints: [worker], write: false, bundle: true, minify: true, format: "esm", legalComments: "inline" });
writeFileSync(worker, keepImport(bundle.text));

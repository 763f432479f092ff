// Makes dist/ of what `make site` has built: node build.mjs <folder of page.wasm and page.simd.wasm>
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { writeData } from "./data/build.mjs";
import { writePage } from "./takeaway/build.mjs";

const [programs] = process.argv.slice(2);
if (!programs) {
  console.error("usage: node build.mjs <folder>, as `make site` does");
  process.exit(2);
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here("dist");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

for (const file of ["index.html", "main.js", "tables.js", "store.js", "icon.svg"]) cpSync(here(file), join(dist, file));
for (const file of ["page.wasm", "page.simd.wasm"]) cpSync(join(resolve(programs), file), join(dist, file));
// The page's program is the engine too, so the package comes without its own, and without what is not for a page.
const left = /\.d\.ts$|\.wasm$|\/(inline|command|react)\.js$|\/command$/;
cpSync(here("../js/dist"), join(dist, "focalfit"), { recursive: true, filter: (source) => !left.test(source) });
await writeCharts();
for (const file of ["LICENSE", "LICENSE-GO"]) cpSync(here(`../js/${file}`), join(dist, file));
await build({ entryPoints: [here("page.css")], outdir: dist, bundle: true, minify: true, logLevel: "error" });
writeData(join(dist, "data"));
await writePage(join(dist, "takeaway"));
await preload(["main.js", "focalfit/training/train.js", "focalfit/table/papaparse.js"]);

/** Writes uPlot with the page's language for its numbers: the browser's may be none, as WebKit's is "C" by default, and then it would not load. */
async function writeCharts() {
  const source = readFileSync(here("node_modules/uplot/dist/uPlot.esm.js"), "utf8");
  const [before, after, ...more] = source.split("domEnv ? nav.language : 'en-US'");
  if (after === undefined || more.length > 0) throw new Error("uPlot takes the language from elsewhere");
  const { code } = await transform(`${before}'en-US'${after}`, { minify: true, legalComments: "inline" });
  writeFileSync(join(dist, "uplot.js"), code);
}

/** Has index.html name all modules that the first training needs, so that they are fetched at once. */
async function preload(modules) {
  const { metafile: { inputs } } = await build({ entryPoints: modules.map((module) => join(dist, module)), absWorkingDir: dist, bundle: true, format: "esm", write: false, outdir: dist, metafile: true, logLevel: "error" });
  const needed = new Set();
  const add = (module) => {
    if (needed.has(module)) return;
    needed.add(module);
    for (const { path, kind } of inputs[module].imports) {
      if (kind === "import-statement" || (module === "main.js" && !/^data\/|onnx/.test(path))) add(path);
    }
  };
  modules.forEach(add);
  // The program is by far the largest: what the page is drawn with goes before it.
  const links = [["page.simd.wasm", ' fetchpriority="low"'], ["data/seattle-snow.csv", ""]].map(([file, priority]) => `<link rel="preload" href="${file}" as="fetch" crossorigin${priority}>\n`);
  for (const module of needed) links.push(`<link rel="modulepreload" href="${module}">\n`);
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const before = '<script type="module"';
  if (page.split(before).length !== 2) throw new Error("index.html has no place for what is preloaded");
  writeFileSync(join(dist, "index.html"), page.replace(before, links.join("") + before));
}

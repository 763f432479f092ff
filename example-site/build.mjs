// Makes dist/: node build.mjs, after `npm ci` here and a build in ../js.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeData } from "./data/build.mjs";
import { writePage } from "./takeaway/build.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const need = (path, advice) => {
  if (existsSync(here(path))) return;
  console.error(`${path} is missing: ${advice}`);
  process.exit(1);
};
for (const file of ["index.js", "worker.js", "focalfit.wasm", "focalfit.simd.wasm"]) {
  need(`../js/dist/${file}`, "build the npm package in js/ first.");
}
need("node_modules/uplot", "run `npm ci` in example-site/ first.");

rmSync(here("dist"), { recursive: true, force: true });
mkdirSync(here("dist"));

for (const file of ["index.html", "style.css", "main.js", "tables.js", "store.js", "icon.svg"]) cpSync(here(file), here(`dist/${file}`));
cpSync(here("../js/dist"), here("dist/focalfit"), { recursive: true, filter: (source) => !source.endsWith(".d.ts") });
cpSync(here("node_modules/uplot/dist/uPlot.esm.js"), here("dist/uplot.js"));
cpSync(here("node_modules/uplot/dist/uPlot.min.css"), here("dist/uplot.css"));
writeData(here("dist/data"));
writePage(here("dist/takeaway"));

const environment = { ...process.env, GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? "go1.27.4" };
const go = (args, extra = {}) => execFileSync("go", args, { cwd: here(".."), env: { ...environment, ...extra }, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
// Small as the package's binaries are, of which the Makefile says more, but with the checks of bounds.
const small = ["-trimpath", "-ldflags=-s -w -buildid=", "-gcflags=runtime=-l -d=disablenil=1"];
go(["build", ...small, "-o", here("dist/ui.wasm"), "./example-site"], { GOOS: "js", GOARCH: "wasm", GOEXPERIMENT: "nogreenteagc,nosizespecializedmalloc" });
execFileSync(process.execPath, [here("../js/scripts/finish-wasm.mjs"), here("dist/ui.wasm"), here("dist/ui.wasm")], { stdio: "inherit" });
execFileSync(process.execPath, [here("../js/scripts/wrap-wasm-exec.mjs"), `${go(["env", "GOROOT"]).trim()}/lib/wasm/wasm_exec.js`, here("dist/wasm_exec.js")], { stdio: "inherit" });

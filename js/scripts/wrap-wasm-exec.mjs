// Makes an ES module of Go's wasm_exec.js: node scripts/wrap-wasm-exec.mjs <wasm_exec.js> <output.js>
//
// Go's file writes what it defines to `globalThis`. Here that name is a parameter, so that everything lands on the
// object that is passed in and the page's own globals stay as they are. The file also reads `fs` as a free name,
// which the global it has just filled would have answered; that one is put back.
import { readFileSync, writeFileSync } from "node:fs";

const [input, output] = process.argv.slice(2);
if (!input || !output) {
  console.error("usage: node wrap-wasm-exec.mjs <wasm_exec.js> <output.js>");
  process.exit(2);
}
const source = readFileSync(input, "utf8");
for (const expected of ["globalThis.Go =", "globalThis.fs", "fs.writeSync("]) {
  if (!source.includes(expected)) {
    console.error(`${input}: no "${expected}" in it; this Go release needs another wrapper`);
    process.exit(1);
  }
}
writeFileSync(output, `export function createGo(globalThis) {
const fs = { writeSync: (fd, bytes) => globalThis.fs.writeSync(fd, bytes) };
${source}
return new globalThis.Go();
}
`);

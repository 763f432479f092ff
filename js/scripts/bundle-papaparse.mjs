// Makes an ES module of Papa Parse, to be shipped: node scripts/bundle-papaparse.mjs <output.js>
//
// So the package has no dependencies and also works where there is no bundler. What Papa Parse would look for in the page,
// jQuery, workers and Node's streams, is hidden from it: importing it changes nothing.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [output] = process.argv.slice(2);
if (!output) {
  console.error("usage: node bundle-papaparse.mjs <output.js>");
  process.exit(2);
}
const entry = createRequire(import.meta.url).resolve("papaparse");
const licence = readFileSync(join(dirname(entry), "LICENSE"), "utf8").trim();
await build({
  entryPoints: [entry],
  outfile: output,
  bundle: true,
  minify: true,
  format: "esm",
  define: { self: "undefined", window: "undefined", PAPA_BROWSER_CONTEXT: "true" },
  plugins: [{
    name: "no streams",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^stream$/ }, () => ({ path: "stream", namespace: "none" }));
      onLoad({ filter: /./, namespace: "none" }, () => ({ contents: "" }));
    },
  }],
  legalComments: "inline",
  banner: { js: `/*!\n${licence}\n*/` },
});

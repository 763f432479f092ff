// Makes the template of the page that predicts, which lacks a title and a model.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const hashOf = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

function bundle(file) {
  const { outputFiles: [{ text }] } = buildSync({ entryPoints: [here(file)], bundle: true, format: file.endsWith(".js") ? "iife" : undefined, target: "es2022", charset: "utf8", write: false, outdir: "." });
  return text;
}

/** Writes `predict-page.html` to `folder`, with style, program and focalfit/predict in it. */
export function writePage(folder) {
  const [script, style] = ["predict-page.js", "predict-page.css"].map((file) => `\n${bundle(file)}`);
  if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error("predict-page.js or .css has what ends a script or style");
  const parts = { script, style, "script-hash": hashOf(script), "style-hash": hashOf(style) };
  const page = readFileSync(here("predict-page.html"), "utf8").replace(/\{\{([a-z-]+)\}\}/g, (place, name) => parts[name] ?? place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/predict-page.html`, page);
}

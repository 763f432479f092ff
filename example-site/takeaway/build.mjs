// Makes the template of the page that predicts, which lacks a title and a model.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const hashOf = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** Writes `predict-page.html` to `folder`, with style, program and focalfit/predict in it. */
export function writePage(folder) {
  const { outputFiles: [bundle] } = buildSync({ entryPoints: [here("predict-page.js")], bundle: true, format: "iife", target: "es2022", charset: "utf8", write: false });
  const script = `\n${bundle.text}`;
  const style = `\n${readFileSync(here("predict-page.css"), "utf8")}`;
  if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error("predict-page.js or .css has what ends a script or style");
  const parts = { script, style, "script-hash": hashOf(script), "style-hash": hashOf(style) };
  const page = readFileSync(here("predict-page.html"), "utf8").replace(/\{\{([a-z-]+)\}\}/g, (place, name) => parts[name] ?? place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/predict-page.html`, page);
}

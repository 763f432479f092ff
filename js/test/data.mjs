// What the tests fit to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A file of the repository. */
export const repositoryFile = (path) => readFileSync(join(process.env.FOCALFIT_ROOT, path), "utf8");

/** Uniform numbers in [0, 1), always the same ones. */
export function seeded(seed = 1) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Rows around one centre per class, `shares` of them each. Labels are 0, 1, … */
export function blobs({ rows = 600, columns = 4, shares = [0.95, 0.05], seed = 1, spread = 1.2 } = {}) {
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = shares.map(() => Array.from({ length: columns }, () => 2 * random() - 1));
  const X = [];
  const y = [];
  for (let row = 0; row < rows; row++) {
    let label = 0;
    for (let at = random(), sum = shares[0]; at >= sum && label < shares.length - 1; ) sum += shares[++label];
    y.push(label);
    X.push(centres[label].map((centre, column) => (centre * 2 + normal() * spread) * (column + 1)));
  }
  return { X, y };
}

/** `X` as one typed array. */
export function dense(X, type = Float64Array) {
  return { data: type.from(X.flat()), rows: X.length, columns: X[0].length };
}

/** A data set beside the Go packages: all columns but the last, and the last. */
export function table(name, rows = Infinity) {
  const lines = repositoryFile(`linear/testdata/${name}.csv`).trim().split("\n").slice(1);
  const cells = lines.slice(0, rows).map((line) => line.split(",").map(Number));
  return { X: cells.map((row) => row.slice(0, -1)), labels: cells.map((row) => row.at(-1)) };
}

/** A fit that takes so long that an abort arrives before its end. */
export function large() {
  const { X, y } = blobs({ rows: 30000, columns: 40, shares: [0.6, 0.3, 0.1], seed: 7, spread: 4 });
  return { X: dense(X, Float32Array), y: Int32Array.from(y), options: { l2: 1e-8, tolerance: 1e-9, maxIterations: 100, gamma: 2 } };
}

/** A model document of a given linear function. */
export function modelDocument({ classes = ["no", "yes"], coefficients = [[1]], intercepts, gamma, weight, threshold = 0.5, positiveClass = classes.at(-1) }) {
  const two = classes.length === 2;
  return {
    format: "focalfit", version: 1, classes, positiveClass: two ? positiveClass : null, columns: coefficients[0].length, coefficients,
    intercepts: intercepts ?? coefficients.map(() => 0),
    gamma: gamma ?? classes.map(() => 2), weight: weight ?? classes.map(() => 1),
    threshold: two ? threshold : null, options: {},
  };
}

/** The files that an entry point of the package takes with it into a bundle. */
export async function bundled(name, external = []) {
  const { build } = await import(process.env.FOCALFIT_ESBUILD);
  const root = dirname(createRequire(import.meta.url).resolve("focalfit/package.json"));
  const { metafile } = await build({ entryPoints: [join(root, "dist", `${name}.js`)], bundle: true, external, write: false, minify: true, format: "esm", metafile: true });
  return Object.keys(metafile.inputs).map((file) => file.split("/").at(-1)).sort();
}

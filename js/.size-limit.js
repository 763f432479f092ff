// What the package may weigh, gzipped: `npx size-limit`, which the tests run.
// Loaded by import() when they are first needed, and so no part of what a page starts with.
const engine = ["*/host.js"];
const later = ["session", "train", "upload", "loss-call", "explain", "judge", "validate", "online"].map((name) => `*/${name}.js`);
const without = (...external) => ({ gzip: true, modifyEsbuildConfig: (config) => ({ ...config, format: "esm", external: external.flat() }) });

const file = { gzip: true, modifyEsbuildConfig: (config) => ({ ...config, format: "esm", loader: { ".wasm": "copy" } }) };

export default [
  { name: "a classifier", path: "dist/index.js", import: "{ FocalClassifier }", limit: "10 kB", ...without(engine, later) },
  { name: "all exports", path: "dist/index.js", limit: "11.5 kB", ...without(engine, later) },
  { name: "all exports and what they load later", path: "dist/index.js", limit: "25.6 kB", ...without(engine) },
  { name: "focalfit/predict", path: "dist/predict.js", limit: "2.5 kB", ...without() },
  { name: "focalfit/text", path: "dist/text.js", limit: "3.5 kB", ...without() },
  { name: "focalfit/table", path: "dist/table.js", limit: "8 kB", ...without("*/csv.js") },
  { name: "focalfit/table and CSV", path: "dist/table.js", limit: "17.5 kB", ...without() },
  { name: "focalfit/federated", path: "dist/federated.js", limit: "6 kB", ...without() },
  { name: "focalfit/onnx", path: "dist/onnx.js", limit: "9 kB", ...without() },
  { name: "focalfit/react, without React", path: "dist/react.js", limit: "11 kB", ...without("react", engine, later) },
  { name: "focalfit/inline", path: "dist/inline.js", limit: "690 kB", ...file },
  { name: "focalfit/worker.js", path: "dist/worker.js", limit: "10.5 kB", ...file },
  { name: "focalfit.wasm", path: "dist/focalfit.wasm", limit: "680 kB", ...file },
  { name: "focalfit.simd.wasm", path: "dist/focalfit.simd.wasm", limit: "680 kB", ...file },
];

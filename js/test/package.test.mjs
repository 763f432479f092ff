import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { bundled } from "./data.mjs";

const { resolve } = createRequire(import.meta.url);
const root = dirname(resolve("focalfit/package.json"));
const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/")).sort();
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs a module in a Node of its own, which has to end by itself. */
function run(code) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", timeout: 60000, cwd: dirname(new URL(import.meta.url).pathname) });
  assert.equal(signal, null, `did not end by itself\n${stderr}`);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout;
}

test("the package holds what it needs and nothing else", () => {
  const outside = files.filter((name) => !name.startsWith("dist/"));
  assert.deepEqual(outside, ["LICENSE", "LICENSE-GO", "README.md", "model.schema.json", "package.json", "wasm.d.ts"]);
  const binaries = ["dist/focalfit.simd.wasm", "dist/focalfit.wasm"];
  const others = ["dist/host/wasm_exec.js", "dist/table/papaparse.js"];
  for (const name of [...binaries, ...others, "dist/index.js", "dist/worker.js", "dist/inline.js", "dist/host/host.js"]) assert.ok(files.includes(name), name);
  const modules = files.filter((name) => /^dist\/[a-z-/]+\.js$/.test(name) && !others.includes(name));
  assert.deepEqual(files.filter((name) => name.startsWith("dist/")), [...binaries, ...others, ...modules, ...modules.map((name) => name.replace(/\.js$/, ".d.ts"))].sort());
  assert.deepEqual(manifest.dependencies ?? {}, {});
  // Nothing runs at an installation, and no script points to a map that is not there.
  assert.deepEqual(Object.keys(manifest.scripts).sort(), ["build", "test"]);
  for (const name of files.filter((file) => file.endsWith(".js"))) assert.doesNotMatch(readFileSync(join(root, name), "utf8"), /sourceMappingURL/, name);
});

test("every entry point is there", async () => {
  for (const [name, target] of Object.entries(manifest.exports)) {
    for (const file of typeof target === "string" ? [target] : Object.values(target)) assert.ok(files.includes(file.slice(2)), `${name}: ${file}`);
    assert.ok(resolve(join("focalfit", name)));
    if (typeof target === "object") assert.equal(Object.keys(target)[0], "types");
  }
  assert.deepEqual(manifest.bin, { focalfit: "./dist/command.js" });
  assert.match(readFileSync(join(root, manifest.bin.focalfit), "utf8"), /^#!\/usr\/bin\/env node\n/);
  assert.deepEqual(Object.keys(await import("focalfit")).sort(), ["FocalClassifier", "FocalfitError", "createEngine", "crossValidate", "focalLoss", "metrics", "split", "tune"]);
});

test("no file names a machine's folder or a registry", () => {
  for (const name of files.filter((file) => !file.endsWith(".wasm"))) {
    assert.doesNotMatch(readFileSync(join(root, name), "utf8"), /\/(?:home|root|work|tmp|Users)\/|registry\./, name);
  }
});

test("a classifier's client has what it starts with, and loads the rest when it is needed", async () => {
  // What import() loads: with the first fit, dataset, loss, judgement, search or explanation; and for an engine in place.
  const later = ["session", "train", "upload", "loss-call", "explain", "judge", "validate", "online"];
  const first = await bundled("index", ["*/host.js", ...later.map((name) => `*/${name}.js`)]);
  for (const name of ["engine.js", "predictor.js", "model.js"]) assert.ok(first.includes(name), name);
  const all = await bundled("index", ["*/host.js"]);
  for (const name of later) assert.ok(all.includes(`${name}.js`) && !first.includes(`${name}.js`), name);
  for (const name of ["host.js", "wasm_exec.js"]) assert.ok(!all.includes(name), name);
});

test("prediction needs no part of the engine", () => {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const [, next] of readFileSync(join(root, name), "utf8").matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)";/gm)) visit(join(dirname(name), next));
  };
  visit("dist/model/predictor.js");
  assert.ok(seen.has(join("dist", "model", "score.js")));
  for (const name of seen) assert.doesNotMatch(name, /engine|host|worker/);
});

test("importing and fitting in place leave the globals alone", () => {
  const out = run(`
    const keys = () => Reflect.ownKeys(globalThis).map(String).sort().join();
    const values = Object.entries(Object.getOwnPropertyDescriptors(globalThis)).filter(([, { get, value }]) => !get && value !== undefined);
    const before = keys();
    const unchanged = () => keys() === before && values.every(([name, { value }]) => Object.is(globalThis[name], value));
    const { FocalClassifier, createEngine } = await import("focalfit");
    if (!unchanged()) throw new Error("importing changed globals");
    const classifier = new FocalClassifier({ engine: createEngine({ worker: false }) });
    await classifier.fit([[1], [2], [3], [4]], [0, 0, 1, 1]);
    if (!unchanged()) throw new Error("a fit changed globals");
    console.log((await classifier.predict([[1], [4]])).join());
  `);
  assert.equal(out, "0,1\n");
});

test("importing starts nothing, even where there is no wasm, worker or document", () => {
  const out = run(`
    for (const name of ["WebAssembly", "Worker", "fetch", "MessageChannel", "setImmediate", "performance"]) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error(name + " was touched"); } });
    }
    const { FocalClassifier, createEngine } = await import("focalfit");
    new FocalClassifier({ gamma: 1 });
    createEngine();
    console.log("fine");
  `);
  assert.equal(out, "fine\n");
});

test("a model is read and predicts synchronously without WebAssembly or workers", () => {
  const out = run(`
    Object.defineProperty(globalThis, "WebAssembly", { get() { throw new Error("touched"); } });
    const { FocalClassifier } = await import("focalfit");
    const document = { format: "focalfit", version: 1, classes: ["a", "b"], positiveClass: "b", columns: 1, coefficients: [[1]], intercepts: [0], gamma: [2, 2], weight: [1, 1], threshold: 0.5, options: {} };
    console.log(FocalClassifier.fromJSON(document).predictor().predict([[-1], [1]]).join());
  `);
  assert.equal(out, "a,b\n");
});

for (const worker of ["undefined", "false"]) {
  test(`a process with an idle engine (worker: ${worker}) ends by itself, not before its fit`, () => {
    const out = run(`
      import { FocalClassifier, createEngine } from "focalfit";
      const classifier = new FocalClassifier({ engine: createEngine({ worker: ${worker} }) });
      classifier.fit([[1], [2], [3], [4]], [0, 0, 1, 1]).then(({ status }) => console.log(status));
    `);
    assert.equal(out, "converged\n");
  });
}

test("a failed start leaves no unhandled rejection and keeps no process alive", () => {
  const out = run(`
    import { FocalClassifier, createEngine } from "focalfit";
    process.on("unhandledRejection", () => console.log("unhandled"));
    const engine = createEngine({ wasmURL: "nowhere.wasm" });
    await new FocalClassifier({ engine }).fit([[1], [2]], [0, 1]).catch(({ code }) => console.log(code));
    await new FocalClassifier({ engine }).fit([[1], ["2"]], [0, 1]).catch(({ code }) => console.log(code));
    await new Promise((done) => setTimeout(done, 200));
  `);
  assert.equal(out, "ENGINE_FAILED\nBAD_INPUT\n");
});

test("the versions agree", async () => {
  const { createEngine } = await import("focalfit");
  assert.equal(createEngine().version, manifest.version);
});

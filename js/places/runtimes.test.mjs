// The package in Node, Deno and Bun: each ends by itself once nothing runs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { example, places, project, run } from "./project.mjs";

const bin = (name) => join(places, "node_modules", ".bin", name);
const runtimes = {
  node: [process.execPath],
  deno: [bin("deno"), "run", "--allow-read", "--no-prompt"],
  bun: [bin("bun"), "run"],
};

/** Fits, predicts, saves, loads, aborts, and goes on after a disposal; prints one line of JSON. */
const everything = `
import { FocalClassifier, createEngine } from "focalfit";

const X = Array.from({ length: 4000 }, (_, i) => Array.from({ length: 24 }, (_, j) => Math.sin(i * (j + 1.7)) + (i % 20 ? 0 : 1.5)));
const y = X.map((_, i) => (i % 20 ? "fine" : "fault"));
const options = { classWeight: "balanced", positiveClass: "fault" };
const clf = new FocalClassifier(options);
let told = 0;
const { status, simd } = await clf.fit(X, y, { onProgress: () => told++ });
const labels = await clf.predict(X);
const text = JSON.stringify(clf);
const same = FocalClassifier.fromJSON(JSON.parse(text));
const { averagePrecision } = await same.evaluate(X, y);

const controller = new AbortController();
const abortable = new FocalClassifier({ ...options, tolerance: 1e-300, maxIterations: 1e6, l2: 1e-9, features: { kind: "fourier", components: 512, bandwidth: 1, seed: 1 } });
const aborted = await abortable.fit(X, y, { signal: controller.signal, onProgress: () => controller.abort() }).then(() => "ended", ({ code, name }) => name + " " + code);

const results = [];
for (const worker of [undefined, false]) {
  const engine = createEngine({ worker });
  const other = new FocalClassifier({ ...options, engine });
  results.push((await other.fit(X, y)).objective);
  await engine.dispose();
  results.push(await other.fit(X, y).then(() => "fitted", ({ code }) => code));
}
console.log(JSON.stringify({
  status, simd, told: told > 1, aborted, results,
  sameLabels: (await same.predict(X)).join() === labels.join(),
  sameText: JSON.stringify(same) === text,
  precision: averagePrecision,
}));
`;

for (const [name, [command, ...args]] of Object.entries(runtimes)) {
  test(`${name}: fit, predict, save, load, abort`, async () => {
    const { stdout, stderr } = await run(command, [...args, "everything.js"], project(`${name}-everything`, { "everything.js": everything }));
    assert.equal(stderr, "");
    const { results: [own, disposed, inPlace, disposedInPlace], precision, ...rest } = JSON.parse(stdout);
    assert.deepEqual(rest, { status: "converged", simd: true, told: true, aborted: "AbortError ABORTED", sameLabels: true, sameText: true });
    assert.equal(own, inPlace);
    assert.deepEqual([disposed, disposedInPlace], ["ENGINE_FAILED", "ENGINE_FAILED"]);
    assert.ok(precision > 0.9, `average precision ${precision}`);
  });

  for (const entry of ["focalfit", "focalfit/inline"]) {
    test(`${name}: the README's first example, of ${entry}`, async () => {
      const code = example.replace('from "focalfit"', `from "${entry}"`);
      const { stdout, stderr } = await run(command, [...args, "example.js"], project(`${name}-${entry.replace("/", "-")}`, { "example.js": code }));
      assert.equal(stderr, "");
      assert.match(stdout, /^converged \[\] \[ ["']fault["'], ["']fine["'] \]$/m);
      assert.match(stdout, /^0\.04$/m);
    });
  }

  test(`${name}: importing leaves the globals alone`, async () => {
    const code = `
      const before = Reflect.ownKeys(globalThis).map(String).sort().join();
      await Promise.all(["", "/predict", "/text", "/table", "/onnx", "/inline"].map((entry) => import("focalfit" + entry)));
      console.log(Reflect.ownKeys(globalThis).map(String).sort().join() === before);
    `;
    assert.equal((await run(command, [...args, "globals.js"], project(`${name}-globals`, { "globals.js": code }))).stdout, "true\n");
  });
}

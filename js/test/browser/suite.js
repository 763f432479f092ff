// What every browser has to do: runs in a page, and tells the server how each case went.
import { tell } from "./cases.js";

const cases = {};
const test = (name, run) => (cases[name] = run);
const page = new URL(import.meta.url);
const at = (name) => new URL(`/focalfit/dist/${name}`, page).href;

function equal(actual, expected, what = "") {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what} is ${a}, not ${b}`);
}

async function rejects(promise, code, pattern = /./) {
  const error = await promise.then(() => { throw new Error(`no ${code}`); }, (error) => error);
  if (error.code !== code || !pattern.test(error.message)) throw error;
  return error;
}

/** Two clouds of points, one of them rare. */
function rows(count = 4000, columns = 6) {
  const data = new Float32Array(count * columns);
  const y = [];
  for (let i = 0, state = 1; i < count; i++) {
    y.push(i % 25 === 0 ? "rare" : "common");
    for (let j = 0; j < columns; j++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      data[i * columns + j] = state / 2 ** 32 + (y[i] === "rare" && j < 2 ? 0.7 : 0);
    }
  }
  return { X: { data, rows: count, columns }, y };
}

const { FocalClassifier, createEngine, focalLoss } = await import(at("index.js"));
const options = { classWeight: "balanced", positiveClass: "rare" };

test("fit, progress, predict", async () => {
  const { X, y } = rows();
  const classifier = new FocalClassifier(options);
  const fractions = [];
  const report = await classifier.fit(X, y, { onProgress: ({ fraction }) => fractions.push(fraction) });
  equal(report.status, "converged");
  equal(report.simd, true, "simd");
  equal(fractions.at(-1), 1, "the last progress");
  const { averagePrecision } = await classifier.evaluate(X, y);
  if (!(averagePrecision > 0.5)) throw new Error(`average precision ${averagePrecision}`);
  equal((await classifier.predict([[1.6, 1.6, 0.5, 0.5, 0.5, 0.5], [0.2, 0.2, 0.5, 0.5, 0.5, 0.5]])).join(), "rare,common");
});

test("every kind of engine comes to the same model", async () => {
  const { X, y } = rows(1000);
  const all = [];
  for (const given of [{ simd: true }, { simd: false }, { worker: false }, { wasmModule: await WebAssembly.compileStreaming(fetch(at("focalfit.simd.wasm"))) }, { wasmURL: "/wrong-type/focalfit.wasm" }, { worker: () => new Worker(at("worker.js"), { type: "module" }) }]) {
    const engine = createEngine(given);
    const classifier = new FocalClassifier({ ...options, engine });
    await classifier.fit(X, y);
    all.push([...(await classifier.decisionFunction(X)).data]);
    await engine.dispose();
  }
  const far = Math.max(...all.flatMap((logits) => logits.map((z, i) => Math.abs(z - all[0][i]))));
  if (!(far < 1e-3)) throw new Error(`logits are ${far} apart`);
});

test("abort", async () => {
  const { X, y } = rows(100_000, 20);
  const stop = new AbortController();
  const classifier = new FocalClassifier({ ...options, tolerance: 1e-12, maxIterations: 100_000 });
  const error = await rejects(classifier.fit(X, y, { signal: stop.signal, onProgress: ({ iteration }) => iteration === 2 && stop.abort() }), "ABORTED");
  equal(error.name, "AbortError");
  equal((await focalLoss([0], [1], { task: "binary" })).value, 0.25 * Math.log(2));
});

test("save and load", async () => {
  const { X, y } = rows(500);
  const classifier = new FocalClassifier(options);
  await classifier.fit(X, y);
  localStorage.model = JSON.stringify(classifier);
  const same = FocalClassifier.fromJSON(JSON.parse(localStorage.model));
  equal([...(await same.predictProba(X)).data], [...(await classifier.predictProba(X)).data], "what it predicts");
  const { createPredictor } = await import(at("predict.js"));
  equal([...createPredictor(JSON.parse(localStorage.model)).predict(X)], [...(await classifier.predict(X))]);
});

test("CSV", async () => {
  const { readTable } = await import(at("table.js"));
  const text = `amount,country,fraud\n${Array.from({ length: 300 }, (_, i) => `${(i * 37) % 200},${["FR", "DE", "US"][i % 3]},${(i * 37) % 200 > 180 ? "yes" : "no"}`).join("\n")}\n`;
  const { X, y } = await readTable(new Blob([text]), { label: "fraud" });
  const classifier = new FocalClassifier({ positiveClass: "yes", classWeight: "balanced" });
  await classifier.fit(X, y);
  const { rocAuc } = await classifier.evaluate(X, y);
  if (!(rocAuc > 0.99)) throw new Error(`ROC AUC ${rocAuc}`);
});

test("one file", async () => {
  const inline = await import(at("inline.js"));
  const { X, y } = rows(500);
  for (const worker of [undefined, false]) {
    const engine = inline.createEngine({ worker });
    const classifier = new inline.FocalClassifier({ ...options, engine });
    equal((await classifier.fit(X, y)).simd, true);
    await engine.dispose();
  }
  const got = performance.getEntriesByType("resource").map(({ name }) => name);
  const before = got.indexOf(at("inline.js"));
  equal(got.slice(before + 1).filter((name) => /\.(wasm|js)$/.test(name)), [], "what was fetched after it");
});

test("a start that fails says where it looked, and can be tried again", async () => {
  const engine = createEngine({ wasmURL: "/late/focalfit.wasm" });
  await rejects(engine.start(), "ENGINE_FAILED", /\/late\/focalfit\.wasm.*404/);
  await fetch("/late", { method: "POST" });
  await engine.start();
  await engine.dispose();
  const nowhere = createEngine({ worker: () => new Worker("/nowhere.js", { type: "module" }) });
  await rejects(nowhere.start(), "ENGINE_FAILED", /worker did not start/);
});

test("a worker that dies rejects what was pending, and the next call starts anew", async () => {
  let made;
  const engine = createEngine({ worker: () => (made = new Worker(at("worker.js"), { type: "module" })) });
  const { X, y } = rows(100_000, 20);
  const classifier = new FocalClassifier({ ...options, engine, tolerance: 1e-12, maxIterations: 100_000 });
  let first = true;
  await rejects(classifier.fit(X, y, { onProgress: () => first && ((first = false), made.dispatchEvent(new ErrorEvent("error", { message: "killed" }))) }), "ENGINE_LOST", /killed/);
  equal((await focalLoss([0], [1], { task: "binary", engine })).value, 0.25 * Math.log(2));
  await engine.dispose();
});

await tell(cases);

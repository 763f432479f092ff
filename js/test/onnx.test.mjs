// Models as ONNX graphs, run by onnxruntime.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createEngine, FocalClassifier } from "focalfit";
import { toONNX } from "focalfit/onnx";
import { readTable } from "focalfit/table";
import { blobs, modelDocument, seeded } from "./data.mjs";

const { InferenceSession, Tensor, env } = await import(pathToFileURL(process.env.FOCALFIT_ONNXRUNTIME));
env.wasm.numThreads = 1;
const engine = createEngine();
after(() => engine.dispose());

/** What onnxruntime says of rows; labels as a classifier gives them. */
async function run(model, X, type) {
  const session = await InferenceSession.create(toONNX(model, type && { type }));
  const data = (type === "float64" ? Float64Array : Float32Array).from(X.flat());
  const { label, probabilities, logits } = await session.run({ X: new Tensor(type ?? "float32", data, [X.length, X[0].length]) });
  await session.release();
  const labels = Array.from(label.data, (value) => (label.type === "bool" ? Boolean(value) : label.type === "int64" ? Number(value) : value));
  return { label, probabilities, logits, labels };
}

const far = (a, b) => a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);

/** Whether the decision for each label does not hang by rounding. */
async function isClear(classifier, X) {
  const { data, columns } = await classifier.predictProba(X);
  const { classes, weight, multiLabel, threshold, positiveClass } = classifier.toJSON();
  if (multiLabel) return (at) => Math.abs(data[at] - threshold[at % columns]) > 1e-9;
  if (positiveClass !== null) return (row) => Math.abs(data[row * 2 + classes.indexOf(positiveClass)] - threshold) > 1e-9;
  return (row) => {
    const [first, second] = weight.map((own, c) => own * data[row * columns + c]).sort((a, b) => b - a);
    return first - second > 1e-9;
  };
}

/** Asserts that the graph says of `X` what the classifier says, and gives the largest difference of a probability. */
async function same(classifier, X, type) {
  const out = await run(classifier, X, type);
  const [proba, decision, labels, clear] = [await classifier.predictProba(X), await classifier.decisionFunction(X), (await classifier.predict(X)).flat(), await isClear(classifier, X)];
  assert.deepEqual(out.probabilities.dims, [proba.rows, proba.columns]);
  assert.deepEqual(out.logits.dims, [decision.rows, decision.columns]);
  const difference = far(proba.data, out.probabilities.data);
  // 1e-5 is what is promised; this is what rounding to the type of the output leaves.
  assert.ok(difference <= (type === "float64" ? 1e-9 : 1e-7), `probabilities differ by ${difference}`);
  decision.data.forEach((logit, at) => assert.ok(Math.abs(logit - out.logits.data[at]) <= 1e-6 * Math.max(1, Math.abs(logit)), `logit ${out.logits.data[at]}, not ${logit}`));
  const compared = labels.map((_, at) => at).filter(clear);
  assert.ok(compared.length >= 0.9 * labels.length, `${labels.length - compared.length} of ${labels.length} labels hang by rounding`);
  assert.deepEqual(compared.map((at) => out.labels[at]), compared.map((at) => labels[at]));
  return { difference, ...out };
}

const two = [0.8, 0.2];
const three = [0.5, 0.3, 0.2];
const calibrate = (method) => (classifier, X, y) => classifier.calibrate(X, y, { method });
const tune = (classifier, X, y) => classifier.tuneThreshold(X, y);
const gaps = (X) => X.map((row, at) => (at % 5 ? row : [row[0], [NaN, Infinity, -Infinity][at % 3], ...row.slice(2)]));
const years = (X) => X.map((row, at) => [2024 + (at % 8), 2000 + row[0], ...row.slice(1)].map(Math.fround));
const seconds = (X) => X.map((row, at) => [1.7e9 + at * 86400.25 + row[0], ...row.slice(1)]);
const fourier = { kind: "fourier", components: 30 };

for (const [name, { options = {}, shares = two, label = (y) => y, cells = (X) => X, then, type }] of Object.entries({
  "two classes": {},
  "two classes, in double precision": { type: "float64" },
  "no focusing": { options: { gamma: 0 } },
  "γ per class and balanced weights": { options: { classWeight: "balanced", gamma: [1, 3] } },
  "α": { options: { alpha: 0.9 } },
  "the first class positive": { options: { classWeight: { 0: 3, 1: 1 }, positiveClass: 0 } },
  "three classes": { shares: three },
  "three classes, γ and a weight for each": { shares: three, options: { gamma: [0, 2, 5], alpha: [1, 2, 6] } },
  "three classes without focusing, balanced": { shares: three, options: { gamma: 0, classWeight: "balanced" } },
  "seven classes": { shares: Array(7).fill(1 / 7), options: { classWeight: { effectiveNumber: 0.99 } } },
  "asymmetric": { options: { loss: "asymmetric", gammaPositive: 1, gammaNegative: 3 } },
  "asymmetric with a clip": { options: { loss: "asymmetric", clip: 0.05, classWeight: "balanced" } },
  "asymmetric, several labels": { options: { loss: "asymmetric", clip: 0.1, multiLabel: true }, label: (y) => y.map((own, at) => [own, at % 2]) },
  "Poly-1, smoothed": { options: { loss: "poly1", epsilon: 2, labelSmoothing: 0.1 } },
  "Poly-1, negative": { options: { loss: "poly1", epsilon: -0.9 }, shares: three },
  "three classes, Poly-1, smoothed, weighed": { shares: three, options: { loss: "poly1", labelSmoothing: 0.1, classWeight: "balanced" } },
  "Fourier features": { options: { features: fourier } },
  "three classes of Fourier features": { options: { features: fourier }, shares: three },
  "quadratic features": { options: { features: { kind: "polynomial" } } },
  "three classes of quadratic features": { options: { features: { kind: "polynomial" } }, shares: three },
  "gaps": { options: { impute: "mean" }, cells: gaps },
  "gaps before features": { options: { impute: "median", features: fourier }, cells: gaps },
  "several labels": { options: { multiLabel: true, classWeight: "balanced" }, label: (y) => y.map((own, at) => [own, at % 2, Number(at % 3 === 0)]) },
  "several labels, tuned": { options: { multiLabel: true }, label: (y) => y.map((own, at) => [own, at % 2]), then: tune },
  "one label": { options: { multiLabel: true }, label: (y) => y.map((own) => [own]) },
  "temperature": { then: calibrate("temperature") },
  "Platt": { then: calibrate("platt") },
  "isotonic": { then: calibrate("isotonic") },
  "isotonic, the first class positive": { options: { positiveClass: 0 }, then: calibrate("isotonic") },
  "three classes, temperature": { shares: three, then: calibrate("temperature"), options: { classWeight: "balanced" } },
  "three classes, Platt": { shares: three, then: calibrate("platt") },
  "three classes, isotonic": { shares: three, then: calibrate("isotonic") },
  "a tuned threshold": { then: tune },
  "a tuned threshold after Platt": { then: async (...of) => (await calibrate("platt")(...of), tune(...of)) },
  "strings": { label: (y) => y.map((own) => ["", "naïve ☃", "z"][own]), shares: three },
  "booleans": { label: (y) => y.map(Boolean) },
  "whole numbers": { label: (y) => y.map((own) => [-3, 2 ** 40][own]) },
  "other numbers": { label: (y) => y.map((own) => [0.1, 2 ** 60, 1e300][own]), shares: three },
  "years": { cells: years },
  "three classes by years": { cells: years, shares: three },
  "times in seconds": { cells: seconds, type: "float64" },
})) {
  test(`a graph says what the classifier says: ${name}`, async (t) => {
    const { X, y } = blobs({ rows: 400, shares });
    const rows = cells(X.map((row) => (type ? row : row.map(Math.fround))));
    const classifier = new FocalClassifier({ engine, ...options });
    await classifier.fit(rows, label(y));
    await then?.(classifier, rows, label(y));
    const { difference, label: labels } = await same(classifier, rows, type);
    t.diagnostic(`largest difference ${difference.toExponential(1)}`);
    await same(classifier, rows.slice(7, 8), type);
    const [first] = classifier.classes;
    assert.equal(labels.type, options.multiLabel ? "int64" : typeof first === "string" ? "string" : typeof first === "boolean" ? "bool" : name === "other numbers" ? "float64" : "int64");
  });
}

// Documents whose numbers are drawn, not fitted: any loss, features and calibration, on rows near and far.
test("a graph says what the classifier says, whatever the document", async (t) => {
  const random = seeded(11);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const draw = (count, from, to) => Array.from({ length: count }, () => from + (to - from) * random());
  const knots = (count, outputs) => Array.from({ length: outputs }, () => draw(count, 0, 1).sort((a, b) => a - b));
  let most = 0;
  for (let at = 0; at < 120; at++) {
    const count = pick([2, 2, 3, 5]);
    const multiLabel = random() < 0.25;
    const outputs = count === 2 && !multiLabel ? 1 : count;
    const classes = draw(count, 0, 1).sort((a, b) => a - b);
    const clip = outputs === 1 || multiLabel ? pick([0, 0, 0.1]) : 0;
    const knotCount = pick([1, 2, 20]);
    const calibration = pick([undefined, { method: "temperature", temperature: 0.2 + 3 * random() }, { method: "platt", slope: draw(outputs, 0.1, 2), intercept: draw(outputs, -1, 1) }, { method: "isotonic", x: knots(knotCount, outputs), y: knots(knotCount, outputs) }]);
    const columns = pick([1, 3]);
    const components = pick([1, 3]);
    const features = pick([undefined, undefined, { kind: "fourier", frequencies: draw(columns * components, -2, 2), phases: draw(components, 0, 6) }, { kind: "polynomial" }]);
    const size = { fourier: components, polynomial: columns + (columns * (columns + 1)) / 2 }[features?.kind] ?? columns;
    const document = {
      ...modelDocument({ classes, coefficients: Array.from({ length: outputs }, () => draw(size, -1, 1)), intercepts: draw(outputs, -1, 1), positiveClass: pick(classes) }),
      version: 2, columns, gamma: draw(count * (multiLabel ? 2 : 1), 0, 6), weight: draw(count * (multiLabel ? 2 : 1), 0.1, 5),
      loss: { clip, epsilon: pick([0, -0.5, 3]), smoothing: pick([0, 0, 0.2]) },
      threshold: outputs === 1 ? random() : multiLabel ? draw(count, 0, 1) : null,
      ...(calibration && { calibration }), ...(multiLabel && { multiLabel, positiveClass: null }),
      ...(features && { features: { ...features, mean: draw(columns, -1, 1), scale: draw(columns, 0.3, 3) } }),
    };
    const X = Array.from({ length: 60 }, (_, row) => draw(columns, -1, 1).map((cell) => cell * [1, 4, 20][row % 3]));
    const { difference } = await same(FocalClassifier.fromJSON(document), X, "float64");
    most = Math.max(most, difference);
  }
  t.diagnostic(`largest difference ${most.toExponential(1)}`);
});

test("decisions do not hang by the rounding of probabilities", async () => {
  // At the weights' own threshold a logit of 0 is positive, whatever the weights.
  for (const weight of [[1, 1], [0.3, 0.7]]) {
    const { labels } = await run(modelDocument({ weight, threshold: weight[0] / (weight[0] + weight[1]) }), [[0], [1e-6], [-1e-6]]);
    assert.deepEqual(labels, ["yes", "yes", "no"]);
  }
  const random = seeded(3);
  const classes = Array.from({ length: 50 }, (_, c) => c);
  const weight = classes.flatMap(() => [random(), random()]);
  const threshold = classes.map((c) => weight[2 * c] / (weight[2 * c] + weight[2 * c + 1]));
  threshold[7] = 1;
  const labels = { ...modelDocument({ classes, coefficients: classes.map(() => [1]), gamma: weight.map(() => 2), weight }), multiLabel: true, threshold };
  assert.deepEqual((await run(labels, [[0]])).labels, classes.map((c) => Number(c !== 7)));
  // With such weights the posterior of a class rounds to 0 though its weighted posterior is the largest.
  const rounded = modelDocument({ classes: [0, 1, 2], coefficients: [[0], [1], [0]], intercepts: [0, 0, -100], weight: [1e-200, 1e200, 1] });
  assert.deepEqual((await run(rounded, [[1], [-1]])).labels, [1, 0]);
  assert.deepEqual(FocalClassifier.fromJSON(rounded).predictor().predict([[1], [-1]]), [1, 0]);
});

test("no logit is too large", async () => {
  const extremes = [0, 1e-30, 30, 36.5, 40, 700, 746, 1e5, 1e30].flatMap((z) => [[z], [-z]]);
  const platt = (slope) => ({ method: "platt", slope, intercept: slope.map((own) => own / 2) });
  for (const document of [
    modelDocument({}), modelDocument({ gamma: [0, 0] }), { ...modelDocument({}), loss: { clip: 0.05 } }, { ...modelDocument({}), loss: { clip: 0.05, smoothing: 0.1 }, calibration: platt([0.3]) },
    { ...modelDocument({}), loss: { epsilon: 2 }, calibration: { method: "isotonic", x: [[0, 0.5]], y: [[0.1, 1]] } }, { ...modelDocument({}), calibration: { method: "temperature", temperature: 3 } },
    ...[{}, { loss: { epsilon: -0.9, smoothing: 0.1 } }, { calibration: { method: "temperature", temperature: 0.1 } }, { calibration: platt([1, 0.5, 3]) }, { calibration: { method: "isotonic", x: [[0.5], [0.5], [0.5]], y: [[0], [0], [0]] } }].map((more) => ({
      ...modelDocument({ classes: ["a", "b", "c"], coefficients: [[1], [0], [-0.5]], gamma: [0, 2, 5], weight: [1, 2, 3] }), ...more,
    })),
    { ...modelDocument({ classes: [0, 1, 2], coefficients: [[1], [-1], [2]], gamma: [0, 0, 1, 2, 5, 5], weight: [1, 2, 3, 4, 5, 6] }), multiLabel: true, threshold: [0, 0.5, 1] },
  ]) {
    for (const type of ["float32", "float64"]) {
      const { probabilities, logits } = await run(document, extremes, type);
      const expected = FocalClassifier.fromJSON(document).predictor().predictProba(extremes.map(([z]) => [type === "float32" ? Math.fround(z) : z])).data;
      assert.ok(logits.data.every(Number.isFinite));
      probabilities.data.forEach((p, at) => {
        assert.ok(p >= 0 && p <= 1, `${p} for ${extremes[Math.floor(at / probabilities.dims[1])]} of ${JSON.stringify(document)}`);
        assert.ok(Math.abs(p - expected[at]) <= 1e-6, `${p}, not ${expected[at]}`);
      });
    }
  }
});

test("a missing cell of a model that fills none makes its row NaN, and no other", async () => {
  const { probabilities } = await run(modelDocument({}), [[1], [NaN], [2]]);
  assert.deepEqual(Array.from(probabilities.data, Number.isNaN), [false, false, true, true, false, false]);
});

test("a graph says what it is", async () => {
  const document = modelDocument({ weight: [1, 3], threshold: 0.25, coefficients: [[1, 2]] });
  const bytes = toONNX(document);
  const session = await InferenceSession.create(bytes);
  assert.deepEqual([session.inputNames, session.outputNames], [["X"], ["label", "probabilities", "logits"]]);
  assert.deepEqual(session.inputMetadata[0], { name: "X", isTensor: true, type: "float32", shape: ["rows", 2] });
  assert.deepEqual(session.outputMetadata.map(({ type, shape }) => [type, shape]), [["string", ["rows"]], ["float32", ["rows", 2]], ["float32", ["rows", 1]]]);
  assert.deepEqual((await InferenceSession.create(toONNX(document, { type: "float64" }))).outputMetadata.map(({ type }) => type), ["string", "float64", "float64"]);
  const text = new TextDecoder().decode(bytes);
  for (const [key, value] of Object.entries({ format: '"focalfit"', version: "1", classes: '["no","yes"]', positiveClass: '"yes"', multiLabel: "false", threshold: "0.25" })) {
    // A StringStringEntryProto: the key and the value, each with its length before.
    assert.ok(text.includes(`\n${String.fromCharCode(key.length)}${key}\x12${String.fromCharCode(value.length)}${value}`), key);
  }
  assert.deepEqual(toONNX(FocalClassifier.fromJSON(document)), toONNX({ ...document, version: 2, means: [0, 0] }));
});

test("of a model fitted to a table the graph names its columns and takes them as numbers", async () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ age: i % 7 ? i % 40 : null, place: ["north", "south"][i % 2], failed: i % 40 > 34 }));
  const { X, y, columns } = await readTable(rows, { label: "failed" });
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(X, y);
  assert.ok(new TextDecoder().decode(toONNX(classifier)).includes(JSON.stringify(columns)));
  const cells = Array.from({ length: 200 }, (_, row) => [...X.data.subarray(row * X.columns, (row + 1) * X.columns)]);
  const { probabilities } = await run(classifier, cells);
  classifier.predictor().predictProba(rows).data.forEach((p, at) => assert.ok(Math.abs(p - probabilities.data[at]) < 1e-6));
});

test("what is no model, and what no option", () => {
  const document = modelDocument({});
  const broken = (wrong, message) => assert.throws(() => toONNX(wrong), { name: "FocalfitError", code: "BAD_MODEL", message });
  for (const wrong of [undefined, null, 5, "{}", [], {}, { ...document, version: 3 }, { ...document, gamma: [2] }, { ...document, coefficients: [[NaN]] }, { ...document, extra: 1 }]) broken(wrong, /^This model cannot be read: /);
  broken(modelDocument({ classes: ["a", "half \ud83d"] }), /half of a surrogate pair/);
  assert.throws(() => toONNX(new FocalClassifier()), { code: "NOT_FITTED" });
  assert.throws(() => toONNX(document, { typ: "float64" }), { code: "BAD_OPTION", option: "typ", message: /did you mean "type"/ });
  assert.throws(() => toONNX(document, { type: "double" }), { code: "BAD_OPTION", option: "type", message: /one of "float32", "float64"/ });
  assert.throws(() => toONNX(document, null), { code: "BAD_OPTION" });
});

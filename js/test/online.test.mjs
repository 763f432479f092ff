import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createEngine, FocalClassifier } from "focalfit";
import { readTable } from "focalfit/table";
import { blobs } from "./data.mjs";

const engine = createEngine();
after(() => engine.dispose());

test("a stream is learnt row by row, from the first on, and comes near the batch", async () => {
  const { X, y } = blobs({ rows: 3000 });
  const classifier = new FocalClassifier({ engine, classWeight: "balanced" });
  await classifier.partialFit([X[0]], [y[0]], { classes: [0, 1] });
  assert.equal((await classifier.predict(X)).length, 3000);
  for (let row = 1; row < 50; row++) await classifier.partialFit([X[row]], [y[row]]);
  await classifier.partialFit(X.slice(50), y.slice(50), { sampleWeight: y.slice(50).map(() => 1) });
  const batch = new FocalClassifier({ engine, classWeight: "balanced" });
  await batch.fit(X, y);
  const [online, whole] = [await classifier.evaluate(X, y), await batch.evaluate(X, y)];
  assert.ok(online.averagePrecision > whole.averagePrecision - 0.03, `${online.averagePrecision}, batch ${whole.averagePrecision}`);
  assert.ok(online.logLoss < whole.logLoss + 0.03, `${online.logLoss}, batch ${whole.logLoss}`);
});

test("saved and loaded in the middle, a stream goes on to the bit; calls keep their order", async () => {
  const { X, y } = blobs({ rows: 300, shares: [0.6, 0.3, 0.1] });
  const options = { engine, classWeight: { effectiveNumber: 0.99 }, l1: 1e-4 };
  const [whole, first] = [new FocalClassifier(options), new FocalClassifier(options)];
  const classes = [0, 1, 2];
  await Promise.all(X.map((row, at) => whole.partialFit([row], [y[at]], { classes })));
  await first.partialFit(X.slice(0, 120), y.slice(0, 120), { classes });
  const second = FocalClassifier.fromJSON(JSON.parse(JSON.stringify(first)), { engine });
  await second.partialFit(X.slice(120), y.slice(120));
  assert.equal(JSON.stringify(second), JSON.stringify(whole));
  second.dispose();
  await assert.rejects(second.partialFit(X, y), { code: "NOT_FITTED" });
});

test("weights by the effective number are made of the counts that have faded", async () => {
  const { X, y } = blobs({ rows: 200, shares: [0.8, 0.15, 0.05] });
  const weightsOf = async (classWeight) => {
    const classifier = new FocalClassifier({ engine, ...(classWeight && { classWeight }) });
    await classifier.partialFit(X, y, { classes: [0, 1, 2] });
    return classifier.toJSON().weight;
  };
  const counts = [0, 0, 0];
  for (const label of y) {
    counts.forEach((count, c) => (counts[c] = 0.999 * count));
    counts[label]++;
  }
  for (const beta of [0, 0.9, 0.99]) {
    // One row more of each class, as with "balanced".
    const inverse = counts.map((count) => (1 - beta) / (1 - beta ** (count + 1)));
    const sum = inverse.reduce((a, b) => a + b);
    (await weightsOf({ effectiveNumber: beta })).forEach((weight, c) => assert.ok(Math.abs(weight - (3 * inverse[c]) / sum) < 1e-9, `β ${beta}, class ${c}: ${weight}`));
  }
  const total = counts.reduce((a, b) => a + b) + 3;
  (await weightsOf("balanced")).forEach((weight, c) => assert.ok(Math.abs(weight - total / (3 * (counts[c] + 1))) < 1e-9, `class ${c}: ${weight}`));
});

test("with the first class positive a stream turns round", async () => {
  const { X, y } = blobs({ rows: 300, shares: [0.7, 0.3] });
  for (const options of [{ classWeight: "balanced" }, { alpha: [0.7, 0.2], gamma: [1, 3] }, { alpha: 0.8 }]) {
    const [last, first] = [new FocalClassifier({ engine, ...options, ...(typeof options.alpha === "number" && { alpha: 1 - options.alpha }) }), new FocalClassifier({ engine, ...options, positiveClass: 0 })];
    for (const classifier of [last, first]) {
      await classifier.partialFit(X.slice(0, 100), y.slice(0, 100));
      await classifier.partialFit(X.slice(100), y.slice(100), { sampleWeight: y.slice(100).map((_, row) => row % 3) });
    }
    const [a, b] = [await last.predictProba(X), await first.predictProba(X)];
    a.data.forEach((value, at) => assert.ok(Math.abs(value - b.data[at]) < 1e-9, `${JSON.stringify(options)}: ${value}, ${b.data[at]}`));
    last.toJSON().weight.forEach((weight, c) => assert.ok(Math.abs(weight - first.toJSON().weight[c]) < 1e-12));
    assert.ok(Math.abs(last.threshold + first.threshold - 1) < 1e-12);
    last.coefficients.data.forEach((value, at) => assert.ok(Math.abs(value + first.coefficients.data[at]) < 1e-9));
  }
});

test("sample weights count in a stream", async () => {
  const { X, y } = blobs({ rows: 200, shares: [0.6, 0.4] });
  const learnt = async (sampleWeight) => {
    const classifier = new FocalClassifier({ engine });
    await classifier.partialFit(X, y, { sampleWeight });
    return [...classifier.coefficients.data, ...classifier.intercepts];
  };
  const even = await learnt(undefined);
  assert.deepEqual(await learnt(y.map(() => 1)), even);
  assert.notDeepEqual(await learnt(y.map((label) => 1 + label)), even);
});

test("what was chosen stays while a stream goes on, and is forgotten by a fit", async () => {
  const { X, y } = blobs({ rows: 200, shares: [0.6, 0.4] });
  const classifier = new FocalClassifier({ engine });
  await classifier.partialFit(X, y);
  classifier.threshold = 0.3;
  const calibration = await classifier.calibrate(X, y, { method: "platt" });
  await classifier.partialFit(X, y);
  assert.equal(classifier.threshold, 0.3);
  assert.deepEqual(classifier.toJSON().calibration, calibration);
  await classifier.fit(X, y);
  assert.equal(classifier.threshold, 0.5);
  assert.equal("calibration" in classifier.toJSON(), false);
});

test("what is chosen while rows are learnt stays, and who is disposed of stays so", async () => {
  const { X, y } = blobs({ rows: 200, shares: [0.6, 0.4] });
  const classifier = new FocalClassifier({ engine });
  await classifier.partialFit(X, y);
  const learning = classifier.partialFit(X, y);
  await Promise.resolve();
  classifier.threshold = 0.3;
  await learning;
  assert.equal(classifier.threshold, 0.3);
  const more = classifier.partialFit(X, y);
  await Promise.resolve();
  await classifier.dispose();
  await assert.rejects(more, { code: "NOT_FITTED" });
  await assert.rejects(classifier.predict(X), { code: "NOT_FITTED" });
});

test("a gap that nothing fills is no prediction", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ age: i % 7, place: i % 3 ? "north" : "south", ill: i % 4 > 2 }));
  const classifier = new FocalClassifier({ engine });
  const { X, y } = await readTable(rows, { label: "ill" });
  await classifier.partialFit(X, y);
  const gap = [{ age: null, place: "north" }];
  await assert.rejects(classifier.predict(gap), { code: "NOT_FINITE", row: 0, message: /a value is missing/ });
  await assert.rejects(classifier.explain(gap), { code: "NOT_FINITE", row: 0, column: 0, message: /a value is missing/ });
});

test("sparse rows are learnt too", async () => {
  const X = { rows: 4, columns: 6, indptr: [0, 1, 2, 3, 4], indices: [0, 5, 0, 5], values: [1, 1, 2, 2] };
  const classifier = new FocalClassifier({ engine });
  for (let round = 0; round < 20; round++) await classifier.partialFit(X, ["a", "b", "a", "b"]);
  assert.deepEqual(await classifier.predict(X), ["a", "b", "a", "b"]);
});

test("what a stream refuses", async () => {
  const refused = async (options, X, y, more, code, pattern) =>
    assert.rejects(new FocalClassifier({ engine, ...options }).partialFit(X, y, more), (error) => (assert.equal(error.code, code, error.message), assert.match(error.message, pattern), true));
  await refused({}, [[1]], [0], {}, "ONE_CLASS", /two classes/);
  await refused({}, [[1]], [2], { classes: [0, 1] }, "UNKNOWN_LABEL", /0 and 1/);
  await refused({}, [[1]], [0], { classes: [0] }, "BAD_OPTION", /two or more/);
  await refused({}, [[1]], [0], { classes: [0, 0] }, "BAD_OPTION", /twice/);
  await refused({}, [[1]], [0], { klasses: [0, 1] }, "BAD_OPTION", /"classes"/);
  await refused({}, [[NaN]], [0], { classes: [0, 1] }, "NOT_FINITE", /Row 0/);
  await refused({ solver: "lbfgs" }, [[1]], [0], { classes: [0, 1] }, "BAD_OPTION", /ftrl/);
  await refused({ multiLabel: true }, [[1]], [0], { classes: [0, 1] }, "BAD_OPTION", /one label/);
  await refused({ features: { kind: "polynomial" } }, [[1]], [0], { classes: [0, 1] }, "BAD_OPTION", /features/);
  await refused({ impute: "mean" }, [[1]], [0], { classes: [0, 1] }, "BAD_OPTION", /fill/);
  for (const value of [-1, NaN, Infinity, "1"]) await refused({}, [[1], [2]], [0, 1], { sampleWeight: [1, value] }, "BAD_INPUT", /sampleWeight of row 1/);
  await refused({}, [[1], [2]], [0, 1], { sampleWeight: [1] }, "SHAPE_MISMATCH", /sampleWeight/);
  await refused({ loss: "asymmetric" }, [[1], [2], [3]], [0, 1, 2], {}, "BAD_OPTION", /two classes/);
  await refused({}, [[1e200], [2]], [0, 1], {}, "NOT_FINITE", /Row 0, column 0/);
  const sparse = { rows: 2, columns: 3, indptr: [0, 1, 3], indices: [2, 0, 1], values: [1, 2, 3] };
  await refused({}, { ...sparse, indptr: [0, 4, 3] }, [0, 1], {}, "SHAPE_MISMATCH", /Row 0.*indptr/);
  await refused({}, { ...sparse, indices: [2, 1, 1] }, [0, 1], {}, "BAD_INPUT", /Row 1, column 1.*twice/);
  await refused({}, { ...sparse, indices: [2, 3, 1] }, [0, 1], {}, "SHAPE_MISMATCH", /Row 1/);
  await refused({}, { ...sparse, values: [1, 2, NaN] }, [0, 1], {}, "NOT_FINITE", /Row 1, column 1/);
  const classifier = new FocalClassifier({ engine });
  await classifier.partialFit([[1], [2]], [0, 1]);
  await assert.rejects(classifier.partialFit([[1, 2]], [0]), { code: "SHAPE_MISMATCH" });
  await assert.rejects(classifier.partialFit([[1]], [0], { classes: [0, 1, 2] }), { code: "BAD_OPTION" });
  await classifier.partialFit([[3]], [1]);
});

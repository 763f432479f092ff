import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { createEngine, FocalClassifier } from "focalfit";
import { createPredictor } from "focalfit/predict";
import { blobs, bundled, dense } from "./data.mjs";

const engine = createEngine();
after(() => engine.dispose());

test("focalfit/predict says what the classifier says, whatever the model", async () => {
  const three = [0.5, 0.3, 0.2];
  for (const [options, shares, after] of [
    [{}], [{ classWeight: "balanced", gamma: [1, 3] }], [{ classWeight: "balanced" }, three], [{ loss: "asymmetric", clip: 0.05 }], [{ loss: "poly1", labelSmoothing: 0.1 }, three],
    [{ features: { kind: "fourier", components: 30 } }], [{ features: { kind: "polynomial" } }, three], [{ impute: "mean" }], [{ multiLabel: true }],
    [{}, undefined, (classifier, X, y) => classifier.calibrate(X, y, { method: "platt" })], [{}, three, (classifier, X, y) => classifier.calibrate(X, y, { method: "isotonic" })],
    [{}, undefined, (classifier, X, y) => classifier.tuneThreshold(X, y)],
  ]) {
    const { X, y } = blobs({ rows: 300, shares });
    const rows = options.impute ? X.map((row, at) => (at % 5 ? row : [row[0], NaN, ...row.slice(2)])) : X;
    const classifier = new FocalClassifier({ engine, ...options });
    await classifier.fit(rows, options.multiLabel ? y.map((label, at) => [label, at % 2]) : y);
    await after?.(classifier, rows, y);
    const predictor = createPredictor(JSON.parse(JSON.stringify(classifier)));
    for (const raw of [false, true]) {
      const [a, b] = [predictor.predictProba(rows, { raw }), await classifier.predictProba(rows, { raw })];
      assert.deepEqual([a.rows, a.columns], [b.rows, b.columns]);
      a.data.forEach((value, at) => assert.ok(Math.abs(value - b.data[at]) < 1e-12, JSON.stringify(options)));
    }
    assert.deepEqual(predictor.predict(rows), await classifier.predict(rows));
    assert.deepEqual(predictor.decisionFunction(dense(X)).data.length, (await classifier.decisionFunction(X)).data.length);
    assert.deepEqual(predictor.classes, classifier.classes);
  }
});

test("focalfit/predict says what the engine computes from the rows it holds, to 1e-6", async () => {
  for (const [options, shares] of [[{}], [{ classWeight: "balanced", gamma: [1, 3] }], [{ gamma: 5, classWeight: "balanced" }, [0.5, 0.3, 0.2]], [{ loss: "asymmetric" }], [{ features: { kind: "polynomial" } }], [{ features: { kind: "fourier", components: 30 }, l2: 1e-2 }], [{ impute: "median" }]]) {
    const { X, y } = blobs({ rows: 300, shares });
    const rows = options.impute ? X.map((row, at) => (at % 5 ? row : [row[0], null, ...row.slice(2)])) : X;
    const held = await engine.dataset(rows, y, { ...(options.impute && { impute: options.impute }) });
    const classifier = new FocalClassifier({ engine, ...options });
    await classifier.fit(held);
    const { data } = await classifier.predictProba(held);
    const own = createPredictor(JSON.parse(JSON.stringify(classifier))).predictProba(rows).data;
    assert.equal(own.length, data.length);
    own.forEach((value, at) => assert.ok(Math.abs(value - data[at]) <= 1e-6, `${JSON.stringify(options)}: ${value}, the engine ${data[at]}`));
  }
});

test("focalfit/predict reads the documents of every version", () => {
  for (const version of ["1", "2", "2-table"]) {
    const { X, rows = X, probabilities, document } = JSON.parse(readFileSync(new URL(`testdata/model-v${version}.json`, import.meta.url), "utf8"));
    createPredictor(document).predictProba(rows).data.forEach((value, at) => assert.ok(Math.abs(value - probabilities[at]) < 1e-12, version));
  }
});

test("focalfit/predict refuses what it cannot mean", async () => {
  const classifier = new FocalClassifier({ engine });
  const { X, y } = blobs({ rows: 60, shares: [0.5, 0.5] });
  await classifier.fit(X, y);
  const document = JSON.parse(JSON.stringify(classifier));
  for (const wrong of [null, {}, "text", { ...document, version: 3 }]) assert.throws(() => createPredictor(wrong), /No focalfit model/);
  const predictor = createPredictor(document);
  assert.throws(() => predictor.predict([[1, 2]]), /Row 0: 2 columns, not 4/);
  for (const size of [7, 9]) assert.throws(() => predictor.predict({ data: new Float64Array(size), rows: 2, columns: 4 }), /Row 0: [34]\.5 columns, not 4/);
  for (const method of ["predict", "predictProba", "decisionFunction"]) assert.throws(() => predictor[method]([[0, 0, 0, 0], Array(4).fill(1e308)]), /Row 1: logit, not a number/);
  assert.throws(() => predictor.predict([[1, 2, 3, 4], [1, NaN, 3, 4]]), /Row 1: column 1 is NaN/);
  assert.throws(() => predictor.predictProba([[1, 2, 3, "4"]]), /column 3 is 4/);
});

test("focalfit/predict needs nothing else", async () => {
  assert.deepEqual(await bundled("predict"), ["posterior.js", "predict.js", "recipe.js", "score.js"]);
});

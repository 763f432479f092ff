import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";
import { createEngine, crossValidate, FocalClassifier, focalLoss, metrics, split, tune } from "focalfit";
import { blobs, dense, modelDocument, repositoryFile, seeded } from "./data.mjs";

const engine = createEngine();
after(() => engine.dispose());
const near = (got, want, tolerance, what) => assert.ok(Math.abs(got - want) <= tolerance, `${what}: ${got}, expected ${want}`);

const fitted = async (options = {}, set = {}) => {
  const { X, y } = blobs({ rows: 900, ...set });
  const { train, test: held } = await split(X, y, { testFraction: 0.4, seed: 3 });
  const classifier = new FocalClassifier({ engine, ...options });
  await classifier.fit(train.X, train.y);
  return { classifier, train, held };
};

test("evaluate is what scikit-learn says", async () => {
  const { cases } = JSON.parse(repositoryFile("metrics/testdata/metrics.json"));
  for (const c of cases.filter(({ classes, name }) => classes === 3 || name.startsWith("two"))) {
    const rows = Array.from({ length: c.labels.length }, (_, row) => c.probabilities.slice(row * c.classes, (row + 1) * c.classes));
    const result = await metrics(c.labels, rows, { ...(c.weights && { sampleWeight: c.weights }), ...(c.classes === 2 && { threshold: 0.4 }) });
    for (const name of ["logLoss", "brier", "mcc", "accuracy", "balancedAccuracy", "gMean", "ece"]) if (c.classes === 2 || !["mcc", "accuracy", "balancedAccuracy", "gMean", "ece"].includes(name) || !c.name.includes("ties")) near(result[name], c[name], 1e-9, `${c.name}, ${name}`);
    result.perClass.forEach(({ rocAuc, averagePrecision }, at) => {
      near(rocAuc, c.auc[at], 1e-9, `${c.name}, AUC`);
      near(averagePrecision, c.ap[at], 1e-9, `${c.name}, AP`);
    });
    if (c.classes === 2) near(result.rocAuc, c.auc[1], 1e-9, "AUC");
  }
});

test("an evaluation counts what predict decides, and its curves end where they should", async () => {
  const { classifier, held } = await fitted({ classWeight: "balanced" });
  const result = await classifier.evaluate(held.X, held.y);
  const decided = await classifier.predict(held.X);
  const count = (label, as) => held.y.filter((own, row) => own === label && decided[row] === as).length;
  assert.deepEqual(result.confusion, [[count(0, 0), count(0, 1)], [count(1, 0), count(1, 1)]]);
  near(result.recall, count(1, 1) / (count(1, 1) + count(1, 0)), 1e-12, "recall");
  assert.deepEqual(result.perClass.map(({ label, support }) => [label, support]), [[0, count(0, 0) + count(0, 1)], [1, count(1, 0) + count(1, 1)]]);
  const { pr, roc, reliability } = result.curves;
  assert.equal(pr.recall.at(-1), 1);
  assert.equal(roc.falsePositiveRate[0], 0);
  assert.equal(roc.thresholds[0], Infinity);
  near(roc.falsePositiveRate.at(-1), 1, 1e-12, "end of the ROC");
  near(roc.truePositiveRate.at(-1), 1, 1e-12, "end of the ROC");
  near(reliability.weight.reduce((a, b) => a + b), held.y.length, 1e-9, "rows in bins");
  let area = 0;
  for (let i = 1; i < roc.thresholds.length; i++) area += (roc.falsePositiveRate[i] - roc.falsePositiveRate[i - 1]) * (roc.truePositiveRate[i] + roc.truePositiveRate[i - 1]) / 2;
  near(area, result.rocAuc, 1e-9, "area");
  const swapped = new FocalClassifier({ engine, positiveClass: 0 });
  await swapped.fit(held.X, held.y);
  near((await swapped.evaluate(held.X, held.y)).recall, (await swapped.evaluate(held.X, held.y)).perClass[0].recall, 1e-12, "recall of the first class");
});

test("tuneThreshold sets the best threshold and says how sure it is", async () => {
  const { classifier, held } = await fitted();
  const before = await classifier.evaluate(held.X, held.y);
  const result = await classifier.tuneThreshold(held.X, held.y);
  assert.equal(classifier.threshold, result.threshold);
  const at = await classifier.evaluate(held.X, held.y);
  near(at.f1, result.value, 1e-12, "F1");
  assert.ok(at.f1 >= before.f1);
  assert.ok(result.interval[0] <= result.value && result.value <= result.interval[1]);
  assert.deepEqual(await classifier.tuneThreshold(held.X, held.y), result);
  for (const maximize of ["mcc", "balancedAccuracy", "gMean"]) {
    const { value } = await classifier.tuneThreshold(held.X, held.y, { maximize });
    near((await classifier.evaluate(held.X, held.y))[maximize], value, 1e-9, maximize);
  }
  const { confusion } = await classifier.tuneThreshold(held.X, held.y, { maximize: { recallAtPrecision: 0.5 } });
  assert.ok(confusion.truePositive / (confusion.truePositive + confusion.falsePositive) >= 0.5);
  const all = await classifier.tuneThreshold(held.X, held.y, { maximize: { cost: { falsePositive: 0, falseNegative: 1 } } });
  assert.equal(all.confusion.falseNegative, 0);
  await classifier.tuneThreshold(held.X, held.y, { maximize: { fBeta: 2 }, sampleWeight: held.y.map(() => 2) });
  await classifier.tuneThreshold(held.X, held.y, { maximize: { precisionAtRecall: 0.9 } });
});

test("calibration makes the probabilities of held-out rows better, and travels", async () => {
  for (const [shares, options] of [[[0.8, 0.2], { l2: 1e-1 }], [[0.5, 0.3, 0.2], { l2: 1e-1, gamma: 4 }]]) {
    const { classifier, held, train } = await fitted(options, { shares, rows: 1500 });
    const before = await classifier.evaluate(held.X, held.y);
    for (const method of ["temperature", "platt", "isotonic"]) {
      const calibration = await classifier.calibrate(held.X, held.y, { method });
      assert.equal(calibration.method, method);
      const { data, columns } = await classifier.predictProba(held.X);
      for (let row = 0; row < held.y.length; row++) near(data.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b), 1, 1e-9, "sum");
      const after = await classifier.evaluate(held.X, held.y);
      assert.ok(after.logLoss <= before.logLoss + (method === "isotonic" ? 0.02 : 1e-3), `${method}: log loss ${after.logLoss}, before ${before.logLoss}`);
      const same = FocalClassifier.fromJSON(JSON.parse(JSON.stringify(classifier)));
      assert.deepEqual(await same.predictProba(train.X), await classifier.predictProba(train.X));
      assert.deepEqual(await same.predict(train.X), await classifier.predict(train.X));
    }
    await classifier.fit(train.X, train.y);
    assert.equal("calibration" in classifier.toJSON(), false);
  }
});

test("Platt's method sees logits beyond what a probability can hold", async () => {
  const { classifier } = await fitted({ gamma: 0 }, { shares: [0.5, 0.5], rows: 200 });
  const document = JSON.parse(JSON.stringify(classifier));
  const steep = FocalClassifier.fromJSON({ ...document, columns: 1, coefficients: [[40]], intercepts: [0], means: [0] });
  const X = Array.from({ length: 200 }, (_, row) => [row % 2 ? 1 : -1]);
  await steep.calibrate(X, X.map(([x]) => (x > 0 ? 1 : 0)), { method: "platt" });
  near((await steep.predictProba([[1]])).data[1], 101 / 102, 1e-6, "at 40");
});

test("a calibration and a threshold that are found at once are both kept", async () => {
  const { classifier, held } = await fitted({ l2: 1e-1 }, { shares: [0.8, 0.2], rows: 600 });
  const calibrating = classifier.calibrate(held.X, held.y, { method: "platt" });
  classifier.threshold = 0.3;
  const calibration = await calibrating;
  assert.deepEqual(classifier.toJSON().calibration, calibration);
  assert.equal(classifier.threshold, 0.3);
});

test("probabilities that are all alike teach Platt's method nothing", async () => {
  const classifier = FocalClassifier.fromJSON(modelDocument({ coefficients: [[0]] }));
  await assert.rejects(classifier.calibrate([[1], [2], [3]], ["no", "yes", "no"], { method: "platt" }), { code: "BAD_INPUT", message: /all alike/ });
  assert.equal((await classifier.calibrate([[1], [2], [3]], ["no", "yes", "no"], { method: "isotonic" })).method, "isotonic");
});

// Rows whose posterior is known: a logistic function of a bin, which a coefficient for each bin can follow.
test("recovered probabilities are honest where raw ones are not", async () => {
  const random = seeded(5);
  const rows = 20000;
  const bins = Array.from({ length: rows }, () => Math.floor(12 * random()));
  const X = { data: new Float64Array(rows * 12), rows, columns: 12 };
  bins.forEach((bin, row) => (X.data[row * 12 + bin] = 1));
  const posterior = bins.map((bin) => 1 / (1 + Math.exp(5 - 0.6 * bin)));
  const y = posterior.map((p) => Number(random() < p));
  // Other rows of the same kind, on which chance is not learnt.
  const fresh = posterior.map((p) => Number(random() < p));
  const off = async (classifier, raw) => {
    const p = (await classifier.predictProba(X, { raw })).data.filter((_, at) => at % 2 === 1);
    return [(await metrics(fresh, p)).ece, p.reduce((sum, value, row) => sum + Math.abs(value - posterior[row]), 0) / rows];
  };
  const ece = async (classifier, raw) => {
    const { data } = await classifier.predictProba(X, { raw });
    return (await metrics(y, data.filter((_, at) => at % 2 === 1))).ece;
  };
  for (const [what, options] of Object.entries({
    "γ = 2": { gamma: 2 }, "γ = 5": { gamma: 5 }, "γ = 2, balanced": { gamma: 2, classWeight: "balanced" }, "γ = 5, balanced": { gamma: 5, classWeight: "balanced" }, "γ = 5, effective number": { gamma: 5, classWeight: { effectiveNumber: 0.999 } }, "γ per class": { gamma: [5, 2] }, "α": { gamma: 0, alpha: 0.9 },
    asymmetric: { loss: "asymmetric", gammaPositive: 1, gammaNegative: 3, clip: 0.005 }, "Poly-1": { loss: "poly1", epsilon: 2 }, smoothed: { gamma: 0, labelSmoothing: 0.3 },
  })) {
    const classifier = new FocalClassifier({ engine, l2: 1e-6, ...options });
    await classifier.fit(X, y);
    const [raw, recovered] = [await ece(classifier, true), await ece(classifier, false)];
    assert.ok(recovered <= raw / 3, `${what}: ECE ${recovered} after recovery, ${raw} raw`);
    const [far, near] = [await off(classifier, true), await off(classifier, false)];
    for (const at of [0, 1]) assert.ok(near[at] <= far[at] / 3, `${what}: ECE of other rows and distance from the posterior ${near} after recovery, ${far} raw`);
  }
});

// The same with three classes and weights, of a posterior that is a softmax: of the class decided for, and of each.
test("recovered probabilities of several classes are honest where raw ones are not", async () => {
  const random = seeded(6);
  const rows = 20000;
  const bins = Array.from({ length: rows }, () => Math.floor(12 * random()));
  const X = { data: new Float64Array(rows * 12), rows, columns: 12 };
  bins.forEach((bin, row) => (X.data[row * 12 + bin] = 1));
  const posterior = bins.map((bin) => {
    const odds = [1, Math.exp(0.35 * bin - 2.5), Math.exp(-0.25 * bin - 1)];
    return odds.map((share) => share / odds.reduce((a, b) => a + b));
  });
  const draw = () => posterior.map((shares) => {
    let at = random();
    return Math.max(shares.findIndex((share) => (at -= share) < 0), 0);
  });
  const [y, fresh] = [draw(), draw()];
  for (const options of [{ gamma: 2 }, { gamma: 5 }, { gamma: 2, classWeight: "balanced" }, { gamma: 5, classWeight: "balanced" }, { gamma: 2, alpha: [1, 4, 9] }, { gamma: [0, 2, 5] }]) {
    const classifier = new FocalClassifier({ engine, l2: 1e-6, ...options });
    await classifier.fit(X, y);
    const eces = async (raw) => {
      const { data } = await classifier.predictProba(X, { raw });
      const each = await Promise.all([0, 1, 2].map(async (label) => (await metrics(y.map((own) => Number(own === label)), data.filter((_, at) => at % 3 === label))).ece));
      const distance = data.reduce((sum, value, at) => sum + Math.abs(value - posterior[Math.floor(at / 3)][at % 3]), 0) / data.length;
      return [(await metrics(y, { data, rows, columns: 3 })).ece, (each[0] + each[1] + each[2]) / 3, (await metrics(fresh, { data, rows, columns: 3 })).ece, distance];
    };
    const [raw, recovered] = [await eces(true), await eces(false)];
    for (const at of options.gamma.length ? [1, 3] : [0, 1, 2, 3]) assert.ok(recovered[at] <= raw[at] / 3, `${JSON.stringify(options)}: ECE ${recovered} after recovery, ${raw} raw`);
  }
});

test("sample weights count in what is judged, chosen and learnt from", async () => {
  const { classifier, held } = await fitted();
  const sampleWeight = held.y.map((_, row) => row % 3);
  const repeated = (list) => list.flatMap((entry, row) => Array(sampleWeight[row]).fill(entry));
  const [X, y] = [repeated(held.X), repeated(held.y)];
  const same = (got, want, what) => {
    for (const name of ["rocAuc", "averagePrecision", "logLoss", "brier", "accuracy", "balancedAccuracy", "mcc", "gMean", "f1", "precision", "recall"]) near(got[name], want[name], 1e-9, `${what}: ${name}`);
    assert.deepEqual(got.confusion, want.confusion);
  };
  same(await classifier.evaluate(held.X, held.y, { sampleWeight }), await classifier.evaluate(X, y), "evaluate");
  assert.notEqual((await classifier.evaluate(held.X, held.y)).logLoss, (await classifier.evaluate(X, y)).logLoss);
  for (const method of ["temperature", "platt", "isotonic"]) {
    const weighted = await classifier.calibrate(held.X, held.y, { method, sampleWeight });
    const want = await classifier.calibrate(X, y, { method });
    assert.notDeepEqual(await classifier.calibrate(held.X, held.y, { method }), want);
    const flat = (calibration) => Object.values(calibration).slice(1).flat(3);
    assert.equal(flat(weighted).length, flat(want).length);
    flat(weighted).forEach((value, at) => near(value, flat(want)[at], 1e-6, method));
  }
  const weighted = await classifier.tuneThreshold(held.X, held.y, { sampleWeight });
  const want = await classifier.tuneThreshold(X, y);
  near(weighted.threshold, want.threshold, 1e-12, "threshold");
  near(weighted.value, want.value, 1e-12, "value");
  assert.deepEqual(weighted.confusion, want.confusion);
  assert.notDeepEqual((await classifier.tuneThreshold(held.X, held.y)).confusion, want.confusion);
  // The seed is the bootstrap's, by default the classifier's.
  const other = await classifier.tuneThreshold(X, y, { seed: 1 });
  assert.equal(other.threshold, want.threshold);
  assert.notDeepEqual(other.interval, want.interval);
  const seeded = new FocalClassifier({ engine, seed: 1 });
  await seeded.fit(held.X, held.y);
  const [implied, said] = [await seeded.tuneThreshold(X, y), await seeded.tuneThreshold(X, y, { seed: 1 })];
  assert.deepEqual(implied, said);
  assert.notDeepEqual((await seeded.tuneThreshold(X, y, { seed: 0 })).interval, said.interval);
});

test("thresholds are the best by each objective's definition, also of the first class", async () => {
  const { X, y } = blobs({ rows: 500, shares: [0.7, 0.3], spread: 2.5 });
  const objectives = {
    f1: (tp, fn, fp) => (2 * tp) / (2 * tp + fn + fp),
    mcc: (tp, fn, fp, tn) => (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
    balancedAccuracy: (tp, fn, fp, tn) => (tp / (tp + fn) + tn / (tn + fp)) / 2,
    gMean: (tp, fn, fp, tn) => Math.sqrt((tp / (tp + fn)) * (tn / (tn + fp))),
  };
  const cases = [
    ...Object.entries(objectives),
    [{ fBeta: 2 }, (tp, fn, fp) => (5 * tp) / (5 * tp + 4 * fn + fp)],
    [{ recallAtPrecision: 0.6 }, (tp, fn, fp) => (tp / (tp + fp) >= 0.6 ? tp / (tp + fn) : -1)],
    [{ precisionAtRecall: 0.8 }, (tp, fn, fp) => (tp / (tp + fn) >= 0.8 ? tp / (tp + fp) : -1)],
    [{ cost: { falsePositive: 1, falseNegative: 6 } }, (tp, fn, fp, tn) => -(fp + 6 * fn) / (tp + fn + fp + tn)],
  ];
  for (const positiveClass of [0, 1]) {
    const classifier = new FocalClassifier({ engine, positiveClass });
    await classifier.fit(X, y);
    const { data } = await classifier.predictProba(X);
    const p = y.map((_, row) => data[2 * row + positiveClass]);
    const at = (threshold, of) => {
      const counts = [0, 0, 0, 0];
      y.forEach((label, row) => counts[(label === positiveClass ? 0 : 2) + Number(p[row] < threshold)]++);
      const [tp, fn, fp, tn] = counts;
      return of(tp, fn, fp, tn);
    };
    for (const [maximize, of] of cases) {
      const { threshold, value, reached } = await classifier.tuneThreshold(X, y, { maximize });
      const best = Math.max(...p.map((score) => at(score, of)).filter((score) => score === score));
      near(at(threshold, of), best, 1e-12, JSON.stringify(maximize));
      near(Math.abs(value), Math.abs(best), 1e-12, JSON.stringify(maximize));
      assert.equal(reached, true);
    }
    assert.equal((await classifier.tuneThreshold(X, y.map((label, row) => (row % 2 ? label : 1 - label)), { maximize: { precisionAtRecall: 1 } })).reached, true);
    // And the curves hold the points they are named by.
    const { curves } = await classifier.evaluate(X, y);
    for (const index of [0, 10, curves.pr.thresholds.length - 1]) {
      near(curves.pr.precision[index], at(curves.pr.thresholds[index], (tp, fn, fp) => tp / (tp + fp)), 1e-12, "precision");
      near(curves.pr.recall[index], at(curves.pr.thresholds[index], (tp, fn) => tp / (tp + fn)), 1e-12, "recall");
      near(curves.roc.falsePositiveRate[index + 1], at(curves.pr.thresholds[index], (tp, fn, fp, tn) => fp / (fp + tn)), 1e-12, "false positive rate");
    }
    // Calibration is of the positive class.
    for (const method of ["platt", "isotonic"]) {
      await classifier.calibrate(X, y, { method });
      const calibrated = (await classifier.predictProba(X)).data;
      const mean = y.reduce((sum, _, row) => sum + calibrated[2 * row + positiveClass], 0) / y.length;
      near(mean, y.filter((label) => label === positiveClass).length / y.length, 0.01, `${method}: mean probability of class ${positiveClass}`);
    }
  }
});

test("explanations add up to the logits", async () => {
  for (const [options, shares] of [[{}, [0.9, 0.1]], [{ features: { kind: "polynomial" } }, [0.9, 0.1]], [{ classWeight: "balanced" }, [0.5, 0.3, 0.2]]]) {
    const { classifier, held } = await fitted(options, { shares });
    const { data, rows, outputs, columns, base } = await classifier.explain(held.X);
    const logits = await classifier.decisionFunction(held.X);
    assert.equal(rows, held.y.length);
    assert.equal(columns, classifier.coefficients.columns);
    for (let row = 0; row < rows; row++) {
      for (let output = 0; output < outputs; output++) {
        const from = (row * outputs + output) * columns;
        near(base[output] + data.subarray(from, from + columns).reduce((a, b) => a + b), logits.data[row * outputs + output], 1e-9, "logit");
      }
    }
  }
});

test("cross-validation is repeatable to the bit, for any number of engines", async () => {
  const { X, y } = blobs({ rows: 400, shares: [0.8, 0.2] });
  const run = (more) => crossValidate(X, y, { options: { engine, classWeight: "balanced" }, folds: 4, seed: 7, ...more });
  const done = [];
  const one = await run({ onProgress: (progress) => done.push(progress) });
  assert.deepEqual(await run({ parallel: 2 }), one);
  assert.notDeepEqual((await run({ seed: 8 })).folds, one.folds);
  assert.equal(one.folds.length, 4);
  near(one.mean.rocAuc, one.folds.reduce((sum, { rocAuc }) => sum + rocAuc, 0) / 4, 1e-12, "mean");
  near(one.standardDeviation.rocAuc, Math.sqrt(one.folds.reduce((sum, { rocAuc }) => sum + (rocAuc - one.mean.rocAuc) ** 2, 0) / 4), 1e-12, "population standard deviation");
  assert.deepEqual(done.map(({ done: tasks }) => tasks), [1, 2, 3, 4]);
  assert.equal(done.at(-1).fraction, 1);
  assert.deepEqual(await crossValidate(dense(X), y, { options: { engine, classWeight: "balanced" }, folds: 4, seed: 7 }), one);
});

test("tune finds the better settings and fits them", async () => {
  const { X, y } = blobs({ rows: 500, shares: [0.85, 0.15], columns: 8, spread: 3 });
  const grid = { l2: [1e-4, 1e-1, 10], gamma: [0, 2] };
  const result = await tune(X, y, { options: { engine }, grid, folds: 3 });
  assert.equal(result.results.length, 6);
  assert.deepEqual(result.results.map(({ options }) => options), [1e-4, 1e-1, 10].flatMap((l2) => [0, 2].map((gamma) => ({ l2, gamma }))));
  assert.equal(result.best.score, Math.max(...result.results.map(({ mean }) => mean.averagePrecision)));
  assert.equal(result.classifier.toJSON().options.l2, result.best.options.l2);
  assert.equal(result.report.status, "converged");
  // A setting alone is what it is in a grid.
  const alone = await crossValidate(X, y, { options: { engine, ...result.best.options }, folds: 3 });
  near(alone.mean.averagePrecision, result.best.mean.averagePrecision, 1e-3, "alone");
  const loss = await tune(X, y, { options: { engine }, ranges: { l2: [1e-6, 1], gamma: [0, 3] }, trials: 4, folds: 3, metric: "logLoss", parallel: 2 });
  assert.equal(loss.results.length, 4);
  assert.equal(loss.best.score, Math.min(...loss.results.map(({ mean }) => mean.logLoss)));
  assert.ok(loss.results.every(({ options }) => options.l2 >= 1e-6 && options.l2 <= 1 && options.gamma >= 0 && options.gamma <= 3));
  for (const metric of ["brier", "ece", "rocAuc", "mcc"]) {
    const { best, results } = await tune(X, y, { options: { engine }, grid: { l2: [1e-4, 1e-1, 10] }, folds: 3, metric });
    const means = results.map(({ mean }) => mean[metric]);
    assert.equal(best.score, ["brier", "ece"].includes(metric) ? Math.min(...means) : Math.max(...means), metric);
    assert.deepEqual(best.options, results[means.indexOf(best.score)].options);
  }
});

test("draws from ranges are made by the seed, of penalties by the logarithm", async () => {
  const { X, y } = blobs({ rows: 60, shares: [0.6, 0.4] });
  const draws = async (more) => (await tune(X, y, { options: { engine, maxIterations: 5 }, ranges: { l2: [1e-6, 1], gamma: [0, 3] }, trials: 40, folds: 2, ...more })).results.map(({ options }) => options);
  const one = await draws({});
  assert.deepEqual(await draws({ seed: 0 }), one);
  assert.notDeepEqual(await draws({ seed: 1 }), one);
  // Half of them are below the geometric mean, 1e-3, and half below the middle, 1.5.
  for (const [option, middle] of [["l2", 1e-3], ["gamma", 1.5]]) {
    const below = one.filter((options) => options[option] < middle).length;
    assert.ok(below >= 12 && below <= 28, `${below} of 40 ${option} below ${middle}`);
  }
  assert.equal((await tune(X, y, { options: { engine, maxIterations: 2 }, ranges: { gamma: [0, 1] }, folds: 2 })).results.length, 20);
});

test("sample weights count in a search: in the fits, the scores and the last fit", async () => {
  const { X, y } = blobs({ rows: 300, shares: [0.7, 0.3] });
  // Rows of weight 0 are as if their labels were any others.
  const sampleWeight = y.map((_, row) => Number(row % 3 !== 0));
  const run = async (labels, weights) => {
    const { results, classifier } = await tune(X, labels, { options: { engine }, grid: { gamma: [2] }, folds: 3, seed: 1, sampleWeight: weights });
    return [results[0].mean, JSON.stringify(classifier)];
  };
  const [scores, model] = await run(y, sampleWeight);
  const [plain, other] = await run(y, undefined);
  assert.notEqual(scores.logLoss, plain.logLoss);
  assert.notEqual(model, other);
  const own = new FocalClassifier({ engine });
  await own.fit(X, y, { sampleWeight });
  assert.deepEqual(JSON.parse(model).coefficients, own.toJSON().coefficients);
  const doubled = await crossValidate(X, y, { options: { engine }, folds: 3, seed: 1, sampleWeight: sampleWeight.map((weight) => 2 * weight) });
  near(doubled.mean.logLoss, scores.logLoss, 1e-6, "log loss");
  await assert.rejects(crossValidate(X, y, { options: { engine }, sampleWeight: [1] }), { code: "SHAPE_MISMATCH" });
  await assert.rejects(crossValidate(X, y, { options: { engine }, sampleWeight: y.map((_, row) => (row === 4 ? NaN : 1)) }), { code: "BAD_INPUT", row: 4 });
});

test("whatever the rows and the model are, a cross-validation does not depend on the engines", async () => {
  const { X, y } = blobs({ rows: 240, shares: [0.5, 0.3, 0.2] });
  const sparse = { rows: 240, columns: 4, indptr: [0], indices: [], values: [] };
  X.forEach((row, at) => {
    row.forEach((cell, column) => {
      if ((at + column) % 3) return;
      sparse.indices.push(column);
      sparse.values.push(cell);
    });
    sparse.indptr.push(sparse.indices.length);
  });
  const gaps = X.map((row, at) => (at % 6 ? row : [row[0], null, ...row.slice(2)]));
  for (const [rows, options] of [[sparse, { gamma: [0, 2, 1] }], [X, { features: { kind: "fourier", components: 16 }, seed: 3 }], [gaps, { impute: "median", classWeight: { effectiveNumber: 0.99 } }], [X, { l1: 0.01 }]]) {
    const run = (parallel) => tune(rows, y, { options: { engine, ...options }, grid: { l2: [1e-3, 1e-1], standardize: [true, false] }, folds: 3, seed: 5, parallel });
    const [one, ...more] = [await run(1), await run(2), await run(3)];
    for (const other of more) {
      assert.deepEqual(other.results, one.results);
      assert.equal(JSON.stringify(other.classifier), JSON.stringify(one.classifier));
    }
  }
});

test("engines that only help with a search end with it", async () => {
  const { X, y } = blobs({ rows: 200, shares: [0.6, 0.4] });
  const ended = [];
  const own = createEngine({ worker: () => {
    const worker = new Worker(new URL(import.meta.resolve("focalfit/worker.js")));
    ended.push(new Promise((exit) => worker.once("exit", exit)));
    return worker;
  } });
  await crossValidate(X, y, { options: { engine: own }, folds: 3, parallel: 3 });
  assert.equal(ended.length, 3);
  const [first, ...others] = ended;
  const awake = setInterval(() => {}, 1000); // idle workers do not keep the process
  await Promise.all(others);
  assert.equal(await Promise.race([first.then(() => "ended"), Promise.resolve("goes on")]), "goes on");
  await own.dispose();
  await first;
  clearInterval(awake);
});

test("a γ grid is a path, from which the number of engines changes nothing", async () => {
  const { X, y } = blobs({ rows: 300, shares: [0.8, 0.2] });
  const run = async (grid, more) => {
    const done = [];
    const { results, best } = await tune(X, y, { options: { engine }, grid, folds: 3, onProgress: (progress) => done.push(progress), ...more });
    assert.deepEqual(done.map(({ done: tasks, total, fraction }) => [tasks, total, fraction]), done.map((_, at) => [at + 1, done.length, (at + 1) / done.length]));
    return { results, best, tasks: done.length };
  };
  const gammas = { gamma: [5, 0, 2, 1] };
  const one = await run(gammas);
  assert.equal(one.tasks, 3);
  assert.deepEqual(one.results.map(({ options }) => options.gamma), [5, 0, 2, 1]);
  assert.deepEqual(await run(gammas, { parallel: 2 }), one);
  assert.deepEqual(await run(gammas, { parallel: 3 }), one);
  for (const { options, mean } of one.results) {
    const alone = await crossValidate(X, y, { options: { engine, ...options }, folds: 3 });
    near(mean.logLoss, alone.mean.logLoss, 1e-3, `γ ${options.gamma} alone`);
  }
  // The first of a path is what it is alone, to the bit: the smallest γ, the largest l2.
  const first = await crossValidate(X, y, { options: { engine, gamma: 0 }, folds: 3 });
  assert.deepEqual(one.results[1].folds, first.folds);
  assert.deepEqual((await run({ l2: [1e-3, 1e-1] })).results[1].folds, (await crossValidate(X, y, { options: { engine, l2: 1e-1 }, folds: 3 })).folds);
  assert.equal((await run({ gamma: [0, 2], l2: [1e-3, 1e-2, 1e-1] })).tasks, 6);
  assert.equal((await run({ gamma: [0, 2], standardize: [true, false] })).tasks, 6);
  assert.equal((await run({ gamma: [[0, 1], [1, 1], [3, 3]] })).tasks, 6);
});

test("a search of a dataset leaves it where it is, and does what the rows would", async () => {
  const { X, y } = blobs({ rows: 300, shares: [0.8, 0.2] });
  const data = await engine.dataset(X, y);
  const rows = await crossValidate(X, y, { options: { engine }, folds: 3 });
  for (const run of [
    () => crossValidate(data, undefined, { options: { engine }, folds: 3 }),
    () => crossValidate(data, y, { folds: 3 }),
    () => crossValidate(data, y, { folds: 3, parallel: 1 }),
  ]) {
    const held = await run();
    for (const name of Object.keys(rows.mean)) near(held.mean[name], rows.mean[name], 1e-12, name);
  }
  const found = await tune(data, undefined, { grid: { l2: [1e-3, 1] }, folds: 3 });
  assert.equal((await found.classifier.fit(data)).status, "converged");
  assert.deepEqual(await found.classifier.predict(data), await found.classifier.predict(X));
  const stop = AbortSignal.abort("no");
  await assert.rejects(tune(data, y, { grid: { l2: [1] }, signal: stop }), { code: "ABORTED" });
  await assert.rejects(crossValidate(data, y, { folds: 3, options: { features: { kind: "fourier", components: 0 } } }), { code: "BAD_OPTION" });
  assert.equal((await new FocalClassifier({ engine }).fit(data)).rows, 300);

  const refused = (call, code, pattern, place = {}) => assert.rejects(call, (error) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    for (const [name, value] of Object.entries(place)) assert.equal(error[name], value, name);
    return true;
  });
  await refused(crossValidate(data, y, { parallel: 2 }), "BAD_OPTION", /one engine/, { option: "parallel" });
  await refused(crossValidate(data, y.slice(1)), "SHAPE_MISMATCH", /299/);
  await refused(crossValidate(await engine.dataset(X)), "BAD_INPUT", /y is undefined/);
  const other = createEngine();
  await refused(crossValidate(data, y, { options: { engine: other } }), "BAD_INPUT", /another engine/);
  await refused(tune(data, y, { options: { engine: other }, grid: { l2: [1] } }), "BAD_INPUT", /another engine/);
  await other.dispose();
  await refused(split(data, y), "BAD_INPUT", /split the rows first/);
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(data);
  await refused(classifier.explain(data), "BAD_INPUT", /takes the rows/);
  await refused(new FocalClassifier({ engine }).partialFit(data, y), "BAD_INPUT", /takes the rows/);
  near((await classifier.evaluate(data, y)).rocAuc, (await classifier.evaluate(X, y)).rocAuc, 1e-9, "AUC");
  await classifier.tuneThreshold(data, y);
  assert.equal((await classifier.calibrate(data, y)).method, "temperature");
  // What fills its gaps was decided when it was uploaded.
  await refused(new FocalClassifier({ engine, impute: "mean" }).fit(data), "BAD_OPTION", /engine\.dataset/, { option: "impute" });
  await refused(crossValidate(data, y, { options: { engine, impute: "mean" } }), "BAD_OPTION", /engine\.dataset/, { option: "impute" });
  const gaps = X.map((row, at) => (at % 7 ? row : [null, ...row.slice(1)]));
  const filled = await engine.dataset(gaps, y, { impute: "median" });
  const [held, whole] = [await crossValidate(filled, y, { folds: 3 }), await crossValidate(gaps, y, { options: { engine, impute: "median" }, folds: 3 })];
  assert.deepEqual(held, whole);
  assert.deepEqual(await crossValidate(filled, y, { folds: 3, options: { impute: "median" } }), whole);
  await refused(crossValidate(filled, y, { options: { impute: "mean" } }), "BAD_OPTION", /another impute/, { option: "impute" });
  await data.dispose();
  await refused(crossValidate(data, y, { options: { engine } }), "BAD_INPUT", /disposed/);
});

test("with the first class positive a cross-validation looks for that one", async () => {
  const { X, y } = blobs({ rows: 300, shares: [0.8, 0.2] });
  const run = (labels, options) => crossValidate(X, labels, { options: { engine, ...options }, folds: 3 });
  const first = await run(y, { positiveClass: 0, alpha: 0.3 });
  assert.deepEqual(first, await run(y.map((label) => 1 - label), { alpha: 0.3 }));
  assert.notEqual(first.mean.averagePrecision, (await run(y, { alpha: 0.7 })).mean.averagePrecision);
});

test("an abort ends a search", async () => {
  const { X, y } = blobs({ rows: 20000, columns: 30, shares: [0.7, 0.3], spread: 4 });
  const stop = new AbortController();
  const running = tune(dense(X), y, { options: { engine, l2: 1e-9 }, grid: { gamma: [0, 1, 2, 3, 4, 5] }, signal: stop.signal, onProgress: () => stop.abort("enough") });
  await assert.rejects(running, { code: "ABORTED", name: "AbortError", cause: "enough" });
  assert.equal((await new FocalClassifier({ engine }).fit([[1], [2], [3], [4]], [0, 0, 1, 1])).status, "converged");
});

test("an abort reaches the fit that is under way", async () => {
  const { X, y } = blobs({ rows: 4000, columns: 20, shares: [0.7, 0.3], spread: 4 });
  const own = createEngine();
  await own.start();
  const calls = [];
  let folds = 0;
  const { call } = Object.getPrototypeOf(own);
  own.call = async function (method, request, options) {
    calls.push([method, options?.signal]);
    const outcome = await call.call(this, method, request, options);
    if (method === "fold") folds++;
    return outcome;
  };
  const stop = new AbortController();
  const running = crossValidate(dense(X), y, { options: { engine: own }, folds: 2, signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(running, { code: "ABORTED" });
  assert.equal(folds, 1, "no fold is fitted any more");
  await assert.rejects(crossValidate(dense(X), y, { options: { engine: own }, folds: 2, signal: stop.signal }), { code: "ABORTED" });
  const late = new AbortController();
  await assert.rejects(crossValidate(dense(X), y, { options: { engine: own }, folds: 2, signal: late.signal, onProgress: ({ fraction }) => fraction === 1 && late.abort() }), { code: "ABORTED" }, "as a fit, also at its end");
  const long = calls.slice(0, 3).filter(([method]) => method === "upload" || method === "fold");
  assert.ok(long.length >= 2 && long.every(([, signal]) => signal?.aborted), "every call is told");
  // And what was uploaded is freed, whatever the end.
  assert.equal(calls.filter(([method]) => method === "free").length, 2);
  calls.length = 0;
  await crossValidate(dense(X), y, { options: { engine: own }, folds: 2 });
  assert.deepEqual(calls.map(([method]) => method), ["upload", "fold", "fold", "free"]);
  await own.dispose();
});

test("what a search refuses", async () => {
  const { X, y } = blobs({ rows: 60, shares: [0.9, 0.1] });
  const refused = (call, code, pattern) => assert.rejects(call, (error) => (assert.equal(error.code, code, error.message), assert.match(error.message, pattern), true));
  await refused(crossValidate(X, y, { folds: 20 }), "BAD_INPUT", /Class 1 has \d+ rows for 20 folds/);
  await refused(crossValidate(X, y, { fold: 3 }), "BAD_OPTION", /"folds"/);
  await refused(crossValidate(X, y, { options: { gama: 1 } }), "BAD_OPTION", /"gamma"/);
  await refused(crossValidate(X, y, { options: { multiLabel: true } }), "BAD_OPTION", /each label by itself/);
  await refused(tune(X, y, {}), "BAD_OPTION", /grid/);
  await refused(tune(X, y, { grid: {} }), "BAD_OPTION", /empty/);
  await refused(tune(X, y, { grid: { l2: 1 } }), "BAD_OPTION", /grid\.l2/);
  await refused(tune(X, y, { grid: { l3: [1] } }), "BAD_OPTION", /"l2"/);
  await refused(tune(X, y, { ranges: { l2: [0, 1] } }), "BAD_OPTION", /above 0/);
  await refused(tune(X, y, { ranges: { l2: [2, 1] } }), "BAD_OPTION", /low, high/);
  await refused(tune(X, y, { grid: { l2: [1] }, metric: "accuracyy" }), "BAD_OPTION", /metric/);
  await refused(split(X, y, { testFraction: 1 }), "BAD_OPTION", /between 0 and 1/);
  await refused(split(X.slice(0, 2), [0, 1], { testFraction: 0.1 }), "BAD_INPUT", /2 rows/);
  const { classifier } = await fitted();
  await refused(classifier.tuneThreshold(X, y, { maximize: "F1" }), "BAD_OPTION", /maximize/);
  await refused(classifier.tuneThreshold(X, y, { maximize: { fbeta: 1 } }), "BAD_OPTION", /"fBeta"/);
  await refused(classifier.tuneThreshold(X, y, { maximize: { fBeta: 0 } }), "BAD_OPTION", /fBeta/);
  await refused(classifier.tuneThreshold(X, y, { maximize: { cost: { falsePositive: 0, falseNegative: 0 } } }), "BAD_OPTION", /cost/);
  await refused(classifier.evaluate(X, y.map(() => 0)), "ONE_CLASS", /one class/);
  await refused(classifier.evaluate(X, y.map(() => "no")), "UNKNOWN_LABEL", /y of row 0/);
  await refused(classifier.evaluate(X, y.slice(1)), "SHAPE_MISMATCH", /y has 59/);
  await refused(classifier.calibrate(X, y, { method: "sigmoid" }), "BAD_OPTION", /method/);
  await refused(new FocalClassifier().evaluate(X, y), "NOT_FITTED", /fit/);
  await refused(metrics([0, 1], [0.2, 1.2]), "BAD_INPUT", /row 1/);
});

test("metrics look for the class they are told, and of equal probabilities decide for the first", async () => {
  const [truth, p] = [["a", "a", "b", "b", "b"], [0.9, 0.2, 0.4, 0.6, 0.1]];
  const first = await metrics(truth, p, { positiveClass: "a" });
  const other = await metrics(truth.map((label) => (label === "a" ? 1 : 0)), p);
  for (const name of ["rocAuc", "averagePrecision", "f1", "recall", "logLoss"]) assert.equal(first[name], other[name], name);
  assert.deepEqual(first.confusion, [[1, 1], [1, 2]]);
  assert.deepEqual((await metrics(truth, p, { positiveClass: "a", threshold: 0.15 })).confusion, [[2, 0], [2, 1]]);
  assert.deepEqual((await metrics(truth, p.map((v) => [v, 1 - v]), { positiveClass: "a" })).confusion, first.confusion);
  assert.deepEqual((await metrics([0, 1, 2], [[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [0.3, 0.3, 0.4]])).confusion, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
  await assert.rejects(metrics(truth, p, { positiveClass: "c" }), { code: "UNKNOWN_LABEL", option: "positiveClass" });
  await assert.rejects(metrics(truth, p.slice(1)), { code: "SHAPE_MISMATCH" });
  await assert.rejects(metrics(truth, [0.1, NaN, 0.1, 0.1, 0.1]), { code: "NOT_FINITE", row: 1 });
  await assert.rejects(metrics(["a", "a"], [0.1, 0.2]), { code: "ONE_CLASS" });
  await assert.rejects(metrics(truth, p, { threshold: 2 }), { code: "BAD_OPTION", option: "threshold" });
  await assert.rejects(metrics([0, 1, 2], [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]), { code: "SHAPE_MISMATCH" });
  for (const [option, value] of [["positiveClass", 1], ["threshold", 0.4]]) await assert.rejects(metrics([0, 1, 2], [[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [0.3, 0.3, 0.4]], { [option]: value }), { code: "BAD_OPTION", option });
});

test("split takes as many rows as there are", async () => {
  const rows = 300_000;
  const { train, test: held } = await split({ data: new Float32Array(rows), rows, columns: 1 }, new Int8Array(rows).map((_, row) => Number(row % 100 === 0)));
  assert.deepEqual([train.y.length, held.y.length, held.y.filter((label) => label === 1).length], [225_000, 75_000, 750]);
});

test("split of many rows lets other events in", async () => {
  let [turns, done] = [0, false];
  const count = () => { turns++; if (!done) setImmediate(count); };
  setImmediate(count);
  const rows = 300_000;
  const { train, test: held } = await split({ data: new Float32Array(30 * rows).map((_, i) => i), rows, columns: 30 }, new Array(rows).fill(0).map((_, row) => row % 500 === 0));
  done = true;
  assert.ok(turns >= 3, `${turns}`);
  // Each row once, with its own cells.
  const seen = new Uint8Array(rows);
  for (const { X, rows: numbers } of [train, held]) numbers.forEach((row, at) => { seen[row] += X.data[30 * at + 29] === Math.fround(30 * row + 29) ? 1 : 9; });
  assert.ok(seen.every((times) => times === 1));
});

test("split keeps the shares of the classes, and all kinds of rows", async () => {
  const { X, y } = blobs({ rows: 400, shares: [0.9, 0.1] });
  const positives = (part) => part.y.filter((label) => label === 1).length;
  const { train, test: held } = await split(X, y, { seed: 1 });
  near(held.y.length, 100, 1, "rows");
  near(positives(held), positives({ y }) / 4, 1, "positives");
  assert.deepEqual([...train.rows, ...held.rows].sort((a, b) => a - b), y.map((_, row) => row));
  assert.deepEqual(held.X, held.rows.map((row) => X[row]));
  assert.deepEqual((await split(X, y, { seed: 1 })).test.rows, held.rows);
  assert.notDeepEqual((await split(X, y, { seed: 2 })).test.rows, held.rows);
  const flat = await split(dense(X, Float32Array), y, { seed: 1 });
  assert.deepEqual([...flat.test.X.data], held.X.flat().map(Math.fround));
  // Without stratification the classes' shares vary with the seed.
  const drawn = new Set();
  for (let seed = 0; seed < 8; seed++) drawn.add(positives((await split(X, y, { stratify: false, seed })).test));
  assert.ok(drawn.size > 2, `${[...drawn]} positives`);
  assert.equal((await split(X, y, { stratify: false, testFraction: 0.1 })).test.y.length, 40);
  const sparse = { rows: 4, columns: 3, indptr: [0, 1, 1, 3, 4], indices: [2, 0, 1, 1], values: [5, 6, 7, 8] };
  const parts = await split(sparse, [0, 0, 1, 1], { testFraction: 0.5, seed: 0 });
  assert.equal(parts.train.X.rows + parts.test.X.rows, 4);
  assert.equal(parts.train.X.values.length + parts.test.X.values.length, 4);
});

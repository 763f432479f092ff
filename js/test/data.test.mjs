import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createEngine, FocalClassifier, focalLoss } from "focalfit";
import { blobs, dense, seeded } from "./data.mjs";

const engine = createEngine();
after(() => engine.dispose());
const near = (got, want, tolerance, what) => assert.ok(Math.abs(got - want) <= tolerance, `${what}: ${got}, expected ${want}`);

/** Rows of which most cells are 0, dense and sparse. */
function sparseRows(rows = 300, columns = 12, seed = 2) {
  const random = seeded(seed);
  const X = Array.from({ length: rows }, () => Array.from({ length: columns }, (_, column) => (column !== 5 && random() < 0.25 ? 1 + random() : 0)));
  const y = X.map((row) => Number(row[0] + row[1] - row[2] + 0.3 * random() > 0.8));
  const csr = { rows, columns, indptr: [0], indices: [], values: [] };
  for (const row of X) {
    row.forEach((cell, column) => {
      if (cell === 0) return;
      csr.indices.push(column);
      csr.values.push(cell);
    });
    csr.indptr.push(csr.indices.length);
  }
  return { X, y, csr };
}

test("sparse rows are fitted to, and predicted for, as what they stand for", async () => {
  const { X, y, csr } = sparseRows();
  // Not centred: the same objective as raw dense columns.
  for (const options of [{ standardize: false }, { standardize: false, l1: 0.01, l2: 0 }, { standardize: false, solver: "newton-cg" }]) {
    const [sparse, whole] = [new FocalClassifier({ engine, ...options }), new FocalClassifier({ engine, ...options })];
    const report = await sparse.fit(csr, y);
    const want = await whole.fit(X, y);
    near(report.objective, want.objective, 1e-6 * want.objective, "objective");
    assert.equal(report.columns, 12);
    assert.equal(sparse.coefficients.data[5], 0);
    const typed = { ...csr, indptr: Int32Array.from(csr.indptr), indices: Uint16Array.from(csr.indices), values: Float32Array.from(csr.values) };
    await sparse.fit(typed, y);
    const [a, b] = [await sparse.predictProba(csr), await sparse.predictProba(X)];
    a.data.forEach((value, at) => near(value, b.data[at], 1e-12, "probability"));
    assert.deepEqual(await sparse.predict(typed), sparse.predictor().predict(csr).map((label) => label));
  }
  const scaled = new FocalClassifier({ engine });
  assert.equal((await scaled.fit(csr, y)).status, "converged");
});

test("what is wrong with sparse rows", async () => {
  const { y, csr } = sparseRows(20);
  const refused = async (change, code, pattern, impute) => {
    const classifier = new FocalClassifier({ engine, ...(impute && { impute }) });
    await assert.rejects(classifier.fit({ ...csr, ...change }, y), (error) => (assert.equal(error.code, code, error.message), assert.match(error.message, pattern), true));
  };
  await refused({ indptr: csr.indptr.slice(1) }, "SHAPE_MISMATCH", /indptr/);
  await refused({ indices: "abc" }, "BAD_INPUT", /indices/);
  await refused({ rows: 1.5 }, "BAD_INPUT", /rows/);
  await refused({ nnz: 5 }, "BAD_OPTION", /"nnz"/);
  await refused({ indices: csr.indices.map((column, at) => (at === 3 ? 12 : column)) }, "SHAPE_MISMATCH", /Row \d+/);
  await refused({ indices: csr.indices.map((column, at) => (at === 3 ? 0.5 : column)) }, "BAD_INPUT", /indices\[3\]/);
  await refused({ values: csr.values.map((value, at) => (at === 3 ? NaN : value)) }, "NOT_FINITE", /Row \d+, column \d+/);
  await refused({ values: csr.values.map((value, at) => (at === 3 ? "1" : value)) }, "BAD_INPUT", /values\[3\]/);
  await refused({}, "BAD_OPTION", /missing cells/, "mean");
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(csr, y);
  for (const change of [{ columns: 13 }, { indptr: csr.indptr.map((value, at) => (at === 4 ? 0 : value)) }, { indices: csr.indices.map(() => 99) }]) {
    await assert.rejects(classifier.predict({ ...csr, ...change }), { code: "SHAPE_MISMATCH" });
  }
  await assert.rejects(new FocalClassifier({ engine, features: { kind: "polynomial" } }).fit(csr, y), { code: "BAD_OPTION" });
});

// Words by Zipf's law, hashed; in place, where the memory can be seen.
test("a text of 20,000 rows and 2^18 hashed columns takes at most three times the memory of its rows", async () => {
  const random = seeded(11);
  const [rows, columns] = [20000, 2 ** 18];
  const hash = (word) => {
    const mixed = Math.imul(word ^ (word >>> 15), 0x85ebca6b);
    return (mixed ^ (mixed >>> 13)) & (columns - 1);
  };
  const [indptr, indices, values, y] = [[0], [], [], []];
  for (let row = 0; row < rows; row++) {
    const rare = random() < 0.05;
    const counts = new Map();
    while (counts.size < 100) {
      const column = hash(rare && random() < 0.02 ? 1e6 + Math.floor(random() * 50) : Math.floor(200000 ** random()));
      counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    const norm = Math.hypot(...counts.values());
    for (const [column, count] of counts) {
      indices.push(column);
      values.push(count / norm);
    }
    indptr.push(indices.length);
    y.push(rare);
  }
  const X = { rows, columns, indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), values: Float32Array.from(values) };
  const size = 4 * (indptr.length + 2 * indices.length);
  const { instantiate } = WebAssembly;
  for (const options of [{}, { l1: 1e-4 }, { solver: "lbfgs" }]) {
    let memory;
    WebAssembly.instantiate = async (...given) => {
      const made = await instantiate(...given);
      memory = (made.instance ?? made).exports.mem;
      return made;
    };
    const own = createEngine({ worker: false });
    try {
      await own.start();
    } finally {
      WebAssembly.instantiate = instantiate;
    }
    const classifier = new FocalClassifier({ engine: own, classWeight: "balanced", tolerance: 1e-4, ...options });
    const { status, solver, evaluations } = await classifier.fit(X, y);
    assert.equal(status, "converged");
    assert.ok(memory.buffer.byteLength <= 3 * size, `${solver}: ${memory.buffer.byteLength} bytes for ${size}`);
    assert.ok((await classifier.evaluate(X, y)).averagePrecision > 0.9, `${solver}, ${evaluations} evaluations`);
    await own.dispose();
  }
});

test("missing cells are filled, said, and filled alike at prediction", async () => {
  const { X, y } = blobs({ rows: 300 });
  const gaps = X.map((row, at) => row.map((cell, column) => (column === 1 && at % 10 === 0 ? [NaN, null, undefined, Infinity][(at / 10) % 4] : cell)));
  await assert.rejects(new FocalClassifier({ engine }).fit(gaps, y), { code: "NOT_FINITE", row: 0, column: 1 });
  for (const impute of ["mean", "median"]) {
    const present = X.filter((_, at) => at % 10).map((row) => row[1]).sort((a, b) => a - b);
    const fill = impute === "mean" ? present.reduce((a, b) => a + b) / present.length : (present[134] + present[135]) / 2;
    const filled = gaps.map((row, at) => (at % 10 ? row : [row[0], fill, ...row.slice(2)]));
    const [classifier, plain] = [new FocalClassifier({ engine, impute }), new FocalClassifier({ engine })];
    const report = await classifier.fit(gaps, y);
    const want = await plain.fit(filled, y);
    near(report.objective, want.objective, 1e-5 * want.objective, "objective");
    assert.match(report.warnings.join(), new RegExp(`30 missing cells of column 1 were filled with the column's ${impute}`));
    near(classifier.toJSON().fill[1], fill, 1e-5, "fill");
    const [a, b] = [await classifier.predictProba(gaps), await classifier.predictProba(filled)];
    a.data.forEach((value, at) => near(value, b.data[at], 1e-5, "probability"));
    const same = FocalClassifier.fromJSON(JSON.parse(JSON.stringify(classifier)));
    assert.deepEqual(same.predictor().predict(gaps), await classifier.predict(gaps));
    await assert.rejects(classifier.predict([["a", 1, 2, 3]]), { code: "BAD_INPUT", row: 0, column: 0 });
  }
  await assert.rejects(new FocalClassifier({ engine, impute: "mean" }).fit([[1, NaN], [2, null]], [0, 1]), { code: "BAD_INPUT", column: 1 });
});

test("a dataset is uploaded once and used by many fits", async () => {
  const { X, y } = blobs({ rows: 400 });
  const data = await engine.dataset(X, y);
  assert.deepEqual([data.rows, data.columns], [400, 4]);
  const [a, b] = [new FocalClassifier({ engine }), new FocalClassifier({ engine })];
  await a.fit(data);
  await b.fit(X, y);
  assert.deepEqual(a.coefficients, b.coefficients);
  const other = y.map((label) => (label ? "yes" : "no"));
  await a.fit(data, other, { sampleWeight: y.map(() => 2) });
  assert.deepEqual(a.classes, ["no", "yes"]);
  await a.fit(data);
  const [logits, want] = [await a.decisionFunction(data), await a.decisionFunction(X)];
  logits.data.forEach((value, at) => near(value, want.data[at], 1e-5 * Math.max(1, Math.abs(want.data[at])), "logit"));
  assert.deepEqual(await a.predict(data), await a.predict(X));
  near((await a.evaluate(data, y)).rocAuc, (await a.evaluate(X, y)).rocAuc, 1e-4, "AUC");
  await assert.rejects(new FocalClassifier().fit(data), { code: "BAD_INPUT" });
  await assert.rejects(a.fit(data, y.slice(1)), { code: "SHAPE_MISMATCH" });
  await data.dispose();
  await assert.rejects(a.fit(data), { code: "BAD_INPUT" });
  const mortal = createEngine();
  const lost = await mortal.dataset(X, y);
  await mortal.dispose();
  await assert.rejects(new FocalClassifier({ engine: mortal }).fit(lost), (error) => ["ENGINE_LOST", "ENGINE_FAILED"].includes(error.code));
  const withGaps = await engine.dataset([[1, NaN], [2, 3], [3, 4], [4, 6]], [0, 0, 1, 1], { impute: "mean" });
  assert.match((await a.fit(withGaps)).warnings.join(), /1 missing cell of column 1 was filled/);
  await assert.rejects(engine.dataset([[1, NaN]]), { code: "NOT_FINITE" });
  await assert.rejects(engine.dataset([[1]], [1], { imput: "mean" }), { code: "BAD_OPTION" });
});

test("features find what is not linear", async () => {
  const random = seeded(9);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rings = () => {
    const y = Array.from({ length: 3000 }, () => Number(random() < 0.02));
    const X = y.map((label) => {
      const [radius, angle] = [label ? 1 + 0.25 * normal() : 3 + 0.4 * normal(), 2 * Math.PI * random()];
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    return { X, y };
  };
  const [seen, held] = [rings(), rings()];
  const precision = async (options) => {
    const classifier = new FocalClassifier({ engine, classWeight: "balanced", ...options });
    await classifier.fit(seen.X, seen.y);
    return [(await classifier.evaluate(held.X, held.y)).averagePrecision, classifier];
  };
  assert.ok((await precision({}))[0] < 0.1);
  const [fourier, classifier] = await precision({ features: { kind: "fourier", components: 100 }, seed: 4 });
  assert.ok(fourier >= 0.95, `${fourier}`);
  assert.ok((await precision({ features: { kind: "polynomial" } }))[0] >= 0.95);
  assert.deepEqual((await precision({ features: { kind: "fourier", components: 100, seed: 4 } }))[1].coefficients, classifier.coefficients);
  assert.notDeepEqual((await precision({ features: { kind: "fourier", components: 100, seed: 5 } }))[1].coefficients, classifier.coefficients);
  const usual = { kind: "fourier", components: 100, seed: 4 };
  assert.deepEqual((await precision({ features: { ...usual, bandwidth: Math.sqrt(2 / 2) } }))[1].coefficients, classifier.coefficients, "the bandwidth is √(columns / 2)");
  assert.notDeepEqual((await precision({ features: { ...usual, bandwidth: 2 } }))[1].coefficients, classifier.coefficients);
  const data = await engine.dataset(held.X);
  const [a, b] = [await classifier.decisionFunction(data), await classifier.decisionFunction(held.X)];
  a.data.forEach((value, at) => near(value, b.data[at], 2e-3 * Math.max(1, Math.abs(b.data[at])), "logit of a dataset"));
});

// What the solver saw is what prediction computes: J from the definition, at the logits of decisionFunction.
test("every loss is the objective that its fit reports", async () => {
  const { X, y } = blobs({ rows: 400, shares: [0.7, 0.3] });
  for (const terms of [
    { gamma: 2 }, { gamma: [0.5, 3] }, { loss: "poly1", epsilon: 1.5, gamma: 1 }, { loss: "asymmetric", gammaNegative: 3, gammaPositive: 1, clip: 0.05 },
    { labelSmoothing: 0.1, gamma: 2 }, { gamma: 2, classWeight: { effectiveNumber: 0.99 } }, { gamma: 2, classWeight: "balanced" },
  ]) {
    for (const more of [{}, { features: { kind: "fourier", components: 20 } }, { features: { kind: "polynomial" } }]) {
      const classifier = new FocalClassifier({ engine, l2: 0, tolerance: 1e-4, ...terms, ...more });
      const report = await classifier.fit(X, y);
      const { data } = await classifier.decisionFunction(X);
      const { value } = await focalLoss(data, y, { task: "binary", engine, ...terms });
      near(report.objective, value, 2e-5 * value, JSON.stringify([terms, more]));
    }
  }
});

test("several labels are models of their own, also where some are not known", async () => {
  const { X, y } = blobs({ rows: 400, shares: [0.7, 0.3] });
  const second = y.map((label, row) => (row % 9 === 0 ? null : Number(X[row][1] > 0)));
  const both = y.map((label, row) => [label, second[row]]);
  const classifier = new FocalClassifier({ engine, multiLabel: true, classWeight: "balanced", l2: 1e-2 });
  const report = await classifier.fit(X, both);
  assert.deepEqual(classifier.classes, [0, 1]);
  assert.equal(report.classCounts[0], y.filter((label) => label).length);
  assert.deepEqual([...new Set(report.history.map(({ label }) => label))], [0, 1]);
  const own = new FocalClassifier({ engine, classWeight: "balanced", l2: 1e-2 });
  await own.fit(X, y);
  const [all, one] = [await classifier.predictProba(X), await own.predictProba(X)];
  assert.deepEqual([all.rows, all.columns], [400, 2]);
  for (let row = 0; row < 400; row++) near(all.data[2 * row], one.data[2 * row + 1], 1e-9, "probability");
  const decided = await classifier.predict(X);
  assert.deepEqual(decided.map(([first]) => first), await own.predict(X));
  assert.equal(classifier.thresholds.length, 2);
  assert.throws(() => classifier.threshold, { code: "BAD_OPTION" });
  classifier.thresholds = [0.5, 1];
  assert.ok((await classifier.predict(X)).every(([, label]) => label === 0));
  const tuned = await classifier.tuneThreshold(X, both, { maximize: "mcc" });
  assert.deepEqual(classifier.thresholds, tuned.map(({ threshold }) => threshold));
  const result = await classifier.evaluate(X, both);
  assert.equal(result.perLabel.length, 2);
  near(result.rocAuc, (result.perLabel[0].rocAuc + result.perLabel[1].rocAuc) / 2, 1e-12, "mean");
  const same = FocalClassifier.fromJSON(JSON.parse(JSON.stringify(classifier)));
  assert.deepEqual(await same.predict(X), await classifier.predict(X));
  await assert.rejects(classifier.fit(X, both.map(([first]) => [first, 2])), { code: "BAD_INPUT", row: 0, column: 1 });
  await assert.rejects(classifier.fit(X, both.map(([first]) => [first, null])), { code: "ONE_CLASS", column: 1 });
  await assert.rejects(classifier.fit(X, both.slice(1)), { code: "SHAPE_MISMATCH" });
});

test("a row where a label is not known does not count for it", async () => {
  const { X, y } = blobs({ rows: 300, shares: [0.7, 0.3] });
  const second = X.map((row, at) => (at % 4 === 0 ? [null, undefined, NaN][(at / 4) % 3] : Number(row[1] + row[0] > 0)));
  const both = new FocalClassifier({ engine, multiLabel: true, l2: 1e-2 });
  const report = await both.fit(X, y.map((label, row) => [label, second[row]]));
  assert.equal(report.classCounts[1], second.filter((label) => label === 1).length);
  const one = new FocalClassifier({ engine, l2: 1e-2 });
  await one.fit(X, second.map((label) => label || 0), { sampleWeight: second.map((label) => Number(label === 0 || label === 1)) });
  const [all, own] = [await both.predictProba(X), await one.predictProba(X)];
  for (let row = 0; row < 300; row++) near(all.data[2 * row + 1], own.data[2 * row + 1], 1e-6, "probability");
  // Nor in what is judged and chosen by it.
  const known = second.flatMap((label, row) => (label === 0 || label === 1 ? [row] : []));
  const labels = y.map((label, row) => [label, second[row]]);
  const result = await both.evaluate(X, labels);
  const alone = await one.evaluate(known.map((row) => X[row]), known.map((row) => second[row]));
  near(result.perLabel[1].rocAuc, alone.rocAuc, 1e-6, "AUC");
  assert.equal(result.perLabel[1].confusion.flat().reduce((a, b) => a + b), known.length);
  const tuned = await both.tuneThreshold(X, labels, { maximize: "f1" });
  near(tuned[1].value, (await one.tuneThreshold(known.map((row) => X[row]), known.map((row) => second[row]))).value, 1e-9, "F1");
  await assert.rejects(both.evaluate(X, y.map((label) => [label, null])), (error) => ["ONE_CLASS", "BAD_INPUT"].includes(error.code));
  await assert.rejects(both.evaluate(X, y.map((label) => [label, 1])), { code: "ONE_CLASS", column: 1 });
  await assert.rejects(both.evaluate(X, y.map((label, row) => [label, row === 7 ? 2 : 1])), { code: "BAD_INPUT", row: 7, column: 1 });
  await assert.rejects(both.evaluate(X, y.map((label) => [label])), { code: "SHAPE_MISMATCH" });
});

test("options of several labels mean for each label what they mean for one", async () => {
  const { X, y } = blobs({ rows: 400, shares: [0.7, 0.3] });
  const labels = [y, X.map((row) => Number(row[1] > 0.5))];
  const both = y.map((_, row) => labels.map((label) => label[row]));
  for (const [options, own] of [
    [{ alpha: 0.8 }, () => ({ alpha: 0.8 })],
    [{ alpha: [2, 5] }, (label) => ({ alpha: [1, [2, 5][label]] })],
    [{ classWeight: { 1: 3 } }, (label) => ({ alpha: [1, [1, 3][label]] })],
    [{ classWeight: { effectiveNumber: 0.99 } }, () => ({ classWeight: { effectiveNumber: 0.99 } })],
    [{ gamma: [0.5, 3] }, (label) => ({ gamma: [0.5, 3][label] })],
    [{ loss: "asymmetric", gammaPositive: 1, gammaNegative: 3 }, () => ({ loss: "asymmetric", gammaPositive: 1, gammaNegative: 3 })],
    [{ loss: "poly1", epsilon: 2, labelSmoothing: 0.1 }, () => ({ loss: "poly1", epsilon: 2, labelSmoothing: 0.1 })],
  ]) {
    const all = new FocalClassifier({ engine, multiLabel: true, l2: 1e-2, ...options });
    await all.fit(X, both);
    const probabilities = await all.predictProba(X);
    const decided = await all.predict(X);
    for (const [label, truth] of labels.entries()) {
      const what = `${JSON.stringify(options)}, label ${label}`;
      const one = new FocalClassifier({ engine, l2: 1e-2, ...own(label) });
      await one.fit(X, truth);
      const { data } = await one.predictProba(X);
      for (let row = 0; row < 400; row++) near(probabilities.data[2 * row + label], data[2 * row + 1], 1e-9, what);
      near(all.thresholds[label], one.threshold, 1e-12, what);
      assert.deepEqual(decided.map((row) => row[label]), await one.predict(X), what);
      await one.tuneThreshold(X, truth);
      all.thresholds = all.thresholds.map((value, at) => (at === label ? one.threshold : value));
      assert.deepEqual((await all.predict(X)).map((row) => row[label]), await one.predict(X), `${what}, own threshold`);
    }
  }
});

test("fits stop early by rows that they do not train on", async () => {
  const { X, y } = blobs({ rows: 500, columns: 40, shares: [0.6, 0.4], spread: 8 });
  const [seen, validation] = [{ X: X.slice(0, 100), y: y.slice(0, 100) }, { X: X.slice(100), y: y.slice(100) }];
  const classifier = new FocalClassifier({ engine, l2: 1e-9, gamma: 0 });
  const report = await classifier.fit(seen.X, seen.y, { validation, earlyStopping: { patience: 3 } });
  assert.equal(report.status, "earlyStopped");
  assert.equal(report.history.filter((entry) => "validation" in entry).length, report.iterations + 1);
  const { data } = await classifier.decisionFunction(validation.X);
  const { value } = await focalLoss(data, validation.y, { task: "binary", gamma: 0, engine });
  near(value, Math.min(...report.history.map((entry) => entry.validation)), 1e-4, "the best model seen");
  const [usual, ten] = [await classifier.fit(seen.X, seen.y, { validation, earlyStopping: true }), await classifier.fit(seen.X, seen.y, { validation, earlyStopping: { patience: 10 } })];
  assert.deepEqual([usual.status, usual.iterations], ["earlyStopped", ten.iterations]);
  assert.equal((await classifier.fit(seen.X, seen.y, { validation, earlyStopping: {} })).iterations, ten.iterations);
  assert.ok(ten.iterations > report.iterations);
  // Weights of the validation rows count in their loss.
  const sampleWeight = validation.y.map((_, row) => row % 3);
  const weighted = await classifier.fit(seen.X, seen.y, { validation: { ...validation, sampleWeight }, earlyStopping: true });
  const logits = (await classifier.decisionFunction(validation.X)).data;
  near((await focalLoss(logits, validation.y, { task: "binary", gamma: 0, sampleWeight, engine })).value, Math.min(...weighted.history.map((entry) => entry.validation)), 1e-4, "weighted");
  await assert.rejects(classifier.fit(seen.X, seen.y, { validation: { ...validation, sampleWeight: [1] } }), { code: "SHAPE_MISMATCH" });
  await assert.rejects(classifier.fit(seen.X, seen.y, { validation: { ...validation, X: validation.X.map((row) => row.slice(1)) } }), { code: "SHAPE_MISMATCH" });
  const watched = await classifier.fit(seen.X, seen.y, { validation });
  assert.notEqual(watched.status, "earlyStopped");
  assert.ok(watched.history.every((entry) => entry.validation > 0));
  await assert.rejects(classifier.fit(seen.X, seen.y, { validation: { X: validation.X, y: validation.y.map(() => 7) } }), { code: "UNKNOWN_LABEL", row: 0 });
  await assert.rejects(classifier.fit(seen.X, seen.y, { validation, earlyStopping: { patience: 0 } }), { code: "BAD_OPTION" });
});

test("solvers reach the same objective, and the report says which and why", async () => {
  const { X, y } = blobs({ rows: 400, columns: 10, shares: [0.7, 0.3] });
  const objectives = [];
  for (const solver of ["auto", "lbfgs", "newton-cg", "owlqn"]) {
    const report = await new FocalClassifier({ engine, solver, l2: 1e-3 }).fit(X, y);
    objectives.push(report.objective);
    assert.equal(report.solver, solver === "auto" ? "lbfgs" : solver);
    assert.match(report.solverReason, solver === "auto" ? /fewest passes/ : /option solver/);
  }
  for (const objective of objectives) near(objective, objectives[0], 1e-6 * objectives[0], "objective");
  const report = await new FocalClassifier({ engine, l1: 0.05 }).fit(X, y);
  assert.deepEqual([report.solver, /l1 is 0.05/.test(report.solverReason)], ["owlqn", true]);
});

test("rows of many messages are the rows, as they come, of whatever kind", async () => {
  const { X, y } = blobs({ rows: 30_000, columns: 10, shares: [0.9, 0.1] });
  // One column that grows all along, so that the first rows say little of the last, and one far from 0.
  X.forEach((row, index) => (row.push(index), (row[0] += 1e6)));
  const options = { classWeight: "balanced", tolerance: 1e-7 };
  const kinds = { rows: X, float64: dense(X), float32: dense(X, Float32Array) };
  const fits = {};
  for (const [name, rows] of Object.entries(kinds)) {
    const clf = new FocalClassifier(options);
    const { objective } = await clf.fit(rows, y);
    fits[name] = { objective, coefficients: clf.coefficients.data };
  }
  for (const name of ["float64", "float32"]) {
    // float32 keeps 1e6 to 0.06, of a deviation of more than 1.
    const [relative, off] = name === "float64" ? [0, 0] : [1e-3, 1e-3];
    assert.ok(Math.abs(fits[name].objective / fits.rows.objective - 1) <= relative, `${name}: ${fits[name].objective}, ${fits.rows.objective}`);
    fits[name].coefficients.forEach((c, at) => assert.ok(Math.abs(c - fits.rows.coefficients[at]) <= off, `${name}: ${c}, ${fits.rows.coefficients[at]}`));
  }
});

test("what is wrong far down is told with its place, and nothing of the rows is kept", async () => {
  const engine = createEngine({ worker: false });
  const calls = [];
  const { call } = Object.getPrototypeOf(engine);
  engine.call = function (method, request, options) {
    calls.push(method);
    return call.call(this, method, request, options);
  };
  const rows = 40_000;
  const data = new Float32Array(rows * 20).map((_, at) => at % 97);
  data[39_990 * 20 + 7] = NaN;
  data[39_995 * 20 + 2] = Infinity;
  await assert.rejects(engine.dataset({ data, rows, columns: 20 }), { code: "NOT_FINITE", row: 39_990, column: 7 });
  assert.ok(calls.filter((method) => method === "upload").length > 2, "it takes several messages");
  assert.equal(calls.at(-1), "free");
  const filled = await engine.dataset({ data, rows, columns: 20 }, undefined, { impute: "median" });
  assert.equal(filled.rows, rows);
  // A fit whose labels are wrong sends no rows.
  calls.length = 0;
  await assert.rejects(new FocalClassifier({ engine }).fit({ data, rows, columns: 20 }, new Array(rows).fill("one")), { code: "ONE_CLASS" });
  assert.ok(!calls.includes("upload"));
  // And one that is aborted while they are sent ends there.
  const stop = new AbortController();
  const { call: told } = engine;
  engine.call = function (method, ...rest) {
    if (method === "upload") stop.abort();
    return told.call(this, method, ...rest);
  };
  await assert.rejects(new FocalClassifier({ engine, impute: "mean" }).fit({ data, rows, columns: 20 }, data.subarray(0, rows).map((v) => v > 50), { signal: stop.signal }), { code: "ABORTED" });
  // Aborted when all rows are there, or refused before the held-out ones were needed, nothing of them is kept.
  const late = new AbortController();
  engine.call = function (method, ...rest) {
    if (method === "fit") late.abort();
    return told.call(this, method, ...rest);
  };
  const few = { data: data.subarray(0, 200), rows: 10, columns: 20 };
  const labels = few.data.subarray(0, 10).map((v) => v > 4);
  calls.length = 0;
  await assert.rejects(new FocalClassifier({ engine }).fit(few, labels, { signal: late.signal, validation: { X: few, y: labels } }), { code: "ABORTED" });
  assert.deepEqual(calls, ["upload", "upload", "fit", "free", "free"]);
  await engine.dispose();
});

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createEngine, FocalClassifier, FocalfitError } from "focalfit";
import { blobs, modelDocument } from "./data.mjs";

const engine = createEngine();
after(() => engine.dispose());
const good = blobs({ rows: 60, shares: [0.5, 0.5] });

function check(error, code, pattern, place) {
  assert.ok(error instanceof FocalfitError, `${error.stack}`);
  assert.equal(error.name, "FocalfitError");
  assert.equal(error.code, code, error.message);
  assert.match(error.message, pattern);
  for (const key of ["row", "column", "option"]) assert.equal(error[key], place[key], `${key} of "${error.message}"`);
  return true;
}

/** The fit is refused, the classifier stays as it was, and the engine goes on working. */
async function refused({ X = good.X, y = good.y, options = {}, fit = {} }, code, pattern, place = {}) {
  const classifier = new FocalClassifier({ ...options, engine });
  await assert.rejects(classifier.fit(X, y, fit), (error) => check(error, code, pattern, place));
  assert.throws(() => classifier.classes, { code: "NOT_FITTED" });
  const { status } = await new FocalClassifier({ engine }).fit(good.X, good.y);
  assert.equal(status, "converged");
}

const set = (X, row, column, value) => X.map((cells, r) => (r === row ? cells.map((cell, c) => (c === column ? value : cell)) : cells));
const typed = (type, row, column, value) => {
  const data = type.from(good.X.flat());
  data[row * 4 + column] = value;
  return { data, rows: 60, columns: 4 };
};

test("cells of X", async () => {
  await refused({ X: set(good.X, 7, 2, NaN) }, "NOT_FINITE", /Row 7, column 2/, { row: 7, column: 2 });
  await refused({ X: set(good.X, 59, 3, -Infinity) }, "NOT_FINITE", /-Infinity/, { row: 59, column: 3 });
  await refused({ X: typed(Float64Array, 31, 1, NaN) }, "NOT_FINITE", /./, { row: 31, column: 1 });
  await refused({ X: typed(Float32Array, 0, 3, Infinity) }, "NOT_FINITE", /./, { row: 0, column: 3 });
  for (const value of ["3", null, undefined, true, [1], 3n]) {
    await refused({ X: set(good.X, 5, 0, value) }, "BAD_INPUT", /Row 5, column 0.*not a number/, { row: 5, column: 0 });
  }
});

test("the shape of X", async () => {
  await refused({ X: good.X.map((row, index) => (index === 9 ? row.slice(1) : row)) }, "SHAPE_MISMATCH", /Row 9.*3 columns.*4/, { row: 9 });
  await refused({ X: good.X.map((row, index) => (index === 9 ? [...row, 1] : row)) }, "SHAPE_MISMATCH", /Row 9.*5 columns.*4/, { row: 9 });
  await refused({ X: good.X.map((row, index) => (index === 4 ? 5 : row)) }, "BAD_INPUT", /Row 4/, { row: 4 });
  await refused({ X: good.X.map((row, index) => (index === 0 ? "abcd" : row)) }, "BAD_INPUT", /Row 0/, { row: 0 });
  await refused({ X: [], y: [] }, "BAD_INPUT", /no rows/);
  await refused({ X: good.X.map(() => []) }, "BAD_INPUT", /no columns/);
  await refused({ X: good.X.slice(1) }, "SHAPE_MISMATCH", /60 values.*59 rows/);
  await refused({ X: new Float64Array(240) }, "BAD_INPUT", /Float64Array has no shape/);
  await refused({ X: { data: [1, 2], rows: 1, columns: 2 } }, "BAD_INPUT", /Float32Array or a Float64Array/);
  await refused({ X: { data: new Float64Array(240), rows: 60, columns: 5 } }, "SHAPE_MISMATCH", /240 values.*60 rows × 5 columns/);
  await refused({ X: { data: new Float64Array(240), rows: 60.5, columns: 4 } }, "BAD_INPUT", /X\.rows/);
  await refused({ X: { data: new Float64Array(240), rows: 60, cols: 4 } }, "BAD_OPTION", /"columns"/, { option: "cols" });
  for (const X of [null, undefined, 5, "X"]) await assert.rejects(new FocalClassifier({ engine }).fit(X, [1]), { code: "BAD_INPUT" });
});

test("data that does not fit into memory", async () => {
  // A matrix that says it has more cells than any memory, and an array that cannot be allocated.
  const sparse = { rows: 2, columns: 2 ** 31 - 1, indptr: [0, 1, 2], indices: [0, 1], values: [1, 2] };
  await assert.rejects(new FocalClassifier({ engine }).fit(sparse, [0, 1]), (error) => check(error, "OUT_OF_MEMORY", /3 GiB.*fewer/, {}));
  await assert.rejects(engine.dataset(sparse), (error) => check(error, "OUT_OF_MEMORY", /3 GiB/, {}));
  assert.equal((await new FocalClassifier({ engine }).fit(good.X, good.y)).status, "converged");
});

test("labels", async () => {
  const label = (row, value, y = good.y) => y.map((other, index) => (index === row ? value : other));
  for (const value of [null, undefined, NaN, Infinity, {}]) await refused({ y: label(12, value) }, "BAD_INPUT", /label of row 12/, { row: 12 });
  await refused({ y: label(3, "1") }, "BAD_INPUT", /row 3 is a string.*row 0 a number/, { row: 3 });
  await refused({ y: good.y.map(() => "ham") }, "ONE_CLASS", /"ham"/);
  await refused({ y: good.y.slice(1) }, "SHAPE_MISMATCH", /59 values.*60 rows/);
  await refused({ y: "01".repeat(30) }, "BAD_INPUT", /array/);
  await refused({ y: new BigInt64Array(60) }, "BAD_INPUT", /array/);
});

test("sample weights", async () => {
  const weights = (value) => good.y.map((_, row) => (row === 8 ? value : 1));
  for (const value of [-1, NaN, Infinity, "1", null]) await refused({ fit: { sampleWeight: weights(value) } }, "BAD_INPUT", /row 8/, { row: 8 });
  await refused({ fit: { sampleWeight: good.y.map(() => 0) } }, "BAD_INPUT", /at least one/);
  await refused({ fit: { sampleWeight: [1] } }, "SHAPE_MISMATCH", /1 values.*60 rows/);
  await refused({ fit: { sampleWeight: 1 } }, "BAD_INPUT", /array/);
});

test("unknown options name the nearest known one", () => {
  const unknown = (options, suggestion) => assert.throws(() => new FocalClassifier(options), (error) => {
    const [option] = Object.keys(options);
    const end = suggestion ? `did you mean "${suggestion}"?` : "leave it out.";
    return check(error, "BAD_OPTION", new RegExp(`"${option}": ${end.replace("?", "\\?")}$`), { option });
  });
  for (const [option, suggestion] of Object.entries({
    gama: "gamma", Gamma: "gamma", alhpa: "alpha", class_weight: "classWeight", classWeights: "classWeight", classweight: "classWeight", maxIter: "maxIterations", max_iterations: "maxIterations",
    tol: "tolerance", standardise: "standardize", fit_intercept: "fitIntercept", positiveclass: "positiveClass", l3: "l2", L2: "l2", engines: "engine",
    gamma_negative: "gammaNegative", multilabel: "multiLabel", imput: "impute", epsilom: "epsilon", labelsmoothing: "labelSmoothing",
  })) unknown({ [option]: 1 }, suggestion);
  for (const option of ["xyz", "dropout"]) unknown({ [option]: 1 });
});

test("option values", () => {
  const bad = (options, pattern = new RegExp(Object.keys(options)[0])) =>
    assert.throws(() => new FocalClassifier(options), (error) => check(error, "BAD_OPTION", pattern, { option: Object.keys(options)[0] }));
  for (const gamma of [-0.1, NaN, Infinity, "2", null, [1, -1], [1, "2"], {}]) bad({ gamma });
  for (const alpha of [0, 1, -1, 2, NaN, "a", [1, 0], [1, Infinity], null]) bad({ alpha });
  for (const classWeight of ["balance", 1, null, [1, 2], new Map([[1, 2]]), { a: 0 }, { a: -1 }, { a: "1" }, { a: NaN }]) bad({ classWeight });
  bad({ alpha: 0.5, classWeight: "balanced" }, /one of them/);
  for (const l2 of [-1, NaN, "0"]) bad({ l2 });
  for (const fitIntercept of [0, "true", null]) bad({ fitIntercept });
  for (const standardize of [1, "false"]) bad({ standardize });
  for (const positiveClass of [{}, NaN, null]) bad({ positiveClass });
  for (const maxIterations of [0, -1, 1.5, NaN, "5", 2 ** 40]) bad({ maxIterations });
  for (const tolerance of [0, -1, NaN, "1"]) bad({ tolerance });
  for (const engine of [{}, null, "worker"]) bad({ engine });
  for (const loss of ["focus", 1, null]) bad({ loss });
  for (const labelSmoothing of [-0.1, 1, "0.1"]) bad({ labelSmoothing });
  for (const l1 of [-1, NaN]) bad({ l1 });
  for (const solver of ["sgd", 1]) bad({ solver });
  for (const impute of ["zero", true]) bad({ impute });
  for (const multiLabel of [1, "true"]) bad({ multiLabel });
  for (const seed of [-1, 1.5, "1"]) bad({ seed });
  for (const features of [null, "fourier", [], {}, { kind: "rbf" }]) assert.throws(() => new FocalClassifier({ features }), { code: "BAD_OPTION" });
  const features = (more, pattern) => assert.throws(() => new FocalClassifier({ features: { kind: "fourier", ...more } }), (error) => check(error, "BAD_OPTION", pattern, { option: error.option }));
  features({ components: 0 }, /components/);
  features({ bandwidth: 0 }, /bandwidth/);
  features({ seed: -1 }, /seed/);
  features({ component: 5 }, /"components"/);
  assert.throws(() => new FocalClassifier({ features: { kind: "polynomial", degree: 3 } }), (error) => check(error, "BAD_OPTION", /must be 2/, { option: "degree" }));
  // What belongs to another loss.
  bad({ epsilon: 1 }, /epsilon belongs to loss "poly1"/);
  bad({ clip: 0.1, loss: "poly1" }, /clip belongs to loss "asymmetric"/);
  bad({ gamma: 2, loss: "asymmetric" }, /gammaPositive/);
  bad({ clip: 1, loss: "asymmetric" }, /clip/);
  bad({ epsilon: -1, loss: "poly1" }, /epsilon/);
  bad({ solver: "lbfgs", l1: 0.1 }, /owlqn/);
  bad({ positiveClass: 1, multiLabel: true }, /multiLabel/);
  bad({ classWeight: { effectiveNumber: 1 } }, /effectiveNumber/);
  for (const options of [null, 5, "gamma", [2]]) assert.throws(() => new FocalClassifier(options), { code: "BAD_OPTION" });
  assert.ok(new FocalClassifier({ gamma: undefined, alpha: undefined, classWeight: undefined, positiveClass: undefined }));
});

test("options that the data contradicts", async () => {
  await refused({ options: { gamma: [1, 2, 3] } }, "BAD_OPTION", /3 values for 2 classes/, { option: "gamma" });
  await refused({ options: { alpha: [1, 2, 3] } }, "BAD_OPTION", /3 values for 2 classes/, { option: "alpha" });
  const three = good.y.map((_, row) => row % 3);
  await refused({ y: three, options: { alpha: 0.25 } }, "BAD_OPTION", /one weight per class/, { option: "alpha" });
  await refused({ y: three, options: { positiveClass: 1 } }, "BAD_OPTION", /two classes/, { option: "positiveClass" });
  await refused({ options: { positiveClass: 2 } }, "UNKNOWN_LABEL", /2 .*0 and 1/, { option: "positiveClass" });
  await refused({ options: { positiveClass: "1" } }, "UNKNOWN_LABEL", /"1" \(a string\)/, { option: "positiveClass" });
  await refused({ options: { classWeight: { 0: 1, spam: 2 } } }, "UNKNOWN_LABEL", /"spam"/, { option: "classWeight" });
  await refused({ y: three, options: { loss: "asymmetric" } }, "BAD_OPTION", /two classes or multiLabel/, { option: "loss" });
  await refused({ options: { solver: "ftrl" } }, "BAD_OPTION", /partialFit/, { option: "solver" });
});

test("fit's own options", async () => {
  await refused({ fit: { weights: [] } }, "BAD_OPTION", /Unknown option "weights"/, { option: "weights" });
  await refused({ fit: { validation: [] } }, "BAD_OPTION", /\{ X, y \}/, { option: "validation" });
  await refused({ fit: { onprogress() {} } }, "BAD_OPTION", /"onProgress"/, { option: "onprogress" });
  await refused({ fit: { onProgress: 5 } }, "BAD_OPTION", /function/, { option: "onProgress" });
  await refused({ fit: { signal: {} } }, "BAD_OPTION", /AbortSignal/, { option: "signal" });
  await refused({ fit: { warmStart: 1 } }, "BAD_OPTION", /true or false/, { option: "warmStart" });
  await refused({ fit: null }, "BAD_OPTION", /object/);
});

test("labels named like an object's own members are ordinary labels", async () => {
  const y = good.y.map((label) => (label ? "constructor" : "__proto__"));
  const classifier = new FocalClassifier({ engine, classWeight: { toString: 1 } });
  await assert.rejects(classifier.fit(good.X, y), { code: "UNKNOWN_LABEL" });
  const plain = new FocalClassifier({ engine, classWeight: { constructor: 2 } });
  await plain.fit(good.X, y);
  assert.deepEqual(plain.classes, ["__proto__", "constructor"]);
  assert.deepEqual(plain.toJSON().weight, [1, 2]);
});

test("classes are sorted by value, not as text", async () => {
  const sorted = async (labels) => {
    const classifier = new FocalClassifier({ engine });
    await classifier.fit(good.X, good.X.map((_, row) => labels[row % labels.length]));
    return { classes: classifier.classes, predicted: await classifier.predict(good.X) };
  };
  assert.deepEqual((await sorted([10, 9, -1])).classes, [-1, 9, 10]);
  assert.deepEqual((await sorted(["b", "Z", "é", "a"])).classes, ["Z", "a", "b", "é"]);
  const { classes, predicted } = await sorted([true, false]);
  assert.deepEqual(classes, [false, true]);
  assert.ok(predicted.every((label) => typeof label === "boolean"));
  assert.ok(Object.is((await sorted([-0, 1])).classes[0], 0));
});

test("what a warm start needs", async () => {
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(good.X, good.y);
  const before = JSON.stringify(classifier);
  const rejects = (X, y, code, pattern) => assert.rejects(classifier.fit(X, y, { warmStart: true }), (error) => check(error, code, pattern, {}));
  await rejects(good.X.map((row) => row.slice(1)), good.y, "SHAPE_MISMATCH", /3 columns.*4/);
  await rejects(good.X, good.y.map((label) => label + 1), "UNKNOWN_LABEL", /2/);
  await classifier.fit(good.X, good.y.map((_, row) => row % 3));
  await rejects(good.X, good.y, "BAD_INPUT", /no row of 2/);
  await classifier.fit(good.X, good.y);
  assert.equal(JSON.stringify(classifier), before);
});

test("before the first fit there is no model", async () => {
  const classifier = new FocalClassifier();
  for (const use of ["classes", "coefficients", "intercepts", "threshold"]) assert.throws(() => classifier[use], { code: "NOT_FITTED", message: /call fit/ });
  assert.throws(() => (classifier.threshold = 0.5), { code: "NOT_FITTED" });
  assert.throws(() => JSON.stringify(classifier), { code: "NOT_FITTED" });
  assert.throws(() => classifier.predictor(), { code: "NOT_FITTED" });
  for (const method of ["decisionFunction", "predictProba", "predict"]) await assert.rejects(classifier[method]([[1]]), { code: "NOT_FITTED" });
});

test("after dispose there is none any more", async () => {
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(good.X, good.y);
  const running = classifier.fit(good.X, good.y);
  await classifier.dispose();
  await assert.rejects(running, { code: "ABORTED", name: "AbortError" });
  await assert.rejects(classifier.predict(good.X), { code: "NOT_FITTED", message: /disposed/ });
  await assert.rejects(classifier.fit(good.X, good.y), { code: "NOT_FITTED", message: /disposed/ });
  assert.throws(() => classifier.toJSON(), { code: "NOT_FITTED" });
  await classifier.dispose();
  const another = new FocalClassifier({ engine });
  await another.fit(good.X, good.y);
  await another[Symbol.asyncDispose]();
  await assert.rejects(another.predict(good.X), { code: "NOT_FITTED" });
});

test("rows to predict", async () => {
  const classifier = FocalClassifier.fromJSON(modelDocument({ coefficients: [[1, 2]] }));
  const predictor = classifier.predictor();
  for (const [X, code, pattern, place] of [
    [[[1]], "SHAPE_MISMATCH", /1 columns.*fitted to 2/, {}],
    [{ data: new Float64Array(6), rows: 2, columns: 3 }, "SHAPE_MISMATCH", /3 columns.*fitted to 2/, {}],
    [[[1, 2], [1]], "SHAPE_MISMATCH", /Row 1/, { row: 1 }],
    [[[1, 2], [1, NaN]], "NOT_FINITE", /Row 1, column 1/, { row: 1, column: 1 }],
    [{ data: Float32Array.of(1, 2, Infinity, 2), rows: 2, columns: 2 }, "NOT_FINITE", /Row 1, column 0/, { row: 1, column: 0 }],
    [[["1", 2]], "BAD_INPUT", /Row 0, column 0/, { row: 0, column: 0 }],
    [[[1, 2], [1e308, 1e308]], "NOT_FINITE", /row 1 overflows/, { row: 1 }],
    ["abc", "BAD_INPUT", /X must be/, {}],
  ]) {
    for (const method of ["decisionFunction", "predictProba", "predict"]) {
      await assert.rejects(classifier[method](X), (error) => check(error, code, pattern, place));
      assert.throws(() => predictor[method](X), (error) => check(error, code, pattern, place));
    }
  }
  await assert.rejects(classifier.predictProba([[1, 2]], { row: true }), (error) => check(error, "BAD_OPTION", /"raw"/, { option: "row" }));
  assert.throws(() => predictor.predictProba([[1, 2]], { raw: 1 }), (error) => check(error, "BAD_OPTION", /true or false/, { option: "raw" }));
});

test("threshold's range, and that more than two classes have none", () => {
  const two = FocalClassifier.fromJSON(modelDocument({}));
  for (const value of [-0.1, 1.1, NaN, "0.5", null]) assert.throws(() => (two.threshold = value), (error) => check(error, "BAD_OPTION", /0 to 1/, { option: "threshold" }));
  assert.equal(two.threshold, 0.5);
  const three = FocalClassifier.fromJSON(modelDocument({ classes: [1, 2, 3], coefficients: [[1], [2], [3]] }));
  assert.throws(() => three.threshold, (error) => check(error, "BAD_OPTION", /two classes/, { option: "threshold" }));
  assert.throws(() => (three.threshold = 0.5), { code: "BAD_OPTION" });
});

test("a signal that is aborted already rejects before anything else is looked at", async () => {
  const signal = AbortSignal.abort("over");
  await assert.rejects(new FocalClassifier({ engine }).fit(null, null, { signal }), (error) => {
    assert.ok(error instanceof FocalfitError);
    assert.deepEqual([error.name, error.code, error.cause, "report" in error], ["AbortError", "ABORTED", "over", false]);
    return true;
  });
});

test("an abort while the data is packed or the engine starts has no report", async () => {
  const slow = createEngine();
  const controller = new AbortController();
  const fit = new FocalClassifier({ engine: slow }).fit(good.X, good.y, { signal: controller.signal });
  controller.abort();
  await assert.rejects(fit, (error) => error.code === "ABORTED" && !("report" in error) && error.cause === controller.signal.reason);
  assert.equal((await new FocalClassifier({ engine: slow }).fit(good.X, good.y)).status, "converged");
  await slow.dispose();
});

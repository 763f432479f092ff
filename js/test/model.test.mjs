import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { FocalClassifier, FocalfitError } from "focalfit";
import { blobs, modelDocument } from "./data.mjs";

const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("focalfit/model.schema.json"), "utf8"));

/** What is wrong with `value` by the schema; it knows the words the schema uses, and refuses others. */
function faults(value, rule, at = "document") {
  const known = ["$schema", "$defs", "title", "description", "type", "required", "additionalProperties", "properties", "const", "enum", "items", "minItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "anyOf", "$ref"];
  for (const word of Object.keys(rule)) assert.ok(known.includes(word), `the test does not know "${word}"`);
  if (rule.$ref) return faults(value, schema.$defs[rule.$ref.replace("#/$defs/", "")], at);
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const types = [rule.type ?? []].flat();
  if (types.length && !types.includes(type) && !(types.includes("integer") && Number.isInteger(value))) return [`${at} is ${type}`];
  const found = [];
  if ("const" in rule && value !== rule.const) found.push(`${at} is not ${rule.const}`);
  if (rule.enum && !rule.enum.includes(value)) found.push(`${at} is none of ${rule.enum}`);
  if (rule.anyOf && rule.anyOf.every((choice) => faults(value, choice, at).length)) found.push(`${at} fits nothing`);
  if (type === "number") {
    if (value < rule.minimum || value > rule.maximum || value <= rule.exclusiveMinimum || value >= rule.exclusiveMaximum) found.push(`${at} is out of range`);
  }
  if (type === "array") {
    if (value.length < rule.minItems) found.push(`${at} is short`);
    if (rule.items) value.forEach((item, index) => found.push(...faults(item, rule.items, `${at}[${index}]`)));
  }
  if (type === "object") {
    for (const name of rule.required ?? []) if (!(name in value)) found.push(`${at}.${name} is missing`);
    for (const [name, item] of Object.entries(value)) {
      const own = rule.properties?.[name] ?? rule.additionalProperties;
      if (own === false) found.push(`${at}.${name} is unknown`);
      else if (own) found.push(...faults(item, own, `${at}.${name}`));
    }
  }
  return found;
}

const fitted = async (options, shares, name = (label) => label) => {
  const { X, y } = blobs({ shares });
  const classifier = new FocalClassifier(options);
  await classifier.fit(X, y.map(name));
  return { classifier, X };
};

for (const [what, options, shares, name] of [
  ["numbers", { gamma: 2 }, [0.9, 0.1]],
  ["strings and a positive class", { alpha: 0.7, positiveClass: "0" }, [0.9, 0.1], String],
  ["booleans and class weights", { classWeight: { true: 3.3 }, l2: 0.1, gamma: [1, 0.3] }, [0.9, 0.1], Boolean],
  ["three classes", { classWeight: "balanced", standardize: false }, [0.6, 0.3, 0.1], (label) => `class ${label}`],
  ["an asymmetric loss", { loss: "asymmetric", clip: 0.02, classWeight: { effectiveNumber: 0.99 } }, [0.9, 0.1]],
  ["a Poly-1 loss, smoothed", { loss: "poly1", epsilon: 0.5, labelSmoothing: 0.05, solver: "newton-cg" }, [0.6, 0.3, 0.1]],
  ["Fourier features", { features: { kind: "fourier", components: 16, seed: 3 }, seed: 1 }, [0.9, 0.1]],
  ["polynomial features", { features: { kind: "polynomial" } }, [0.9, 0.1]],
  ["l1 and filled gaps", { l1: 0.01, impute: "median" }, [0.9, 0.1]],
]) {
  test(`a model with ${what} goes through JSON unchanged`, async () => {
    const { classifier, X } = await fitted(options, shares, name);
    if (classifier.classes.length === 2) classifier.threshold = 0.123456789;
    const text = JSON.stringify(classifier);
    assert.deepEqual(faults(JSON.parse(text), schema), []);
    const same = FocalClassifier.fromJSON(JSON.parse(text));
    assert.equal(JSON.stringify(same), text);
    assert.deepEqual(same.classes, classifier.classes);
    assert.deepEqual(same.coefficients, classifier.coefficients);
    assert.deepEqual(same.intercepts, classifier.intercepts);
    assert.deepEqual(await same.decisionFunction(X), await classifier.decisionFunction(X));
    assert.deepEqual(await same.predictProba(X), await classifier.predictProba(X));
    assert.deepEqual(await same.predict(X), await classifier.predict(X));
    assert.deepEqual(new Set(await same.predict(X)).size > 1, true);
  });
}

test("a model read can be fitted further with its options", async () => {
  const { classifier, X } = await fitted({ classWeight: "balanced", l2: 0.01 }, [0.9, 0.1]);
  const same = FocalClassifier.fromJSON(classifier.toJSON());
  const { y } = blobs({ shares: [0.9, 0.1] });
  const report = await same.fit(X, y, { warmStart: true });
  assert.ok(report.iterations <= 2);
  assert.deepEqual(same.toJSON().options, classifier.toJSON().options);
  assert.equal(same.toJSON().options.l2, 0.01);
});

test("a warm start turns round where the positive class is another", async () => {
  const { classifier, X } = await fitted({ positiveClass: 0 }, [0.8, 0.2]);
  const { y } = blobs({ shares: [0.8, 0.2] });
  const document = classifier.toJSON();
  delete document.options.positiveClass;
  const same = FocalClassifier.fromJSON(document);
  const report = await same.fit(X, y, { warmStart: true });
  assert.ok(report.iterations <= 2, `${report.iterations} iterations`);
  assert.equal(same.toJSON().positiveClass, 1);
});

test("what is taken out of a classifier is a copy", async () => {
  const { classifier } = await fitted({}, [0.9, 0.1]);
  const text = JSON.stringify(classifier);
  classifier.coefficients.data.fill(0);
  classifier.intercepts.fill(0);
  classifier.classes.length = 0;
  const document = classifier.toJSON();
  document.weight[0] = 9;
  document.options.l2 = 9;
  assert.equal(JSON.stringify(classifier), text);
});

test("a document that is not right is BAD_MODEL, and says what is wrong", () => {
  const two = modelDocument({ coefficients: [[1, 2]] });
  const three = modelDocument({ classes: [1, 2, 3], coefficients: [[1], [2], [3]] });
  assert.ok(FocalClassifier.fromJSON(two) && FocalClassifier.fromJSON(three));
  assert.deepEqual([...faults(two, schema), ...faults(three, schema)], []);
  const wrong = [
    [undefined, /undefined/], [null, /null/], [JSON.stringify(two), /JSON\.parse/], [[], /array/], [5, /5/], [{}, /format/],
    [{ ...two, format: "onnx" }, /format/], [{ ...two, version: 3 }, /version/], [{ ...two, version: "2" }, /version/], [{ ...two, scaler: [] }, /"scaler"/],
    [{ ...two, classes: ["a"] }, /classes/], [{ ...two, classes: ["b", "a"] }, /classes/], [{ ...two, classes: ["a", "a"] }, /classes/],
    [{ ...two, classes: ["a", 1] }, /classes/], [{ ...two, classes: [null, "a"] }, /classes/], [{ ...two, classes: "ab" }, /classes/],
    [{ ...two, positiveClass: "maybe" }, /positiveClass/], [{ ...two, positiveClass: null }, /positiveClass/], [{ ...three, positiveClass: 3 }, /positiveClass/],
    [{ ...two, columns: 0 }, /columns/], [{ ...two, columns: 1.5 }, /columns/], [{ ...two, columns: 3 }, /coefficients\[0\]/],
    [{ ...two, coefficients: [1] }, /coefficients\[0\]/], [{ ...two, coefficients: [[1, null]] }, /coefficients\[0\]\[1\]/],
    [{ ...two, coefficients: [[1, 2], [1, 2]] }, /coefficients/], [{ ...two, coefficients: undefined }, /coefficients/],
    [{ ...two, intercepts: [] }, /intercepts/], [{ ...two, intercepts: ["0"] }, /intercepts\[0\]/], [{ ...three, intercepts: [0] }, /intercepts/],
    [{ ...two, gamma: [1, -1] }, /gamma\[1\]/], [{ ...two, gamma: 2 }, /gamma/], [{ ...two, weight: [1, 0] }, /weight\[1\]/], [{ ...two, weight: [1] }, /weight/],
    [{ ...two, threshold: null }, /threshold/], [{ ...two, threshold: 1.5 }, /threshold/], [{ ...three, threshold: 0.5 }, /threshold/],
    [{ ...two, multiLabel: 1 }, /multiLabel/], [{ ...two, multiLabel: true }, /positiveClass/], [{ ...two, fill: [1] }, /fill/], [{ ...two, fill: [1, "NaN"] }, /fill\[1\]/], [{ ...two, means: [0, null] }, /means\[1\]/],
    [{ ...two, loss: { gamma: 1 } }, /"gamma"/], [{ ...two, loss: { clip: 1 } }, /clip/], [{ ...two, loss: [] }, /loss/],
    [{ ...two, features: { kind: "rbf" } }, /kind/], [{ ...two, features: { kind: "polynomial", mean: [0, 0], scale: [1, 1] } }, /coefficients\[0\] must be 5/], [{ ...two, features: { kind: "polynomial", mean: [0, 0], scale: [1, 0] } }, /scale\[1\]/],
    [{ ...two, features: { kind: "fourier", mean: [0, 0], scale: [1, 1], phases: [0], frequencies: [1] } }, /frequencies must be 2/], [{ ...two, features: { kind: "fourier", mean: [0, 0], scale: [1, 1], phases: [], frequencies: [] } }, /phases/],
    [{ ...two, calibration: { method: "magic" } }, /method/], [{ ...two, calibration: { method: "constructor" } }, /method/], [{ ...two, calibration: { method: "platt", slope: [0], intercept: [1] } }, /slope\[0\]/], [{ ...two, calibration: { method: "temperature", temperature: 0 } }, /temperature/], [{ ...two, calibration: { method: "platt", slope: [1], intercept: [] } }, /intercept/],
    [{ ...two, calibration: { method: "isotonic", x: [[0.2, 0.1]], y: [[0, 1]] } }, /x\[0\]/], [{ ...two, calibration: { method: "isotonic", x: [[0.1, 0.2]], y: [[0]] } }, /y\[0\] must be 2/],
    [JSON.parse(JSON.stringify(two).replace("{", '{"__proto__":{"x":1},')), /"__proto__"/], [{ ...two, coefficients: [new Array(2)] }, /coefficients\[0\]/], [{ ...two, columns: 1e9 }, /coefficients\[0\] must be 1000000000/],
    ...[NaN, Infinity, "NaN", "1", null, {}, [1]].map((value) => [{ ...two, intercepts: [value] }, /intercepts\[0\]/]), [{ ...two, coefficients: [[1, -Infinity]] }, /coefficients\[0\]\[1\]/],
    ...[NaN, "NaN", null].flatMap((value) => [[{ ...two, gamma: [2, value] }, /gamma\[1\]/], [{ ...two, weight: [value, 1] }, /weight\[0\]/], [{ ...two, threshold: value }, /threshold/], [{ ...two, columns: value }, /columns/]]),
    [{ ...two, loss: { epsilon: -1 } }, /epsilon/], [{ ...two, loss: { smoothing: 1 } }, /smoothing/], [{ ...two, loss: { clip: "NaN" } }, /clip/],
    ...[{}, "1", [], [1], new Array(13), Array(12).fill(0), Array(14).fill(0), Array(13).fill("NaN"), Array(13).fill(NaN)].map((online) => [{ ...two, online }, /online/]),
    [{ ...two, coefficients: { length: 1, 0: [1, 2] } }, /coefficients/], [{ ...two, classes: { length: 2, 0: "no", 1: "yes" } }, /classes/], [{ ...two, columns: 2 ** 53 }, /columns/], [{ ...two, columns: -1 }, /columns/],
    [{ ...two, features: { kind: "polynomial", mean: [0, "NaN"], scale: [1, 1] } }, /mean\[1\]/], [{ ...two, features: { kind: "polynomial", mean: [0], scale: [1, 1] } }, /mean must be 2/],
    [{ ...two, calibration: { method: "platt", slope: ["NaN"], intercept: [0] } }, /slope\[0\]/],
    [JSON.parse(JSON.stringify(two).replace('"options":{}', '"options":{"__proto__":{"l2":5}}')), /"__proto__"/], [JSON.parse(JSON.stringify(two).replace('"options":{}', '"options":{},"loss":{"__proto__":{"clip":0.1}}')), /"__proto__"/],
    [{ ...two, options: undefined }, /options/], [{ ...two, options: { gama: 1 } }, /"gamma"/], [{ ...two, options: { l2: -1 } }, /l2/], [{ ...two, options: { engine: {} } }, /engine/],
  ];
  for (const [document, pattern] of wrong) {
    assert.throws(() => FocalClassifier.fromJSON(document), (error) => {
      assert.ok(error instanceof FocalfitError, `${JSON.stringify(document)}: ${error}`);
      assert.equal(error.code, "BAD_MODEL");
      assert.match(error.message, pattern);
      return true;
    });
  }
});

test("documents of every version load, and mean what they meant", async () => {
  for (const version of ["1", "2", "2-table"]) {
    const { X, rows = X, probabilities, document } = JSON.parse(readFileSync(new URL(`testdata/model-v${version}.json`, import.meta.url), "utf8"));
    const classifier = FocalClassifier.fromJSON(document);
    assert.deepEqual(faults(document, schema), []);
    assert.deepEqual(FocalClassifier.fromJSON(JSON.parse(JSON.stringify(classifier))).toJSON(), classifier.toJSON());
    const { data } = await classifier.predictProba(rows);
    data.forEach((value, at) => assert.ok(Math.abs(value - probabilities[at]) < 1e-14, `version ${version}: ${value}, ${probabilities[at]}`));
  }
});

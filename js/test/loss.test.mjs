import assert from "node:assert/strict";
import { test } from "node:test";
import { focalLoss } from "focalfit";
import { repositoryFile } from "./data.mjs";

const near = (got, want, tolerance = 1e-12) => assert.ok(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)), `${got}, expected ${want}`);
const allNear = (got, want, tolerance) => {
  assert.equal(got.length, want.length);
  want.forEach((value, index) => near(got[index], value, tolerance));
};
const logit = (p) => Math.log(p / (1 - p));

test("the known values", async () => {
  const logits = [-18.6, 0.51, 2.94, -12.8];
  const targets = [0, 1, 0, 0];
  near((await focalLoss(logits, targets, { task: "binary" })).value, 0.6912, 5e-5);
  near((await focalLoss(logits, targets, { task: "binary", alpha: 0.25 })).value, 0.5101, 5e-5);

  const softmax = await focalLoss([[2, -1, 0.5]], [1], { task: "multiclass", gamma: 2, gradient: true });
  near(softmax.value, 2.9927177820795423, 1e-14);
  allNear(softmax.gradient, [0.9167443088, -1.1212976133, 0.2045533044], 1e-10);

  const each = await focalLoss([0.97, 0.91, 0.03].map(logit), [1, 1, 0], { task: "binary", alpha: 0.25, reduction: "none" });
  allNear(each.value, [6.8533e-6, 1.90979e-4, 2.056e-5], 5e-9);
});

test("what the PyTorch examples mean", async () => {
  const { cases } = JSON.parse(repositoryFile("loss/testdata/examples.json"));
  let compared = 0;
  for (const { name, dtype, example, rows, columns, logits, targets, gamma, alpha, weights, meant, meantGradient } of cases) {
    if (dtype !== "float64" || typeof meant !== "number") continue;
    const task = columns === 1 ? "binary" : "multiclass";
    const { value, gradient } = await focalLoss(logits, targets, {
      task, gamma, gradient: true,
      ...(columns > 1 && { columns }),
      ...(weights ? { alpha: weights } : alpha !== null && { alpha }),
    });
    near(value, meant, 1e-10);
    assert.equal(gradient.length, rows * columns, `${example} ${name}`);
    if (meantGradient) allNear(gradient, meantGradient, 1e-10);
    compared++;
  }
  assert.ok(compared >= 3, `${compared} cases`);
});

test("reductions, sample weights and ignored targets", async () => {
  const logits = [0.5, -1, 2, 0.1];
  const targets = [1, 0, -1, 0.25];
  const options = { task: "binary", ignoreIndex: -1, sampleWeight: [1, 2, 3, 4] };
  const { value: none } = await focalLoss(logits, targets, { ...options, reduction: "none" });
  assert.ok(none instanceof Float64Array);
  assert.equal(none[2], 0);
  const total = none.reduce((a, b) => a + b);
  near((await focalLoss(logits, targets, { ...options, reduction: "sum" })).value, total);
  near((await focalLoss(logits, targets, options)).value, total / 7);
  assert.equal("gradient" in (await focalLoss(logits, targets, options)), false);
});

test("multilabel is binary per label, multiclass takes probabilities", async () => {
  const logits = [[0.5, -1], [2, 0.1], [-3, 1]];
  const targets = [[1, 0], [0, 1], [1, 1]];
  const multilabel = await focalLoss(logits, targets, { task: "multilabel", reduction: "none", alpha: 0.3, gradient: true });
  const binary = await focalLoss(logits.flat(), targets.flat(), { task: "binary", reduction: "none", alpha: 0.3, gradient: true });
  assert.deepEqual(multilabel, binary);
  const flat = await focalLoss(logits.flat(), targets.flat(), { task: "multilabel", columns: 2, reduction: "none", alpha: 0.3, gradient: true });
  assert.deepEqual(flat, binary);
  const dense = (rows) => ({ data: Float32Array.from(rows.flat()), rows: 3, columns: 2 });
  allNear((await focalLoss(dense(logits), dense(targets), { task: "multilabel", reduction: "none", alpha: 0.3 })).value, [...binary.value], 1e-6);

  const hard = await focalLoss(logits, [0, 1, 1], { task: "multiclass" });
  const soft = await focalLoss(logits, [[1, 0], [0, 1], [0, 1]], { task: "multiclass" });
  near(soft.value, hard.value);
});

test("the gradient is the derivative of the value", async () => {
  const logits = [[0.5, -1, 0.2], [2, 0.1, -4]];
  const options = { task: "multiclass", gamma: [2, 0.5, 1], alpha: [1, 2, 3], labelSmoothing: 0.1, sampleWeight: [1, 3] };
  const { gradient } = await focalLoss(logits, [2, 0], { ...options, gradient: true });
  for (const [row, column] of [[0, 0], [0, 2], [1, 0], [1, 1]]) {
    const at = async (step) => (await focalLoss(logits.map((cells, r) => cells.map((z, c) => (r === row && c === column ? z + step : z))), [2, 0], options)).value;
    near(gradient[row * 3 + column], ((await at(1e-5)) - (await at(-1e-5))) / 2e-5, 1e-8);
  }
});

test("class weights by index and balanced", async () => {
  const logits = [0.5, -1, 2, 0.1];
  const targets = [1, 0, 0, 0];
  const value = async (options) => (await focalLoss(logits, targets, { task: "binary", ...options })).value;
  near(await value({ classWeight: "balanced" }), await value({ alpha: [4 / 6, 2] }));
  near(await value({ classWeight: { 1: 5 } }), await value({ alpha: [1, 5] }));
  const three = (options) => focalLoss([[1, 0, 0], [0, 2, 0], [0, 0, 3], [1, 1, 0]], [0, 1, 2, -100], { task: "multiclass", ignoreIndex: -100, ...options });
  near((await three({ classWeight: "balanced" })).value, (await three({ alpha: [1, 1, 1] })).value);
});

test("arrays that are given stay the caller's", async () => {
  const numbers = Float64Array.of(1, 2, 4, 9);
  const options = { task: "multiclass", alpha: numbers.subarray(0, 3), gamma: numbers.subarray(1, 2)[0], sampleWeight: numbers.subarray(3) };
  const first = await focalLoss([[2, -1, 0.5]], [1], options);
  assert.deepEqual([...numbers], [1, 2, 4, 9]);
  assert.deepEqual(await focalLoss([[2, -1, 0.5]], [1], options), first);
});

test("far out, nothing is clipped", async () => {
  const { value, gradient } = await focalLoss([40, -800], [0, 1], { task: "binary", gamma: 2, reduction: "none", gradient: true });
  allNear(value, [40, 800], 1e-12);
  allNear(gradient, [1, -1], 1e-12);
});

test("what is wrong with logits, targets or options is said", async () => {
  const rejects = (promise, code, pattern, place = {}) => assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    for (const [key, value] of Object.entries(place)) assert.equal(error[key], value, `${key} in ${error.message}`);
    return true;
  });
  const binary = { task: "binary" };
  await rejects(focalLoss([0], [1], {}), "BAD_OPTION", /task.*"binary"/, { option: "task" });
  await rejects(focalLoss([0], [1]), "BAD_OPTION", /Options/);
  await rejects(focalLoss([0], [1], { task: "binary", reducton: "sum" }), "BAD_OPTION", /"reduction"/, { option: "reducton" });
  await rejects(focalLoss([0], [1], { task: "binary", reduction: "avg" }), "BAD_OPTION", /"mean", "sum", "none"/, { option: "reduction" });
  await rejects(focalLoss([0], [1], { task: "binary", gamma: -1 }), "BAD_OPTION", /gamma/, { option: "gamma" });
  await rejects(focalLoss([0], [1], { task: "binary", gamma: [1, 2, 3] }), "BAD_OPTION", /gamma/, { option: "gamma" });
  await rejects(focalLoss([0], [1], { task: "binary", alpha: 2 }), "BAD_OPTION", /alpha/, { option: "alpha" });
  await rejects(focalLoss([0], [1], { task: "binary", alpha: 0.5, classWeight: "balanced" }), "BAD_OPTION", /one of them/, { option: "alpha" });
  await rejects(focalLoss([0], [1], { task: "binary", classWeight: "balanced" }), "ONE_CLASS", /class 0/);
  await rejects(focalLoss([0], [1], { task: "binary", classWeight: { 2: 1 } }), "UNKNOWN_LABEL", /"2"/);
  await rejects(focalLoss([0], [1], { task: "binary", labelSmoothing: 1 }), "BAD_OPTION", /labelSmoothing/, { option: "labelSmoothing" });
  await rejects(focalLoss([0], [1], { task: "binary", gradient: 1 }), "BAD_OPTION", /gradient/, { option: "gradient" });
  await rejects(focalLoss([0], [1], { task: "binary", columns: 2 }), "SHAPE_MISMATCH", /one column.*have 2/);
  await rejects(focalLoss([0], [1], { task: "binary", gamma: () => 2 }), "BAD_OPTION", /cannot be sent|gamma/);
  await rejects(focalLoss([0, NaN], [1, 0], binary), "NOT_FINITE", /logits/, { row: 1, column: 0 });
  await rejects(focalLoss([0, "1"], [1, 0], binary), "BAD_INPUT", /logits.*"1"/, { row: 1, column: 0 });
  await rejects(focalLoss([0, 1], [1, 2], binary), "BAD_INPUT", /\[0, 1\].*ignoreIndex/, { row: 1, column: 0 });
  await rejects(focalLoss([0, 1], [1], binary), "SHAPE_MISMATCH", /targets/);
  await rejects(focalLoss([], [], binary), "BAD_INPUT", /empty/);
  await rejects(focalLoss([[1, 2]], [1], binary), "SHAPE_MISMATCH", /another task/);
  await rejects(focalLoss([1, 2, 3, 4], [1, 0], { task: "multiclass" }), "BAD_OPTION", /columns/, { option: "columns" });
  await rejects(focalLoss([1, 2, 3], [1], { task: "multiclass", columns: 2 }), "SHAPE_MISMATCH", /columns/);
  await rejects(focalLoss([[1, 2], [3, 4]], [1, 2], { task: "multiclass" }), "BAD_INPUT", /0 to 1/, { row: 1, column: 0 });
  await rejects(focalLoss([[1, 2], [3, 4]], [1, 0.5], { task: "multiclass" }), "BAD_INPUT", /whole numbers/, { row: 1 });
  await rejects(focalLoss([0, 1], [1, 0], { task: "binary", sampleWeight: [1] }), "SHAPE_MISMATCH", /sampleWeight/);
  await rejects(focalLoss([0, 1], [1, 0], { task: "binary", sampleWeight: [1, -1] }), "BAD_INPUT", /sampleWeight/, { row: 1 });
  near((await focalLoss([0], [1], binary)).value, 0.25 * Math.log(2));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { FocalClassifier, focalLoss } from "focalfit";
import { dense, modelDocument, repositoryFile } from "./data.mjs";

const identity = (size) => Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => Number(row === column)));
const near = (got, want, what) => assert.ok(Math.abs(got - want) <= 1e-12 * Math.max(Math.abs(want), 1e-300), `${what}: ${got}, expected ${want}`);
const sigmoid = (t) => (t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t)));

/** exp(log p) to 12 digits: an error of the logarithm is relative to its size. */
const nearLog = (got, logWant, what) => {
  if (logWant < -700) return assert.ok(got < 1e-300, `${what}: ${got}, expected exp(${logWant})`);
  assert.ok(Math.abs(Math.log(got) - logWant) <= 1e-12 * Math.max(1, Math.abs(logWant)), `${what}: log ${Math.log(got)}, expected ${logWant}`);
};

test("posteriors are those of the golden file", async () => {
  const { cases } = JSON.parse(repositoryFile("loss/testdata/posterior.json"));
  let compared = 0;
  for (const { task, gamma, alpha, rows, logits, logPosterior } of cases) {
    if (task === "binary") {
      const predictor = FocalClassifier.fromJSON(modelDocument({ gamma, weight: alpha })).predictor();
      const { data } = predictor.predictProba(rows.map(([z]) => [z]));
      for (const [row, [z, logit]] of rows.entries()) {
        // log σ(t) = −log(1 + e⁻ᵗ), for both classes: near 1 one of them is small and tells.
        const logSigmoid = (t) => -(Math.max(-t, 0) + Math.log1p(Math.exp(-Math.abs(t))));
        nearLog(data[row * 2 + 1], logSigmoid(logit), `γ ${gamma} α ${alpha} z ${z}, positive`);
        nearLog(data[row * 2], logSigmoid(-logit), `γ ${gamma} α ${alpha} z ${z}, negative`);
        compared++;
      }
    } else if (logits.length > 2) {
      const classes = logits.map((_, index) => index);
      const predictor = FocalClassifier.fromJSON(modelDocument({ classes, coefficients: identity(classes.length), gamma, weight: alpha })).predictor();
      const { data } = predictor.predictProba([logits]);
      logPosterior.forEach((want, c) => nearLog(data[c], want, `γ ${gamma} α ${alpha} z ${logits}, class ${c}`));
      compared++;
    }
  }
  assert.ok(compared > 100);
});

// A posterior is where the expected loss has no slope: the loss, with the posterior as its soft target.
test("at its posterior every loss is stationary", async () => {
  const weight = [0.6, 2.5, 1];
  for (const terms of [{ epsilon: 1.5 }, { epsilon: -0.5 }, { smoothing: 0.2 }, { epsilon: 0.8, smoothing: 0.1 }, { clip: 0.02 }, { clip: 0.05, smoothing: 0.1 }]) {
    const { epsilon, smoothing = 0, clip } = terms;
    const gammas = [1, 3, 0.5];
    const own = { ...(epsilon && { loss: "poly1", epsilon }), labelSmoothing: smoothing };
    const two = FocalClassifier.fromJSON({ ...modelDocument({ gamma: gammas.slice(0, 2), weight: weight.slice(0, 2) }), version: 2, loss: terms });
    for (const z of [-1.2, 0, 0.4, 1.1]) {
      const [, eta] = (await two.predictProba([[z]])).data;
      if (eta === 0 || eta === 1) continue; // no posterior has this z, and the nearest is given
      const asymmetric = { loss: "asymmetric", gammaNegative: 1, gammaPositive: 3, clip, labelSmoothing: smoothing };
      const { gradient } = await focalLoss([z], [eta], { task: "binary", alpha: weight.slice(0, 2), gradient: true, ...(clip ? asymmetric : { ...own, gamma: gammas.slice(0, 2) }) });
      assert.ok(Math.abs(gradient[0]) < 1e-12, `${JSON.stringify(terms)} at ${z}: slope ${gradient[0]} with posterior ${eta}`);
    }
    if (clip) continue;
    const three = FocalClassifier.fromJSON({ ...modelDocument({ classes: [0, 1, 2], coefficients: identity(3), gamma: gammas, weight }), version: 2, loss: terms });
    for (const z of [[0.3, -0.2, 0.1], [0, 0, 0], [1, 0.2, -0.1]]) {
      const p = [...(await three.predictProba([z])).data];
      assert.ok(p.every((value) => value > 0));
      const { gradient } = await focalLoss([z], [p], { task: "multiclass", gamma: gammas, alpha: weight, gradient: true, ...own });
      gradient.forEach((slope) => assert.ok(Math.abs(slope) < 1e-12, `${JSON.stringify(terms)} at ${z}: slopes ${gradient} with posterior ${p}`));
    }
  }
});

test("calibration is what its document says", async () => {
  const logit = (p) => Math.log(p / (1 - p));
  const calibrated = (calibration, z, more = {}) => FocalClassifier.fromJSON({ ...modelDocument({ gamma: [0, 0], ...more }), version: 2, calibration }).predictProba([[z].flat()]);
  const isotonic = { method: "isotonic", x: [[0.2, 0.6, 0.7]], y: [[0.1, 0.5, 0.9]] };
  for (const [p, want] of [[0.1, 0.1], [0.2, 0.1], [0.3, 0.2], [0.5, 0.4], [0.65, 0.7], [0.7, 0.9], [0.95, 0.9]]) near((await calibrated(isotonic, logit(p))).data[1], want, `isotonic at ${p}`);
  near((await calibrated({ method: "temperature", temperature: 2 }, 1)).data[1], sigmoid(0.5), "temperature");
  near((await calibrated({ method: "platt", slope: [2], intercept: [-0.3] }, 1)).data[1], sigmoid(1.7), "Platt");
  const three = { classes: [0, 1, 2], coefficients: identity(3), gamma: [0, 0, 0] };
  const z = [1, 0.2, -0.4];
  const p = z.map((value) => Math.exp(value) / z.reduce((sum, other) => sum + Math.exp(other), 0));
  const share = (list) => list.map((value) => value / list.reduce((a, b) => a + b));
  const compare = async (calibration, want) => {
    const { data } = await calibrated(calibration, z, three);
    share(want).forEach((value, c) => near(data[c], value, `${calibration.method}, class ${c}`));
  };
  await compare({ method: "temperature", temperature: 2 }, p.map((value) => value ** 0.5));
  await compare({ method: "platt", slope: [2, 1, 0.5], intercept: [0, 0.1, -0.3] }, p.map((value, c) => sigmoid([2, 1, 0.5][c] * logit(value) + [0, 0.1, -0.3][c])));
  await compare({ method: "isotonic", x: [[0, 1], [0, 1], [0, 1]], y: [[0, 0.5], [0, 1], [0.1, 0.3]] }, [0.5 * p[0], p[1], 0.1 + 0.2 * p[2]]);
});

test("γ = 0 without weights: the posterior is the raw model's", async () => {
  const two = FocalClassifier.fromJSON(modelDocument({ gamma: [0, 0] }));
  const three = FocalClassifier.fromJSON(modelDocument({ classes: [1, 2, 3], coefficients: identity(3), gamma: [0, 0, 0] }));
  const X = [[-30], [-1], [0], [0.5], [40]];
  const X3 = [[0, 0, 0], [1, 2, 3], [-50, 50, 0], [700, -700, 0]];
  for (const [classifier, rows] of [[two, X], [three, X3]]) {
    const [posterior, raw] = [await classifier.predictProba(rows), await classifier.predictProba(rows, { raw: true })];
    assert.equal(posterior.data.length, rows.length * classifier.classes.length);
    posterior.data.forEach((p, index) => near(p, raw.data[index], `value ${index}`));
  }
});

test("raw probabilities are the sigmoid and the softmax, posteriors are not", async () => {
  const two = FocalClassifier.fromJSON(modelDocument({ coefficients: [[2, -1]], intercepts: [0.25], gamma: [2, 2], weight: [1, 3] }));
  const X = [[0.5, 1], [-1, 4], [3, 0.125]];
  const logits = await two.decisionFunction(X);
  assert.deepEqual({ ...logits, data: [...logits.data] }, { data: [0.25, -5.75, 6.125], rows: 3, columns: 1 });
  const raw = await two.predictProba(X, { raw: true });
  assert.equal(raw.rows, 3);
  assert.equal(raw.columns, 2);
  logits.data.forEach((z, row) => {
    near(raw.data[row * 2 + 1], sigmoid(z), `row ${row}`);
    near(raw.data[row * 2], sigmoid(-z), `row ${row}`);
  });
  const honest = await two.predictProba(X);
  assert.ok(Math.abs(honest.data[1] - raw.data[1]) > 0.05);

  const three = FocalClassifier.fromJSON(modelDocument({ classes: ["a", "b", "c"], coefficients: identity(3) }));
  const { data } = await three.predictProba([[2, -1, 0.5]], { raw: true });
  const sum = Math.exp(2) + Math.exp(-1) + Math.exp(0.5);
  [2, -1, 0.5].forEach((z, c) => near(data[c], Math.exp(z) / sum, `class ${c}`));
});

test("probabilities add up to 1 and rise with the logit", async () => {
  const two = FocalClassifier.fromJSON(modelDocument({ gamma: [3, 1], weight: [0.5, 4] }));
  const { data } = await two.predictProba(Array.from({ length: 401 }, (_, index) => [(index - 200) / 10]));
  for (let row = 0; row < 401; row++) {
    assert.ok(Math.abs(data[row * 2] + data[row * 2 + 1] - 1) < 1e-15 * 4);
    if (row > 0) assert.ok(data[row * 2 + 1] >= data[row * 2 - 1]);
  }
});

test("the default threshold: a logit of 0 with equal γ is positive, whatever the weights", async () => {
  for (const weight of [[1, 1], [0.25, 0.75], [0.1, 0.3], [7, 1.1], [1 / 3, 0.7]]) {
    for (const gamma of [0, 0.5, 2, 5]) {
      const classifier = FocalClassifier.fromJSON(modelDocument({ gamma: [gamma, gamma], weight, threshold: weight[0] / (weight[1] + weight[0]) }));
      assert.equal(classifier.threshold, weight[0] / (weight[1] + weight[0]));
      assert.deepEqual(await classifier.predict([[0], [-0], [1e-9], [-1e-9], [50], [-50]]), ["yes", "yes", "yes", "no", "yes", "no"], `weights ${weight}, γ ${gamma}`);
    }
  }
});

test("a threshold that is set decides by the posterior, its own rows included", async () => {
  const classifier = FocalClassifier.fromJSON(modelDocument({ weight: [1, 2.5] }));
  const X = Array.from({ length: 81 }, (_, index) => [(index - 40) / 20]);
  const { data } = await classifier.predictProba(X);
  for (const row of [3, 20, 41, 66]) {
    classifier.threshold = data[row * 2 + 1];
    assert.equal(classifier.threshold, data[row * 2 + 1]);
    const labels = await classifier.predict(X);
    assert.deepEqual(labels, X.map((_, other) => (other >= row ? "yes" : "no")));
  }
  classifier.threshold = 0;
  assert.ok((await classifier.predict(X)).every((label) => label === "yes"));
  classifier.threshold = 1;
  assert.ok((await classifier.predict(X)).every((label) => label === "no"));
});

test("several classes: the largest weighted posterior, which for one γ is the largest logit", async () => {
  const rows = [[0.1, 0.2, 0.15], [3, -2, 1], [-1, -1, -0.5], [0, 0, 0]];
  const even = FocalClassifier.fromJSON(modelDocument({ classes: ["a", "b", "c"], coefficients: identity(3), weight: [1, 5, 0.2] }));
  assert.deepEqual(await even.predict(rows), ["b", "a", "c", "a"]);
  const uneven = FocalClassifier.fromJSON(modelDocument({ classes: ["a", "b", "c"], coefficients: identity(3), gamma: [0, 2, 5], weight: [1, 5, 0.2] }));
  const { data } = await uneven.predictProba(rows);
  const weight = [1, 5, 0.2];
  const expected = rows.map((_, row) => {
    const scores = weight.map((w, c) => w * data[row * 3 + c]);
    return ["a", "b", "c"][scores.indexOf(Math.max(...scores))];
  });
  assert.deepEqual(await uneven.predict(rows), expected);
});

test("the predictor gives what the classifier gives, synchronously, and keeps its threshold", async () => {
  const classifier = FocalClassifier.fromJSON(modelDocument({ coefficients: [[1, -2]], intercepts: [0.3] }));
  const X = [[1, 2], [0.5, 0.1], [-1, -3]];
  const predictor = classifier.predictor();
  for (const input of [X, dense(X), dense(X, Float32Array), X.map((row) => Float64Array.from(row))]) {
    assert.deepEqual(predictor.decisionFunction(input), await classifier.decisionFunction(input));
    assert.deepEqual(predictor.predictProba(input), await classifier.predictProba(input));
    assert.deepEqual(predictor.predictProba(input, { raw: true }), await classifier.predictProba(input, { raw: true }));
    assert.deepEqual(predictor.predict(input), await classifier.predict(input));
  }
  assert.deepEqual(predictor.classes, ["no", "yes"]);
  assert.equal(predictor.columns, 2);
  const before = predictor.predict(X);
  classifier.threshold = 1;
  assert.deepEqual(predictor.predict(X), before);
  assert.notDeepEqual(await classifier.predict(X), before);
});

test("isotonic calibration is linear between its points and constant beyond them", () => {
  const predictor = FocalClassifier.fromJSON({ ...modelDocument({ gamma: [0, 0] }), version: 2, calibration: { method: "isotonic", x: [[0.2, 0.5, 0.8]], y: [[0.1, 0.1, 0.7]] } }).predictor();
  const logit = (p) => Math.log(p / (1 - p));
  const { data } = predictor.predictProba([0.001, 0.2, 0.3, 0.5, 0.6, 0.8, 0.999].map((p) => [logit(p)]));
  [0.1, 0.1, 0.1, 0.1, 0.3, 0.7, 0.7].forEach((want, row) => near(data[2 * row + 1], want, `row ${row}`));
});

test("no rows give no predictions", async () => {
  const classifier = FocalClassifier.fromJSON(modelDocument({ coefficients: [[1, 2]] }));
  assert.deepEqual(await classifier.predict([]), []);
  const { data, rows, columns } = await classifier.predictProba({ data: new Float32Array(0), rows: 0, columns: 2 });
  assert.deepEqual([data.length, rows, columns], [0, 0, 2]);
});

test("a large prediction lets other events in", async () => {
  const classifier = FocalClassifier.fromJSON(modelDocument({ coefficients: [Array(50).fill(0.01)] }));
  const X = { data: new Float64Array(50 * 60000).fill(0.5), rows: 60000, columns: 50 };
  let turns = 0;
  let done = false;
  const count = () => { turns++; if (!done) setImmediate(count); };
  setImmediate(count);
  const { rows } = await classifier.predictProba(X);
  done = true;
  assert.equal(rows, 60000);
  assert.ok(turns >= 1);
});

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createEngine, FocalClassifier, FocalfitError, focalLoss } from "focalfit";
import { blobs, dense, large, repositoryFile, table } from "./data.mjs";

const close = (got, want, tolerance, what) => assert.ok(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)), `${what}: ${got}, expected ${want}`);

const engines = {
  "worker": createEngine(),
  "in place": createEngine({ worker: false }),
  "worker, plain binary": createEngine({ simd: false }),
};
after(() => Promise.all(Object.values(engines).map((engine) => engine.dispose())));

for (const [place, engine] of Object.entries(engines)) {
  describe(place, () => {
    test("a fit finds the objective's minimum and reports it", async () => {
      const { X, y } = blobs();
      const classifier = new FocalClassifier({ engine, l2: 1e-3 });
      const report = await classifier.fit(X, y);
      assert.equal(report.status, "converged");
      assert.equal(report.rows, 600);
      assert.equal(report.columns, 4);
      assert.deepEqual(report.classCounts, [y.filter((label) => label === 0).length, y.filter((label) => label === 1).length]);
      assert.equal(report.simd, engine.simd);
      assert.equal(report.history.length, report.iterations + 1);
      assert.deepEqual(report.history.map(({ iteration }) => iteration), report.history.map((_, index) => index));
      assert.equal(report.history.at(-1).objective, report.objective);
      assert.equal(report.history.at(-1).gradientNorm, report.gradientNorm);
      assert.ok(report.evaluations > report.iterations);
      assert.ok(report.history[0].objective > report.objective);
      assert.ok(report.totalSeconds >= report.solveSeconds && report.solveSeconds > 0);

      // J from its definition: the mean focal loss of the logits, and the penalty on standardised coefficients.
      const { data: logits } = await classifier.decisionFunction(X);
      const { value } = await focalLoss(logits, y, { task: "binary", gamma: 2, engine });
      const penalty = classifier.coefficients.data.reduce((sum, w, column) => {
        const cells = X.map((row) => row[column]);
        const mean = cells.reduce((a, b) => a + b) / cells.length;
        return sum + w * w * (cells.reduce((a, b) => a + (b - mean) ** 2, 0) / cells.length);
      }, 0);
      close(report.objective / (value + 5e-4 * penalty), 1, 1e-5, "J");

      // And no neighbour is lower: the gradient in the intercept is zero.
      const { gradient } = await focalLoss(logits, y, { task: "binary", gamma: 2, gradient: true, engine });
      assert.ok(Math.abs(gradient.reduce((a, b) => a + b)) < 1e-5);
    });

    test("every kind of input gives the same model, and is left alone", async () => {
      const { X, y } = blobs({ rows: 200 });
      const whole = X.map((row) => row.map(Math.fround));
      const weights = y.map((_, row) => 1 + (row % 3));
      const inputs = [whole, whole.map((row) => Float64Array.from(row)), dense(whole), dense(whole, Float32Array)];
      const targets = [y, Int32Array.from(y), Uint8Array.from(y), Float32Array.from(y)];
      const models = [];
      for (const [index, input] of inputs.entries()) {
        const classifier = new FocalClassifier({ engine });
        await classifier.fit(input, targets[index], { sampleWeight: index % 2 ? Float32Array.from(weights) : weights });
        models.push([...classifier.coefficients.data, ...classifier.intercepts]);
        assert.equal((input.data ?? input[0]).length, input.data ? 800 : 4);
        assert.equal(targets[index].length, 200);
      }
      for (const model of models.slice(1)) model.forEach((value, index) => close(value, models[0][index], 1e-4, `value ${index}`));
    });

    test("sample weights count as repetition", async () => {
      const { X, y } = blobs({ rows: 150 });
      const weights = y.map((_, row) => row % 3);
      const repeated = X.flatMap((row, index) => Array(weights[index]).fill(row));
      const labels = y.flatMap((label, index) => Array(weights[index]).fill(label));
      // Standardised columns would differ: the scaler takes each row once.
      const options = { engine, standardize: false, l2: 1e-2 };
      const [weighted, plain] = [new FocalClassifier(options), new FocalClassifier(options)];
      await weighted.fit(X, y, { sampleWeight: weights });
      await plain.fit(repeated, labels);
      weighted.coefficients.data.forEach((value, index) => close(value, plain.coefficients.data[index], 1e-3, `coefficient ${index}`));
    });

    test("more than two classes have a logit each", async () => {
      const { X, y } = blobs({ shares: [0.6, 0.3, 0.1] });
      const classifier = new FocalClassifier({ engine, gamma: [2, 1, 0], alpha: [1, 1, 4] });
      const report = await classifier.fit(X, y.map((label) => ["b", "c", "a"][label]));
      assert.deepEqual(classifier.classes, ["a", "b", "c"]);
      assert.deepEqual(report.classCounts, [2, 0, 1].map((label) => y.filter((other) => other === label).length));
      assert.equal(classifier.coefficients.rows, 3);
      assert.equal(classifier.intercepts.length, 3);
      const { data, columns } = await classifier.decisionFunction(X);
      assert.equal(columns, 3);
      const targets = y.map((label) => [1, 2, 0][label]);
      const { value } = await focalLoss(data, targets, { task: "multiclass", columns: 3, gamma: [2, 1, 0], alpha: [1, 1, 4], engine });
      assert.ok(value < report.objective && value > report.objective * 0.9, `${value} is the loss in ${report.objective}`);
    });

    test("progress rises from 0 to 1 and ends there", async () => {
      const { X, y } = blobs();
      const seen = [];
      const report = await new FocalClassifier({ engine }).fit(X, y, { onProgress: (progress) => seen.push(progress) });
      assert.equal(seen.length, report.iterations + 2);
      assert.equal(seen[0].fraction, 0);
      assert.equal(seen.at(-1).fraction, 1);
      assert.ok(seen.slice(0, -1).every(({ fraction }) => fraction < 1));
      assert.ok(seen.every(({ fraction }, index) => index === 0 || fraction >= seen[index - 1].fraction));
      assert.ok(new Set(seen.map(({ fraction }) => fraction)).size > 3);
      assert.deepEqual(seen.slice(0, -1).map(({ iteration, objective, gradientNorm }) => ({ iteration, objective, gradientNorm })), report.history);
      assert.equal(seen.at(-1).evaluations, report.evaluations);
    });

    test("what onProgress throws stops the fit and comes out of it", async () => {
      const { X, y } = blobs();
      const classifier = new FocalClassifier({ engine });
      await classifier.fit(X, y);
      const before = JSON.stringify(classifier);
      const own = new RangeError("mine");
      let calls = 0;
      await assert.rejects(classifier.fit(X.slice(100), y.slice(100), { onProgress() { calls++; throw own; } }), (error) => error === own);
      assert.equal(calls, 1);
      assert.equal(JSON.stringify(classifier), before);
      await classifier.fit(X, y);
    });

    test("an abort during the fit ends it with a partial report, and leaves the classifier as it was", async () => {
      const { X, y, options } = large();
      const classifier = new FocalClassifier({ ...options, engine });
      const full = await new FocalClassifier({ ...options, engine }).fit(X, y);
      await classifier.fit({ ...X, rows: 1000, data: X.data.slice(0, 40000) }, y.slice(0, 1000));
      const before = JSON.stringify(classifier);
      const controller = new AbortController();
      const reason = new Error("enough");
      await assert.rejects(
        classifier.fit(X, y, { signal: controller.signal, onProgress: ({ iteration }) => iteration === 1 && controller.abort(reason) }),
        (error) => {
          assert.ok(error instanceof FocalfitError);
          assert.equal(error.code, "ABORTED");
          assert.equal(error.name, "AbortError");
          assert.equal(error.cause, reason);
          assert.equal(error.report.status, "aborted");
          assert.ok(error.report.iterations >= 1 && error.report.iterations < full.iterations, `${error.report.iterations} of ${full.iterations}`);
          assert.equal(error.report.history.length, error.report.iterations + 1);
          return true;
        },
      );
      assert.equal(JSON.stringify(classifier), before);
    });

    test("a warm start continues from the present coefficients", async () => {
      const { X, y } = blobs();
      const classifier = new FocalClassifier({ engine });
      const cold = await classifier.fit(X, y, { warmStart: true });
      const before = classifier.coefficients.data;
      const warm = await classifier.fit(X, y, { warmStart: true });
      assert.ok(cold.iterations > 3);
      assert.ok(warm.iterations <= 2, `${warm.iterations} iterations`);
      classifier.coefficients.data.forEach((value, index) => close(value, before[index], 1e-3, `coefficient ${index}`));
    });

    test("the known optima on breast cancer and digits", async () => {
      const { cases } = JSON.parse(repositoryFile("linear/testdata/optima.json"));
      assert.ok(cases.length >= 4);
      for (const known of cases) {
        const { X, labels } = table(known.dataset, known.rows);
        const two = known.positive !== null;
        const y = two ? labels.map((label) => Number(label === known.positive)) : labels;
        const classifier = new FocalClassifier({
          engine, gamma: known.gamma, l2: known.l2, standardize: known.standardize, fitIntercept: known.fitIntercept, maxIterations: 3000, tolerance: 1e-7,
          ...(known.weights === "balanced" ? { classWeight: "balanced" } : known.weights && { alpha: known.weights }),
        });
        const report = await classifier.fit(X, y, known.sampleWeight ? { sampleWeight: y.map((_, row) => 1 + (row % 3)) } : {});
        const name = `${known.dataset} γ ${known.gamma[0]} ${known.weights ?? ""}`;
        close(report.objective / known.objective, 1, 2e-5, `${name}: J`);
        if (two && known.standardize && known.gamma[0] === known.gamma[1]) close(classifier.intercepts[0], known.intercept, 2e-2, `${name}: intercept`);
      }
    });
  });
}

test("the two optima known before, to six digits", async () => {
  const { X, labels } = table("breast_cancer");
  for (const [gamma, objective] of [[0, 0.059827937271], [2, 0.014964031683]]) {
    const report = await new FocalClassifier({ gamma, l2: 1e-3 }).fit(X, labels);
    close(report.objective / objective, 1, 2e-6, `γ ${gamma}`);
  }
});

test("SIMD and plain binaries find the same model", async () => {
  const plain = createEngine({ simd: false });
  const simd = createEngine({ simd: true });
  const { X, labels } = table("breast_cancer");
  const models = [];
  for (const engine of [plain, simd]) {
    const classifier = new FocalClassifier({ engine, l2: 1e-3, classWeight: "balanced", tolerance: 1e-7 });
    const report = await classifier.fit(X, labels);
    assert.equal(report.simd, engine === simd);
    models.push({ objective: report.objective, proba: (await classifier.predictProba(X)).data });
  }
  close(models[0].objective, models[1].objective, 1e-7, "J");
  models[0].proba.forEach((p, index) => close(p, models[1].proba[index], 1e-5, `probability ${index}`));
  await Promise.all([plain.dispose(), simd.dispose()]);
});

test("the positive class may be the first: everything about it turns round", async () => {
  const { X, y } = blobs();
  const options = { gamma: [2, 1], alpha: [0.7, 0.3], l2: 1e-3 };
  const last = new FocalClassifier(options);
  const first = new FocalClassifier({ ...options, positiveClass: 0 });
  const a = await last.fit(X, y);
  const b = await first.fit(X, y);
  close(a.objective, b.objective, 1e-9, "J");
  assert.deepEqual(a.classCounts, b.classCounts);
  assert.deepEqual(first.classes, [0, 1]);
  last.coefficients.data.forEach((value, index) => close(first.coefficients.data[index], -value, 1e-4, `coefficient ${index}`));
  close(last.threshold, 0.7, 1e-12, "threshold of the last");
  close(first.threshold, 0.3, 1e-12, "threshold of the first");
  const [p, q] = [await last.predictProba(X), await first.predictProba(X)];
  p.data.forEach((value, index) => close(value, q.data[index], 1e-4, `probability ${index}`));
  assert.deepEqual(await first.predict(X), await last.predict(X));
});

test("alpha, classWeight and balanced mean the same weights", async () => {
  const { X, y } = blobs();
  const counts = [0, 1].map((label) => y.filter((other) => other === label).length);
  const balanced = counts.map((count) => y.length / (2 * count));
  const fits = [];
  for (const weights of [{ classWeight: "balanced" }, { alpha: balanced }, { classWeight: { 0: balanced[0], 1: balanced[1] } }, { classWeight: { 1: balanced[1] } }]) {
    const classifier = new FocalClassifier(weights);
    fits.push({ report: await classifier.fit(X, y), weight: classifier.toJSON().weight, threshold: classifier.threshold });
  }
  fits[0].weight.forEach((weight, index) => close(weight, balanced[index], 1e-12, `weight ${index}`));
  for (const { report } of fits.slice(1, 3)) close(report.objective, fits[0].report.objective, 1e-7, "J");
  close(fits[0].threshold, balanced[0] / (balanced[0] + balanced[1]), 1e-12, "threshold");
  assert.deepEqual(fits[3].weight, [1, balanced[1]]);

  const alpha = new FocalClassifier({ alpha: 0.75 });
  await alpha.fit(X, y);
  assert.deepEqual(alpha.toJSON().weight, [0.25, 0.75]);
});

test("warnings say what is wrong and what to do", async () => {
  const warned = async (X, y, options, fitOptions) => (await new FocalClassifier(options).fit(X, y, fitOptions)).warnings;
  const one = (warnings, pattern) => assert.equal(warnings.filter((text) => pattern.test(text)).length, 1, `${pattern} in ${JSON.stringify(warnings)}`);
  const { X, y } = blobs();
  const widened = X.map((row) => [5, ...row, 0]);
  assert.deepEqual(await warned(X, y, { classWeight: "balanced" }), []);
  one(await warned(widened, y), /^Columns 0 and 5 are constant/);
  one(await warned(X, y.map((_, row) => (row < 4 ? "rare" : "often"))), /10 rows of class "rare"/);
  one(await warned(X, y, { maxIterations: 1 }), /^Stopped after 1 iterations .* raise maxIterations/);
  // A column of noise tells nothing, so the rare class is never the likelier one.
  const noise = blobs({ rows: 500, columns: 1, shares: [0.5, 0.5] }).X;
  const labels = noise.map((_, row) => (row % 20 ? "no" : "yes"));
  one(await warned(noise, labels), /^Class "yes" is predicted for no training row: set classWeight: "balanced" or move threshold/);
  assert.equal((await warned(noise, labels, { classWeight: "balanced" })).length, 0);
  // Ten rows are enough to be silent about, nine are not.
  const rare = (count) => warned(X, y.map((_, row) => (row < count ? "rare" : "often")));
  one(await rare(9), /Fewer than 10 rows of class "rare"/);
  assert.ok(!(await rare(10)).join().includes("Fewer"));
  one(await warned(X, y.map((_, row) => (row === 3 ? "rare" : "often"))), /Fewer than 10 rows of class "rare"/);
  // More classes have no threshold to move; with weights there are other cures.
  const three = noise.map((_, row) => (row % 20 ? row % 2 : 2));
  one(await warned(noise, three), /^Class 2 is predicted for no training row: set classWeight: "balanced"\.$/);
  one(await warned(noise, three, { classWeight: { 2: 1.01 } }), /^Class 2 is predicted for no training row: give it a larger weight/);
  one(await warned(noise, labels, { classWeight: { yes: 1.01 } }), /^Class "yes" is predicted for no training row: move threshold\.$/);
  // Of several labels each kind of row is looked at.
  const few = y.map((_, row) => [Number(row > 4), Number(row % 2)]);
  one(await warned(X, few, { multiLabel: true }), /^Fewer than 10 rows of label 0/);
  one(await warned(noise, labels.map((label, row) => [Number(label === "yes"), Number(noise[row][0] > 0)]), { multiLabel: true }), /^Label 0 is predicted for no training row: set classWeight: "balanced" or move threshold/);
});

test("a fit that cannot come to its tolerance says so", async () => {
  const { X, y } = blobs();
  const { status, warnings } = await new FocalClassifier({ tolerance: 1e-300, maxIterations: 5000 }).fit(X, y);
  assert.equal(status, "stalled");
  assert.ok(warnings.some((text) => /^The solver stalled at a gradient norm of .* raise l2 or tolerance/.test(text)), warnings.join());
});

test("an imbalanced set is why weights exist", async () => {
  const { X, y } = blobs({ rows: 3000, columns: 3, shares: [0.98, 0.02], spread: 3 });
  const plain = new FocalClassifier();
  const balanced = new FocalClassifier({ classWeight: "balanced" });
  await plain.fit(X, y);
  await balanced.fit(X, y);
  const recall = async (classifier) => {
    const labels = await classifier.predict(X);
    return labels.filter((label, row) => label === 1 && y[row] === 1).length / y.filter((label) => label === 1).length;
  };
  assert.ok((await recall(balanced)) > 0.5);
  assert.ok((await recall(plain)) < (await recall(balanced)));
  // Probabilities stay honest: their mean is the class's share, weights or not.
  const { data } = await balanced.predictProba(X);
  let mean = 0;
  for (let row = 0; row < X.length; row++) mean += data[row * 2 + 1] / X.length;
  assert.ok(Math.abs(mean - y.filter((label) => label === 1).length / y.length) < 0.01, `mean probability ${mean}`);
});

// Packages that train something near to a logistic regression, in Node: what they minimise differs, and is said.
import { standardise } from "./loops.mjs";
import { toInput } from "../reference.mjs";

const seconds = (since) => (performance.now() - since) / 1000;

/**
 * ml-logistic-regression 2.0: full-batch steps of a fixed length, no penalty, no class weights; it trains a classifier for
 * each class. A column of ones stands in for the intercept. It takes as many steps as `cap` seconds allow, of the length
 * that is safe: 4 over the largest eigenvalue of XᵀX.
 */
export async function mlLogistic(problem, cap) {
  const LogisticRegression = (await import("ml-logistic-regression")).default, { Matrix } = await import("ml-matrix");
  const { rows, columns, y } = problem;
  const start = performance.now();
  const { scaled, mean, deviation } = standardise(problem);
  const X = Matrix.ones(rows, columns + 1);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) X.set(i, j, scaled[i * columns + j]);
  const Y = Matrix.columnVector(y);
  const prepared = seconds(start);
  let v = Matrix.ones(columns + 1, 1), largest = 0;
  const gram = X.transpose().mmul(X);
  for (let step = 0; step < 50; step++) {
    v = gram.mmul(v);
    largest = v.norm();
    v.div(largest);
  }
  const train = (numSteps) => {
    const from = performance.now(), model = new LogisticRegression({ numSteps, learningRate: 4 / largest });
    model.train(X, Y);
    return { took: seconds(from), weights: model.classifiers[0].weights.to1DArray() };
  };
  train(3);
  const steps = Math.max(10, Math.floor(cap / (train(5).took / 5)));
  const { took, weights } = train(steps);
  return { seconds: prepared + took, ...toInput(problem, { mean, deviation }, Float64Array.from(weights)), note: `${steps} steps, which is what the time allowed; not the same objective: no penalty, no class weights` };
}

/** libsvm-js 0.2: C-SVC with a linear kernel, so the hinge loss, with the same penalty and class weights. */
export async function libsvm(problem, { l2, alpha }) {
  const SVM = await (await import("libsvm-js")).default;
  const { rows, columns, y } = problem;
  const start = performance.now();
  const { scaled, mean, deviation } = standardise(problem);
  const X = Array.from({ length: rows }, (_, i) => Array.from(scaled.subarray(i * columns, (i + 1) * columns)));
  const svm = new SVM({ type: SVM.SVM_TYPES.C_SVC, kernel: SVM.KERNEL_TYPES.LINEAR, cost: 1 / (l2 * rows), weight: { 0: alpha[0], 1: alpha[1] }, quiet: true });
  svm.train(X, Array.from(y));
  const took = seconds(start);
  const [head, vectors] = svm.serializeModel().split("SV\n");
  svm.free();
  const field = (name) => new RegExp(`^${name} (.*)$`, "m").exec(head)[1].split(" ").map(Number);
  const sign = field("label")[0] === 1 ? 1 : -1, v = new Float64Array(columns + 1);
  v[columns] = -sign * field("rho")[0];
  for (const line of vectors.trim().split("\n")) {
    const [coefficient, ...cells] = line.trim().split(" ");
    for (const cell of cells) {
      const [j, x] = cell.split(":");
      v[j - 1] += sign * coefficient * x;
    }
  }
  return { seconds: took, ...toInput(problem, { mean, deviation }, v), note: "not the same objective: the hinge loss" };
}

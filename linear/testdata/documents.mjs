// Models of every kind that the npm package makes, rows, and what it says of them: node documents.mjs > documents.json,
// after make build.
import { FocalClassifier, createEngine } from "../../js/dist/index.js";
import { readTable } from "../../js/dist/table.js";

const wave = (i, j) => Math.sin(i * (j + 1.7) + j);
const rows = (n, d, shift) => Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_, j) => +(wave(i, j) * (j + 1) + shift(i) * (j % 2 ? -1 : 1)).toFixed(3)));
const kinds = (n, k) => Array.from({ length: n }, (_, i) => (i % 10 < 6 ? 0 : (i * 7) % k));
const n = 240;
const engine = createEngine({ worker: false });

function problem(classes, gaps) {
  const y = kinds(n, classes.length);
  const X = rows(n, 3, (i) => y[i] * 0.8);
  if (gaps) X.forEach((row, i) => i % 9 === 0 && (row[i % 3] = null));
  return { X, y: y.map((c) => classes[c]) };
}
const labels = (gaps) => {
  const { X } = problem([0, 1, 2], gaps);
  return { X, y: X.map((row, i) => [+(row[0] > 0.5), +(row[1] + row[2] > 1), i % 17 ? +(row[2] < -1) : null]) };
};

const two = ["fault", "fine"], three = ["a", "b", "c"], four = [1, 2, 3.5, 10];
const cases = [
  ["two classes", two, {}], ["logistic", two, { gamma: 0 }], ["balanced", two, { classWeight: "balanced" }],
  ["positive first", two, { positiveClass: "fault", classWeight: { fault: 5 } }], ["γ per class", two, { gamma: [1, 3] }],
  ["γ per class, positive first", two, { gamma: [0.5, 3], alpha: [2, 1], positiveClass: "fault" }], ["alpha", [false, true], { alpha: 0.8 }],
  ["effective number", [0, 1], { classWeight: { effectiveNumber: 0.99 } }], ["asymmetric", two, { loss: "asymmetric" }],
  ["asymmetric, clipped", two, { loss: "asymmetric", gammaPositive: 1, gammaNegative: 2, clip: 0.2, classWeight: "balanced" }],
  ["asymmetric, positive first", two, { loss: "asymmetric", positiveClass: "fault" }],
  ["poly1", two, { loss: "poly1" }], ["poly1, negative", two, { loss: "poly1", epsilon: -0.5, classWeight: "balanced" }],
  ["smoothed", two, { labelSmoothing: 0.1, classWeight: "balanced" }], ["smoothed poly1", two, { loss: "poly1", epsilon: 2, labelSmoothing: 0.05 }],
  ["l1", two, { l1: 0.01 }], ["no intercept, not standardised", two, { fitIntercept: false, standardize: false }],
  ["fourier", two, { features: { kind: "fourier", components: 12, seed: 3 } }], ["polynomial", two, { features: { kind: "polynomial" }, classWeight: "balanced" }],
  ["gaps", two, { impute: "mean", classWeight: "balanced" }, { gaps: true }], ["gaps in fourier", two, { impute: "median", features: { kind: "fourier", components: 8 } }, { gaps: true }],
  ["tuned", two, { classWeight: "balanced" }, { tune: "f1" }], ["temperature", two, { gamma: 3 }, { calibrate: "temperature" }],
  ["platt", two, { classWeight: "balanced" }, { calibrate: "platt" }], ["isotonic", two, {}, { calibrate: "isotonic" }],
  ["isotonic, positive first, tuned", two, { positiveClass: "fault" }, { calibrate: "isotonic", tune: "mcc" }],
  ["three classes", three, {}], ["three, logistic", three, { gamma: 0 }], ["three, balanced", three, { classWeight: "balanced" }],
  ["three, γ and α", three, { gamma: [0, 2, 4], alpha: [1, 2, 0.5] }], ["three, poly1", three, { loss: "poly1" }],
  ["three, smoothed", three, { labelSmoothing: 0.1, classWeight: "balanced" }], ["three, temperature", three, {}, { calibrate: "temperature" }],
  ["three, platt", three, { classWeight: "balanced" }, { calibrate: "platt" }], ["three, isotonic", three, {}, { calibrate: "isotonic" }],
  ["four, fourier", four, { features: { kind: "fourier", components: 10 } }], ["four, polynomial with gaps", four, { features: { kind: "polynomial" }, impute: "mean" }, { gaps: true }],
  ["several labels", null, { multiLabel: true }], ["several labels, asymmetric", null, { multiLabel: true, loss: "asymmetric" }],
  ["several labels, alpha", null, { multiLabel: true, alpha: 0.7, gamma: 1 }],
  ["several labels, balanced", null, { multiLabel: true, classWeight: "balanced" }],
  ["several labels, polynomial", null, { multiLabel: true, labelSmoothing: 0.05, features: { kind: "polynomial" } }],
  ["online", two, { classWeight: { fault: 3 } }, { online: true }],
];

const out = [];
async function add(name, clf, X) {
  const probabilities = [...(await clf.predictProba(X)).data];
  const raw = [...(await clf.predictProba(X, { raw: true })).data];
  out.push(JSON.stringify({ name, document: clf, x: X, probabilities, raw, labels: await clf.predict(X) }));
}
for (const [name, classes, options, { gaps, tune, calibrate, online } = {}] of cases) {
  const { X, y } = classes ? problem(classes, gaps) : labels(gaps);
  const clf = new FocalClassifier({ ...options, engine });
  if (online) await clf.partialFit(X, y, { classes });
  else await clf.fit(X, y);
  const known = X.flatMap((_, i) => (classes || y[i].every((v) => v !== null) ? [i] : []));
  const [Xk, yk] = [known.map((i) => X[i]), known.map((i) => y[i])];
  if (calibrate) await clf.calibrate(Xk, yk, { method: calibrate });
  if (tune) await clf.tuneThreshold(X, y, { maximize: tune });
  // The last three are far out.
  await add(name, clf, [...X.slice(0, 9), [40, -40, 40], [-60, 60, -60], [0, 0, 0]]);
}

const raws = Array.from({ length: 200 }, (_, i) => ({
  seen: i % 11 ? `2024-0${1 + (i % 9)}-${10 + (i % 19)} ${10 + (i % 13)}:${10 + (i % 47)}` : null, place: ["north", "south", "é 😀", ""][i % 4],
  age: i % 7 ? 20 + (i % 40) : "", wet: i % 3 === 0, failed: i % 8 ? "no" : "yes",
}));
const { X, y } = await readTable(raws, { label: "failed" });
for (const options of [{ classWeight: "balanced" }, { features: { kind: "polynomial" }, l2: 0.1 }]) {
  const clf = new FocalClassifier({ ...options, engine });
  await clf.fit(X, y);
  await add("table", clf, [
    ...raws.slice(0, 12).map(({ failed, ...row }) => row),
    { seen: "2025/12/31", place: "elsewhere", age: " 0x1f ", wet: "true" }, { seen: "1999-01-02T03:04:05Z", place: null, age: 1e3, wet: false },
    { seen: "", place: " north\u00a0", age: "-1.5e1", wet: "false", failed: "no" },
  ]);
}
process.stdout.write(`[\n${out.join(",\n")}\n]\n`);
await engine.dispose();

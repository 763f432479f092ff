// What is done with a fitted model and the truth: evaluation, thresholds, calibration. Loaded when first needed.
import { sharedEngine, type EngineHandle } from "../engine/engine.js";
import { badOption, FocalfitError } from "../input/errors.js";
import { checkKnown } from "../input/known.js";
import { checkLength, checkSampleWeight, compareLabels, encodeLabels, indicesOf, isLabel, showLabel, showList, type Label } from "../input/labels.js";
import { describe, openFlat, openMatrix, readMatrix, isList, type MatrixInput } from "../input/matrix.js";
import { checkOptions, choice, number } from "./options.js";
import { classify, estimate, type Rows } from "../model/predictor.js";
import { scoreNames, type JudgeOutcome, type ThresholdCall } from "../engine/protocol.js";
import type { Calibration, Model } from "../model/score.js";
import { slices, type InSlices } from "../input/slices.js";

/** How well a classifier does. With two classes the measures are those of the positive one, with more means over the classes. */
export interface Scores {
  /** Area under the ROC curve: how likely a positive row scores higher than a negative one. */
  rocAuc: number;
  /** Σ (R_n − R_{n−1})·P_n over the precision–recall curve, without interpolation. A constant score has the prevalence. */
  averagePrecision: number;
  /** Mean of −log p of the true class, p being at least 2⁻⁵². */
  logLoss: number;
  /** Mean of (p − y)²; with more than two classes of Σ_c (p_c − y_c)². */
  brier: number;
  /** Expected calibration error: over 15 bins of equal mass, the mean of |mean probability − frequency|. */
  ece: number;
  /** Share of right decisions: with a rare class it says little. */
  accuracy: number;
  /** Mean of the classes' recalls. */
  balancedAccuracy: number;
  /** Matthews' correlation coefficient, −1 … 1. */
  mcc: number;
  /** Geometric mean of the classes' recalls. */
  gMean: number;
  f1: number;
  precision: number;
  recall: number;
}

/** What a class does against the rest. */
export interface ClassScores {
  label: Label;
  /** The rows' weight. */
  support: number;
  precision: number;
  recall: number;
  f1: number;
  /** null where no row is of the class, or every one. */
  rocAuc: number | null;
  averagePrecision: number | null;
}

/** A judgement of a classifier. */
export interface Evaluation extends Scores {
  /** `confusion[i][j]`: the weight of the rows of class i that are taken for class j, in the order of `classes`. */
  confusion: number[][];
  perClass: ClassScores[];
  /** With two classes, from the highest threshold to the lowest; otherwise pr and roc are null. */
  curves: {
    pr: { precision: Float64Array; recall: Float64Array; thresholds: Float64Array } | null;
    /** With a first point (0, 0), whose threshold is infinite. */
    roc: { falsePositiveRate: Float64Array; truePositiveRate: Float64Array; thresholds: Float64Array } | null;
    /** Bins of equal mass by the probability of the positive class; with more classes of the one decided for. */
    reliability: { probability: Float64Array; frequency: Float64Array; weight: Float64Array };
  };
}

/** An evaluation of several labels: one for each, and the means over those that have rows of both kinds. */
export interface LabelsEvaluation extends Scores {
  perLabel: Evaluation[];
}

/** What a threshold is chosen for. */
export type Maximize =
  | "f1" | "mcc" | "balancedAccuracy" | "gMean"
  | { fBeta: number }
  | { recallAtPrecision: number }
  | { precisionAtRecall: number }
  | { cost: { falsePositive: number; falseNegative: number } };

/** A threshold that was chosen, and is set. */
export interface TunedThreshold {
  /** Midway between two neighbouring probabilities. */
  threshold: number;
  /** Of the objective; for a cost the mean of a row. */
  value: number;
  /** Whether any threshold has the precision or recall asked for; if none, this one comes nearest. */
  reached: boolean;
  /** The bootstrap's 95 % interval of the value at this threshold. */
  interval: [number, number];
  /** That of the threshold, were it chosen on other rows. */
  thresholdInterval: [number, number];
  /** Rows at this threshold, by weight. */
  confusion: { truePositive: number; falseNegative: number; falsePositive: number; trueNegative: number };
}

/** What is done with truths may take. */
export interface TruthOptions {
  /** A weight ≥ 0 per row, not all 0. Default: 1 each. */
  sampleWeight?: ArrayLike<number> | undefined;
}

/** A classifier's model and engine; logits where the rows are a dataset's. */
interface Subject {
  model: Model;
  engine: EngineHandle | undefined;
}

/** See FocalClassifier.evaluate. */
export async function evaluate({ model, engine = sharedEngine() }: Subject, X: Rows, y: unknown, options: TruthOptions): Promise<Evaluation | LabelsEvaluation> {
  checkOptions(options, ["sampleWeight"]);
  const inSlices = slices();
  const { data, rows, columns } = await complete(estimate(model, X), inSlices);
  const decided = await complete(classify(model, X), inSlices);
  const sampleWeight = await weightsOf(options, rows, inSlices);
  if (model.multiLabel) return evaluateLabels(engine, model, data, decided as number[][], await labelMatrix(y, rows, columns, inSlices), sampleWeight);
  checkLength(y, rows, "y");
  const labels = await indicesOf(y, model.classes, inSlices);
  const predicted = await indicesOf(decided as Label[], model.classes, inSlices);
  const outcome = await engine.call("judge", { probabilities: data, classes: columns, positive: Math.max(model.positive, 0), predicted, labels, sampleWeight });
  return evaluationOf(outcome, model.classes, model.positive);
}

/** Rows of 0, 1 or NaN for unknown, label after label. */
async function labelMatrix(y: unknown, rows: number, columns: number, inSlices: InSlices): Promise<Float64Array> {
  const reader = openMatrix(y as MatrixInput, "y", true);
  if (reader.rows !== rows || reader.columns !== columns) throw new FocalfitError("SHAPE_MISMATCH", `y is ${reader.rows} × ${reader.columns}, the predictions are ${rows} × ${columns}: give a row of labels for each row.`);
  const cells = await readMatrix(reader, inSlices);
  const wrong = cells.findIndex((cell) => cell !== 0 && cell !== 1 && cell === cell);
  if (wrong >= 0) {
    const [row, column] = [Math.floor(wrong / columns), wrong % columns];
    throw new FocalfitError("BAD_INPUT", `Row ${row}, column ${column} of y is ${cells[wrong]}: labels are 0, 1, or null where they are not known.`, { row, column });
  }
  return cells;
}

async function evaluateLabels(engine: EngineHandle, { classes }: Model, probabilities: Float64Array, decided: number[][], truth: Float64Array, sampleWeight: Float64Array | null): Promise<LabelsEvaluation> {
  const columns = classes.length;
  const perLabel: Evaluation[] = [];
  for (let column = 0; column < columns; column++) {
    const known = decided.map((_, row) => row).filter((row) => truth[row * columns + column] === truth[row * columns + column]);
    const p = Float64Array.from({ length: 2 * known.length }, (_, at) => {
      const value = probabilities[known[at >> 1]! * columns + column]!;
      return at % 2 ? value : 1 - value;
    });
    try {
      const outcome = await engine.call("judge", {
        probabilities: p, classes: 2, positive: 1,
        predicted: Int32Array.from(known, (row) => decided[row]![column]!),
        labels: Int32Array.from(known, (row) => truth[row * columns + column]!),
        sampleWeight: sampleWeight && Float64Array.from(known, (row) => sampleWeight[row]!),
      });
      perLabel.push(evaluationOf(outcome, [0, 1], 1));
    } catch (error) {
      if (error instanceof FocalfitError && error.code === "ONE_CLASS") {
        throw new FocalfitError("ONE_CLASS", `The known rows of label ${showLabel(classes[column]!)} are all of one kind: give rows of both, or leave the label out.`, { column });
      }
      throw error;
    }
  }
  const means = Object.fromEntries(scoreNames.map((name) => [name, perLabel.reduce((sum, one) => sum + one[name], 0) / columns]));
  return { ...(means as unknown as Scores), perLabel };
}

/** A judgement in the words of the package. */
function evaluationOf({ scores, confusion, perClass, curve, reliability }: JudgeOutcome, classes: readonly Label[], positive: number): Evaluation {
  const count = classes.length;
  const every = (list: Float64Array, step: number, at: number) => Float64Array.from({ length: list.length / step }, (_, index) => list[index * step + at]!);
  const [thresholds, hits, alarms] = [0, 1, 2].map((at) => every(curve, 3, at)) as [Float64Array, Float64Array, Float64Array];
  const after = (first: number, list: Float64Array) => {
    const longer = new Float64Array(list.length + 1).fill(first, 0, 1);
    longer.set(list, 1);
    return longer;
  };
  const positives = positive < 0 ? 0 : perClass[positive * 7 + 1]!;
  const negatives = positive < 0 ? 0 : perClass[(1 - positive) * 7 + 1]!;
  return {
    ...(Object.fromEntries(scoreNames.map((name, at) => [name, scores[at]!])) as unknown as Scores),
    confusion: classes.map((_, label) => [...confusion.subarray(label * count, (label + 1) * count)]),
    perClass: classes.map((label, at) => {
      const [present, support, precision, recall, f1, rocAuc, averagePrecision] = perClass.subarray(at * 7) as unknown as [number, number, number, number, number, number, number];
      return { label, support, precision, recall, f1, rocAuc: present ? rocAuc : null, averagePrecision: present ? averagePrecision : null };
    }),
    curves: {
      pr: positive < 0 ? null : { precision: hits.map((hit, at) => hit / (hit + alarms[at]!)), recall: hits.map((hit) => hit / positives), thresholds },
      roc: positive < 0 ? null : {
        falsePositiveRate: after(0, alarms.map((alarm) => alarm / negatives)),
        truePositiveRate: after(0, hits.map((hit) => hit / positives)),
        thresholds: after(Infinity, thresholds),
      },
      reliability: { probability: every(reliability, 3, 0), frequency: every(reliability, 3, 1), weight: every(reliability, 3, 2) },
    },
  };
}

/** See FocalClassifier.tuneThreshold. */
export async function tuneThreshold({ model, engine = sharedEngine() }: Subject, X: Rows, y: unknown, options: TruthOptions & { maximize?: Maximize | undefined; seed?: number | undefined }, seed: number): Promise<{ threshold: number[]; result: TunedThreshold[] }> {
  checkOptions(options, ["maximize", "sampleWeight", "seed"]);
  const objective = objectiveOf(options.maximize ?? "f1");
  const random = number(options, "seed", seed, (value) => Number.isSafeInteger(value) && value >= 0, "must be a whole number ≥ 0");
  const { multiLabel, positive, classes } = model;
  if (!multiLabel && positive < 0) throw badOption("threshold", `threshold is for two classes, the model has ${classes.length}: use classWeight to move its decisions.`);
  const inSlices = slices();
  const { data, rows, columns } = await complete(estimate(model, X), inSlices);
  const sampleWeight = await weightsOf(options, rows, inSlices);
  const outputs = multiLabel ? classes.map((_, column) => column) : [positive];
  let truth: (row: number, output: number) => number;
  if (multiLabel) {
    const cells = await labelMatrix(y, rows, columns, inSlices);
    truth = (row, output) => cells[row * columns + output]!;
  } else {
    checkLength(y, rows, "y");
    const labels = await indicesOf(y, classes, inSlices);
    truth = (row) => Number(labels[row] === positive);
  }
  const results: TunedThreshold[] = [];
  for (const output of outputs) {
    const known = Array.from({ length: rows }, (_, row) => row).filter((row) => truth(row, output) === truth(row, output));
    const { threshold, value, reached, interval, thresholdInterval, confusion } = await engine.call("threshold", {
      ...objective,
      probabilities: Float64Array.from(known, (row) => data[row * columns + output]!),
      labels: Int32Array.from(known, (row) => truth(row, output)),
      sampleWeight: sampleWeight && Float64Array.from(known, (row) => sampleWeight[row]!),
      seed: random,
    });
    const [truePositive, falseNegative, falsePositive, trueNegative] = confusion as unknown as [number, number, number, number];
    results.push({ threshold, value, reached, interval: [...interval] as [number, number], thresholdInterval: [...thresholdInterval] as [number, number], confusion: { truePositive, falseNegative, falsePositive, trueNegative } });
  }
  return { threshold: results.map(({ threshold }) => threshold), result: results };
}

function objectiveOf(maximize: unknown): Pick<ThresholdCall, "goal" | "parameter" | "falsePositive" | "falseNegative"> {
  const none = { parameter: 0, falsePositive: 0, falseNegative: 0 };
  const plain = ["f1", "mcc", "balancedAccuracy", "gMean"] as const;
  if (typeof maximize === "string") return { ...none, goal: choice({ maximize }, "maximize", plain)! };
  if (typeof maximize !== "object" || maximize === null || isList(maximize) || Object.keys(maximize).length !== 1) {
    throw badOption("maximize", `maximize is ${describe(maximize)}: it must be one of ${plain.map((name) => `"${name}"`).join(", ")}, { fBeta }, { recallAtPrecision }, { precisionAtRecall } or { cost }.`);
  }
  checkKnown(maximize, ["fBeta", "recallAtPrecision", "precisionAtRecall", "cost"], "field of maximize");
  const options = maximize as Record<string, unknown>;
  const goal = Object.keys(options)[0] as "fBeta" | "recallAtPrecision" | "precisionAtRecall" | "cost";
  if (goal !== "cost") {
    const beta = goal === "fBeta";
    return { ...none, goal, parameter: number(options, goal, NaN, (value) => value > 0 && (beta || value <= 1), beta ? "must be a number > 0" : "must lie in (0, 1]") };
  }
  const { cost } = options;
  if (typeof cost !== "object" || cost === null || isList(cost)) throw badOption("cost", `cost is ${describe(cost)}: it must be { falsePositive, falseNegative }.`);
  checkKnown(cost, ["falsePositive", "falseNegative"], "field of cost");
  const costs = cost as Record<string, unknown>;
  const of = (name: string) => number(costs, name, NaN, (value) => value >= 0, "must be a number ≥ 0");
  const [falsePositive, falseNegative] = [of("falsePositive"), of("falseNegative")];
  if (falsePositive + falseNegative === 0) throw badOption("cost", "cost is 0 for both mistakes: give at least one a cost.");
  return { goal, parameter: 0, falsePositive, falseNegative };
}

/** See FocalClassifier.calibrate. */
export async function calibrate({ model, engine = sharedEngine() }: Subject, X: Rows, y: unknown, options: TruthOptions & { method?: "temperature" | "platt" | "isotonic" | undefined }): Promise<Calibration> {
  checkOptions(options, ["method", "sampleWeight"]);
  const method = choice(options, "method", ["temperature", "platt", "isotonic"]) ?? "temperature";
  const { multiLabel, positive, classes } = model;
  if (multiLabel) throw badOption("multiLabel", "calibrate is for one label: fit and calibrate each label by itself.");
  const inSlices = slices();
  const { data, rows, columns } = await complete(estimate({ ...model, calibration: undefined }, X), inSlices);
  checkLength(y, rows, "y");
  const outputs = positive < 0 ? classes.map((_, at) => at) : [positive];
  const { temperature, slope, intercept, x, y: means } = await engine.call("calibrate", {
    method,
    probabilities: data,
    classes: columns,
    outputs: Int32Array.from(outputs),
    labels: await indicesOf(y, classes, inSlices),
    sampleWeight: await weightsOf(options, rows, inSlices),
  });
  if (method === "temperature") return { method, temperature };
  if (method === "platt") {
    // A slope of 0 says that the logit says nothing, and times an infinite logit it is NaN.
    if (slope.some((value) => value === 0)) throw new FocalfitError("BAD_INPUT", "The probabilities of these rows are all alike, so there is nothing to learn from them: give rows that differ, or use another method.");
    return { method, slope: [...slope], intercept: [...intercept] };
  }
  return { method, x: x.map((list) => [...list]), y: means.map((list) => [...list]) };
}

/** See metrics in index.ts. */
export async function judgeScores(yTrue: ArrayLike<Label>, scores: ArrayLike<number> | MatrixInput, options: TruthOptions & { positiveClass?: Label | undefined; threshold?: number | undefined }): Promise<Evaluation> {
  checkOptions(options, ["positiveClass", "sampleWeight", "threshold"]);
  const inSlices = slices();
  checkLength(yTrue, null, "yTrue");
  const { classes, indices } = await encodeLabels(yTrue, inSlices);
  const flat = isList(scores) && !isList(scores[0]);
  const reader = flat ? openFlat(scores, 1, "scores") : openMatrix(scores as MatrixInput, "scores");
  const { rows, columns } = reader;
  if (rows !== yTrue.length) throw new FocalfitError("SHAPE_MISMATCH", `scores have ${rows} rows, yTrue has ${yTrue.length}: they must be as many.`);
  const given = await readMatrix(reader, inSlices);
  const outside = given.findIndex((value) => !(value >= 0 && value <= 1));
  if (outside >= 0) throw new FocalfitError("BAD_INPUT", `scores of row ${Math.floor(outside / columns)} hold ${given[outside]}: give probabilities, from 0 to 1.`, { row: Math.floor(outside / columns) });
  const { positiveClass } = options;
  if (positiveClass !== undefined && !isLabel(positiveClass)) throw badOption("positiveClass", `positiveClass is ${describe(positiveClass)}: it must be a label.`);
  const sampleWeight = await weightsOf(options, rows, inSlices);
  if (classes.length === 2 && columns <= 2) {
    const positive = positiveClass === undefined ? 1 : classes.indexOf(positiveClass);
    if (positive < 0) throw new FocalfitError("UNKNOWN_LABEL", `positiveClass ${showLabel(positiveClass!)} is not among the classes ${showList([...classes].sort(compareLabels).map(showLabel))}.`, { option: "positiveClass" });
    const threshold = number(options, "threshold", 0.5, (value) => value >= 0 && value <= 1, "must lie in [0, 1]");
    const of = (row: number) => given[columns === 2 ? row * 2 + positive : row]!;
    const probabilities = Float64Array.from({ length: 2 * rows }, (_, at) => (at % 2 === positive ? of(at >> 1) : 1 - of(at >> 1)));
    const predicted = Int32Array.from({ length: rows }, (_, row) => (of(row) >= threshold ? positive : 1 - positive));
    return evaluationOf(await sharedEngine().call("judge", { probabilities, classes: 2, positive, predicted, labels: indices, sampleWeight }), classes, positive);
  }
  for (const name of ["positiveClass", "threshold"] as const) {
    if (classes.length > 2 && options[name] !== undefined) throw badOption(name, `${name} is for two classes, and yTrue has ${classes.length}: leave it out.`);
  }
  if (columns !== classes.length) throw new FocalfitError("SHAPE_MISMATCH", `scores have ${columns} columns for ${classes.length} classes: give a probability per class, in the order of the classes.`);
  const predicted = Int32Array.from({ length: rows }, (_, row) => {
    const own = given.subarray(row * columns, (row + 1) * columns);
    return own.indexOf(Math.max(...own));
  });
  return evaluationOf(await sharedEngine().call("judge", { probabilities: given, classes: columns, positive: 0, predicted, labels: indices, sampleWeight }), classes, -1);
}

/** All of a prediction, in slices. */
async function complete<R>({ rows, step, work, result }: { rows: number; step: number; work(from: number, to: number): void; result: R }, inSlices: InSlices): Promise<R> {
  await inSlices(rows, step, work);
  return result;
}

async function weightsOf({ sampleWeight }: TruthOptions, rows: number, inSlices: InSlices): Promise<Float64Array | null> {
  return sampleWeight === undefined ? null : checkSampleWeight(sampleWeight, rows, inSlices);
}

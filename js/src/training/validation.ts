import type { FocalClassifier } from "./classifier.js";
import type { Dataset } from "../engine/dataset.js";
import type { Evaluation, Scores, TruthOptions } from "./judge.js";
import type { Label } from "../input/labels.js";
import type { MatrixInput } from "../input/matrix.js";
import type { ClassifierOptions } from "./options.js";
import type { FitReport } from "./report.js";

/** Progress of a cross-validation. */
export interface SearchProgress {
  /** 0 … 1. */
  fraction: number;
  /** Tasks done, each the fits of one path of settings to all folds but one, and tasks in all. */
  done: number;
  total: number;
}

/** Options of {@link crossValidate}. */
export interface CrossValidateOptions<L extends Label = Label> {
  /** Those of the classifiers. Default: all defaults. */
  options?: ClassifierOptions<L> | undefined;
  /** How many parts, each left out once; stratified. A whole number ≥ 2. Default 5. */
  folds?: number | undefined;
  /** A whole number ≥ 0 that determines which row is in which fold. Default 0. */
  seed?: number | undefined;
  /** A weight ≥ 0 per row, not all 0, in the fits and in the scores. Default: 1 each. */
  sampleWeight?: ArrayLike<number> | undefined;
  /**
   * How many engines share the work; the results do not depend on it. Of a `Dataset` only 1. Default `"auto"`: by the
   * size of the work and the cores.
   */
  parallel?: "auto" | number | undefined;
  /** Aborting it ends the work, which rejects with `ABORTED`. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: SearchProgress) => void) | undefined;
}

/** How well classifiers do on the folds they were not fitted to. */
export interface CrossValidation {
  /** The scores of each fold. */
  folds: Scores[];
  /** Their means. */
  mean: Scores;
  /** Their population standard deviations. */
  standardDeviation: Scores;
}

/** Options of {@link tune}. */
export interface TuneOptions<L extends Label = Label> extends CrossValidateOptions<L> {
  /** Lists of values by option: every combination is tried. */
  grid?: { [option in keyof ClassifierOptions<L>]?: readonly ClassifierOptions<L>[option][] } | undefined;
  /** [low, high] by option, to draw from: `l2` and `l1` by their logarithm, the others evenly. In place of `grid`. */
  ranges?: { [option in "gamma" | "gammaPositive" | "gammaNegative" | "clip" | "epsilon" | "labelSmoothing" | "alpha" | "l2" | "l1"]?: readonly [number, number] } | undefined;
  /** How many draws from `ranges`. Default 20. */
  trials?: number | undefined;
  /** What is best: the greatest mean, of `logLoss`, `brier` and `ece` the least. Default `"averagePrecision"`. */
  metric?: keyof Scores | undefined;
}

/** What a search found. */
export interface Tuning<L extends Label = Label> {
  /** The best result. */
  best: CrossValidation & { options: Partial<ClassifierOptions<L>>; score: number };
  /** All, in the order of the grid or the draws. */
  results: (CrossValidation & { options: Partial<ClassifierOptions<L>> })[];
  /** Fitted to all rows with the best options. */
  classifier: FocalClassifier<L>;
  /** How that fit went. */
  report: FitReport;
}

/** Options of {@link split}. */
export interface SplitOptions {
  /** The share of the rows that are for testing, between 0 and 1. Default 0.25. */
  testFraction?: number | undefined;
  /** Whether each class is split by itself. Default true. */
  stratify?: boolean | undefined;
  /** A whole number ≥ 0 that determines which. Default 0. */
  seed?: number | undefined;
}

/** Rows in two parts, each in the order they came. */
export interface Split<L = Label> {
  train: { X: MatrixInput; y: L[]; rows: number[] };
  test: { X: MatrixInput; y: L[]; rows: number[] };
}

/**
 * Fits a classifier to all folds but one, for each, and judges it by that one. Scaling, the filling of missing cells,
 * features and class weights are made from the rows that are fitted to, and from nothing else.
 *
 * A `Dataset` may bring its own `y`, and stays uploaded. Its engine does the work, alone.
 *
 * Rejects as a fit does, and with `BAD_INPUT` where a class has fewer rows than there are folds.
 *
 * @example
 * ```js
 * import { crossValidate } from "focalfit";
 * const X = Array.from({ length: 600 }, (_, i) => [Math.sin(i * 1.7) + (i % 30 ? 0 : 2), i % 7]);
 * const { mean, standardDeviation } = await crossValidate(X, X.map((_, i) => i % 30 === 0), { options: { classWeight: "balanced" }, folds: 4 });
 * console.log(mean.rocAuc > 0.8, standardDeviation.rocAuc < 0.2);   // true true
 * ```
 */
export async function crossValidate<L extends Label>(X: MatrixInput | Dataset, y?: ArrayLike<L>, options: CrossValidateOptions<L> = {}): Promise<CrossValidation> {
  return (await import("./validate.js")).crossValidate(X, y, options);
}

/**
 * Cross-validates settings and fits the best to all rows. Settings that differ in `l2` only, or, where
 * all have the same `l2`, in one `gamma` for all classes only, are fitted one after the other, each from the one before:
 * that takes fewer passes over the data, and the results do not depend on how many engines share the work.
 *
 * Rejects as {@link crossValidate} does.
 *
 * @example
 * ```js
 * import { tune } from "focalfit";
 * const X = Array.from({ length: 600 }, (_, i) => [Math.sin(i * 1.7) + (i % 30 ? 0 : 2), i % 7]);
 * const { best, classifier } = await tune(X, X.map((_, i) => i % 30 === 0), {
 *   options: { classWeight: "balanced" }, grid: { gamma: [0, 2], l2: [1e-3, 1e-1] }, folds: 3, metric: "averagePrecision",
 * });
 * console.log(Object.keys(best.options), classifier.classes);   // [ 'gamma', 'l2' ] [ false, true ]
 * ```
 */
export async function tune<L extends Label>(X: MatrixInput | Dataset, y: ArrayLike<L> | undefined, options: TuneOptions<L>): Promise<Tuning<L>> {
  return (await import("./validate.js")).tune(X, y, options);
}

/**
 * Splits rows and labels at random into two parts. Rejects with `BAD_INPUT`, `SHAPE_MISMATCH`, `BAD_OPTION`.
 *
 * @example
 * ```js
 * import { split } from "focalfit";
 * const X = Array.from({ length: 100 }, (_, i) => [i]);
 * const { train, test } = await split(X, X.map(([i]) => i % 10 === 0), { testFraction: 0.2 });
 * console.log(train.y.filter(Boolean).length, test.y.filter(Boolean).length);   // 8 2
 * ```
 */
export async function split<L>(X: MatrixInput, y: ArrayLike<L>, options: SplitOptions = {}): Promise<Split<L>> {
  return (await import("./validate.js")).split(X, y, options);
}

/**
 * Judges probabilities, of whatever model, by the true labels. `scores` are one probability of the positive class per
 * row, or a row of them in the order of the classes. Two classes: positive is decided from `threshold` on, 0.5 by default.
 *
 * Rejects with `BAD_INPUT`, `NOT_FINITE`, `SHAPE_MISMATCH`, `ONE_CLASS`, `UNKNOWN_LABEL`, `BAD_OPTION`.
 *
 * @example
 * ```js
 * import { metrics } from "focalfit";
 * const { averagePrecision, f1 } = await metrics(["no", "yes", "no", "yes"], [0.1, 0.9, 0.6, 0.7], { positiveClass: "yes" });
 * console.log(averagePrecision, f1);   // 1 0.8
 * ```
 */
export async function metrics<L extends Label>(yTrue: ArrayLike<L>, scores: ArrayLike<number> | MatrixInput, options: TruthOptions & { positiveClass?: L | undefined; threshold?: number | undefined } = {}): Promise<Evaluation> {
  return (await import("./judge.js")).judgeScores(yTrue, scores, options);
}

/// <reference lib="esnext.disposable" preserve="true" />
import type { Dataset } from "../engine/dataset.js";
import type { Engine, EngineHandle } from "../engine/engine.js";
import { badOption, FocalfitError } from "../input/errors.js";
import type { Explanation } from "../model/explain.js";
import type { Evaluation, LabelsEvaluation, Maximize, TruthOptions, TunedThreshold } from "./judge.js";
import type { Label } from "../input/labels.js";
import { describe, type Matrix, type MatrixInput, type RowsInput } from "../input/matrix.js";
import { readModel, writeModel, type ModelDocument } from "../model/model.js";
import { checkClassifierOptions, checkEngine, checkOptions, type CheckedOptions, type ClassifierOptions } from "./options.js";
import type { PartialFitOptions } from "./online.js";
import { classify, decide, estimate, predictorOf, type Prediction, type Predictor, type ProbaOptions, type Rows } from "../model/predictor.js";
import type { TableRecipe } from "../model/recipe.js";
import type { FitProgress, FitReport } from "./report.js";
import { weightThreshold, type Calibration, type Model } from "../model/score.js";
import { slices, type InSlices } from "../input/slices.js";

/** Options of {@link FocalClassifier.fit}. */
export interface FitOptions {
  /** A weight ≥ 0 per row, not all 0. Default: 1 each. */
  sampleWeight?: ArrayLike<number> | undefined;
  /** Rows that are not trained on. Their mean loss at each iteration, without the penalty, is in `report.history`. */
  validation?: { X: MatrixInput | Dataset; y: ArrayLike<Label>; sampleWeight?: ArrayLike<number> | undefined } | undefined;
  /**
   * Whether to stop when the loss of the validation rows has not fallen for `patience` iterations (default 10), with
   * the model at which it was least. Default false.
   */
  earlyStopping?: boolean | { patience?: number | undefined } | undefined;
  /**
   * Called at every iteration and once at the end. What it throws stops the fit, which rejects with it, and the
   * classifier stays as it was.
   */
  onProgress?: ((progress: FitProgress) => void) | undefined;
  /** Aborting it stops the fit, which rejects with `ABORTED`; the error's `report` says how far it had come. */
  signal?: AbortSignal | undefined;
  /**
   * Start from the present coefficients instead of from zero; the classes and columns must be the same. Before the
   * first fit there are none, and it starts from zero. Default false.
   */
  warmStart?: boolean | undefined;
}

/**
 * A linear classifier trained with focal loss. It minimises
 *
 * J(W, b) = (1 / Σ sᵢ) Σ sᵢ · α_{yᵢ} · FL_γ(zᵢ, yᵢ) + (l2 / 2)·‖W‖²_F, zᵢ = W x̃ᵢ + b,
 *
 * with sample weights s, standardised columns x̃, and FL_γ = −(1 − p_t)^γ · log p_t of a sigmoid (two classes, one
 * logit) or a softmax (more, one logit each).
 *
 * Fitting runs in the engine's worker. Predicting is plain JavaScript on the calling thread, in slices of a few
 * milliseconds between which the page stays responsive; {@link FocalClassifier.predictor} does it synchronously.
 *
 * Labels are numbers, strings or booleans; `FocalClassifier<string>` makes predictions `string[]`.
 *
 * @example
 * ```js
 * import { FocalClassifier } from "focalfit";
 * const X = Array.from({ length: 300 }, (_, i) => [i % 10, (i * 7) % 13]);
 * const y = X.map(([a, b]) => (a + b > 19 ? "fault" : "fine"));
 * const classifier = new FocalClassifier({ classWeight: "balanced", positiveClass: "fault", l2: 1e-3 });
 * const { status } = await classifier.fit(X, y);
 * console.log(status, await classifier.predict([[9, 12], [1, 2]]));   // converged [ 'fault', 'fine' ]
 * const same = FocalClassifier.fromJSON(JSON.parse(JSON.stringify(classifier)));
 * console.log(same.predictor().predict([[9, 12]]));   // [ 'fault' ]
 * ```
 *
 * @example
 * Several labels a row, some not known; an l1 that makes coefficients exactly 0; the quadratic features of the columns:
 * ```js
 * import { FocalClassifier } from "focalfit";
 * const X = Array.from({ length: 300 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)]);
 * const labels = X.map(([a, b], i) => [Number(a > 0.8), i % 9 ? Number(b > 0.5) : null]);
 * const both = new FocalClassifier({ multiLabel: true, classWeight: "balanced" });
 * await both.fit(X, labels);
 * console.log(await both.predict([[0.99, -0.9, 0]]));   // [ [ 1, 0 ] ]
 *
 * const y = X.map(([a]) => a > 0.5);
 * const sparse = new FocalClassifier({ l1: 0.02 });
 * await sparse.fit(X, y);
 * console.log([...sparse.coefficients.data].filter((w) => w !== 0).length);   // 1
 *
 * const ring = X.map(([a, b]) => a * a + b * b < 0.3);
 * const curved = new FocalClassifier({ features: { kind: "polynomial" }, classWeight: "balanced" });
 * await curved.fit(X, ring);
 * console.log(await curved.predict([[0, 0, 0], [0.9, 0.9, 0]]));   // [ true, false ]
 * ```
 */
export class FocalClassifier<L extends Label | number[] = Label> {
  #options: CheckedOptions;
  #engine: EngineHandle | undefined;
  #model: Model | undefined;
  #disposed = false;
  #fits = new Set<AbortController>();
  #stream: Promise<void> = Promise.resolve();

  /** @throws `BAD_OPTION` for an unknown option, naming the nearest known one, or a value out of its range. */
  constructor(options: ClassifierOptions<L & Label> = {}) {
    this.#options = checkClassifierOptions(options);
    this.#engine = options.engine as EngineHandle | undefined;
  }

  /**
   * Trains on `X`, rows × columns, and `y`, one label per row (`multiLabel`: a row of labels). On any failure the
   * classifier stays as it was. Of fits that overlap, the one that ends last counts. A fit sets `threshold` back to its
   * default and forgets a calibration. A `Dataset` may bring its own `y`.
   *
   * Rejects with `BAD_INPUT`, `NOT_FINITE`, `SHAPE_MISMATCH`, `ONE_CLASS`, `UNKNOWN_LABEL`, `BAD_OPTION`, `ABORTED`,
   * `OUT_OF_MEMORY`, `ENGINE_FAILED`, `ENGINE_LOST`; with `NOT_FITTED` after dispose.
   *
   * @example
   * ```js
   * import { FocalClassifier, split } from "focalfit";
   * const X = Array.from({ length: 900 }, (_, i) => [Math.sin(i * 1.7) + (i % 30 ? 0 : 1.5), Math.cos(i)]);
   * const { train, test } = await split(X, X.map((_, i) => i % 30 === 0));
   * const classifier = new FocalClassifier({ loss: "asymmetric", gammaNegative: 2, classWeight: { effectiveNumber: 0.99 } });
   * const { history, warnings } = await classifier.fit(train.X, train.y, {
   *   validation: { X: test.X, y: test.y }, earlyStopping: true, sampleWeight: train.y.map((rare) => (rare ? 2 : 1)),
   *   signal: AbortSignal.timeout(10_000), onProgress: ({ fraction }) => fraction,
   * });
   * console.log(history[0].validation > 0, warnings);   // true []
   * await classifier.fit(train.X, train.y, { warmStart: true });
   * ```
   */
  async fit(X: MatrixInput | Dataset, y?: ArrayLike<L> | MatrixInput, options: FitOptions = {}): Promise<FitReport> {
    const begun = performance.now();
    if (this.#disposed) throw this.#notFitted();
    const stop = new AbortController();
    this.#fits.add(stop);
    try {
      const { train } = await import("./train.js");
      const { model, report } = await train({ options: this.#options, model: this.#model, engine: this.#engine, stop, begun }, X, y, options);
      this.#model = model;
      return report;
    } finally {
      this.#fits.delete(stop);
    }
  }

  /**
   * Learns more rows of a stream, from the first row on, in the order of the calls: follow the regularised leader
   * (McMahan et al. 2013) on the objective of all rows so far, with columns standardised and classes weighed by what has
   * come. The first call needs `classes` unless `y` has them. A saved and loaded classifier goes on to the bit. After a
   * `fit`, it starts anew.
   *
   * Rejects as `fit` does.
   *
   * @example
   * ```js
   * import { FocalClassifier } from "focalfit";
   * const classifier = new FocalClassifier({ classWeight: "balanced" });
   * for (let i = 0; i < 500; i++) {
   *   const fault = i % 20 === 0;
   *   await classifier.partialFit([[Math.sin(i) + (fault ? 3 : 0)]], [fault], { classes: [false, true] });
   * }
   * console.log(await classifier.predict([[3.5], [-0.5]]));   // [ true, false ]
   * ```
   */
  partialFit(X: MatrixInput, y: ArrayLike<L>, options: PartialFitOptions = {}): Promise<void> {
    const learn = async () => {
      if (this.#disposed) throw this.#notFitted();
      const learnt = await (await import("./online.js")).learn(this.#options, this.#model, this.#engine, X, y, options);
      if (this.#disposed) throw this.#notFitted();
      this.#model = learnt(this.#model);
    };
    const learnt = this.#stream.then(learn);
    this.#stream = learnt.catch(() => {});
    return learnt;
  }

  /**
   * Logits z = W x + b, rows × outputs: one column with two classes (the logit of the positive class), otherwise one
   * per class.
   *
   * Rejects with `NOT_FITTED`, `BAD_INPUT`, `NOT_FINITE`, `SHAPE_MISMATCH`, as the other predictions do.
   */
  async decisionFunction(X: RowsInput | Dataset): Promise<Matrix> {
    const model = this.#fitted();
    return inTurns(decide(model, await this.#rows(model, X)));
  }

  /**
   * Posterior probabilities, rows × K in the order of `classes`. Focal loss and weights shift the model's own
   * probabilities q away from the posterior η; this undoes it: η_c ∝ q_c / (α_c · φ_c(q_c)),
   * φ(q) = (1 − q)^γ − γ·(1 − q)^(γ−1)·q·log q. With `raw: true`: q itself, the sigmoid or softmax of the logits.
   */
  async predictProba(X: RowsInput | Dataset, options: ProbaOptions = {}): Promise<Matrix> {
    checkOptions(options, ["raw"]);
    const model = this.#fitted();
    return inTurns(estimate(model, await this.#rows(model, X), options));
  }

  /**
   * A label per row, of the type that `y` had. Two classes: the positive one where its posterior ≥ `threshold`.
   * More: the largest α_c · posterior, which is the largest logit where γ is the same for all. With several labels
   * (`FocalClassifier<number[]>`): a row of 0 and 1, by `thresholds`.
   */
  async predict(X: RowsInput | Dataset): Promise<L[]> {
    const model = this.#fitted();
    return inTurns(classify(model, await this.#rows(model, X))) as Promise<L[]>;
  }

  /**
   * Takes each row's logit apart: `contributions`, rows × (outputs · columns), are w_j·(x_j − mean_j) in logits, counted
   * from the training rows' mean, and `base` is the logit there, one per output. A row's logit is the base plus its
   * contributions. `importance` is the mean size of each column's contributions to these rows, and `ranking` puts the columns
   * in its order: on the training rows they are the top columns of the model. With features there is one contribution per
   * feature; a row of sparse data is made dense.
   *
   * Rejects as the predictions do.
   *
   * @example
   * ```js
   * import { FocalClassifier } from "focalfit";
   * const X = Array.from({ length: 200 }, (_, i) => [i % 10, (i * 3) % 7]);
   * const classifier = new FocalClassifier();
   * await classifier.fit(X, X.map(([a]) => a > 7));
   * const { data, base, ranking } = await classifier.explain([[9, 3]]);
   * const { data: logits } = await classifier.decisionFunction([[9, 3]]);
   * console.log(Math.abs(base[0] + data[0] + data[1] - logits[0]) < 1e-9, ranking);   // true [ 0, 1 ]
   * ```
   */
  async explain(X: RowsInput): Promise<Explanation> {
    const model = this.#fitted();
    const { explain, ranked } = await import("../model/explain.js");
    return ranked(await inTurns(explain(model, X)));
  }

  /**
   * Judges the classifier on rows and their labels, which should not be those it was fitted to. With several labels:
   * each, and the means.
   *
   * Rejects as the predictions do, and with `UNKNOWN_LABEL`, `ONE_CLASS`.
   *
   * @example
   * ```js
   * import { FocalClassifier, split } from "focalfit";
   * const X = Array.from({ length: 1200 }, (_, i) => [Math.sin(i * 1.7) + (i % 30 ? 0 : 1.5)]);
   * const { train, test } = await split(X, X.map((_, i) => i % 30 === 0));
   * const classifier = new FocalClassifier({ classWeight: "balanced" });
   * await classifier.fit(train.X, train.y);
   * const { averagePrecision, recall, confusion, curves } = await classifier.evaluate(test.X, test.y);
   * console.log(averagePrecision > 0.2, recall > 0.5, confusion.length, curves.pr.precision.length > 1);   // true true 2 true
   * ```
   */
  async evaluate(X: RowsInput | Dataset, y: ArrayLike<L> | MatrixInput, options: TruthOptions = {}): Promise<Evaluation & Partial<LabelsEvaluation>> {
    const [judge, subject, rows] = await this.#judged(X);
    return judge.evaluate(subject, rows, y, options) as Promise<Evaluation & Partial<LabelsEvaluation>>;
  }

  /**
   * Sets `threshold` to the best for `maximize` on rows and labels that the model was not fitted to, among all that
   * decide differently about them. Default: F1. With several labels: of each, and an array is returned.
   *
   * Rejects as `evaluate` does.
   *
   * @example
   * ```js
   * import { FocalClassifier, split } from "focalfit";
   * const X = Array.from({ length: 1200 }, (_, i) => [Math.sin(i * 1.7) + (i % 30 ? 0 : 1.5)]);
   * const { train, test } = await split(X, X.map((_, i) => i % 30 === 0));
   * const classifier = new FocalClassifier();
   * await classifier.fit(train.X, train.y);
   * // A missed fault costs as much as fifty false alarms.
   * const { threshold, interval } = await classifier.tuneThreshold(test.X, test.y, { maximize: { cost: { falsePositive: 1, falseNegative: 50 } } });
   * console.log(threshold < 0.5, interval.length, classifier.threshold === threshold);   // true 2 true
   * ```
   */
  async tuneThreshold(X: RowsInput | Dataset, y: ArrayLike<L> | MatrixInput, options: TruthOptions & { maximize?: Maximize | undefined; seed?: number | undefined } = {}): Promise<TunedThreshold> {
    const [judge, subject, rows] = await this.#judged(X);
    const { threshold, result } = await judge.tuneThreshold(subject, rows, y, options, this.#options.seed ?? 0);
    this.#change(subject.model, { threshold });
    return (subject.model.multiLabel ? result : result[0]) as TunedThreshold;
  }

  /**
   * Learns to correct the probabilities on rows and labels that the model was not fitted to: `"temperature"` (default)
   * divides their logits, `"platt"` puts a sigmoid on them, `"isotonic"`, for a thousand rows and more, any rising
   * function of the probability. With more than two classes the latter two treat each against the rest. Sample weights
   * are numbers of rows to `"platt"`, which keeps from certainty as if there were two more: let them be 1 on average.
   *
   * Rejects as `evaluate` does.
   *
   * @example
   * ```js
   * import { FocalClassifier, split } from "focalfit";
   * const X = Array.from({ length: 1200 }, (_, i) => [Math.sin(i * 1.7) + (i % 30 ? 0 : 1.5)]);
   * const { train, test } = await split(X, X.map((_, i) => i % 30 === 0));
   * const classifier = new FocalClassifier();
   * await classifier.fit(train.X, train.y);
   * const { temperature } = await classifier.calibrate(test.X, test.y, { method: "temperature" });
   * console.log(temperature > 0);   // true
   * ```
   */
  async calibrate(X: RowsInput | Dataset, y: ArrayLike<L>, options: TruthOptions & { method?: "temperature" | "platt" | "isotonic" | undefined } = {}): Promise<Calibration> {
    const [judge, subject, rows] = await this.#judged(X);
    const calibration = await judge.calibrate(subject, rows, y, options);
    this.#change(subject.model, { calibration });
    return calibration;
  }

  /**
   * With two classes: the posterior probability, 0 … 1, from which on `predict` says positive. Until it is set it is
   * α₋ / (α₊ + α₋), so 0.5 without weights. Every fit sets it back.
   *
   * @throws `NOT_FITTED`; `BAD_OPTION` for a value out of range, and with more than two classes, which have none.
   */
  get threshold(): number {
    return this.#thresholds("threshold")[0]!;
  }

  set threshold(value: number) {
    this.#thresholds("threshold");
    this.#setThresholds([value], "threshold");
  }

  /** With several labels: `threshold` of each. A copy. @throws `NOT_FITTED`, `BAD_OPTION` */
  get thresholds(): number[] {
    return this.#thresholds("thresholds");
  }

  set thresholds(values: readonly number[]) {
    const { length } = this.#thresholds("thresholds");
    if (!Array.isArray(values) || values.length !== length) throw badOption("thresholds", `thresholds must be an array of ${length} numbers.`);
    this.#setThresholds(values, "thresholds");
  }

  /** The classes, sorted: numbers ascending, strings by code unit, false before true. A copy. @throws `NOT_FITTED` */
  get classes(): L[] {
    return [...this.#fitted().classes] as L[];
  }

  /**
   * Outputs × columns, in the input's own units (of features: in theirs); one output with two classes. A copy.
   * @throws `NOT_FITTED`
   */
  get coefficients(): Matrix {
    const { coefficients, intercepts } = this.#fitted();
    return { data: coefficients.slice(), rows: intercepts.length, columns: coefficients.length / intercepts.length };
  }

  /** One per output; 0 without `fitIntercept` (and without `standardize`, which moves the origin). A copy. @throws `NOT_FITTED` */
  get intercepts(): Float64Array {
    return this.#fitted().intercepts.slice();
  }

  /** How raw rows become numbers, of a model fitted to a table of `focalfit/table`; otherwise undefined. @throws `NOT_FITTED` */
  get table(): TableRecipe | undefined {
    return this.#fitted().table;
  }

  /** The model as plain JSON, for {@link FocalClassifier.fromJSON}; JSON.stringify calls it. @throws `NOT_FITTED` */
  toJSON(): ModelDocument {
    return writeModel(this.#fitted(), this.#options);
  }

  /**
   * The classifier that a document describes; it predicts without an engine.
   *
   * @param json what `toJSON` returned, after JSON.parse
   * @param run.engine the engine for further fits; default: the shared one
   * @throws `BAD_MODEL`, saying what is wrong with the document; `BAD_OPTION`
   */
  static fromJSON<L extends Label | number[] = Label>(json: unknown, run: { engine?: Engine | undefined } = {}): FocalClassifier<L> {
    checkOptions(run, ["engine"]);
    const { engine } = run;
    checkEngine(engine);
    const { model, options } = readModel(json);
    const classifier = new FocalClassifier<L>();
    classifier.#options = options;
    classifier.#engine = engine;
    classifier.#model = model;
    return classifier;
  }

  /** A synchronous predictor with the model and threshold of now. @throws `NOT_FITTED` */
  predictor(): Predictor<L> {
    return predictorOf<L>(this.#fitted());
  }

  /**
   * Aborts the fits under way, which reject with `ABORTED`, and forgets the model. Every later call that needs one,
   * and every fit, is `NOT_FITTED`. The engine goes on: it may serve others.
   */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#model = undefined;
    for (const stop of this.#fits) stop.abort(this.#notFitted());
  }

  /** {@link FocalClassifier.dispose}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #fitted(): Model {
    if (!this.#model) throw this.#notFitted();
    return this.#model;
  }

  #notFitted(): FocalfitError {
    return new FocalfitError("NOT_FITTED", this.#disposed ? "The classifier was disposed of: make another." : "The classifier has no model: call fit, and wait for it.");
  }

  #thresholds(name: "threshold" | "thresholds"): number[] {
    const model = this.#fitted();
    const { multiLabel, positive, classes, threshold, intercepts } = model;
    if (multiLabel !== (name === "thresholds")) throw badOption(name, `${name} is not for this model: use ${multiLabel ? "thresholds" : "threshold"}.`);
    if (!multiLabel && positive < 0) throw badOption(name, `threshold is for two classes, the model has ${classes.length}: use classWeight to move its decisions.`);
    return Array.from(intercepts, (_, output) => threshold?.[output] ?? weightThreshold(model, output));
  }

  #setThresholds(values: readonly number[], name: string): void {
    for (const value of values) {
      if (typeof value !== "number" || !(value >= 0 && value <= 1)) throw badOption(name, `${name} is ${describe(value)}: it must be a number from 0 to 1.`);
    }
    this.#model = { ...this.#fitted(), threshold: [...values] };
  }

  async #judged(X: RowsInput | Dataset) {
    const model = this.#fitted();
    return [await import("./judge.js"), { model, engine: this.#engine }, await this.#rows(model, X)] as const;
  }

  /** Changes a model, whatever else of it was changed meanwhile, unless another has taken its place. */
  #change({ coefficients }: Model, change: Partial<Model>): void {
    if (this.#model?.coefficients === coefficients) this.#model = { ...this.#model, ...change };
  }

  /** What there is to predict for: rows of a dataset become their logits. */
  async #rows(model: Model, X: RowsInput | Dataset): Promise<Rows> {
    // Not by its class: a page that makes no dataset need not load it.
    if (!(X as Partial<Dataset> | null)?.numberIn) return X as RowsInput;
    return (await import("../engine/upload.js")).logitsOf(model, X as Dataset);
  }
}

async function inTurns<R>(prediction: Prediction<R>): Promise<R> {
  const inSlices: InSlices = slices();
  await inSlices(prediction.rows, prediction.step, prediction.work);
  return prediction.result;
}

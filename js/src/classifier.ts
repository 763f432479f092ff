/// <reference lib="esnext.disposable" preserve="true" />
import { sharedEngine, type Engine, type EngineHandle } from "./engine.js";
import { aborted, badOption, FocalfitError } from "./errors.js";
import { checkLength, checkSampleWeight, encodeLabels, showLabel, showList, type Label } from "./labels.js";
import { describe, openMatrix, packMatrix, type Matrix, type MatrixInput } from "./matrix.js";
import { readModel, writeModel, type ModelDocument } from "./model.js";
import { checkClassifierOptions, checkEngine, checkOptions, classTerms, flag, positiveIndex, type CheckedOptions, type ClassifierOptions } from "./options.js";
import { classify, decide, estimate, predictorOf, weightThreshold, type Model, type Prediction, type Predictor, type ProbaOptions } from "./predictor.js";
import type { FitCall } from "./protocol.js";
import type { FitProgress, FitReport } from "./report.js";
import { slices, type InSlices } from "./slices.js";

/** Options of {@link FocalClassifier.fit}. */
export interface FitOptions {
  /** A weight ≥ 0 per row, not all 0. Default: 1 each. */
  sampleWeight?: ArrayLike<number> | undefined;
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
 */
export class FocalClassifier<L extends Label = Label> {
  #options: CheckedOptions;
  #engine: EngineHandle | undefined;
  #model: Model | undefined;
  #disposed = false;
  #fits = new Set<AbortController>();

  /** @throws `BAD_OPTION` for an unknown option, naming the nearest known one, or a value out of its range. */
  constructor(options: ClassifierOptions<L> = {}) {
    this.#options = checkClassifierOptions(options);
    this.#engine = options.engine as EngineHandle | undefined;
  }

  /**
   * Trains on `X`, rows × columns, and `y`, one label per row. On any failure the classifier stays as it was. Of fits
   * that overlap, the one that ends last counts. A fit sets `threshold` back to its default.
   *
   * Rejects with `BAD_INPUT`, `NOT_FINITE`, `SHAPE_MISMATCH`, `ONE_CLASS`, `UNKNOWN_LABEL`, `BAD_OPTION`, `ABORTED`,
   * `OUT_OF_MEMORY`, `ENGINE_FAILED`, `ENGINE_LOST`; with `NOT_FITTED` after dispose.
   */
  async fit(X: MatrixInput, y: ArrayLike<L>, options: FitOptions = {}): Promise<FitReport> {
    const begun = performance.now();
    checkOptions(options, ["sampleWeight", "onProgress", "signal", "warmStart"]);
    const { sampleWeight, onProgress, signal } = options as FitOptions;
    const warm = flag(options, "warmStart", false);
    if (onProgress !== undefined && typeof onProgress !== "function") throw badOption("onProgress", `onProgress is ${describe(onProgress)}: it must be a function.`);
    if (signal !== undefined && typeof signal?.addEventListener !== "function") throw badOption("signal", `signal is ${describe(signal)}: it must be an AbortSignal.`);
    if (this.#disposed) throw this.#notFitted();
    if (signal?.aborted) throw aborted(signal);

    const stop = new AbortController();
    const abort = () => stop.abort(signal!.reason);
    signal?.addEventListener("abort", abort);
    this.#fits.add(stop);
    let thrown: { error: unknown } | undefined;
    try {
      const engine = this.#engine ?? sharedEngine();
      const reader = openMatrix(X);
      const { rows, columns } = reader;
      checkLength(y, rows, "y");
      if (rows === 0 || columns === 0) throw new FocalfitError("BAD_INPUT", `X has no ${rows === 0 ? "rows" : "columns"}: there is nothing to learn from.`);
      // Starts while the data is packed; if it fails, the call below says so.
      engine.start().catch(() => {});

      const inSlices = slices(() => {
        if (stop.signal.aborted) throw aborted(stop.signal);
      });
      const { classes, indices } = await encodeLabels(y, inSlices);
      const { l2, fitIntercept, standardize, maxIterations, tolerance } = this.#options;
      const positive = positiveIndex(this.#options, classes);
      const terms = classTerms(this.#options, classes, positive);
      const start = warm && this.#model ? warmStart(this.#model, classes, positive, columns) : null;
      const call: FitCall = {
        data: await packMatrix(reader, inSlices),
        rows, columns, classes, positive,
        labels: indices,
        gamma: terms.gamma.slice(),
        weight: terms.weight,
        weighted: this.#options.alpha !== undefined || this.#options.classWeight !== undefined,
        sampleWeight: sampleWeight === undefined ? null : await checkSampleWeight(sampleWeight, rows, inSlices),
        l2, fitIntercept, standardize, maxIterations, tolerance,
        warmStart: start,
        progress: onProgress !== undefined,
      };

      const tell = (progress: FitProgress) => {
        if (thrown || stop.signal.aborted) return;
        try {
          onProgress!(progress);
        } catch (error) {
          thrown = { error };
          stop.abort(error);
        }
      };
      const { report, coefficients, intercepts, weight } = await engine.call("fit", call, { signal: stop.signal, onProgress: onProgress && tell });
      report.totalSeconds = (performance.now() - begun) / 1000;
      if (onProgress && report.status !== "aborted") {
        const { iterations: iteration, objective, gradientNorm, evaluations } = report;
        tell({ fraction: 1, iteration, objective, gradientNorm, evaluations });
      }
      if (stop.signal.aborted) throw aborted(stop.signal, report.history.length > 0 ? { ...report, status: "aborted" } : undefined);

      this.#model = {
        classes,
        positive,
        columns,
        coefficients: withoutNegativeZero(coefficients),
        intercepts: withoutNegativeZero(intercepts),
        gamma: terms.gamma,
        weight,
        threshold: undefined,
      };
      return report;
    } catch (error) {
      throw thrown ? thrown.error : error;
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#fits.delete(stop);
    }
  }

  /**
   * Logits z = W x + b, rows × outputs: one column with two classes (the logit of the positive class), otherwise one
   * per class.
   *
   * Rejects with `NOT_FITTED`, `BAD_INPUT`, `NOT_FINITE`, `SHAPE_MISMATCH`, as the other predictions do.
   */
  async decisionFunction(X: MatrixInput): Promise<Matrix> {
    return inTurns(decide(this.#fitted(), X));
  }

  /**
   * Posterior probabilities, rows × K in the order of `classes`. Focal loss and weights shift the model's own
   * probabilities q away from the posterior η; this undoes it: η_c ∝ q_c / (α_c · φ_c(q_c)),
   * φ(q) = (1 − q)^γ − γ·(1 − q)^(γ−1)·q·log q. With `raw: true`: q itself, the sigmoid or softmax of the logits.
   */
  async predictProba(X: MatrixInput, options: ProbaOptions = {}): Promise<Matrix> {
    checkOptions(options, ["raw"]);
    return inTurns(estimate(this.#fitted(), X, options));
  }

  /**
   * A label per row, of the type that `y` had. Two classes: the positive one where its posterior ≥ `threshold`.
   * More: the largest α_c · posterior, which is the largest logit where γ is the same for all.
   */
  async predict(X: MatrixInput): Promise<L[]> {
    return inTurns(classify(this.#fitted(), X)) as Promise<L[]>;
  }

  /**
   * With two classes: the posterior probability, 0 … 1, from which on `predict` says positive. Until it is set it is
   * α₋ / (α₊ + α₋), so 0.5 without weights. Every fit sets it back.
   *
   * @throws `NOT_FITTED`; `BAD_OPTION` for a value out of range, and with more than two classes, which have none.
   */
  get threshold(): number {
    const model = this.#binary();
    return model.threshold ?? weightThreshold(model);
  }

  set threshold(value: number) {
    const model = this.#binary();
    if (typeof value !== "number" || !(value >= 0 && value <= 1)) throw badOption("threshold", `threshold is ${describe(value)}: it must be a number from 0 to 1.`);
    this.#model = { ...model, threshold: value };
  }

  /** The classes, sorted: numbers ascending, strings by code unit, false before true. A copy. @throws `NOT_FITTED` */
  get classes(): L[] {
    return [...this.#fitted().classes] as L[];
  }

  /** Outputs × columns, in the input's own units; one output with two classes. A copy. @throws `NOT_FITTED` */
  get coefficients(): Matrix {
    const { coefficients, intercepts, columns } = this.#fitted();
    return { data: coefficients.slice(), rows: intercepts.length, columns };
  }

  /** One per output; 0 without `fitIntercept` (and without `standardize`, which moves the origin). A copy. @throws `NOT_FITTED` */
  get intercepts(): Float64Array {
    return this.#fitted().intercepts.slice();
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
  static fromJSON<L extends Label = Label>(json: unknown, run: { engine?: Engine | undefined } = {}): FocalClassifier<L> {
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
    return new FocalfitError("NOT_FITTED", this.#disposed ? "The classifier was disposed of: make another one." : "The classifier has no model yet: call fit, and wait for it.");
  }

  #binary(): Model {
    const model = this.#fitted();
    if (model.positive < 0) throw badOption("threshold", `threshold is for two classes, the model has ${model.classes.length}: use alpha or classWeight to move its decisions.`);
    return model;
  }
}

async function inTurns<R>(prediction: Prediction<R>): Promise<R> {
  const inSlices: InSlices = slices();
  await inSlices(prediction.rows, prediction.step, prediction.work);
  return prediction.result;
}

/** JSON has no −0. */
function withoutNegativeZero(values: Float64Array): Float64Array {
  return values.map((value) => value + 0);
}

function warmStart(model: Model, classes: readonly Label[], positive: number, columns: number): FitCall["warmStart"] {
  if (model.columns !== columns) {
    throw new FocalfitError("SHAPE_MISMATCH", `X has ${columns} columns, the model to start from ${model.columns}: give the same columns, or leave warmStart out.`);
  }
  const fresh = classes.filter((label) => !model.classes.includes(label));
  if (fresh.length > 0) {
    throw new FocalfitError("UNKNOWN_LABEL", `The model to start from does not know ${showList(fresh.map(showLabel))}: leave warmStart out, or these rows.`);
  }
  if (classes.length !== model.classes.length) {
    const gone = model.classes.filter((label) => !classes.includes(label));
    throw new FocalfitError("BAD_INPUT", `y has no row of ${showList(gone.map(showLabel))}, which the model to start from knows: leave warmStart out, or add such rows.`);
  }
  const sign = positive === model.positive ? 1 : -1;
  const signed = (values: Float64Array) => values.map((value) => sign * value);
  return { coefficients: signed(model.coefficients), intercepts: signed(model.intercepts) };
}

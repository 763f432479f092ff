import { FocalfitError } from "./errors.js";
import { checkKnown } from "./known.js";
import type { Label } from "./labels.js";
import { openMatrix, stepFor, type Matrix, type MatrixInput, type RowReader } from "./matrix.js";
import { margins, normalise, sigmoid, unfocus, unfocusBinary } from "./posterior.js";

/** A fitted model: everything prediction needs. Per-class arrays are in the order of `classes`. */
export interface Model {
  readonly classes: readonly Label[];
  /** Two classes: the index of the positive one in `classes`; otherwise −1. */
  readonly positive: number;
  readonly columns: number;
  /** Outputs × columns in the input's own units; two classes have one output, the logit of the positive class. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly gamma: Float64Array;
  readonly weight: Float64Array;
  /** The posterior from which on the positive class is predicted; undefined while it is the weights' own. */
  readonly threshold: number | undefined;
}

/** What `predictProba` can be asked for. */
export interface ProbaOptions {
  /** The model's own sigmoid or softmax instead of the posterior. Default false. */
  raw?: boolean | undefined;
}

/**
 * A synchronous predictor with a model as it was when the predictor was made. Plain JavaScript: no engine, no
 * worker, no wasm. Made by {@link FocalClassifier.predictor}.
 *
 * Every method throws `BAD_INPUT`, `NOT_FINITE` or `SHAPE_MISMATCH` with row and column for data that does not fit.
 */
export interface Predictor<L extends Label = Label> {
  /** The classes, sorted: the order of predictProba's columns. */
  readonly classes: readonly L[];
  /** How many columns `X` must have. */
  readonly columns: number;
  /** Logits, rows × outputs; with two classes one column, the logit of the positive class. */
  decisionFunction(X: MatrixInput): Matrix;
  /** Posterior probabilities, rows × K in the order of `classes`; see {@link FocalClassifier.predictProba}. */
  predictProba(X: MatrixInput, options?: ProbaOptions): Matrix;
  /** One label per row; see {@link FocalClassifier.predict}. */
  predict(X: MatrixInput): L[];
}

/** A prediction that can be done in steps: `work` does rows from … to, `result` is complete when all are done. */
export interface Prediction<R> {
  readonly rows: number;
  readonly step: number;
  readonly result: R;
  work(from: number, to: number): void;
}

/** α₋ / (α₊ + α₋): what a false alarm costs, as a share of both mistakes. */
export function weightThreshold(model: Model): number {
  const negative = model.weight[1 - model.positive]!;
  return negative / (model.weight[model.positive]! + negative);
}

/** The logits of `X`. */
export function decide(model: Model, X: MatrixInput): Prediction<Matrix> {
  const outputs = model.intercepts.length;
  return overLogits(model, X, (rows) => {
    const data = new Float64Array(rows * outputs);
    return [{ data, rows, columns: outputs }, (row, logits) => data.set(logits, row * outputs)];
  });
}

/** The probabilities of `X`. */
export function estimate(model: Model, X: MatrixInput, options: ProbaOptions = {}): Prediction<Matrix> {
  checkKnown(options, ["raw"]);
  const { raw = false } = options;
  if (typeof raw !== "boolean") throw new FocalfitError("BAD_OPTION", "raw must be true or false.", { option: "raw" });
  const columns = model.classes.length;
  const { positive } = model;
  const probabilities = new Float64Array(columns);
  return overLogits(model, X, (rows) => {
    const data = new Float64Array(rows * columns);
    const result = { data, rows, columns };
    if (columns === 2) {
      return [result, (row, logits) => {
        const logit = raw ? logits[0]! : posteriorLogit(model, logits[0]!);
        data[row * 2 + positive] = sigmoid(logit);
        data[row * 2 + 1 - positive] = sigmoid(-logit);
      }];
    }
    return [result, (row, logits) => {
      if (raw) probabilities.set(logits);
      else {
        unfocusAll(model, logits, probabilities);
        for (let c = 0; c < columns; c++) probabilities[c]! -= Math.log(model.weight[c]!);
      }
      normalise(probabilities);
      data.set(probabilities, row * columns);
    }];
  });
}

/** The labels of `X`. */
export function classify(model: Model, X: MatrixInput): Prediction<Label[]> {
  const { classes, positive, gamma, threshold } = model;
  const yes = classes[positive]!;
  const no = classes[1 - positive]!;
  const scores = new Float64Array(classes.length);
  return overLogits(model, X, (rows) => {
    const labels = new Array<Label>(rows);
    if (classes.length === 2) {
      // At the weights' own threshold the weights cancel, so that z = 0 with equal γ lies on it exactly.
      const own = threshold === undefined || threshold === weightThreshold(model);
      return [labels, (row, logits) => {
        const above = own
          ? unfocusBinary(logits[0]!, gamma[positive]!, gamma[1 - positive]!) >= 0
          : sigmoid(posteriorLogit(model, logits[0]!)) >= threshold;
        labels[row] = above ? yes : no;
      }];
    }
    return [labels, (row, logits) => {
      unfocusAll(model, logits, scores);
      let best = 0;
      for (let c = 1; c < scores.length; c++) if (scores[c]! > scores[best]!) best = c;
      labels[row] = classes[best]!;
    }];
  });
}

/** A predictor of `model`. */
export function predictorOf<L extends Label>(model: Model): Predictor<L> {
  return {
    classes: model.classes as readonly L[],
    columns: model.columns,
    decisionFunction: (X) => complete(decide(model, X)),
    predictProba: (X, options) => complete(estimate(model, X, options)),
    predict: (X) => complete(classify(model, X)) as L[],
  };
}

function complete<R>(prediction: Prediction<R>): R {
  prediction.work(0, prediction.rows);
  return prediction.result;
}

/** log(posterior odds) of the positive class for its logit z. */
function posteriorLogit(model: Model, z: number): number {
  const { gamma, weight, positive } = model;
  const negative = 1 - positive;
  return unfocusBinary(z, gamma[positive]!, gamma[negative]!) - Math.log(weight[positive]!) + Math.log(weight[negative]!);
}

/** Writes log(α_c·η_c), up to a constant, to `out`. */
function unfocusAll(model: Model, logits: Float64Array, out: Float64Array): void {
  margins(logits, out);
  for (let c = 0; c < out.length; c++) out[c] = unfocus(out[c]!, model.gamma[c]!);
}

type EachRow = (row: number, logits: Float64Array) => void;

function overLogits<R>(model: Model, X: MatrixInput, make: (rows: number) => [R, EachRow]): Prediction<R> {
  const reader = openMatrix(X);
  const { rows } = reader;
  checkColumns(reader, model.columns);
  const [result, each] = make(rows);
  const cells = new Float64Array(model.columns);
  const logits = new Float64Array(model.intercepts.length);
  return {
    rows,
    step: stepFor(model.columns),
    result,
    work(from, to) {
      for (let row = from; row < to; row++) {
        reader.read(row, cells, 0);
        score(model, cells, logits, row);
        each(row, logits);
      }
    },
  };
}

function checkColumns({ rows, columns }: RowReader, expected: number): void {
  if (columns === expected || (rows === 0 && columns === 0)) return;
  throw new FocalfitError("SHAPE_MISMATCH", `X has ${columns} columns, the model was fitted to ${expected}: give the same columns in the same order.`);
}

/** z = W x + b for one row, in float64. */
function score({ coefficients, intercepts, columns }: Model, cells: Float64Array, logits: Float64Array, row: number): void {
  for (let output = 0; output < logits.length; output++) {
    const from = output * columns;
    let z = intercepts[output]!;
    for (let column = 0; column < columns; column++) z += coefficients[from + column]! * cells[column]!;
    if (!Number.isFinite(z)) {
      throw new FocalfitError("NOT_FINITE", `The logit of row ${row} overflows: its values are far outside the range the model was fitted to.`, { row });
    }
    logits[output] = z;
  }
}

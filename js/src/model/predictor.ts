import { FocalfitError } from "../input/errors.js";
import { checkKnown } from "../input/known.js";
import type { Label } from "../input/labels.js";
import { describe, eachEntry, isList, openMatrix, stepFor, type Matrix, type MatrixInput, type RowReader, type RowsInput, type TableMatrix } from "../input/matrix.js";
import { rowCells, type TableRecipe, type TableRow } from "./recipe.js";
import { scorerOf, type Model, type Scorer } from "./score.js";

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
export interface Predictor<L extends Label | number[] = Label> {
  /** The classes, sorted: the order of predictProba's columns. */
  readonly classes: readonly Label[];
  /** How many columns `X` must have. */
  readonly columns: number;
  /** Logits, rows × outputs; with two classes one column, the logit of the positive class. */
  decisionFunction(X: RowsInput): Matrix;
  /** Posterior probabilities, rows × K in the order of `classes`; see {@link FocalClassifier.predictProba}. */
  predictProba(X: RowsInput, options?: ProbaOptions): Matrix;
  /** One label per row; see {@link FocalClassifier.predict}. */
  predict(X: RowsInput): L[];
}

/** A prediction that can be done in steps: `work` does rows from … to, `result` is complete when all are done. */
export interface Prediction<R> {
  readonly rows: number;
  readonly step: number;
  readonly result: R;
  work(from: number, to: number): void;
}

/** Rows, or their logits where these are known. */
export type Rows = RowsInput | { logits: Float64Array };

/** The logits of `X`. */
export function decide(model: Model, X: Rows): Prediction<Matrix> {
  const outputs = model.intercepts.length;
  return overLogits(model, X, (rows) => {
    const data = new Float64Array(rows * outputs);
    return [{ data, rows, columns: outputs }, (row, logits) => data.set(logits, row * outputs)];
  });
}

/** The probabilities of `X`. */
export function estimate(model: Model, X: Rows, options: ProbaOptions = {}): Prediction<Matrix> {
  checkKnown(options, ["raw"]);
  const { raw = false } = options;
  if (typeof raw !== "boolean") throw new FocalfitError("BAD_OPTION", "raw must be true or false.", { option: "raw" });
  const columns = model.classes.length;
  const probabilities = new Float64Array(columns);
  return overLogits(model, X, (rows, scorer) => {
    const data = new Float64Array(rows * columns);
    return [{ data, rows, columns }, (row, logits) => {
      scorer.probabilities(logits, probabilities, raw);
      data.set(probabilities, row * columns);
    }];
  });
}

/** The labels of `X`; with several labels a 0 or 1 for each. */
export function classify(model: Model, X: Rows): Prediction<(Label | number[])[]> {
  const { classes, multiLabel } = model;
  const decided = new Float64Array(classes.length);
  return overLogits(model, X, (rows, scorer) => {
    const labels = new Array<Label | number[]>(rows);
    return [labels, (row, logits) => {
      scorer.decide(logits, decided);
      labels[row] = multiLabel ? [...decided] : classes[decided[0]!]!;
    }];
  });
}

/** A predictor of `model`. */
export function predictorOf<L extends Label | number[]>(model: Model): Predictor<L> {
  return {
    classes: model.classes,
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

type EachRow = (row: number, logits: Float64Array) => void;

function overLogits<R>(model: Model, X: Rows, make: (rows: number, scorer: Scorer) => [R, EachRow]): Prediction<R> {
  if (typeof X === "object" && X !== null && "logits" in X) {
    const outputs = model.intercepts.length;
    const rows = X.logits.length / outputs;
    const [result, each] = make(rows, scorerOf(model));
    return {
      rows,
      step: stepFor(outputs),
      result,
      work(from, to) {
        for (let row = from; row < to; row++) each(row, X.logits.subarray(row * outputs, (row + 1) * outputs));
      },
    };
  }
  const reader = openRowsOf(model, X);
  const { rows, sparse } = reader;
  const scorer = scorerOf(model);
  const [result, each] = make(rows, scorer);
  const { columns, coefficients, intercepts } = model;
  const cells = new Float64Array(columns);
  const logits = new Float64Array(intercepts.length);
  return {
    rows,
    step: stepFor(sparse ? sparse.indices.length / Math.max(rows, 1) : scorer.columns),
    result,
    work(from, to) {
      for (let row = from; row < to; row++) {
        if (sparse && !model.features) {
          logits.set(intercepts);
          eachEntry(sparse, row, "X", (column, value) => {
            for (let output = 0; output < logits.length; output++) logits[output]! += coefficients[output * columns + column]! * value;
          });
        } else {
          reader.read(row, cells, 0);
          scorer.logits(cells, logits);
        }
        for (let output = 0; output < logits.length; output++) {
          if (!Number.isFinite(logits[output])) throw new FocalfitError("NOT_FINITE", `The logit of row ${row} overflows: a value is missing or far beyond those trained on.`, { row });
        }
        each(row, logits);
      }
    },
  };
}

/** The rows of `X`, which must have the model's columns. */
export function openRowsOf(model: Model, X: RowsInput): RowReader {
  const { table } = model;
  if (table && Array.isArray(X) && X.length > 0 && !isList(X[0])) return openRaw(table, X as readonly TableRow[], model.columns);
  checkTable(table, (X as Partial<TableMatrix> | null)?.table);
  const reader = openMatrix(X as MatrixInput, "X", model.fill !== undefined);
  const { rows, columns } = reader;
  if (columns !== model.columns && !(rows === 0 && columns === 0)) {
    throw new FocalfitError("SHAPE_MISMATCH", `X has ${columns} columns, the model was fitted to ${model.columns}: give the same columns in the same order.`);
  }
  return reader;
}

/** Throws where rows were read by another recipe than that of a model, or of other rows; those without any are numbers. */
export function checkTable(table: TableRecipe | undefined, own: TableRecipe | undefined): void {
  if (table && own && JSON.stringify(own.columns) !== JSON.stringify(table.columns)) {
    throw new FocalfitError("SHAPE_MISMATCH", "X is of another recipe: read the table with { recipe: classifier.table }.");
  }
}

/** Raw rows, by the recipe of the table that the model was fitted to. */
function openRaw(table: TableRecipe, X: readonly TableRow[], columns: number): RowReader {
  return {
    rows: X.length,
    columns,
    read(row, out, at) {
      const values: unknown = X[row];
      if (Object(values) !== values || isList(values)) throw new FocalfitError("BAD_INPUT", `Row ${row} of X is ${describe(values)}: make it an object, as row 0 is.`, { row });
      out.set(rowCells(table, values as TableRow, (what, column) => {
        throw new FocalfitError("BAD_INPUT", `Row ${row} of X: ${what}. See classifier.table.`, { row, column });
      }), at);
    },
  };
}

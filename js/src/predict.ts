// The entry point focalfit/predict: a model at work, in plain JavaScript, without engine, checks of a document or wasm.
import type { ModelDocument } from "./model.js";
import { scorerOf, type Model } from "./score.js";

export type { ModelDocument } from "./model.js";

/** Rows × columns: an array of rows, or numbers row after row with their shape. */
export type Rows = readonly ArrayLike<number | null | undefined>[] | { data: ArrayLike<number>; rows: number; columns: number };

/** Numbers row after row: `data[row * columns + column]`. */
export interface Matrix {
  data: Float64Array;
  rows: number;
  columns: number;
}

/** What {@link createPredictor} makes. */
export interface Predictor {
  /** The classes, sorted: the order of predictProba's columns. */
  readonly classes: readonly (number | string | boolean)[];
  /** How many columns a row must have. */
  readonly columns: number;
  /** Logits, rows × outputs; with two classes one column, the logit of the positive class. */
  decisionFunction(X: Rows): Matrix;
  /** Posterior probabilities, rows × classes. `raw`: the model's own sigmoid or softmax. */
  predictProba(X: Rows, options?: { raw?: boolean }): Matrix;
  /** A label per row; with several labels a row of 0 and 1. */
  predict(X: Rows): (number | string | boolean | number[])[];
}

/**
 * A predictor of a model document, which `FocalClassifier.toJSON` wrote, after JSON.parse. It trusts the document; from
 * a stranger, read it with `FocalClassifier.fromJSON`, which checks everything.
 *
 * @throws Error where it is no document of a version that this release reads. The methods throw an Error with row and
 * column for a row of another length and a cell that is not a finite number, unless the model fills missing cells.
 */
export function createPredictor(json: ModelDocument): Predictor {
  if (json?.format !== "focalfit" || !(json.version === 1 || json.version === 2)) throw new Error("This is no focalfit model of version 1 or 2: update focalfit, or pass JSON.parse(text).");
  const { classes, positiveClass, multiLabel = false, columns, coefficients, intercepts, means = [], gamma, weight, loss, calibration, threshold, fill, features } = json;
  const model: Model = {
    classes, multiLabel, columns, fill, features, calibration,
    positive: positiveClass === null ? -1 : classes.indexOf(positiveClass),
    coefficients: Float64Array.from(coefficients.flat()),
    intercepts: Float64Array.from(intercepts),
    means: Float64Array.from(means),
    gamma: Float64Array.from(gamma),
    weight: Float64Array.from(weight),
    loss: { clip: 0, epsilon: 0, smoothing: 0, ...loss },
    threshold: threshold === null ? undefined : [threshold].flat(),
  };
  const scorer = scorerOf(model);
  const cells = new Float64Array(columns);
  const logits = new Float64Array(intercepts.length);
  const out = new Float64Array(classes.length);

  const each = (X: Rows, use: (row: number) => void): number => {
    const flat = "data" in X ? X : undefined;
    const rows = flat ? flat.rows : (X as ArrayLike<unknown>).length;
    for (let row = 0; row < rows; row++) {
      const source = flat ? flat.data : (X as ArrayLike<number>[])[row]!;
      const width = flat ? flat.columns : source.length;
      if (width !== columns) throw new Error(`Row ${row} has ${width} columns, the model ${columns}.`);
      for (let column = 0; column < columns; column++) {
        const cell = source[flat ? row * columns + column : column];
        if (typeof cell === "number" && Number.isFinite(cell)) cells[column] = cell;
        else if (fill && (cell == null || typeof cell === "number")) cells[column] = NaN;
        else throw new Error(`Row ${row}, column ${column} is ${cell}, not a finite number.`);
      }
      scorer.logits(cells, logits);
      use(row);
    }
    return rows;
  };
  const matrix = (X: Rows, width: number, fillRow: () => Float64Array): Matrix => {
    const data: number[] = [];
    const rows = each(X, () => data.push(...fillRow()));
    return { data: Float64Array.from(data), rows, columns: width };
  };
  return {
    classes,
    columns,
    decisionFunction: (X) => matrix(X, logits.length, () => logits),
    predictProba: (X, { raw = false } = {}) => matrix(X, out.length, () => (scorer.probabilities(logits, out, raw), out)),
    predict(X) {
      const labels: (number | string | boolean | number[])[] = [];
      each(X, () => {
        scorer.decide(logits, out);
        labels.push(multiLabel ? [...out] : classes[out[0]!]!);
      });
      return labels;
    },
  };
}

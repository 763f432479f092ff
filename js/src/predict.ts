// The entry point focalfit/predict: a model at work, in plain JavaScript, without engine, checks of a document or wasm.
import type { ModelDocument } from "./model/model.js";
import { rowCells, type TableRow } from "./model/recipe.js";
import { scorerOf, type Scorable } from "./model/score.js";

export type { ModelDocument } from "./model/model.js";

/**
 * Rows × columns: an array of rows, or numbers row after row with their shape. With a model of a table a row may be an
 * object of its raw values by column.
 */
export type Rows = readonly (ArrayLike<number | null | undefined> | TableRow)[] | { data: ArrayLike<number>; rows: number; columns: number };

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
 * column for a row of another length and a cell that is not a finite number, unless the model fills missing cells; and
 * for a row so far from those trained on that its logit overflows.
 *
 * @example
 * ```js
 * import { FocalClassifier } from "focalfit";
 * import { createPredictor } from "focalfit/predict";
 * const classifier = new FocalClassifier();
 * await classifier.fit([[1], [2], [3], [4]], ["low", "low", "high", "high"]);
 * const text = JSON.stringify(classifier);
 * // On another page, without the engine:
 * console.log(createPredictor(JSON.parse(text)).predict([[0], [5]]));   // [ 'low', 'high' ]
 * ```
 */
export function createPredictor(json: ModelDocument): Predictor {
  if (!(json?.format === "focalfit" && json.version < 3)) throw new Error("No focalfit model, version 1 or 2");
  const { classes, multiLabel, columns, fill, table } = json;
  const scorer = scorerOf({
    ...json,
    positive: classes.indexOf(json.positiveClass!),
    coefficients: json.coefficients.flat(),
    loss: { epsilon: 0, ...json.loss }, // without the others there is nothing to do
    threshold: [json.threshold].flat(),
  } as Scorable);
  const cells = new Float64Array(columns);
  const logits = new Float64Array(json.intercepts.length);
  const out = new Float64Array(classes.length);

  /** Calls `use` with each row, whose logits are there; returns how many there are. */
  const each = (X: Rows, use: () => void): number => {
    const { data, rows = (X as ArrayLike<unknown>).length } = X as Partial<Matrix>;
    for (let row = 0; row < rows; row++) {
      const fail = (what: string): never => {
        throw new Error(`Row ${row}: ${what}.`);
      };
      const start = data ? row * columns : 0;
      let source: ArrayLike<unknown> = data ?? (X as ArrayLike<number>[])[row]!;
      if (table && !(Symbol.iterator in source)) source = rowCells(table, source as unknown as TableRow, fail);
      const width = data ? data.length / rows : source.length;
      if (width !== columns) fail(`${width} columns, not ${columns}`);
      for (let column = 0; column < columns; column++) {
        const cell = source[start + column];
        cells[column] = Number.isFinite(cell) ? (cell as number) : fill && typeof (cell ?? 0) === "number" ? NaN : fail(`column ${column} is ${cell}, not a number`);
      }
      scorer.logits(cells, logits);
      if (!logits.every(isFinite)) fail("logit, not a number");
      use();
    }
    return rows;
  };
  const matrix = (X: Rows, row: Float64Array, fillRow?: () => void): Matrix => {
    const data: number[] = [];
    const rows = each(X, () => {
      fillRow?.();
      data.push(...row);
    });
    return { data: Float64Array.from(data), rows, columns: row.length };
  };
  return {
    classes,
    columns,
    decisionFunction: (X) => matrix(X, logits),
    predictProba: (X, { raw = false } = {}) => matrix(X, out, () => scorer.probabilities(logits, out, raw)),
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

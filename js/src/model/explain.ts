import { Dataset } from "../engine/dataset.js";
import { FocalfitError } from "../input/errors.js";
import type { RowsInput } from "../input/matrix.js";
import { openRowsOf, type Prediction } from "./predictor.js";
import { columnNames } from "./recipe.js";
import { scorerOf, type Model } from "./score.js";

/** Rows taken apart: see {@link FocalClassifier.explain}. */
export interface Explanation {
  /** `data[(row * outputs + output) * columns + column]`, in logits. */
  data: Float64Array;
  rows: number;
  outputs: number;
  /** Columns of the input, or of the features. */
  columns: number;
  /** The logit of the mean training row, one per output. */
  base: Float64Array;
  /** What each column does to these rows on average: the mean size of its contributions, `importance[output * columns + column]`. */
  importance: Float64Array;
  /** The columns from the most important to the least, over all outputs. */
  ranking: number[];
  /** The names of the columns, where the model was fitted to a table. */
  names?: string[];
}

/** The contributions of the columns to the logits of `X`. */
export function explain(model: Model, X: RowsInput): Prediction<Explanation> {
  const { coefficients, intercepts, means, table, features } = model;
  if ((X as unknown) instanceof Dataset) throw new FocalfitError("BAD_INPUT", "X is a dataset: explain takes the rows themselves.");
  const reader = openRowsOf(model, X);
  const { expand, columns } = scorerOf(model);
  const { rows } = reader;
  const outputs = intercepts.length;
  const data = new Float64Array(rows * outputs * columns);
  const base = intercepts.map((intercept, output) => means.reduce((sum, mean, column) => sum + coefficients[output * columns + column]! * mean, intercept));
  const importance = new Float64Array(coefficients.length);
  const cells = new Float64Array(model.columns);
  return {
    rows,
    step: Math.max(1, Math.floor(8192 / coefficients.length)),
    result: { data, rows, outputs, columns, base, importance, ranking: [], ...(table && !features && { names: columnNames(table) }) },
    work(from, to) {
      for (let row = from; row < to; row++) {
        reader.read(row, cells, 0);
        const values = expand(cells);
        for (let at = 0; at < coefficients.length; at++) {
          const column = at % columns;
          const contribution = coefficients[at]! * (values[column]! - means[column]!);
          if (!Number.isFinite(contribution)) throw new FocalfitError("NOT_FINITE", `Column ${column} of row ${row} overflows: a value is missing or far beyond those trained on.`, { row, column });
          data[row * coefficients.length + at] = contribution;
          importance[at]! += Math.abs(contribution) / rows;
        }
      }
    },
  };
}

/** An explanation that is complete, with its columns ranked. */
export function ranked(explanation: Explanation): Explanation {
  const { columns, importance } = explanation;
  const total = new Float64Array(columns);
  importance.forEach((value, at) => (total[at % columns]! += value));
  explanation.ranking = Array.from(total, (_, column) => column).sort((a, b) => total[b]! - total[a]! || a - b);
  return explanation;
}

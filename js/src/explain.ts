import type { MatrixInput } from "./matrix.js";
import { openRowsOf, type Prediction } from "./predictor.js";
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
}

/** The contributions of the columns to the logits of `X`. */
export function explain(model: Model, X: MatrixInput): Prediction<Explanation> {
  const { coefficients, intercepts, means } = model;
  const reader = openRowsOf(model, X);
  const { expand, columns } = scorerOf(model);
  const { rows } = reader;
  const outputs = intercepts.length;
  const data = new Float64Array(rows * outputs * columns);
  const base = intercepts.map((intercept, output) => means.reduce((sum, mean, column) => sum + coefficients[output * columns + column]! * mean, intercept));
  const cells = new Float64Array(model.columns);
  return {
    rows,
    step: Math.max(1, Math.floor(8192 / coefficients.length)),
    result: { data, rows, outputs, columns, base },
    work(from, to) {
      for (let row = from; row < to; row++) {
        reader.read(row, cells, 0);
        const values = expand(cells);
        for (let at = 0; at < coefficients.length; at++) {
          const column = at % columns;
          data[row * coefficients.length + at] = coefficients[at]! * (values[column]! - means[column]!);
        }
      }
    },
  };
}

// The rows of a member of a federation, which stay here: read once, checked, with labels as 0 and 1.
import { FocalfitError } from "../input/errors.js";
import { checkLength, showLabel, showList, type Label } from "../input/labels.js";
import { openMatrix, stepFor, type MatrixInput } from "../input/matrix.js";
import type { InSlices } from "../input/slices.js";

/** Dense rows, `data[row * columns + column]`, and whether each is of the positive class. */
export interface Rows {
  data: Float64Array;
  rows: number;
  columns: number;
  positive: Uint8Array;
}

/** Reads `X` and `y`, whose labels are among `classes`, the positive one last. */
export async function readRows(X: MatrixInput, y: ArrayLike<Label>, columns: number, classes: readonly [Label, Label], inSlices: InSlices): Promise<Rows> {
  const reader = openMatrix(X);
  if (reader.columns !== columns) throw new FocalfitError("SHAPE_MISMATCH", `X has ${reader.columns} columns, and the federation is of ${columns}: give the columns that it was created for, in their order.`);
  checkLength(y, reader.rows, "y");
  const data = new Float64Array(reader.rows * columns);
  const positive = new Uint8Array(reader.rows);
  await inSlices(reader.rows, stepFor(columns), (from, to) => {
    for (let row = from; row < to; row++) {
      reader.read(row, data, row * columns);
      const label = y[row]!;
      const at = classes.indexOf(label);
      if (at < 0) throw new FocalfitError("UNKNOWN_LABEL", `Row ${row} has the label ${showLabel(label)}; the federation's are ${showList(classes.map(showLabel))}.`, { row });
      positive[row] = at;
    }
  });
  return { data, rows: reader.rows, columns, positive };
}

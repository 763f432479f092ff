import { FocalfitError } from "./errors.js";
import { checkKnown } from "./known.js";
import type { TableRecipe, TableRow } from "../model/recipe.js";
import type { InSlices } from "./slices.js";

/** A dense matrix, row after row: `data[row * columns + column]`. */
export interface DenseMatrix {
  data: Float32Array | Float64Array;
  rows: number;
  columns: number;
}

/**
 * A sparse matrix as compressed rows: row i has `values[k]` in column `indices[k]` for k from `indptr[i]` to before
 * `indptr[i + 1]`, and 0 elsewhere. Columns may be in any order, each at most once in a row.
 */
export interface CSRMatrix {
  rows: number;
  columns: number;
  indptr: ArrayLike<number>;
  indices: ArrayLike<number>;
  values: ArrayLike<number>;
}

/**
 * Rows × columns of numbers: an array of rows (arrays or typed arrays), a {@link DenseMatrix} or a {@link CSRMatrix}.
 * They are finite; with the option `impute` a cell of a dense one may be NaN, infinite, null or undefined: missing.
 * They are read while a call is under way: leave them as they are until it has ended.
 */
export type MatrixInput = readonly ArrayLike<number | null | undefined>[] | DenseMatrix | CSRMatrix;

/** A table as numbers, from `focalfit/table`; a missing one is NaN. */
export interface TableMatrix extends DenseMatrix {
  data: Float64Array;
  /** How its rows came about; the model that is fitted to it keeps this. */
  table: TableRecipe;
  /** What was decided about its columns: sentences for the report's warnings. */
  notes: readonly string[];
}

/** Rows to predict for: as in a fit, or raw rows, objects of values by column, for a model that was fitted to a table. */
export type RowsInput = MatrixInput | readonly TableRow[];

/** What decisionFunction and predictProba return: `data[row * columns + column]`. */
export interface Matrix {
  data: Float64Array;
  rows: number;
  columns: number;
}

/** A matrix whose shape is checked, to be read a row at a time. */
export interface RowReader {
  readonly rows: number;
  readonly columns: number;
  /** Writes row `row` to `out` from `at` on; every cell is checked. Throws what is wrong with row and column. */
  read(row: number, out: Float32Array | Float64Array, at: number): void;
  /** Set when the input is one typed array. */
  readonly dense?: Float32Array | Float64Array;
  /** Set when the input is sparse; `read` then makes a row dense. */
  readonly sparse?: CSRMatrix;
}

/** The name of a typed array's type, whichever realm it is from; undefined for anything else. */
export function typedArrayName(value: unknown): string | undefined {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? (value as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag]
    : undefined;
}

/** Whether `value` is an array or a typed array of numbers. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  if (Array.isArray(value)) return true;
  const name = typedArrayName(value);
  return name !== undefined && !name.startsWith("Big");
}

/** How many cells are worth looking at the clock for. */
const cellsPerStep = 8192;

/** How many rows of `columns` cells make a step. */
export function stepFor(columns: number): number {
  return Math.max(1, Math.floor(cellsPerStep / Math.max(1, columns)));
}

/** Checks the shape of `input`, not yet its cells. `what` is its name in messages; with `gaps` a missing cell is NaN. */
export function openMatrix(input: MatrixInput, what = "X", gaps = false): RowReader {
  if (Array.isArray(input)) return openRows(input, what, gaps);
  return (input as Partial<CSRMatrix> | null)?.indptr ? openSparse(input as CSRMatrix, what) : openDense(input as DenseMatrix, what, gaps);
}

function openSparse(input: CSRMatrix, what: string): RowReader {
  checkKnown(input, ["rows", "columns", "indptr", "indices", "values"], `field of ${what}`);
  const { rows, columns, indptr, indices, values } = input;
  checkSizes(rows, columns, what);
  for (const name of ["indptr", "indices", "values"] as const) {
    if (!isList(input[name])) throw new FocalfitError("BAD_INPUT", `${what}.${name} is ${describe(input[name])}: make it an array or a typed array.`);
  }
  if (indptr.length !== rows + 1 || indptr[0] !== 0 || indptr[rows] !== indices.length || values.length !== indices.length) {
    throw new FocalfitError("SHAPE_MISMATCH", `${what}.indptr must hold rows + 1 = ${rows + 1} numbers, from 0 to the ${indices.length} indices and ${values.length} values.`);
  }
  return {
    rows,
    columns,
    sparse: input,
    read(row, out, at) {
      out.fill(0, at, at + columns);
      eachEntry(input, row, what, (column, value) => (out[at + column] = value));
    },
  };
}

/** Calls `use` with each entry of a row, checked. */
export function eachEntry({ columns, indptr, indices, values }: CSRMatrix, row: number, what: string, use: (column: number, value: number) => void): void {
  const end = indptr[row + 1]!;
  if (!(indptr[row]! <= end && end <= indices.length)) throw new FocalfitError("SHAPE_MISMATCH", `${what}.indptr falls at row ${row}: it must not.`, { row });
  for (let k = indptr[row]!; k < end; k++) {
    const column = indices[k]!;
    if (!(Number.isInteger(column) && column >= 0 && column < columns)) {
      throw new FocalfitError("SHAPE_MISMATCH", `Row ${row} of ${what} has the index ${describe(column)}: it must be from 0 to ${columns - 1}.`, { row });
    }
    use(column, checkCell(values[k], row, column, what, false));
  }
}

function openRows(input: readonly ArrayLike<unknown>[], what: string, gaps: boolean): RowReader {
  const first = input[0];
  if (input.length > 0 && !isList(first)) throw notARow(first, 0, what);
  const columns = first?.length ?? 0;
  return {
    rows: input.length,
    columns,
    read(row, out, at) {
      const cells = input[row];
      if (!isList(cells)) throw notARow(cells, row, what);
      if (cells.length !== columns) {
        throw new FocalfitError("SHAPE_MISMATCH", `Row ${row} of ${what} has ${cells.length} columns, row 0 has ${columns}: give every row the same number.`, { row });
      }
      for (let column = 0; column < columns; column++) {
        out[at + column] = checkCell(cells[column], row, column, what, gaps);
      }
    },
  };
}

function openDense(input: DenseMatrix, what: string, gaps: boolean): RowReader {
  const wanted = `${what} must be an array of rows, { data, rows, columns } with a Float32Array or Float64Array, or sparse`;
  if (isList(input)) throw new FocalfitError("BAD_INPUT", `${wanted}; a bare ${typedArrayName(input)} has no shape.`);
  if (typeof input !== "object" || input === null) throw new FocalfitError("BAD_INPUT", `${wanted}, not ${describe(input)}.`);
  checkKnown(input, ["data", "rows", "columns", "table", "notes"], `field of ${what}`);
  const { data, rows, columns } = input;
  if (!/^Float(32|64)Array$/.test(String(typedArrayName(data)))) {
    throw new FocalfitError("BAD_INPUT", `${what}.data is ${describe(data)}: make it a Float32Array or a Float64Array.`);
  }
  checkSizes(rows, columns, what);
  if (data.length !== rows * columns) {
    throw new FocalfitError("SHAPE_MISMATCH", `${what}.data has ${data.length} values, ${rows} rows × ${columns} columns need ${rows * columns}.`);
  }
  return {
    rows,
    columns,
    dense: data,
    read(row, out, at) {
      const from = row * columns;
      let sum = 0;
      for (let column = 0; column < columns; column++) sum += out[at + column] = data[from + column]!;
      // Finite only if all are.
      if (!Number.isFinite(sum)) for (let column = 0; column < columns; column++) out[at + column] = checkCell(data[from + column], row, column, what, gaps);
    },
  };
}

function checkSizes(rows: number, columns: number, what: string): void {
  for (const [name, value] of [["rows", rows], ["columns", columns]] as const) {
    if (!Number.isSafeInteger(value) || value < 0) throw new FocalfitError("BAD_INPUT", `${what}.${name} is ${describe(value)}: it must be a whole number.`);
  }
}

/** Numbers without a shape of their own, row after row. */
export function openFlat(input: ArrayLike<unknown>, columns: number, what: string): RowReader {
  const rows = input.length / columns;
  if (!Number.isInteger(rows)) {
    throw new FocalfitError("SHAPE_MISMATCH", `${what} has ${input.length} values, which are no whole rows of ${columns}.`);
  }
  return {
    rows,
    columns,
    read(row, out, at) {
      const from = row * columns;
      for (let column = 0; column < columns; column++) out[at + column] = checkCell(input[from + column], row, column, what, false);
    },
  };
}

/** A checked copy of the matrix in float64. */
export async function readMatrix(reader: RowReader, inSlices: InSlices): Promise<Float64Array> {
  const { rows, columns } = reader;
  const out = allocate(rows * columns, Float64Array);
  await inSlices(rows, stepFor(columns), (from, to) => {
    for (let row = from; row < to; row++) reader.read(row, out, row * columns);
  });
  return out;
}

/** A copy of a sparse matrix for the engine, which checks the entries. */
export async function packSparse({ indptr, indices, values }: CSRMatrix, what: string, inSlices: InSlices): Promise<{ indptr: Int32Array; indices: Int32Array; values: Float32Array | Float64Array }> {
  const whole = async (list: ArrayLike<number>, name: string) => {
    const packed = allocate(list.length, Int32Array);
    await inSlices(list.length, cellsPerStep * 16, (from, to) => {
      for (let at = from; at < to; at++) {
        const value = list[at]!;
        packed[at] = value;
        if (packed[at] !== value) throw new FocalfitError("BAD_INPUT", `${what}.${name}[${at}] is ${describe(value)}: it must be a whole number.`);
      }
    });
    return packed;
  };
  const floats = typedArrayName(values) === "Float32Array" ? allocate(values.length, Float32Array) : allocate(values.length, Float64Array);
  await inSlices(values.length, cellsPerStep * 16, (from, to) => {
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      if (typeof value !== "number") throw new FocalfitError("BAD_INPUT", `${what}.values[${at}] is ${describe(value)}, not a number.`);
      floats[at] = value;
    }
  });
  return { indptr: await whole(indptr, "indptr"), indices: await whole(indices, "indices"), values: floats };
}

function allocate<T>(size: number, type: new (size: number) => T): T {
  try {
    return new type(size);
  } catch (cause) {
    throw new FocalfitError("OUT_OF_MEMORY", `${size} values do not fit into memory: take fewer rows or columns, or a Float32Array.`, { cause });
  }
}

function notARow(value: unknown, row: number, what: string): FocalfitError {
  return new FocalfitError("BAD_INPUT", `Row ${row} of ${what} is ${describe(value)}: make it an array of numbers.`, { row });
}

function checkCell(cell: unknown, row: number, column: number, what: string, gaps: boolean): number {
  if (typeof cell === "number" && Number.isFinite(cell)) return cell;
  if (gaps && (typeof cell === "number" || cell == null)) return NaN;
  const [code, fault] = typeof cell === "number" ? ["NOT_FINITE", cell] as const : ["BAD_INPUT", `${describe(cell)}, not a number`] as const;
  throw new FocalfitError(code, `Row ${row}, column ${column} of ${what} is ${fault}: fill it in, leave the row or column out, or set impute.`, { row, column });
}

/** A short name of any value, for messages. */
export function describe(value: unknown): string {
  if (typeof value === "string") return value.length > 40 ? `the string "${value.slice(0, 40)}…"` : `the string "${value}"`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    const name = typedArrayName(value);
    return name ? `a ${name}` : "an object";
  }
  return String(value);
}

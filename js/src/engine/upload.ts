// Rows on their way to the engine. Loaded with the first fit.
import { Dataset } from "./dataset.js";
import type { EngineHandle } from "./engine.js";
import { FocalfitError } from "../input/errors.js";
import { checkLength } from "../input/labels.js";
import { describe, openMatrix, packSparse, typedArrayName, type MatrixInput, type RowReader, type TableMatrix } from "../input/matrix.js";
import { checkOptions, choice } from "../training/options.js";
import { checkTable } from "../model/predictor.js";
import type { Impute, MatrixCall, UploadCall } from "./protocol.js";
import type { TableRecipe } from "../model/recipe.js";
import type { Model } from "../model/score.js";
import { slices, type InSlices } from "../input/slices.js";

/** Rows whose shape is checked, to be used by a call. */
export interface Uploading {
  readonly rows: number;
  readonly columns: number;
  /** How many cells take time. */
  readonly cells: number;
  /** Sends them to an engine, for one use; those of a dataset are there. */
  send(engine: EngineHandle, impute: Impute, inSlices: InSlices, signal?: AbortSignal): Promise<MatrixCall>;
}

/** Throws where there are no rows. `gaps` says whether cells may be missing. */
export function openUpload(X: MatrixInput | Dataset, gaps: boolean, what = "X"): Uploading {
  if (X instanceof Dataset) {
    const { rows, columns } = X;
    return { rows, columns, cells: 0, send: async (engine) => ({ dataset: X.numberIn(engine), once: false, rows, columns }) };
  }
  const reader = openMatrix(X, what, gaps);
  const { rows, columns, sparse } = reader;
  if (rows === 0 || columns === 0) throw new FocalfitError("BAD_INPUT", `${what} has no ${rows === 0 ? "rows" : "columns"}: there is nothing to learn from.`);
  return {
    rows,
    columns,
    cells: sparse ? sparse.indices.length : rows * columns,
    async send(engine, impute, inSlices, signal) {
      const matrix = { dataset: ++lastNumber, once: true, rows, columns };
      const { dataset } = matrix;
      try {
        if (sparse) await engine.call("uploadSparse", { dataset, rows, columns, impute, ...(await packSparse(sparse, what, inSlices)) }, { signal });
        else await sendRows(engine, dataset, reader, impute, inSlices, signal);
      } catch (error) {
        discard(engine, matrix);
        throw error;
      }
      return matrix;
    },
  };
}

/** Numbers of datasets, no two alike in any engine. */
let lastNumber = 0;

/** How many cells go in one message, of a typed array, which is copied, and of rows, which are read; and how many messages may be under way. */
const messageCells = 1 << 18;
const readCells = 1 << 16;
const underWay = 4;

/** Sends dense rows a part at a time. The engine reads each as it comes and gives its memory back for another. */
async function sendRows(engine: EngineHandle, dataset: number, reader: RowReader, impute: Impute, inSlices: InSlices, signal: AbortSignal | undefined): Promise<void> {
  const { rows, columns, dense } = reader;
  const make = (cells: number) => (typedArrayName(dense) === "Float32Array" ? new Float32Array(cells) : new Float64Array(cells));
  const fill = (data: Float32Array | Float64Array, from: number, to: number) => {
    if (dense) data.set(dense.subarray(from * columns, to * columns));
    else for (let row = from; row < to; row++) reader.read(row, data, (row - from) * columns);
  };
  // Whole panels of 16 rows, as the engine stores them.
  const step = Math.max(16, Math.floor((dense ? messageCells : readCells) / columns / 16) * 16);
  const free: (Float32Array | Float64Array)[] = [];
  const pending = new Set<Promise<void>>();
  let start: UploadCall["start"] = { rows, columns, impute, sample: rows > step ? sampleRows(rows, columns, make, fill) : null };
  try {
    for (let from = 0; from < rows; from += step) {
      const to = Math.min(rows, from + step);
      const cells = (to - from) * columns;
      while (pending.size === underWay) await Promise.race(pending);
      let data = free.pop() ?? make(cells);
      if (data.length > cells) data = data.subarray(0, cells);
      await inSlices(1, 1, () => fill(data, from, to));
      const sent = engine.call("upload", { dataset, start, data }, { signal }).then((back) => {
        free.push(back.data);
        pending.delete(sent);
      });
      sent.catch(() => {}); // told by whoever waits next
      pending.add(sent);
      start = null;
    }
    await Promise.all(pending);
  } catch (error) {
    await Promise.allSettled(pending);
    throw error;
  }
}

/** Some rows from all over, by which the engine chooses how to store the columns. A row that cannot be read is left empty. */
function sampleRows<A extends Float32Array | Float64Array>(rows: number, columns: number, make: (cells: number) => A, fill: (data: A, from: number, to: number) => void): A {
  const count = Math.max(16, Math.min(256, Math.floor(readCells / columns)));
  const sample = make(count * columns).fill(NaN) as A;
  for (let k = 0; k < count; k++) {
    // Anywhere in the k-th part, so that no period of the rows is met.
    const row = Math.floor(((k + (Math.imul(k + 1, 0x9e3779b1) >>> 0) / 2 ** 32) / count) * rows);
    try {
      fill(sample.subarray(k * columns, (k + 1) * columns) as A, row, row + 1);
    } catch {
      // It is told when the row's turn comes.
    }
  }
  return sample;
}

/** Frees what was sent and is not used. */
export function discard(engine: EngineHandle, { dataset, once }: MatrixCall): void {
  if (once && engine.life) void engine.call("free", { dataset }).catch(() => {});
}

/** What is known of the rows besides their numbers: how they came from a table. */
export function tableOf(X: MatrixInput | Dataset): { table?: TableRecipe; notes: readonly string[] } {
  const { table, notes = [] } = (X ?? {}) as Partial<TableMatrix>;
  return { ...(table && { table }), notes };
}

/** What fills missing cells: as the options say, or the rows. */
export function imputeOf(options: { impute?: "mean" | "median" | undefined }, X: MatrixInput | Dataset): "mean" | "median" | undefined {
  return options.impute ?? (X instanceof Dataset ? X.impute : undefined) ?? tableOf(X).table?.impute;
}

/** Uploads rows. */
export async function upload(engine: EngineHandle, X: MatrixInput, y: ArrayLike<unknown> | undefined, options: { impute?: "mean" | "median" | undefined }): Promise<Dataset> {
  checkOptions(options, ["impute"]);
  choice(options, "impute", ["mean", "median"]);
  if (X instanceof Dataset) throw new FocalfitError("BAD_INPUT", `X is ${describe(X)}: it is a dataset already.`);
  const impute = imputeOf(options, X);
  const rows = openUpload(X, impute !== undefined);
  if (y !== undefined) checkLength(y, rows.rows, "y");
  const { dataset, columns } = await rows.send(engine, impute ?? null, slices());
  return new Dataset(engine, dataset, engine.life!, { rows: rows.rows, columns, y, impute, table: undefined, ...tableOf(X) });
}

/** The logits of the rows of a dataset. */
export async function logitsOf({ coefficients, intercepts, columns, fill, features, table }: Model, X: Dataset): Promise<{ logits: Float64Array }> {
  checkTable(table, X.table);
  if (X.columns !== columns) throw new FocalfitError("SHAPE_MISMATCH", `The dataset has ${X.columns} columns, the model was fitted to ${columns}: give the same columns in the same order.`);
  const copy = (list: ArrayLike<number> | undefined) => (list ? Float64Array.from(list) : null);
  const { data } = await X.engine.call("logits", {
    dataset: X.numberIn(X.engine),
    coefficients: coefficients.slice(),
    intercepts: intercepts.slice(),
    fill: copy(fill),
    features: features ? { mean: copy(features.mean)!, scale: copy(features.scale)!, frequencies: copy(features.frequencies), phases: copy(features.phases) } : null,
  });
  return { logits: data };
}

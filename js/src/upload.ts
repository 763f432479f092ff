// Rows on their way to the engine. Loaded with the first fit.
import { Dataset } from "./dataset.js";
import type { EngineHandle } from "./engine.js";
import { FocalfitError } from "./errors.js";
import { checkLength } from "./labels.js";
import { describe, openMatrix, packMatrix, packSparse, type MatrixInput, type TableMatrix } from "./matrix.js";
import { checkOptions, choice } from "./options.js";
import { checkTable } from "./predictor.js";
import type { MatrixCall } from "./protocol.js";
import type { TableRecipe } from "./recipe.js";
import type { Model } from "./score.js";
import { slices, type InSlices } from "./slices.js";

/** Rows as the engine takes them, copied, so that it may keep them; throws where there are none. */
export async function matrixCall(X: MatrixInput | Dataset, engine: EngineHandle, gaps: boolean, inSlices: InSlices, what = "X"): Promise<MatrixCall> {
  if (X instanceof Dataset) return { kind: "dataset", rows: X.rows, columns: X.columns, dataset: X.numberIn(engine) };
  const reader = openMatrix(X, what, gaps);
  const { rows, columns } = reader;
  if (rows === 0 || columns === 0) throw new FocalfitError("BAD_INPUT", `${what} has no ${rows === 0 ? "rows" : "columns"}: there is nothing to learn from.`);
  if (reader.sparse) return { kind: "sparse", rows, columns, ...(await packSparse(reader.sparse, what, inSlices)) };
  return { kind: "dense", rows, columns, data: await packMatrix(reader, inSlices) };
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
  const matrix = await matrixCall(X, engine, impute !== undefined, slices());
  if (y !== undefined) checkLength(y, matrix.rows, "y");
  const { rows, columns } = matrix;
  const { dataset } = await engine.call("upload", { matrix, impute: impute ?? null });
  return new Dataset(engine, dataset, engine.life!, { rows, columns, y, impute, table: undefined, ...tableOf(X) });
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

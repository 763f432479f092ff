// Learning from a stream. Loaded with the first partialFit.
import { Dataset } from "../engine/dataset.js";
import { sharedEngine, type EngineHandle } from "../engine/engine.js";
import { badOption, FocalfitError } from "../input/errors.js";
import { checkLength, checkSampleWeight, compareLabels, encodeLabels, indicesOf, isLabel, type Label } from "../input/labels.js";
import { describe, isList, openMatrix, packSparse, readMatrix, type MatrixInput, type TableMatrix } from "../input/matrix.js";
import { checkOptions, type CheckedOptions } from "./options.js";
import { checkTable } from "../model/predictor.js";
import type { StreamRows } from "../engine/protocol.js";
import { columnNames, type TableRecipe } from "../model/recipe.js";
import type { Model } from "../model/score.js";
import { slices } from "../input/slices.js";
import { settingCall } from "./train.js";
import { tableOf } from "../engine/upload.js";

/** Options of {@link FocalClassifier.partialFit}. */
export interface PartialFitOptions {
  /** All classes that the stream will have; needed at the first call unless `y` has two or more. */
  classes?: readonly Label[] | undefined;
  /** A weight ≥ 0 per row, not all 0. Default: 1 each. */
  sampleWeight?: ArrayLike<number> | undefined;
}

/** What is learnt with more rows, in place of the model that there is by then: see FocalClassifier.partialFit. */
export async function learn(options: CheckedOptions, model: Model | undefined, engine: EngineHandle = sharedEngine(), X: MatrixInput, y: ArrayLike<unknown>, more: PartialFitOptions): Promise<(present: Model | undefined) => Model> {
  checkOptions(more, ["classes", "sampleWeight"]);
  refuse(options);
  const inSlices = slices();
  if ((X as unknown) instanceof Dataset) throw new FocalfitError("BAD_INPUT", "X is a dataset: partialFit takes the rows themselves.");
  const own = tableOf(X).table;
  if (model?.online) checkTable(model.table, own);
  const table = own ?? (model?.online && model.table);
  refuseGaps(X as TableMatrix, table);
  const reader = openMatrix(X);
  const { rows, columns, sparse } = reader;
  checkLength(y, rows, "y");
  const known = model?.online && model.classes;
  if (known && model.columns !== columns) throw new FocalfitError("SHAPE_MISMATCH", `X has ${columns} columns, the rows before it ${model.columns}: give the same columns.`);
  if (columns === 0) throw new FocalfitError("BAD_INPUT", "X has no columns: there is nothing to learn from.");
  const classes = known ? checkSame(known, more.classes) : more.classes === undefined ? (await encodeLabels(y, inSlices)).classes : checkClasses(more.classes);
  const labels = await indicesOf(y, classes, inSlices);
  const setting = settingCall(options, [...classes], columns);
  const matrix: StreamRows = sparse
    ? { kind: "sparse", rows, columns, ...(await packSparse(sparse, "X", inSlices)) }
    : { kind: "dense", rows, columns, data: await readMatrix(reader, inSlices) };
  if (matrix.kind === "sparse") matrix.values = Float64Array.from(matrix.values);
  const { state, coefficients, intercepts, means, gamma, weight } = await engine.call("learn", {
    ...setting,
    matrix,
    labels,
    sampleWeight: more.sampleWeight === undefined ? null : await checkSampleWeight(more.sampleWeight, rows, inSlices),
    state: known ? Float64Array.from(model.online!) : null,
  });
  const { positive, clip, epsilon, smoothing } = setting;
  const plain = (values: Float64Array) => values.map((value) => value + 0); // JSON has no −0
  const learnt: Model = {
    classes, positive, columns, gamma, weight,
    multiLabel: false,
    ...(table && { table }),
    coefficients: plain(coefficients),
    intercepts: plain(intercepts),
    means: plain(means),
    loss: { clip, epsilon, smoothing },
    online: [...plain(state)],
  };
  // What was chosen by the user stays.
  return (present) => ({ ...learnt, ...(present?.online && { threshold: present.threshold, calibration: present.calibration }) });
}

/** Of rows of a table a missing value has a name. */
function refuseGaps({ data, columns }: TableMatrix, table: TableRecipe | undefined): void {
  const at = table && data ? data.findIndex(Number.isNaN) : -1;
  if (at < 0) return;
  const [row, column] = [Math.floor(at / columns), columnNames(table!)[at % columns]!];
  throw new FocalfitError("NOT_FINITE", `Row ${row}, column "${column}" has no value, and partialFit fills none, for it does not know the means yet: fill it in the table, leave the row out, or use fit.`, { row, column });
}

/** What a stream cannot have. */
function refuse({ multiLabel, features, impute, solver }: CheckedOptions): void {
  if (multiLabel) throw badOption("multiLabel", "partialFit learns one label: use a classifier for each.");
  if (features) throw badOption("features", "partialFit has no features: make the columns yourself, or use fit.");
  if (impute) throw badOption("impute", "partialFit does not fill missing cells, whose mean is not known yet: fill them, or use fit.");
  if (solver && solver !== "ftrl") throw badOption("solver", `partialFit learns by "ftrl": leave solver "${solver}" out.`);
}

function checkClasses(classes: unknown): Label[] {
  if (!isList(classes) || classes.length < 2) throw badOption("classes", `classes is ${describe(classes)}: it must be an array of two or more labels.`);
  const sorted = Array.from(classes, (label) => {
    if (!isLabel(label) || typeof label !== typeof classes[0]) throw badOption("classes", `classes holds ${describe(label)}: they must be labels of one type.`);
    return label;
  }).sort(compareLabels);
  if (new Set(sorted).size < sorted.length) throw badOption("classes", "classes holds a label twice: name each once.");
  return sorted;
}

function checkSame(known: readonly Label[], classes: unknown): readonly Label[] {
  if (classes !== undefined && checkClasses(classes).join("\n") !== known.join("\n")) {
    throw badOption("classes", "classes are not those of the rows before: leave classes out, or start with a new classifier.");
  }
  return known;
}

// From labels and options to a fit in the engine, and from its outcome to a model. Loaded with the first fit.
import { classTerms, positiveIndex } from "./class-terms.js";
import type { FitOptions } from "./classifier.js";
import { Dataset } from "../engine/dataset.js";
import { sharedEngine, type EngineHandle } from "../engine/engine.js";
import { aborted, badOption, FocalfitError } from "../input/errors.js";
import { checkLength, checkSampleWeight, encodeLabels, indicesOf, showLabel, showList, type Label } from "../input/labels.js";
import { describe, isList, openMatrix, type MatrixInput } from "../input/matrix.js";
import { checkOptions, flag, number, type CheckedOptions } from "./options.js";
import type { FitCall, FitOutcome, SettingCall } from "../engine/protocol.js";
import { checkTable } from "../model/predictor.js";
import { columnNames } from "../model/recipe.js";
import type { FitProgress, FitReport } from "./report.js";
import type { Model } from "../model/score.js";
import { slices, type InSlices } from "../input/slices.js";
import { discard, imputeOf, openUpload, tableOf, type Uploading } from "../engine/upload.js";

/** What `y` may be. */
type LabelsInput<L> = ArrayLike<L> | MatrixInput;

/** What a classifier has for a fit: its own options and model, and what stops it. */
interface Classifier {
  options: CheckedOptions;
  model: Model | undefined;
  engine: EngineHandle | undefined;
  stop: AbortController;
  /** When the fit was called. */
  begun: number;
}

/** A fit: see FocalClassifier.fit. */
export async function train({ options, model, engine = sharedEngine(), stop, begun }: Classifier, X: MatrixInput | Dataset, y: LabelsInput<unknown> | undefined, fit: FitOptions): Promise<{ model: Model; report: FitReport }> {
  checkOptions(fit, ["sampleWeight", "validation", "earlyStopping", "onProgress", "signal", "warmStart"]);
  const { onProgress, signal } = fit as FitOptions;
  flag(fit, "warmStart", false);
  if (onProgress !== undefined && typeof onProgress !== "function") throw badOption("onProgress", `onProgress is ${describe(onProgress)}: it must be a function.`);
  if (signal !== undefined && typeof signal?.addEventListener !== "function") throw badOption("signal", `signal is ${describe(signal)}: it must be an AbortSignal.`);
  const abort = () => stop.abort(signal!.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  let thrown: { error: unknown } | undefined;
  let call: FitCall | undefined;
  try {
    const check = () => {
      if (stop.signal.aborted) throw aborted(stop.signal);
    };
    check();
    // Starts while the labels are read; if it fails, the calls below say so.
    engine.start().catch(() => {});
    call = await fitCall(options, model, X, y, fit, engine, stop.signal, check);
    const tell = (progress: FitProgress) => {
      if (thrown || stop.signal.aborted) return;
      try {
        onProgress!(progress);
      } catch (error) {
        thrown = { error };
        stop.abort(error);
      }
    };
    const outcome = await engine.call("fit", call, { signal: stop.signal, onProgress: onProgress && tell });
    const { report } = outcome;
    report.totalSeconds = (performance.now() - begun) / 1000;
    if (onProgress && report.status !== "aborted") {
      const { iterations: iteration, objective, gradientNorm, evaluations } = report;
      tell({ fraction: 1, iteration, objective, gradientNorm, evaluations });
    }
    if (stop.signal.aborted) throw aborted(stop.signal, report.history.length > 0 ? { ...report, status: "aborted" } : undefined);
    const { table, notes } = tableOf(X);
    report.warnings.unshift(...notes);
    return { model: { ...modelOf(call, outcome), ...(table && { table }) }, report };
  } catch (error) {
    // What the engine has not come to take.
    for (const rows of [call?.matrix, call?.validation?.matrix]) if (rows) discard(engine, rows);
    throw thrown ? thrown.error : error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** Labels as the engine takes them. */
interface Encoded {
  classes: Label[];
  indices: Int32Array;
}

/** Everything a fit sends. `check` runs after each pause and may throw to end the work. */
async function fitCall(options: CheckedOptions, model: Model | undefined, X: MatrixInput | Dataset, y: LabelsInput<unknown> | undefined, fit: FitOptions, engine: EngineHandle, signal: AbortSignal, check: () => void): Promise<FitCall> {
  const inSlices = slices(check);
  const { sampleWeight, validation, warmStart: warm } = fit;
  const impute = imputeOf(options, X);
  if (options.solver === "ftrl") throw badOption("solver", 'solver "ftrl" learns by partialFit: call that, or leave solver out.');
  const { table } = tableOf(X);
  if (warm) checkTable(model?.table, table);
  checkTable(table, tableOf(validation?.X as MatrixInput).table);
  const labels = y ?? (X instanceof Dataset ? X.y : undefined);
  const data = openUpload(X, impute !== undefined);
  const { rows, columns } = data;
  const { classes, indices } = options.multiLabel ? await encodeMultiple(labels, rows, inSlices) : await encodeOne(labels, rows, inSlices);
  const setting = settingCall(options, classes, columns);
  const weights = sampleWeight === undefined ? null : await checkSampleWeight(sampleWeight, rows, inSlices);
  const held = validation === undefined ? null : await heldRows(fit, options, classes, impute !== undefined, inSlices);
  const start = warm && model ? warmStart(model, setting, columns) : null;
  // Last, for it takes the longest.
  const matrix = await data.send(engine, impute ?? null, inSlices, signal);
  try {
    return {
      ...setting,
      matrix,
      labels: indices,
      sampleWeight: weights,
      impute: impute ?? null,
      weighted: options.alpha !== undefined || options.classWeight !== undefined,
      names: table ? columnNames(table) : null,
      warmStart: start,
      validation: held && { ...held.call, matrix: await held.data.send(engine, impute ?? null, inSlices, signal) },
      progress: fit.onProgress !== undefined,
    };
  } catch (error) {
    discard(engine, matrix);
    throw error;
  }
}

/** What a fit is besides its rows. */
export function settingCall(options: CheckedOptions, classes: Label[], columns: number): SettingCall {
  const { l2, l1 = 0, fitIntercept, standardize, features, maxIterations, tolerance, clip = 0, epsilon = 0, labelSmoothing = 0, multiLabel = false, seed = 0 } = options;
  const positive = multiLabel ? -1 : positiveIndex(options, classes);
  const { gamma, weight } = classTerms(options, classes, positive);
  return {
    classes, positive, multiLabel, gamma, weight, clip, epsilon, smoothing: labelSmoothing, l2, l1, fitIntercept, standardize,
    features: features?.kind === "fourier" ? { kind: "fourier", components: features.components, bandwidth: features.bandwidth ?? Math.sqrt(columns / 2), seed: features.seed ?? seed } : (features ?? null) && { kind: "polynomial" },
    solver: (options.solver as Exclude<typeof options.solver, "ftrl">) ?? "auto",
    maxIterations, tolerance,
  };
}

/** The model that a fit came to. */
function modelOf({ classes, positive, multiLabel, matrix, clip, epsilon, smoothing, features: made }: Omit<FitCall, "labels" | "sampleWeight">, outcome: FitOutcome): Model {
  const { coefficients, intercepts, means, gamma, weight, fill, features } = outcome;
  return {
    classes, positive, multiLabel,
    columns: matrix.columns,
    coefficients: withoutNegativeZero(coefficients),
    intercepts: withoutNegativeZero(intercepts),
    means: withoutNegativeZero(means),
    gamma, weight,
    loss: { clip, epsilon, smoothing },
    ...(fill && { fill: withoutNegativeZero(fill) }),
    ...(features && {
      features: {
        kind: made!.kind,
        mean: withoutNegativeZero(features.mean),
        scale: features.scale,
        ...(features.phases && { frequencies: withoutNegativeZero(features.frequencies!), phases: features.phases }),
      },
    }),
  };
}

/** JSON has no −0. */
function withoutNegativeZero(values: Float64Array): Float64Array {
  return values.map((value) => value + 0);
}

async function encodeOne(y: LabelsInput<unknown> | undefined, rows: number, inSlices: InSlices): Promise<Encoded> {
  checkLength(y, rows, "y");
  return encodeLabels(y, inSlices);
}

/** Rows of independent labels. */
async function encodeMultiple(y: LabelsInput<unknown> | undefined, rows: number, inSlices: InSlices): Promise<Encoded> {
  const reader = openMatrix(y as MatrixInput, "y", true);
  if (reader.rows !== rows) throw new FocalfitError("SHAPE_MISMATCH", `y has ${reader.rows} rows, X has ${rows}: they must be as many.`);
  const count = reader.columns;
  if (count === 0) throw new FocalfitError("BAD_INPUT", "y has no labels: give each row at least one.");
  const indices = new Int32Array(rows * count);
  const cells = new Float64Array(count);
  await inSlices(rows, 1024, (from, to) => {
    for (let row = from; row < to; row++) {
      reader.read(row, cells, 0);
      cells.forEach((cell, column) => {
        if (cell !== 0 && cell !== 1 && cell === cell) {
          throw new FocalfitError("BAD_INPUT", `Row ${row}, column ${column} of y is ${cell}: labels are 0, 1, or null where they are not known.`, { row, column });
        }
        indices[row * count + column] = cell === cell ? cell : -1;
      });
    }
  });
  return { classes: Array.from({ length: count }, (_, label) => label), indices };
}

/** The validation's rows, and what goes with them. */
async function heldRows({ validation, earlyStopping }: FitOptions, { multiLabel }: CheckedOptions, classes: Label[], gaps: boolean, inSlices: InSlices): Promise<{ data: Uploading; call: Omit<NonNullable<FitCall["validation"]>, "matrix"> }> {
  if (multiLabel) throw badOption("validation", "validation is for one label: fit each label by itself, or leave it out.");
  if (typeof validation !== "object" || validation === null || isList(validation)) throw badOption("validation", `validation is ${describe(validation)}: it must be { X, y }.`);
  checkOptions(validation, ["X", "y", "sampleWeight"]);
  const { X, y, sampleWeight } = validation as NonNullable<FitOptions["validation"]>;
  const data = openUpload(X, gaps, "validation.X");
  checkLength(y, data.rows, "validation.y");
  return {
    data,
    call: {
      labels: await indicesOf(y, classes, inSlices, "validation.y"),
      sampleWeight: sampleWeight === undefined ? null : await checkSampleWeight(sampleWeight, data.rows, inSlices),
      patience: patienceOf(earlyStopping),
    },
  };
}

function patienceOf(earlyStopping: FitOptions["earlyStopping"]): number {
  if (earlyStopping === undefined || earlyStopping === false) return -1;
  if (earlyStopping === true) return 10;
  checkOptions(earlyStopping, ["patience"]);
  return number(earlyStopping, "patience", 10, (value) => Number.isInteger(value) && value >= 1 && value < 2 ** 31, "must be a whole number ≥ 1");
}

function warmStart(model: Model, { classes, positive, features }: SettingCall, columns: number): FitCall["warmStart"] {
  if (model.columns !== columns) {
    throw new FocalfitError("SHAPE_MISMATCH", `X has ${columns} columns, the model to start from ${model.columns}: give the same columns, or leave warmStart out.`);
  }
  if (model.features || features) throw badOption("warmStart", "warmStart cannot be used with features, which are made anew: leave one of them out.");
  const fresh = classes.filter((label) => !model.classes.includes(label));
  if (fresh.length > 0) {
    throw new FocalfitError("UNKNOWN_LABEL", `The model to start from does not know ${showList(fresh.map(showLabel))}: leave warmStart out, or these rows.`);
  }
  if (classes.length !== model.classes.length) {
    const gone = model.classes.filter((label) => !classes.includes(label));
    throw new FocalfitError("BAD_INPUT", `y has no row of ${showList(gone.map(showLabel))}, which the model to start from knows: leave warmStart out, or add such rows.`);
  }
  const sign = positive === model.positive ? 1 : -1;
  const signed = (values: Float64Array) => values.map((value) => sign * value);
  return { coefficients: signed(model.coefficients), intercepts: signed(model.intercepts) };
}

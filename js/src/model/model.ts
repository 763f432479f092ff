import { FocalfitError, reason } from "../input/errors.js";
import { checkKnown } from "../input/known.js";
import { compareLabels, isLabel, type Label } from "../input/labels.js";
import { describe, isList } from "../input/matrix.js";
import { checkClassifierOptions, type CheckedOptions } from "../training/options.js";
import type { TableRecipe } from "./recipe.js";
import { checkRecipe } from "./recipe-check.js";
import { weightThreshold, type Calibration, type Features, type Model } from "./score.js";

/**
 * A fitted model as plain JSON; `focalfit/model.schema.json` is its schema. Numbers come back exactly as they were.
 * What is optional is left out where it does not apply.
 */
export interface ModelDocument {
  format: "focalfit";
  /** The version of this format. Version 1 had none of the optional fields; it is read too. */
  version: 1 | 2;
  /** The classes, sorted. Per-class arrays are in this order. With several labels: their numbers. */
  classes: Label[];
  /** Whether each class is an output of its own, 0 or 1. */
  multiLabel?: true;
  /** With two classes the one whose logit the model gives; otherwise null. */
  positiveClass: Label | null;
  /** How many columns the input has. */
  columns: number;
  /** What a missing cell of each column is taken for. */
  fill?: number[];
  /** What makes the columns of raw rows: see focalfit/table. */
  table?: TableRecipe;
  /** The columns that are made of the input's; the coefficients are then theirs. */
  features?: { kind: "fourier" | "polynomial"; mean: number[]; scale: number[]; frequencies?: number[]; phases?: number[] };
  /** For each output (one with two classes, otherwise one per class) a coefficient per column, in the input's units. */
  coefficients: number[][];
  /** One per output. */
  intercepts: number[];
  /** The training mean of each column that has a coefficient. */
  means?: number[];
  /** γ per class; with several labels for each its negative and its positive class in turn. */
  gamma: number[];
  /** α per class, as used; with several labels as `gamma`. */
  weight: number[];
  /** What the loss has besides γ and α. */
  loss?: { clip?: number; epsilon?: number; smoothing?: number };
  /** From posterior to calibrated probabilities. */
  calibration?: Calibration;
  /** What `partialFit` has learnt, to go on with. */
  online?: number[];
  /** With two classes the posterior from which on the positive class is predicted, with several labels one per label; otherwise null. */
  threshold: number | number[] | null;
  /** The options to fit again with: those of the classifier. */
  options: Partial<CheckedOptions>;
}

const fields = ["format", "version", "classes", "multiLabel", "positiveClass", "columns", "table", "fill", "features", "coefficients", "intercepts", "means", "gamma", "weight", "loss", "calibration", "online", "threshold", "options"];

/** The document of a model. */
export function writeModel(model: Model, options: CheckedOptions): ModelDocument {
  const { multiLabel, positive, table, fill, features, coefficients, intercepts, loss, calibration, threshold } = model;
  const size = coefficients.length / intercepts.length;
  const limits = Array.from(intercepts, (_, output) => threshold?.[output] ?? weightThreshold(model, output));
  const terms = Object.entries(loss).filter(([, value]) => value !== 0);
  return {
    format: "focalfit",
    version: 2,
    classes: [...model.classes],
    ...(multiLabel && { multiLabel }),
    positiveClass: positive < 0 ? null : model.classes[positive]!,
    columns: model.columns,
    ...(table && { table: structuredClone(table) }),
    ...(fill && { fill: Array.from(fill) }),
    ...(features && { features: Object.fromEntries(Object.entries(features).map(([name, value]) => [name, typeof value === "string" ? value : Array.from(value)])) as NonNullable<ModelDocument["features"]> }),
    coefficients: Array.from(intercepts, (_, output) => [...coefficients.subarray(output * size, (output + 1) * size)]),
    intercepts: [...intercepts],
    means: [...model.means],
    gamma: [...model.gamma],
    weight: [...model.weight],
    ...(terms.length > 0 && { loss: Object.fromEntries(terms) }),
    ...(calibration && { calibration: structuredClone(calibration) }),
    ...(model.online && { online: [...model.online] }),
    threshold: multiLabel ? limits : positive < 0 ? null : limits[0]!,
    options: structuredClone(options),
  };
}

/** Reads a document, trusting nothing in it. Throws BAD_MODEL, saying what is wrong with it. */
export function readModel(json: unknown): { model: Model; options: CheckedOptions } {
  if (typeof json === "string") throw bad("it is a string: pass JSON.parse(text)");
  if (!isRecord(json)) throw bad(`it is ${describe(json)}, not an object`);
  if (json.format !== "focalfit") throw bad(`its format is ${describe(json.format)}, not "focalfit"`);
  if (json.version !== 1 && json.version !== 2) throw bad(`its version is ${describe(json.version)}, not 1 or 2: update focalfit`);
  known(json, fields);

  const { classes, positiveClass, columns, multiLabel = false } = json;
  if (typeof multiLabel !== "boolean") throw bad("multiLabel must be true or left out");
  if (!Array.isArray(classes) || classes.length < (multiLabel ? 1 : 2) || !classes.every(isLabel)) throw bad(`classes must be ${multiLabel ? "one" : "two"} or more labels`);
  const sorted = classes.every((label: Label, index) => index === 0 || (typeof label === typeof classes[0] && compareLabels(classes[index - 1] as Label, label) < 0));
  if (!sorted) throw bad("classes must be sorted, of one type");
  const count = classes.length;
  const two = count === 2 && !multiLabel;
  const positive = two ? classes.indexOf(positiveClass as Label) : -1;
  if (two ? positive < 0 : positiveClass !== null) {
    throw bad(`positiveClass must be ${two ? "one of classes" : "null"}`);
  }
  if (typeof columns !== "number" || !Number.isSafeInteger(columns) || columns < 1) throw bad("columns must be a whole number ≥ 1");
  const outputs = two ? 1 : count;
  const features = json.features === undefined ? undefined : readFeatures(json.features, columns);
  const { coefficients } = json;
  if (!Array.isArray(coefficients) || coefficients.length !== outputs) throw bad(`coefficients must be ${outputs} row(s)`);
  const size = !features ? columns : features.phases ? features.phases.length : columns + (columns * (columns + 1)) / 2;
  coefficients.forEach((row, output) => checkNumbers(row, size, `coefficients[${output}]`));
  const perClass = multiLabel ? 2 * count : count;
  const binary = two || multiLabel;
  const { threshold } = json;
  if (!binary && threshold !== null) throw bad("threshold must be null");
  const loss = record(json.loss === undefined ? {} : json.loss, "loss");
  known(loss, ["clip", "epsilon", "smoothing"], "field of loss");
  const term = (name: string, least: number) => readNumbers([loss[name] ?? 0], 1, `loss.${name}`, (value) => value >= least && (least < 0 ? value > least : value < 1))[0]!;
  const model: Model = {
    classes: [...classes],
    positive,
    multiLabel,
    columns,
    ...(json.table !== undefined && { table: readRecipe(json.table, columns) }),
    ...(json.fill !== undefined && { fill: readNumbers(json.fill, columns, "fill") }),
    ...(features && { features }),
    coefficients: Float64Array.from(coefficients.flat()),
    intercepts: readNumbers(json.intercepts, outputs, "intercepts"),
    means: json.means === undefined ? new Float64Array(size) : readNumbers(json.means, size, "means"),
    gamma: readNumbers(json.gamma, perClass, "gamma", (value) => value >= 0),
    weight: readNumbers(json.weight, perClass, "weight", (value) => value > 0),
    loss: { clip: term("clip", 0), epsilon: term("epsilon", -1), smoothing: term("smoothing", 0) },
    ...(json.calibration !== undefined && { calibration: readCalibration(json.calibration, outputs) }),
    ...(json.online !== undefined && { online: [...readNumbers(json.online, 1 + count + 2 * columns + 2 * outputs * (columns + 1), "online")] }),
    threshold: binary ? [...readNumbers(two ? [threshold] : threshold, outputs, "threshold", (value) => value >= 0 && value <= 1)] : undefined,
  };
  return { model, options: readOptions(json.options) };
}

function readRecipe(table: unknown, columns: number): TableRecipe {
  const made = checkRecipe(table, bad);
  if (made !== columns) throw bad(`table makes ${made} columns, not ${columns}`);
  return structuredClone(table) as TableRecipe;
}

function readFeatures(json: unknown, columns: number): Features {
  const features = record(json, "features");
  known(features, ["kind", "mean", "scale", "frequencies", "phases"], "field of features");
  const { kind, phases } = features;
  const fourier = kind === "fourier";
  if (!fourier && kind !== "polynomial") throw bad(`features.kind cannot be ${describe(kind)}`);
  const components = Array.isArray(phases) ? phases.length : 0;
  if (fourier && components === 0) throw bad("features.phases must be numbers");
  return {
    kind,
    mean: readNumbers(features.mean, columns, "features.mean"),
    scale: readNumbers(features.scale, columns, "features.scale", (value) => value > 0),
    ...(fourier && {
      frequencies: readNumbers(features.frequencies, columns * components, "features.frequencies"),
      phases: readNumbers(phases, components, "features.phases"),
    }),
  };
}

function readCalibration(json: unknown, outputs: number): Calibration {
  const calibration = record(json, "calibration");
  const { method, temperature, x, y } = calibration;
  const names = method === "temperature" ? ["temperature"] : method === "platt" ? ["slope", "intercept"] : method === "isotonic" ? ["x", "y"] : undefined;
  if (!names) throw bad(`calibration.method cannot be ${describe(method)}`);
  known(calibration, ["method", ...names], "field of calibration");
  if (method === "temperature") return { method, temperature: readNumbers([temperature], 1, "calibration.temperature", (value) => value > 0)[0]! };
  const numbers = (name: string) => [...readNumbers(calibration[name], outputs, `calibration.${name}`, (value) => name !== "slope" || value !== 0)];
  if (method === "platt") return { method, slope: numbers("slope"), intercept: numbers("intercept") };
  const knots = (lists: unknown, name: string, of: unknown) => {
    if (!Array.isArray(lists) || lists.length !== outputs) throw bad(`calibration.${name} must be ${outputs} row(s)`);
    return lists.map((list: unknown, output) => {
      let last = name === "x" ? -1 : 0;
      const rises = (value: number) => value <= 1 && (name === "x" ? value > last && value >= 0 : value >= last) && ((last = value), true);
      return [...readNumbers(list, (of as unknown[][])[output]?.length || 1, `calibration.${name}[${output}]`, rises)];
    });
  };
  const own = knots(x, "x", x);
  return { method: "isotonic", x: own, y: knots(y, "y", own) };
}

function known(object: object, names: readonly string[], kind = "field"): void {
  try {
    checkKnown(object, names, kind);
  } catch (error) {
    throw bad(reason(error));
  }
}

function readOptions(json: unknown): CheckedOptions {
  const options = record(json, "options");
  if ("engine" in options) throw bad("options cannot hold an engine");
  try {
    return checkClassifierOptions(options);
  } catch (error) {
    throw bad(`in its options, ${reason(error)}`);
  }
}

function checkNumbers(list: unknown, length: number, name: string, accept: (value: number) => boolean = () => true): asserts list is number[] {
  if (!Array.isArray(list) || list.length !== length) throw bad(`${name} must be ${length} number(s)`);
  list.forEach((value: unknown, index) => {
    if (typeof value !== "number" || !Number.isFinite(value) || !accept(value)) throw bad(`${name}[${index}] cannot be ${describe(value)}`);
  });
  // forEach passes over holes.
  if (Object.keys(list).length < length) throw bad(`${name} must have no holes`);
}

function readNumbers(list: unknown, length: number, name: string, accept?: (value: number) => boolean): Float64Array {
  checkNumbers(list, length, name, accept);
  return Float64Array.from(list);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isList(value);
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (!isRecord(value)) throw bad(`${name} must be an object`);
  return value;
}

function bad(what: string): FocalfitError {
  return new FocalfitError("BAD_MODEL", `This model cannot be read: ${what.replace(/\.$/, "")}.`);
}

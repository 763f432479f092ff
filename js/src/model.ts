import { FocalfitError, reason } from "./errors.js";
import { checkKnown } from "./known.js";
import { compareLabels, isLabel, type Label } from "./labels.js";
import { describe, isList } from "./matrix.js";
import { checkClassifierOptions, type CheckedOptions } from "./options.js";
import { weightThreshold, type Model } from "./predictor.js";

/**
 * A fitted model as plain JSON; `focalfit/model.schema.json` is its schema. Numbers come back exactly as they were.
 */
export interface ModelDocument {
  format: "focalfit";
  /** The version of this format. */
  version: 1;
  /** The classes, sorted. Per-class arrays are in this order. */
  classes: Label[];
  /** With two classes the one whose logit the model gives; otherwise null. */
  positiveClass: Label | null;
  /** How many columns the input has. */
  columns: number;
  /** For each output (one with two classes, otherwise one per class) a coefficient per column, in the input's units. */
  coefficients: number[][];
  /** One per output. */
  intercepts: number[];
  /** γ per class. */
  gamma: number[];
  /** α per class, as used. */
  weight: number[];
  /** With two classes the posterior from which on the positive class is predicted; otherwise null. */
  threshold: number | null;
  /** The options to fit again with. */
  options: {
    gamma?: number | number[];
    alpha?: number | number[];
    classWeight?: "balanced" | { [label: string]: number };
    l2?: number;
    fitIntercept?: boolean;
    standardize?: boolean;
    positiveClass?: Label;
    maxIterations?: number;
    tolerance?: number;
  };
}

const fields = ["format", "version", "classes", "positiveClass", "columns", "coefficients", "intercepts", "gamma", "weight", "threshold", "options"];

/** The document of a model. */
export function writeModel(model: Model, options: CheckedOptions): ModelDocument {
  const { columns, positive } = model;
  return {
    format: "focalfit",
    version: 1,
    classes: [...model.classes],
    positiveClass: positive < 0 ? null : model.classes[positive]!,
    columns,
    coefficients: Array.from(model.intercepts, (_, output) => [...model.coefficients.subarray(output * columns, (output + 1) * columns)]),
    intercepts: [...model.intercepts],
    gamma: [...model.gamma],
    weight: [...model.weight],
    threshold: positive < 0 ? null : (model.threshold ?? weightThreshold(model)),
    options: structuredClone(options),
  };
}

/** Reads a document, trusting nothing in it. Throws BAD_MODEL, saying what is wrong with it. */
export function readModel(json: unknown): { model: Model; options: CheckedOptions } {
  if (typeof json === "string") throw bad("it is a string: pass JSON.parse(text)");
  if (!isRecord(json)) throw bad(`it is ${describe(json)}, not an object`);
  if (json.format !== "focalfit") throw bad(`its format is ${describe(json.format)}, not "focalfit"`);
  if (json.version !== 1) throw bad(`its version is ${describe(json.version)}, and this release reads version 1: update focalfit`);
  try {
    checkKnown(json, fields, "field");
  } catch (error) {
    throw bad(reason(error));
  }

  const { classes, positiveClass, columns, threshold } = json;
  if (!Array.isArray(classes) || classes.length < 2 || !classes.every(isLabel)) throw bad("classes must be two or more labels");
  const sorted = classes.every((label: Label, index) => index === 0 || (typeof label === typeof classes[0] && compareLabels(classes[index - 1] as Label, label) < 0));
  if (!sorted) throw bad("classes must be of one type, sorted and different");
  const count = classes.length;
  const positive = count === 2 ? classes.indexOf(positiveClass as Label) : -1;
  if (count === 2 ? positive < 0 : positiveClass !== null) {
    throw bad(`positiveClass must be ${count === 2 ? "one of classes" : "null with more than two classes"}`);
  }
  if (typeof columns !== "number" || !Number.isSafeInteger(columns) || columns < 1) throw bad("columns must be a whole number ≥ 1");
  const outputs = count === 2 ? 1 : count;
  const { coefficients } = json;
  if (!Array.isArray(coefficients) || coefficients.length !== outputs) throw bad(`coefficients must be ${outputs} row(s)`);
  const flat = new Float64Array(outputs * columns);
  coefficients.forEach((row, output) => flat.set(readNumbers(row, columns, `coefficients[${output}]`), output * columns));
  if (count === 2 ? typeof threshold !== "number" || !(threshold >= 0 && threshold <= 1) : threshold !== null) {
    throw bad(`threshold must be ${count === 2 ? "a number from 0 to 1" : "null with more than two classes"}`);
  }
  const model: Model = {
    classes: [...classes],
    positive,
    columns,
    coefficients: flat,
    intercepts: readNumbers(json.intercepts, outputs, "intercepts"),
    gamma: readNumbers(json.gamma, count, "gamma", (value) => value >= 0),
    weight: readNumbers(json.weight, count, "weight", (value) => value > 0),
    threshold: (threshold as number | null) ?? undefined,
  };
  return { model, options: readOptions(json.options) };
}

function readOptions(options: unknown): CheckedOptions {
  if (!isRecord(options)) throw bad("options must be an object");
  if ("engine" in options) throw bad("options cannot hold an engine");
  try {
    return checkClassifierOptions(options);
  } catch (error) {
    throw bad(`in its options, ${reason(error)}`);
  }
}

function readNumbers(list: unknown, length: number, name: string, accept: (value: number) => boolean = () => true): Float64Array {
  if (!Array.isArray(list) || list.length !== length) throw bad(`${name} must be ${length} number(s)`);
  return Float64Array.from(list, (value: unknown, index) => {
    if (typeof value !== "number" || !Number.isFinite(value) || !accept(value)) throw bad(`${name}[${index}] cannot be ${describe(value)}`);
    return value;
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isList(value);
}

function bad(what: string): FocalfitError {
  return new FocalfitError("BAD_MODEL", `This model cannot be read: ${what.replace(/\.$/, "")}.`);
}

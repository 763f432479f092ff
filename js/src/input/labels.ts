import { FocalfitError } from "./errors.js";
import { describe, isList } from "./matrix.js";
import type { InSlices } from "./slices.js";

/** A class label. All labels of one problem are of one type. */
export type Label = number | string | boolean;

/** Labels as class indices. */
export interface EncodedLabels {
  /** The classes in order: numbers ascending, strings by code unit, false before true. */
  classes: Label[];
  /** For each row the index of its class in `classes`. */
  indices: Int32Array;
}

/** The order of `classes`. */
export function compareLabels(a: Label, b: Label): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `value` can be a label. */
export function isLabel(value: unknown): value is Label {
  return typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** A label as messages show it. */
export function showLabel(label: Label): string {
  return typeof label === "string" ? `"${label}"` : String(label);
}

/** A list of names as messages show it, cut after the first few. */
export function showList(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  if (names.length > shown.length) return `${shown.join(", ")} and ${names.length - shown.length} more`;
  const last = shown.pop()!;
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : last;
}

/** Throws unless `y` is a list of `rows` values, or of any number where that is null. */
export function checkLength(y: unknown, rows: number | null, what: string): asserts y is ArrayLike<unknown> {
  if (!isList(y)) throw new FocalfitError("BAD_INPUT", `${what} is ${describe(y)}: make it an array with one value per row.`);
  if (rows !== null && y.length !== rows) {
    throw new FocalfitError("SHAPE_MISMATCH", `${what} has ${y.length} values, X has ${rows} rows: they must be as many.`);
  }
}

/** Finds the classes of `y` and each row's. */
export async function encodeLabels(y: ArrayLike<unknown>, inSlices: InSlices): Promise<EncodedLabels> {
  const found = new Map<Label, number>();
  const indices = new Int32Array(y.length);
  const type = typeof y[0];
  await inSlices(y.length, 4096, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = y[row];
      if (!isLabel(value)) {
        throw new FocalfitError("BAD_INPUT", `The label of row ${row} is ${describe(value)}: labels are finite numbers, strings or booleans; leave unlabelled rows out.`, { row });
      }
      if (typeof value !== type) {
        throw new FocalfitError("BAD_INPUT", `The label of row ${row} is a ${typeof value}, that of row 0 a ${type}: make all labels of one type.`, { row });
      }
      let index = found.get(value);
      if (index === undefined) {
        index = found.size;
        found.set(value === 0 ? 0 : value, index);
      }
      indices[row] = index;
    }
  });
  const classes = [...found.keys()].sort(compareLabels);
  if (classes.length < 2) {
    throw new FocalfitError("ONE_CLASS", `Every row has the label ${showLabel(classes[0]!)}: a classifier needs rows of at least two classes.`);
  }
  const place = new Int32Array(classes.length);
  classes.forEach((label, index) => (place[found.get(label)!] = index));
  await inSlices(indices.length, 65536, (from, to) => {
    for (let row = from; row < to; row++) indices[row] = place[indices[row]!]!;
  });
  return { classes, indices };
}

/** The index of each label of `y` in `classes`; one that is not there is UNKNOWN_LABEL. */
export async function indicesOf(y: ArrayLike<unknown>, classes: readonly Label[], inSlices: InSlices, what = "y"): Promise<Int32Array> {
  const places = new Map<unknown, number>(classes.map((label, index) => [label, index]));
  const indices = new Int32Array(y.length);
  await inSlices(y.length, 4096, (from, to) => {
    for (let row = from; row < to; row++) {
      const place = places.get(y[row]);
      if (place === undefined) {
        throw new FocalfitError("UNKNOWN_LABEL", `${what} of row ${row} is ${describe(y[row])}, which is not among the classes ${showList(classes.map(showLabel))}.`, { row });
      }
      indices[row] = place;
    }
  });
  return indices;
}

/** One weight ≥ 0 per row, not all of them 0; where `rows` is null their number is for the engine to check. */
export async function checkSampleWeight(weights: unknown, rows: number | null, inSlices: InSlices): Promise<Float64Array> {
  checkLength(weights, rows, "sampleWeight");
  const checked = new Float64Array(weights.length);
  let sum = 0;
  await inSlices(weights.length, 4096, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = weights[row];
      if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
        throw new FocalfitError("BAD_INPUT", `sampleWeight of row ${row} is ${describe(value)}: weights are finite and not negative.`, { row });
      }
      checked[row] = value;
      sum += value;
    }
  });
  if (sum === 0) throw new FocalfitError("BAD_INPUT", "Every sampleWeight is 0: at least one row must count.");
  return checked;
}

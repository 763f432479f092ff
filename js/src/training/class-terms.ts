import { badOption, FocalfitError } from "../input/errors.js";
import { compareLabels, showLabel, showList, type Label } from "../input/labels.js";
import type { CheckedOptions, LabelWeights } from "./options.js";

/** γ and α per class, in the order of `classes`; with several labels for each its negative and its positive class. */
export interface ClassTerms {
  gamma: Float64Array;
  /** A number is β of the effective number. */
  weight: Float64Array | "balanced" | number;
}

/** The index of the positive class, −1 with more than two classes. */
export function positiveIndex(options: CheckedOptions, classes: readonly Label[]): number {
  const { positiveClass } = options;
  if (positiveClass === undefined) return classes.length === 2 ? 1 : -1;
  if (classes.length !== 2) {
    throw badOption("positiveClass", `positiveClass is for two classes, y has ${classes.length}: leave it out.`);
  }
  const index = classes.indexOf(positiveClass);
  if (index < 0) {
    throw new FocalfitError("UNKNOWN_LABEL", `positiveClass ${showLabel(positiveClass)} (a ${typeof positiveClass}) is not in y, whose classes are ${showList(classes.map(showLabel))}.`, { option: "positiveClass" });
  }
  return index;
}

/** The terms of the loss for these classes. */
export function classTerms(options: CheckedOptions, classes: readonly Label[], positive: number): ClassTerms {
  const count = classes.length;
  const { alpha, classWeight, multiLabel, loss } = options;
  if (loss === "asymmetric" && positive < 0 && !multiLabel) {
    throw badOption("loss", `loss "asymmetric" is for two classes or multiLabel, y has ${count} classes: use "focal" or "poly1".`);
  }
  const pairs = (negative: ArrayLike<number>, positives: ArrayLike<number>) => Float64Array.from({ length: 2 * count }, (_, at) => (at % 2 ? positives : negative)[at >> 1]!);
  const ones = new Float64Array(count).fill(1);

  let gamma: Float64Array;
  if (loss === "asymmetric") {
    const [negative, own] = [options.gammaNegative!, options.gammaPositive!];
    gamma = multiLabel ? pairs(perClass("gamma", negative, count), perClass("gamma", own, count)) : binaryAlpha(own, 2, positive, negative);
  } else {
    gamma = perClass("gamma", options.gamma!, count);
    if (multiLabel) gamma = pairs(gamma, gamma);
  }

  let weight: ClassTerms["weight"];
  if (classWeight === "balanced") weight = classWeight;
  else if (classWeight !== undefined && "effectiveNumber" in classWeight) weight = classWeight.effectiveNumber!;
  else if (classWeight !== undefined) weight = byLabel(classWeight as LabelWeights, classes);
  else if (typeof alpha === "number" && multiLabel) return { gamma, weight: pairs(perClass("alpha", 1 - alpha, count), perClass("alpha", alpha, count)) };
  else weight = typeof alpha === "number" ? binaryAlpha(alpha, count, positive) : perClass("alpha", alpha ?? 1, count);
  if (multiLabel && typeof weight === "object") weight = pairs(ones, weight);
  return { gamma, weight };
}

/** One value per class: `value` itself, or a number for all. */
export function perClass(option: string, value: number | readonly number[], count: number): Float64Array {
  if (typeof value === "number") return new Float64Array(count).fill(value);
  if (value.length !== count) {
    throw badOption(option, `${option} has ${value.length} values for ${count} classes: give one per class, in the order of the classes.`);
  }
  return Float64Array.from(value);
}

/** a for the positive class, 1 − a (or `other`) for the other. */
export function binaryAlpha(alpha: number, count: number, positive: number, other = 1 - alpha): Float64Array {
  if (count !== 2) throw badOption("alpha", `alpha as one number is for two classes, there are ${count}: give one weight per class.`);
  const weight = new Float64Array(2).fill(other);
  weight[positive] = alpha;
  return weight;
}

/** Weights by label in the order of `classes`. */
export function byLabel(weights: LabelWeights, classes: readonly Label[]): Float64Array {
  const names = classes.map(String);
  for (const label of Object.keys(weights)) {
    if (!names.includes(label)) {
      throw new FocalfitError("UNKNOWN_LABEL", `classWeight names ${showLabel(label)}, which is not among the classes ${showList([...classes].sort(compareLabels).map(showLabel))}.`, { option: "classWeight" });
    }
  }
  return Float64Array.from(names, (name) => (Object.hasOwn(weights, name) ? weights[name]! : 1));
}

import { badOption, FocalfitError } from "./errors.js";
import { EngineHandle, type Engine } from "./engine.js";
import { checkKnown } from "./known.js";
import { compareLabels, isLabel, showLabel, showList, type Label } from "./labels.js";
import { describe, isList } from "./matrix.js";

/** A weight α_c > 0 for labels: those that are not named weigh 1. */
export type LabelWeights = { readonly [label: string]: number };

/** Options of {@link FocalClassifier}. */
export interface ClassifierOptions<L extends Label = Label> {
  /**
   * The focusing parameter γ ≥ 0 of FL_γ = −(1 − p_t)^γ · log p_t: one number, or one per class in the order of
   * `classes`. 0 is cross-entropy. Default 2.
   */
  gamma?: number | ArrayLike<number> | undefined;
  /**
   * α_t of the paper. With two classes a number a in (0, 1): a for the positive class and 1 − a for the other.
   * Otherwise one weight > 0 per class in the order of `classes`. Not together with `classWeight`. Default: none.
   */
  alpha?: number | ArrayLike<number> | undefined;
  /**
   * `"balanced"`: α_c = n / (K · n_c). Or weights > 0 by label; a label that is not in `y` is `UNKNOWN_LABEL`, one
   * that is not named weighs 1. Not together with `alpha`. Default: none.
   */
  classWeight?: "balanced" | LabelWeights | undefined;
  /** The weight λ ≥ 0 of the penalty (λ / 2)·‖W‖² on standardised coefficients. Default 1e-4. */
  l2?: number | undefined;
  /** Whether there is an intercept; it is not penalised. Default true. */
  fitIntercept?: boolean | undefined;
  /** Whether columns are centred and divided by their standard deviation before the fit. Default true. */
  standardize?: boolean | undefined;
  /** With two classes: which label is positive. `UNKNOWN_LABEL` when it is not in `y`. Default: the last of `classes`. */
  positiveClass?: NoInfer<L> | undefined;
  /** The most iterations a fit may take, a whole number ≥ 1. Default 500. */
  maxIterations?: number | undefined;
  /** A fit ends where ‖∇J‖∞ ≤ tolerance · max(1, ‖∇J(0)‖∞); > 0. Default 1e-6. */
  tolerance?: number | undefined;
  /** The engine that fits, from {@link createEngine}. Default: one that all classifiers share. */
  engine?: Engine | undefined;
}

/** Options after their check, without those of this run (`engine`); plain JSON. */
export interface CheckedOptions {
  gamma: number | number[];
  alpha?: number | number[];
  classWeight?: "balanced" | LabelWeights;
  l2: number;
  fitIntercept: boolean;
  standardize: boolean;
  positiveClass?: Label;
  maxIterations: number;
  tolerance: number;
}

const names = ["gamma", "alpha", "classWeight", "l2", "fitIntercept", "standardize", "positiveClass", "maxIterations", "tolerance", "engine"];

/** Throws unless `options` is an object with known names only. */
export function checkOptions(options: unknown, known: readonly string[]): asserts options is Record<string, unknown> {
  if (typeof options !== "object" || options === null || isList(options)) {
    throw new FocalfitError("BAD_OPTION", `Options must be an object, not ${describe(options)}.`);
  }
  checkKnown(options, known);
}

/** Checks everything that can be checked before the data is seen. */
export function checkClassifierOptions(options: unknown): CheckedOptions {
  checkOptions(options, names);
  const { alpha, classWeight, positiveClass } = options;
  if (alpha !== undefined && classWeight !== undefined) {
    throw badOption("alpha", "alpha and classWeight both weigh the classes: give one of them.");
  }
  const checked: CheckedOptions = {
    gamma: numbers(options, "gamma", 2, (value) => value >= 0, "must be a number ≥ 0, or one per class"),
    l2: number(options, "l2", 1e-4, (value) => value >= 0, "must be a number ≥ 0"),
    fitIntercept: flag(options, "fitIntercept", true),
    standardize: flag(options, "standardize", true),
    maxIterations: number(options, "maxIterations", 500, (value) => Number.isInteger(value) && value >= 1 && value < 2 ** 31, "must be a whole number ≥ 1"),
    tolerance: number(options, "tolerance", 1e-6, (value) => value > 0, "must be a number > 0"),
  };
  if (alpha !== undefined) checked.alpha = checkAlpha(options);
  if (classWeight !== undefined) checked.classWeight = checkClassWeight(classWeight);
  if (positiveClass !== undefined) {
    if (!isLabel(positiveClass)) throw badOption("positiveClass", `positiveClass is ${describe(positiveClass)}: it must be a label.`);
    checked.positiveClass = positiveClass;
  }
  checkEngine(options.engine);
  return checked;
}

/** A finite number that `accept` takes, or `fallback`. */
export function number(options: Record<string, unknown>, option: string, fallback: number, accept: (value: number) => boolean, rule: string): number {
  const value = options[option] === undefined ? fallback : options[option];
  if (typeof value !== "number" || !Number.isFinite(value) || !accept(value)) {
    throw badOption(option, `${option} is ${describe(value)}: it ${rule}.`);
  }
  return value;
}

/** A number or a list of numbers that `accept` takes, as a copy. */
export function numbers(options: Record<string, unknown>, option: string, fallback: number, accept: (value: number) => boolean, rule: string): number | number[] {
  const value = options[option];
  if (!isList(value)) return number(options, option, fallback, accept, rule);
  return Array.from(value, (entry, index) => number({ [option]: entry }, option, NaN, accept, `${rule} (entry ${index})`));
}

/** true or false, or `fallback`. */
export function flag(options: Record<string, unknown>, option: string, fallback: boolean): boolean {
  const value = options[option] === undefined ? fallback : options[option];
  if (typeof value !== "boolean") throw badOption(option, `${option} is ${describe(value)}: it must be true or false.`);
  return value;
}

/** `alpha` as a number in (0, 1) or a list of weights > 0. */
export function checkAlpha(options: Record<string, unknown>): number | number[] {
  return numbers(options, "alpha", NaN, isList(options.alpha) ? (value) => value > 0 : (value) => value > 0 && value < 1, "must lie between 0 and 1, or be one weight > 0 per class");
}

/** `classWeight` as "balanced" or weights by label, as a copy. */
export function checkClassWeight(value: unknown): "balanced" | LabelWeights {
  if (value === "balanced") return value;
  const prototype: unknown = typeof value === "object" && value !== null && !isList(value) ? Object.getPrototypeOf(value) : undefined;
  // Maps and the like have no fields, and would silently weigh nothing.
  if (prototype === undefined || (prototype !== null && Object.getPrototypeOf(prototype) !== null)) {
    throw badOption("classWeight", `classWeight is ${describe(value)}: it must be "balanced" or an object of weights by label.`);
  }
  const entries = Object.entries(value as object);
  for (const [label, weight] of entries) {
    if (typeof weight !== "number" || !Number.isFinite(weight) || weight <= 0) {
      throw badOption("classWeight", `classWeight of ${showLabel(label)} is ${describe(weight)}: weights are numbers > 0.`);
    }
  }
  return Object.fromEntries(entries) as LabelWeights;
}

/** Throws unless `engine` is absent or from createEngine. */
export function checkEngine(engine: unknown): asserts engine is EngineHandle | undefined {
  if (engine !== undefined && !(engine instanceof EngineHandle)) {
    throw badOption("engine", `engine is ${describe(engine)}: it must come from createEngine.`);
  }
}

/** γ and α per class, in the order of `classes`. */
export interface ClassTerms {
  gamma: Float64Array;
  weight: Float64Array | "balanced";
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
  const { alpha, classWeight } = options;
  return {
    gamma: perClass("gamma", options.gamma, count),
    weight:
      classWeight === "balanced" ? classWeight
      : classWeight !== undefined ? byLabel(classWeight, classes)
      : typeof alpha === "number" ? binaryAlpha(alpha, count, positive)
      : perClass("alpha", alpha ?? 1, count),
  };
}

/** One value per class: `value` itself, or a number for all. */
export function perClass(option: string, value: number | readonly number[], count: number): Float64Array {
  if (typeof value === "number") return new Float64Array(count).fill(value);
  if (value.length !== count) {
    throw badOption(option, `${option} has ${value.length} values for ${count} classes: give one per class, in the order of the classes.`);
  }
  return Float64Array.from(value);
}

/** a for the positive class, 1 − a for the other. */
export function binaryAlpha(alpha: number, count: number, positive: number): Float64Array {
  if (count !== 2) throw badOption("alpha", `alpha as one number is for two classes, there are ${count}: give one weight per class.`);
  const weight = new Float64Array(2).fill(1 - alpha);
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

import { badOption, FocalfitError } from "../input/errors.js";
import type { Engine, EngineHandle } from "../engine/engine.js";
import { checkKnown } from "../input/known.js";
import { isLabel, showLabel, type Label } from "../input/labels.js";
import { describe, isList } from "../input/matrix.js";

/** A weight α_c > 0 for labels: those that are not named weigh 1. */
export type LabelWeights = { readonly [label: string]: number };

/** Columns made of the input's columns, which are first centred and scaled unless `standardize` is false. */
export type FeatureOptions =
  | {
      /** Random Fourier features: √(2/D)·cos(ω·u + b), whose products are about the RBF kernel exp(−‖u − v‖² / (2·bandwidth²)). */
      kind: "fourier";
      /** Their number D, a whole number ≥ 1. Default 256. */
      components?: number | undefined;
      /** The width of the kernel, > 0. Default √(columns / 2). */
      bandwidth?: number | undefined;
      /** A whole number ≥ 0 that determines ω and b. Default: the classifier's `seed`. */
      seed?: number | undefined;
    }
  | {
      /** The columns u_j and all products u_j·u_k, j ≤ k. */
      kind: "polynomial";
      /** Only 2. */
      degree?: 2 | undefined;
    };

/** Options of {@link FocalClassifier}. */
export interface ClassifierOptions<L extends Label = Label> {
  /**
   * The focusing parameter γ ≥ 0 of FL_γ = −(1 − p_t)^γ · log p_t: one number, or one per class in the order of
   * `classes`. 0 is cross-entropy. Default 2.
   */
  gamma?: number | ArrayLike<number> | undefined;
  /**
   * `"focal"`. `"asymmetric"` (two classes or `multiLabel`): `gammaPositive`, `gammaNegative` in place of `gamma`, and
   * for negatives p is taken as max(p − clip, 0). `"poly1"`: the focal loss plus epsilon·(1 − p_t)^(γ + 1).
   * Default `"focal"`.
   */
  loss?: "focal" | "asymmetric" | "poly1" | undefined;
  /** γ ≥ 0 of the positive class, for the asymmetric loss. Default 0. */
  gammaPositive?: number | undefined;
  /** γ ≥ 0 of the negative class, for the asymmetric loss. Default 4. */
  gammaNegative?: number | undefined;
  /** The probability margin of the asymmetric loss, in [0, 1): negatives with a smaller p cost nothing. Default 0.05. */
  clip?: number | undefined;
  /** The coefficient of `"poly1"`, > −1. Default 1. */
  epsilon?: number | undefined;
  /** In [0, 1): each label is taken for the others too, (1 − s)·y + s/K. Default 0. */
  labelSmoothing?: number | undefined;
  /**
   * α_t of the paper. With two classes a number a in (0, 1): a for the positive class and 1 − a for the other.
   * Otherwise one weight > 0 per class in the order of `classes`. Not together with `classWeight`. Default: none.
   */
  alpha?: number | ArrayLike<number> | undefined;
  /**
   * `"balanced"`: α_c = n / (K · n_c). `{ effectiveNumber: β }`, β in [0, 1): α_c ∝ (1 − β) / (1 − β^n_c), adding up
   * to K. Or weights > 0 by label; a label that is not in `y` is `UNKNOWN_LABEL`, one that is not named weighs 1. Not
   * together with `alpha`. Default: none.
   */
  classWeight?: "balanced" | { readonly effectiveNumber: number } | LabelWeights | undefined;
  /** The weight λ ≥ 0 of the penalty (λ / 2)·‖W‖² on standardised coefficients. Default 1e-4. */
  l2?: number | undefined;
  /** The weight ≥ 0 of the penalty ‖W‖₁, which makes coefficients exactly 0. Default 0. */
  l1?: number | undefined;
  /** Whether there is an intercept; it is not penalised. Default true. */
  fitIntercept?: boolean | undefined;
  /** Whether columns are centred and divided by their standard deviation before the fit. Default true. */
  standardize?: boolean | undefined;
  /** What to make of the columns before the linear model. Needs dense data. Default: nothing. */
  features?: FeatureOptions | undefined;
  /**
   * What fills a missing cell, one that is NaN, infinite, null or undefined: the mean or the median of its column in
   * the training rows, stored with the model. Default: a missing cell is `NOT_FINITE`.
   */
  impute?: "mean" | "median" | undefined;
  /**
   * Whether `y` holds a row of independent labels for each row: 0, 1 or, where one is not known, null, undefined or
   * NaN. `classes` are then the labels' numbers from 0. Default false.
   */
  multiLabel?: boolean | undefined;
  /**
   * `"lbfgs"`, `"newton-cg"`, or `"owlqn"`, the only one for l1 > 0. `"auto"` chooses by the problem. `"ftrl"` is what
   * `partialFit` uses, and `fit` cannot. Default `"auto"`.
   */
  solver?: "auto" | "lbfgs" | "newton-cg" | "owlqn" | "ftrl" | undefined;
  /** A whole number ≥ 0 that determines every random choice. Default 0. */
  seed?: number | undefined;
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
  gamma?: number | number[];
  loss?: "asymmetric" | "poly1";
  gammaPositive?: number;
  gammaNegative?: number;
  clip?: number;
  epsilon?: number;
  labelSmoothing?: number;
  alpha?: number | number[];
  classWeight?: "balanced" | { effectiveNumber: number } | LabelWeights;
  l2: number;
  l1?: number;
  fitIntercept: boolean;
  standardize: boolean;
  features?: { kind: "fourier"; components: number; bandwidth?: number; seed?: number } | { kind: "polynomial"; degree: 2 };
  impute?: "mean" | "median";
  multiLabel?: boolean;
  solver?: "lbfgs" | "newton-cg" | "owlqn" | "ftrl";
  seed?: number;
  positiveClass?: Label;
  maxIterations: number;
  tolerance: number;
}

const lossNames = { asymmetric: ["gammaPositive", "gammaNegative", "clip"], poly1: ["epsilon"] };
const names = ["gamma", "loss", ...lossNames.asymmetric, ...lossNames.poly1, "labelSmoothing", "alpha", "classWeight", "l2", "l1", "fitIntercept", "standardize", "features", "impute", "multiLabel", "solver", "seed", "positiveClass", "maxIterations", "tolerance", "engine"];

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
  const given = (option: string) => options[option] !== undefined;
  const { loss, ...terms } = lossTerms(options);
  const checked: CheckedOptions = {
    ...terms,
    ...(loss !== "focal" && { loss }),
    l2: number(options, "l2", 1e-4, ...notNegative),
    fitIntercept: flag(options, "fitIntercept", true),
    standardize: flag(options, "standardize", true),
    maxIterations: number(options, "maxIterations", 500, ...count),
    tolerance: number(options, "tolerance", 1e-6, ...positive),
  };
  if (given("l1")) checked.l1 = number(options, "l1", 0, ...notNegative);
  if (given("features")) checked.features = checkFeatures(options.features);
  const impute = choice(options, "impute", ["mean", "median"]);
  if (impute) checked.impute = impute;
  if (flag(options, "multiLabel", false)) checked.multiLabel = true;
  const solver = choice(options, "solver", ["auto", "lbfgs", "newton-cg", "owlqn", "ftrl"]);
  if (solver && solver !== "auto") checked.solver = solver;
  if (checked.l1! > 0 && (solver === "lbfgs" || solver === "newton-cg")) throw badOption("solver", `solver "${solver}" cannot do l1 > 0: set "owlqn", or leave it out.`);
  if (given("seed")) checked.seed = number(options, "seed", 0, ...whole);
  if (alpha !== undefined) checked.alpha = checkAlpha(options);
  if (classWeight !== undefined) checked.classWeight = checkClassWeight(classWeight);
  if (positiveClass !== undefined) {
    if (!isLabel(positiveClass)) throw badOption("positiveClass", `positiveClass is ${describe(positiveClass)}: it must be a label.`);
    if (checked.multiLabel) throw badOption("positiveClass", "positiveClass is for two classes: leave it out with multiLabel.");
    checked.positiveClass = positiveClass;
  }
  checkEngine(options.engine);
  return checked;
}

/** Which loss, and its parameters; those of another loss are refused. */
export function lossTerms(options: Record<string, unknown>): Pick<CheckedOptions, "gamma" | "gammaPositive" | "gammaNegative" | "clip" | "epsilon" | "labelSmoothing"> & { loss: "focal" | "asymmetric" | "poly1" } {
  const loss = choice(options, "loss", ["focal", "asymmetric", "poly1"]) ?? "focal";
  for (const [kind, own] of Object.entries(lossNames)) {
    const stray = own.find((option) => kind !== loss && options[option] !== undefined);
    if (stray) throw badOption(stray, `${stray} belongs to loss "${kind}": set that, or leave it out.`);
  }
  if (loss === "asymmetric" && options.gamma !== undefined) {
    throw badOption("gamma", 'loss "asymmetric" has gammaPositive and gammaNegative: give these.');
  }
  return {
    loss,
    ...(loss !== "asymmetric" && { gamma: numbers(options, "gamma", 2, ...gammas) }),
    ...(loss === "asymmetric" && {
      gammaPositive: number(options, "gammaPositive", 0, ...notNegative),
      gammaNegative: number(options, "gammaNegative", 4, ...notNegative),
      clip: number(options, "clip", 0.05, ...fraction),
    }),
    ...(loss === "poly1" && { epsilon: number(options, "epsilon", 1, ...aboveMinusOne) }),
    ...(options.labelSmoothing !== undefined && { labelSmoothing: number(options, "labelSmoothing", 0, ...fraction) }),
  };
}

/** What a number may be, and how messages say it. */
type Rule = readonly [accept: (value: number) => boolean, rule: string];
const notNegative: Rule = [(value) => value >= 0, "must be a number ≥ 0"];
const positive: Rule = [(value) => value > 0, "must be a number > 0"];
const fraction: Rule = [(value) => value >= 0 && value < 1, "must lie in [0, 1)"];
const whole: Rule = [(value) => Number.isSafeInteger(value) && value >= 0, "must be a whole number ≥ 0"];
const count: Rule = [(value) => Number.isInteger(value) && value >= 1 && value < 2 ** 31, "must be a whole number ≥ 1"];
const aboveMinusOne: Rule = [(value) => value > -1, "must be a number > −1"];
const gammas: Rule = [notNegative[0], "must be a number ≥ 0, or one per class"];

function checkFeatures(value: unknown): NonNullable<CheckedOptions["features"]> {
  const features = Object(value) as Record<string, unknown>;
  const kind = choice(features, "kind", ["fourier", "polynomial"]);
  if (!kind) throw badOption("features", `features is ${describe(value)}: it must be { kind: "fourier" } or { kind: "polynomial" }.`);
  if (kind === "polynomial") {
    checkKnown(features, ["kind", "degree"], "field of features");
    number(features, "degree", 2, (degree) => degree === 2, "must be 2");
    return { kind, degree: 2 };
  }
  checkKnown(features, ["kind", "components", "bandwidth", "seed"], "field of features");
  return {
    kind,
    components: number(features, "components", 256, ...count),
    ...(features.bandwidth !== undefined && { bandwidth: number(features, "bandwidth", 0, ...positive) }),
    ...(features.seed !== undefined && { seed: number(features, "seed", 0, ...whole) }),
  };
}

/** One of `choices`, or undefined where it is not given. */
export function choice<T extends string>(options: Record<string, unknown>, option: string, choices: readonly T[]): T | undefined {
  const value = options[option];
  if (value !== undefined && !choices.includes(value as T)) {
    throw badOption(option, `${option} is ${describe(value)}: it must be one of ${choices.map((name) => `"${name}"`).join(", ")}.`);
  }
  return value as T | undefined;
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

/** `classWeight` as "balanced", { effectiveNumber } or weights by label, as a copy. */
export function checkClassWeight(value: unknown): "balanced" | { effectiveNumber: number } | LabelWeights {
  if (value === "balanced") return value;
  const prototype: unknown = typeof value === "object" && value !== null && !isList(value) ? Object.getPrototypeOf(value) : undefined;
  // Maps and the like have no fields, and would silently weigh nothing.
  if (prototype === undefined || (prototype !== null && Object.getPrototypeOf(prototype) !== null)) {
    throw badOption("classWeight", `classWeight is ${describe(value)}: it must be "balanced" or an object of weights by label.`);
  }
  const entries = Object.entries(value as object);
  if (entries.length === 1 && entries[0]![0] === "effectiveNumber") {
    return { effectiveNumber: number({ classWeight: entries[0]![1] }, "classWeight", 0, fraction[0], "must have effectiveNumber in [0, 1)") };
  }
  for (const [label, weight] of entries) {
    if (typeof weight !== "number" || !Number.isFinite(weight) || weight <= 0) {
      throw badOption("classWeight", `classWeight of ${showLabel(label)} is ${describe(weight)}: weights are numbers > 0.`);
    }
  }
  return Object.fromEntries(entries) as LabelWeights;
}

/** Throws unless `engine` is absent or from createEngine. */
export function checkEngine(engine: unknown): asserts engine is EngineHandle | undefined {
  // Not by its class: a page that makes no engine of its own need not load that before its first fit.
  if (engine !== undefined && (typeof engine !== "object" || engine === null || !("life" in engine))) {
    throw badOption("engine", `engine is ${describe(engine)}: it must come from createEngine.`);
  }
}

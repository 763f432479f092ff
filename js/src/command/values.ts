// What the values of flags mean.
import type { ClassifierOptions, LabelWeights, Maximize, Scores } from "../index.js";
import { nearest } from "../input/known.js";
import type { TableOptions } from "../table.js";
import { flagOf, UsageError } from "./failure.js";
import { cut } from "./terminal.js";
import type { Call } from "./usage.js";

/** A number as it is typed. */
export function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`--${flag} is "${cut(text, 40)}": it must be a number.`);
  return value;
}

/** One of `choices`. */
function oneOf<const T extends string>(flag: string, text: string, choices: readonly T[]): T {
  if (choices.includes(text as T)) return text as T;
  const near = nearest(text, choices);
  throw new UsageError(`--${flag} is "${cut(text, 40)}": it must be ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}${near ? `; did you mean ${near}?` : "."}`);
}

/** A share of the rows, 0 allowed. */
export function fractionOf({ text }: Call, flag: string, least: 0 | 1e-9): number {
  const given = text[flag];
  const value = given === undefined ? 0.25 : numberOf(flag, given);
  if (!(value >= least && value < 1)) throw new UsageError(`--${flag} is ${given}: it must be ${least ? "above 0" : "0 or more"} and below 1.`);
  return value;
}

/** A whole number, for what the library is given later than its options. */
export function wholeOf({ text }: Call, flag: string, fallback: number, least: number): number {
  const value = text[flag] === undefined ? fallback : numberOf(flag, text[flag]);
  if (!Number.isSafeInteger(value) || value < least) throw new UsageError(`--${flag} is ${text[flag]}: it must be a whole number ≥ ${least}.`);
  return value;
}

const names = (texts: readonly string[] | undefined) => texts?.flatMap((text) => text.split(",")).map((name) => name.trim()).filter((name) => name !== "");

/** How the table is read. */
export function tableOptions({ text, list }: Call): TableOptions {
  const kinds = list.kind?.map((entry) => {
    const at = entry.lastIndexOf("=");
    if (at < 1) throw new UsageError(`--kind is "${cut(entry, 40)}": it must be column=number, column=category or column=date.`);
    return [entry.slice(0, at), oneOf("kind", entry.slice(at + 1), ["number", "category", "date"])] as const;
  });
  if (text.delimiter && /["\r\n]/.test(text.delimiter)) throw new UsageError("--delimiter holds a quotation mark or a line end, which have a meaning of their own: give another.");
  return {
    label: text.label,
    ignore: names(list.ignore),
    kinds: kinds && Object.fromEntries(kinds),
    delimiter: text.delimiter === "tab" || text.delimiter === "\\t" ? "\t" : text.delimiter,
    decimal: text.decimal === undefined ? undefined : oneOf("decimal", text.decimal, [".", ","]),
    encoding: text.encoding,
    blanks: text.blanks === undefined ? undefined : names([text.blanks]),
    unlabelled: text.unlabelled === undefined ? undefined : oneOf("unlabelled", text.unlabelled, ["error", "drop"]),
    impute: text.impute === undefined ? undefined : oneOf("impute", text.impute, ["mean", "median"]),
    maxCategories: text["max-categories"] === undefined ? undefined : numberOf("max-categories", text["max-categories"]),
  };
}

const numeric = {
  gamma: "gamma", "gamma-positive": "gammaPositive", "gamma-negative": "gammaNegative", clip: "clip", epsilon: "epsilon", "label-smoothing": "labelSmoothing",
  l2: "l2", l1: "l1", "max-iterations": "maxIterations", tolerance: "tolerance", seed: "seed",
} as const;
const losses = ["focal", "asymmetric", "poly1"] as const;

/** The classifier's options, but for the positive class, which the data has a word in. */
export function classifierOptions({ text }: Call): ClassifierOptions {
  const options: ClassifierOptions = { classWeight: classWeightOf(text["class-weight"] ?? "balanced") };
  for (const [flag, option] of Object.entries(numeric)) {
    const given = text[flag];
    if (given === undefined) continue;
    if (option === "gamma" && given.includes(",")) options.gamma = given.split(",").map((part) => numberOf(flag, part));
    else options[option] = numberOf(flag, given);
  }
  if (text.loss !== undefined) options.loss = oneOf("loss", text.loss, losses);
  if (text.features !== undefined) options.features = featuresOf(text.features);
  return options;
}

function featuresOf(text: string): NonNullable<ClassifierOptions["features"]> {
  const [kind, size] = text.split("=", 2) as [string, string | undefined];
  if (oneOf("features", kind, ["fourier", "polynomial"]) === "fourier") return { kind: "fourier", ...(size !== undefined && { components: numberOf("features", size) }) };
  if (size !== undefined) throw new UsageError(`--features polynomial takes no "=${cut(size, 20)}": leave it out.`);
  return { kind: "polynomial" };
}

/** Weights as they are typed: label=5, with more behind commas; a label may hold a comma itself. */
export function classWeightOf(text: string): ClassifierOptions["classWeight"] {
  if (text === "none") return undefined;
  if (text === "balanced") return text;
  const weights: [string, number][] = [];
  const entry = /(.+?)=([^=,]+)(?:,|$)/sy;
  while (entry.lastIndex < text.length) {
    const match = entry.exec(text);
    if (!match) throw new UsageError(`--class-weight is "${cut(text, 40)}": it must be none, balanced, effectiveNumber=0.999 or label=weight,….`);
    weights.push([match[1]!, numberOf("class-weight", match[2]!)]);
  }
  return Object.fromEntries(weights) as LabelWeights;
}

const goals = ["f1", "mcc", "balancedAccuracy", "gMean", "fBeta", "recallAtPrecision", "precisionAtRecall", "cost"] as const;

/** What a threshold is to be best for. */
export function maximizeOf(text: string): Maximize {
  const [name, ...rest] = text.split("=");
  const goal = oneOf("maximize", name!, goals);
  const value = rest.length > 0 ? rest.join("=") : undefined;
  if (goal === "f1" || goal === "mcc" || goal === "balancedAccuracy" || goal === "gMean") {
    if (value !== undefined) throw new UsageError(`--maximize ${goal} takes no value: leave out "=${cut(value, 20)}".`);
    return goal;
  }
  if (goal === "cost") {
    const costs = value?.split(":") ?? [];
    if (costs.length !== 2) throw new UsageError(`--maximize cost is ${value === undefined ? "without costs" : `"${cut(value, 40)}"`}: it must be cost=1:20, of a false alarm and of a miss.`);
    const [falsePositive, falseNegative] = costs.map((cost) => numberOf("maximize", cost)) as [number, number];
    if (falsePositive < 0 || falseNegative < 0 || falsePositive + falseNegative === 0) throw new UsageError(`--maximize cost=${value}: costs are ≥ 0, and not both 0.`);
    return { cost: { falsePositive, falseNegative } };
  }
  if (value === undefined) throw new UsageError(`--maximize ${goal} needs a number: --maximize ${goal}=${goal === "fBeta" ? 2 : 0.9}.`);
  const number = numberOf("maximize", value);
  if (!(number > 0 && (goal === "fBeta" || number <= 1))) throw new UsageError(`--maximize ${goal}=${value}: it must be above 0${goal === "fBeta" ? "" : " and at most 1"}.`);
  return goal === "fBeta" ? { fBeta: number } : goal === "recallAtPrecision" ? { recallAtPrecision: number } : { precisionAtRecall: number };
}

/** How to correct probabilities; undefined for not at all. */
export function calibrationOf({ text }: Call): "temperature" | "platt" | "isotonic" | undefined {
  return text.calibrate === undefined ? undefined : oneOf("calibrate", text.calibrate, ["temperature", "platt", "isotonic"]);
}

const searched = ["gamma", "gammaPositive", "gammaNegative", "clip", "epsilon", "labelSmoothing", "l2", "l1", "loss", "classWeight"] as const;
const metrics: readonly (keyof Scores)[] = ["averagePrecision", "rocAuc", "logLoss", "brier", "ece", "accuracy", "balancedAccuracy", "mcc", "gMean", "f1", "precision", "recall"];

export function metricOf({ text }: Call): keyof Scores {
  return text.metric === undefined ? "averagePrecision" : oneOf("metric", text.metric, metrics);
}

/** The settings to try: words of option=a,b. */
export function gridOf({ list, text }: Call): { [option: string]: unknown[] } {
  const grid: { [option: string]: unknown[] } = {};
  for (const entry of list.grid ?? []) {
    const [name, values] = entry.split(/=(.*)/s) as [string, string | undefined];
    const option = searched.find((known) => known === name || `--${name}` === flagOf(known));
    if (!option) {
      const near = nearest(name, searched);
      throw new UsageError(`--grid does not know "${cut(name, 40)}": ${near ? `did you mean "${near}"?` : `it can try ${searched.join(", ")}.`}`);
    }
    if (!values) throw new UsageError(`--grid ${name} has no values: give ${name}=a,b.`);
    if (grid[option]) throw new UsageError(`--grid has ${name} twice: put its values behind one =.`);
    if (text[flagOf(option).slice(2)] !== undefined) throw new UsageError(`${flagOf(option)} is given and in --grid: leave one of them out.`);
    grid[option] = values.split(",").map((value) => (option === "loss" ? oneOf("grid loss", value, losses) : option === "classWeight" ? classWeightOf(oneOf("grid classWeight", value, ["none", "balanced"])) : numberOf(`grid ${name}`, value)));
  }
  return grid;
}

// The commands and their flags: what they take, and what `--help` says of them.

/** A flag. Without `value`, the word for its value in the help, it is on or off. */
export interface Flag {
  value?: string;
  /** May be given more than once. */
  many?: true;
  help: string;
}

const table: { [name: string]: Flag } = {
  label: { value: "column", help: "the column to learn to predict" },
  ignore: { value: "a,b", many: true, help: "columns to leave out" },
  kind: { value: "column=kind", many: true, help: "what a column is, where it is not as found: number, category or date" },
  delimiter: { value: "text", help: "what is between two fields, tab for a tab; default: as found" },
  decimal: { value: ".|,", help: "what is before a number's fraction; default ." },
  encoding: { value: "name", help: "what the bytes are; default utf-8" },
  blanks: { value: "a,b", help: "texts that mean no value, in place of NA, NaN, NULL, none, ?, - and the like" },
  unlabelled: { value: "error|drop", help: "what to do with a row without a label; default error" },
  impute: { value: "mean|median", help: "what fills a missing number; default mean" },
  "max-categories": { value: "n", help: "the most categories a column keeps; default 30" },
};

const model: { [name: string]: Flag } = {
  positive: { value: "label", help: "the positive class; of more than two labels, this one against the rest. Default: the rarer of two" },
  "class-weight": { value: "w", help: "none, balanced, effectiveNumber=0.999 or label=5,…; default balanced" },
  gamma: { value: "n", help: "the focusing parameter ≥ 0, or a,b,… one per class; default 2" },
  loss: { value: "name", help: "focal, asymmetric or poly1; default focal" },
  "gamma-positive": { value: "n", help: "γ of the positive class, for asymmetric; default 0" },
  "gamma-negative": { value: "n", help: "γ of the negative class, for asymmetric; default 4" },
  clip: { value: "n", help: "the probability margin, for asymmetric; default 0.05" },
  epsilon: { value: "n", help: "the coefficient of poly1; default 1" },
  "label-smoothing": { value: "n", help: "in [0, 1); default 0" },
  l2: { value: "n", help: "the weight of ‖W‖²/2; default 1e-4" },
  l1: { value: "n", help: "the weight of ‖W‖₁, which makes coefficients exactly 0; default 0" },
  features: { value: "kind", help: "fourier=64 or polynomial: what to make of the columns first" },
  "max-iterations": { value: "n", help: "the most iterations of a fit; default 500" },
  tolerance: { value: "n", help: "where a fit ends; default 1e-6" },
  seed: { value: "n", help: "every random choice; default 0" },
};

const held: { [name: string]: Flag } = {
  "test-fraction": { value: "n", help: "the share of rows held out to judge the model, 0 for none; default 0.25" },
  maximize: { value: "what", help: "tune the threshold for f1, mcc, balancedAccuracy, gMean, fBeta=2, recallAtPrecision=0.9, precisionAtRecall=0.9 or cost=1:20 (a false alarm : a miss)" },
  calibrate: { value: "[=method]", help: "correct the probabilities: temperature, platt or isotonic; default temperature" },
  "validation-fraction": { value: "n", help: "the share of the other rows held out for --maximize and --calibrate; default 0.25" },
};

const search: { [name: string]: Flag } = {
  grid: { value: "l2=a,b …", many: true, help: "settings to try, in every combination: numbers, loss or classWeight" },
  folds: { value: "n", help: "parts of the cross-validation; default 5" },
  metric: { value: "name", help: "what is best; default averagePrecision" },
};

const report: { [name: string]: Flag } = { report: { value: "file.html", help: "write a report to look at" } };

const common: { [name: string]: Flag } = {
  json: { help: "print one JSON document, and nothing else, on standard output" },
  quiet: { help: "print nothing but errors, and what was asked for" },
  help: { help: "print this" },
};

const { label, delimiter, decimal, encoding, unlabelled } = table as { [name: string]: Flag };

/** A command. */
export interface Command {
  does: string;
  usage: string;
  /** What its files are, in order; the last may be left out or `-`, standard input. */
  files: readonly string[];
  flags: { readonly [name: string]: Flag };
  needs: readonly string[];
  example: string;
}

export const commands: { readonly [name: string]: Command } = {
  train: {
    does: "fit a classifier to a CSV file, judge it on rows held out, and write it",
    usage: "[data.csv] --label column [--out model.json]",
    files: ["data.csv"],
    flags: { ...table, ...model, ...held, out: { value: "model.json", help: "where to write the model; - is standard output" }, ...report, ...common },
    needs: ["label"],
    example: "focalfit train data.csv --label failed --positive yes --maximize cost=1:20 --out model.json --report report.html",
  },
  tune: {
    does: "try settings by cross-validation, fit the best, judge it on rows held out, and write it",
    usage: "[data.csv] --label column --grid l2=1e-4,1e-3 gamma=0,2 [--out model.json]",
    files: ["data.csv"],
    flags: { ...table, ...model, ...search, ...held, out: { value: "model.json", help: "where to write the model; - is standard output" }, ...report, ...common },
    needs: ["label", "grid"],
    example: "focalfit tune data.csv --label failed --grid l2=1e-4,1e-3 gamma=0,2 --folds 5 --metric averagePrecision --out model.json",
  },
  predict: {
    does: "write the predicted label and the probability of each class, as CSV, for each row of a CSV file",
    usage: "model.json [data.csv] [--out predictions.csv]",
    files: ["model.json", "data.csv"],
    flags: { delimiter: delimiter!, decimal: decimal!, encoding: encoding!, out: { value: "file.csv", help: "where to write; default standard output" }, ...common },
    needs: [],
    example: "focalfit predict model.json data.csv --out predictions.csv",
  },
  evaluate: {
    does: "judge a model by a CSV file that has the labels",
    usage: "model.json [data.csv] --label column",
    files: ["model.json", "data.csv"],
    flags: { label: label!, unlabelled: unlabelled!, delimiter: delimiter!, decimal: decimal!, encoding: encoding!, ...report, ...common },
    needs: ["label"],
    example: "focalfit evaluate model.json data.csv --label failed --report report.html",
  },
};

// Numbers and labels as people read them.
import type { Label } from "../index.js";
import type { Judgement } from "./judgement.js";

/** A whole number with its thousands apart, or any other to two places: weights of rows are mostly whole. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** A measure to four places. */
export function measure(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? "–" : value.toFixed(4).replace(/^-/, "−");
}

/** A threshold may be far below a ten-thousandth. */
export function probability(value: number): string {
  return value !== 0 && value < 0.001 ? value.toPrecision(2) : value.toFixed(4);
}

/** The settings of a search as they were typed. */
export function settingText(options: object): string {
  return Object.entries(options).map(([option, value]) => `${option}=${value === undefined ? "none" : String(value)}`).join(" ");
}

/** What a judgement is based on. */
export function basis({ judgedOn, evaluation, source }: Judgement): string {
  const rows = count(evaluation.perClass.reduce((sum, { support }) => sum + support, 0));
  return judgedOn === "test" ? `${rows} rows held out` : judgedOn === "training" ? `the ${rows} rows it was fitted to` : `${rows} rows of ${source}`;
}

/** The measures, each with its name and, where it says little without, what a guess has. */
export function measures({ evaluation, positive, classes }: Judgement): [name: string, value: string, remark: string][] {
  const total = evaluation.perClass.reduce((sum, { support }) => sum + support, 0);
  const share = evaluation.perClass.find(({ label }) => label === positive)?.support;
  const two = positive !== undefined && classes.length === 2;
  const at = two ? "at the threshold" : "mean of the classes";
  return [
    ["average precision", measure(evaluation.averagePrecision), share === undefined ? "mean of the classes" : `a guess has ${measure(share / total)}`],
    ["ROC AUC", measure(evaluation.rocAuc), "a guess has 0.5"],
    ["log loss", measure(evaluation.logLoss), ""],
    ["Brier score", measure(evaluation.brier), ""],
    ["calibration error", measure(evaluation.ece), ""],
    ["precision", measure(evaluation.precision), at],
    ["recall", measure(evaluation.recall), at],
    ["F1", measure(evaluation.f1), at],
    ["MCC", measure(evaluation.mcc), two ? at : ""],
  ];
}

/** Which label a row of the confusion matrix is. */
export function className(label: Label, positive: Label | undefined): string {
  return `${label}${label === positive ? " (positive)" : ""}`;
}

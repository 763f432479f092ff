// What a command says of a model, as a table for people and as data for programs.
import type { Label } from "../input/labels.js";
import type { Evaluation } from "../training/judge.js";
import type { FitReport } from "../training/report.js";

export interface Summary {
  command: string;
  /** Where the rows came from, and what they were. */
  data: string;
  rows: number;
  columns: number;
  classes: Label[];
  positive: Label | null;
  classCounts: number[] | null;
  /** What was judged by, in words. */
  judgedBy: string;
  threshold: number | null;
  report: FitReport | null;
  evaluation: Evaluation;
  /** Names of columns and their mean contribution to the logit, the largest first. */
  top: { name: string; importance: number }[];
  /** Every decision that was taken, and what to look at. */
  decisions: string[];
}

const digits = (value: number | null) => (value === null ? "–" : value.toFixed(4));

/** The scores of a summary, by name. */
export function scores({ evaluation: e }: Summary): [string, string][] {
  return [
    ["average precision", digits(e.averagePrecision)], ["ROC AUC", digits(e.rocAuc)], ["log loss", digits(e.logLoss)], ["Brier score", digits(e.brier)],
    ["calibration error", digits(e.ece)], ["precision", digits(e.precision)], ["recall", digits(e.recall)], ["F1", digits(e.f1)], ["MCC", digits(e.mcc)],
    ["balanced accuracy", digits(e.balancedAccuracy)],
  ];
}

/** What else there is to say, by name. */
export function facts(summary: Summary): [string, string][] {
  const { rows, columns, classes, classCounts, positive, report, threshold } = summary;
  return [
    ["rows × columns", `${rows.toLocaleString("en")} × ${columns.toLocaleString("en")}`],
    ["classes", classes.map((label, c) => `${label}${classCounts ? ` ${classCounts[c]!.toLocaleString("en")}` : ""}`).join(", ")],
    ...(positive === null ? [] : [["looked for", String(positive)] as [string, string]]),
    ...(report ? [["fit", `${report.status} after ${report.iterations} iterations, ${report.totalSeconds.toFixed(2)} s`] as [string, string]] : []),
    ...(threshold === null ? [] : [["threshold", digits(threshold)] as [string, string]]),
    ["judged by", summary.judgedBy],
  ];
}

/** The summary as lines for a terminal. */
export function terminal(summary: Summary): string {
  const { evaluation: { confusion }, classes, top, decisions } = summary;
  const table = (pairs: [string, string][]) => pairs.map(([name, value]) => `  ${name.padEnd(20)} ${value}`).join("\n");
  const width = Math.max(8, ...classes.map((label) => String(label).length + 1), ...confusion.flat().map((n) => String(n).length + 1));
  const matrix = [["", ...classes], ...classes.map((label, c) => [label, ...confusion[c]!])].map((row) => `  ${row.map((cell) => String(cell).padStart(width)).join("")}`);
  return [
    table(facts(summary)), table(scores(summary)),
    `  rows are the true class, columns the predicted one\n${matrix.join("\n")}`,
    ...(top.length ? [`  columns that say most\n${table(top.slice(0, 10).map(({ name, importance }) => [name, importance.toPrecision(3)]))}`] : []),
    ...(decisions.length ? [decisions.map((text) => `note: ${text}`).join("\n")] : []),
  ].join("\n\n") + "\n";
}

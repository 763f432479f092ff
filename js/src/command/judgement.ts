// A classifier and how well it does: what the summary, the report and the document for machines are made from.
import type { Calibration, Evaluation, FitReport, FocalClassifier, Label, TableMatrix, TunedThreshold } from "../index.js";

/** Rows of each class in the parts of a table. */
export interface ClassCount {
  label: Label;
  train: number;
  validation: number;
  test: number;
}

/** A column and what it does. */
export interface TopColumn {
  name: string;
  /** The mean size of its contributions, in logits. */
  importance: number;
  /** Of one logit, that of the positive class: +1 where more of the column raises it, −1 where it lowers it. */
  direction: number | undefined;
}

/** A judged classifier. */
export interface Judgement {
  command: "train" | "tune" | "evaluate";
  /** The name of the file, or "standard input". */
  source: string;
  label: string;
  rows: number;
  sourceColumns: number;
  columns: number;
  classes: Label[];
  positive: Label | undefined;
  counts: ClassCount[];
  fit: FitReport | undefined;
  /** With two classes. */
  threshold: number | undefined;
  tuned: (TunedThreshold & { objective: string }) | undefined;
  calibration: Calibration["method"] | undefined;
  /** What the rows are by which it is judged. */
  judgedOn: "test" | "training" | "given";
  evaluation: Evaluation;
  top: TopColumn[];
  search: { metric: string; settings: { options: object; mean: number; standardDeviation: number; best: boolean }[] } | undefined;
  /** Sentences: what was decided, and what to look at. */
  warnings: string[];
}

/** The most cells to take apart: the columns' order does not need every row. */
const mostCells = 4e6;

/** The columns that do most, at most `most` of them. */
export async function topColumns(classifier: FocalClassifier, X: TableMatrix, most: number): Promise<TopColumn[]> {
  const { importance, ranking, columns, outputs, names } = await classifier.explain(sampled(X, classifier.classes.length));
  const { data } = classifier.coefficients;
  return ranking.slice(0, most).map((column) => {
    let total = 0;
    for (let output = 0; output < outputs; output++) total += importance[output * columns + column]!;
    return { name: names?.[column] ?? `feature ${column + 1}`, importance: total, direction: outputs === 1 ? Math.sign(data[column]!) : undefined };
  }).filter(({ importance: size }) => size > 0);
}

/** Some rows, evenly chosen, if there are many. */
function sampled(X: TableMatrix, outputs: number): TableMatrix {
  const rows = Math.max(100, Math.floor(mostCells / (X.columns * outputs)));
  if (X.rows <= rows) return X;
  const data = new Float64Array(rows * X.columns);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * X.rows) / rows) * X.columns;
    data.set(X.data.subarray(from, from + X.columns), row * X.columns);
  }
  return { ...X, data, rows };
}

/** What a threshold was tuned for, in words. */
export function objectiveText(maximize: string): string {
  return maximize.startsWith("cost=") ? `least ${maximize}` : `best ${maximize}`;
}

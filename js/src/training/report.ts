import { showLabel, showList, type Label } from "../input/labels.js";

/** The solver's state at one iteration. */
export interface HistoryEntry {
  /** 0 is the start. */
  iteration: number;
  /** J(W, b), the objective with its penalty. */
  objective: number;
  /** ‖∇J‖∞. */
  gradientNorm: number;
  /** With validation rows: their mean loss, without the penalty. */
  validation?: number;
  /** With several labels: which one; they are fitted one after the other. */
  label?: number;
}

/** How a fit went. With several labels objective, iterations and evaluations are sums over them. */
export interface FitReport {
  /**
   * `"converged"`: ‖∇J‖∞ ≤ tolerance · max(1, ‖∇J(0)‖∞). `"maxIterations"`: stopped at the limit. `"stalled"`: no
   * further descent was possible. `"earlyStopped"`: the loss of the validation rows had stopped falling, and the model
   * is the one at which it was least. `"aborted"`: only in the `report` of the error a signal causes.
   */
  status: "converged" | "maxIterations" | "earlyStopped" | "aborted" | "stalled";
  /** The solver that was used. */
  solver: "lbfgs" | "newton-cg" | "owlqn";
  /** Why. */
  solverReason: string;
  /** Iterations of the solver. */
  iterations: number;
  /**
   * Passes over the data. Of many dense rows `solver: "auto"` first fits a part, drawn by class, whose Hessian then
   * guides the fit to all; passes over a part count as that part of one, rounded up together.
   */
  evaluations: number;
  /** J at the end. */
  objective: number;
  /** ‖∇J‖∞ at the end. */
  gradientNorm: number;
  /** Rows fitted to. */
  rows: number;
  /** Columns fitted to. */
  columns: number;
  /** Rows of each class, in the order of `classes`; with several labels the positive rows of each. */
  classCounts: number[];
  /** The solver alone, in seconds. */
  solveSeconds: number;
  /** From the call to its end, in seconds: with the engine's start, packing and upload. */
  totalSeconds: number;
  /** Whether the engine computed with SIMD instructions. */
  simd: boolean;
  /** One entry per iteration. */
  history: HistoryEntry[];
  /** What is worth knowing before the model is used, each a sentence; empty when nothing is. */
  warnings: string[];
}

/** What `onProgress` receives. */
export interface FitProgress {
  /**
   * 0 … 1, never falling: an estimate from how far the logarithm of the gradient norm has come from its start to
   * the tolerance, and from iteration / maxIterations. 1 only at the end.
   */
  fraction: number;
  /** 0 is the start. */
  iteration: number;
  /** J now. */
  objective: number;
  /** ‖∇J‖∞ now. */
  gradientNorm: number;
  /** Passes over the data up to now. */
  evaluations: number;
}

/** The estimate of FitProgress.fraction, for one fit of one or more labels. */
export function progressEstimate(tolerance: number, maxIterations: number, labels: number): (iteration: number, gradientNorm: number, label: number) => number {
  let start = 0;
  let fraction = 0;
  return (iteration, gradientNorm, label) => {
    if (iteration === 0) start = gradientNorm;
    const goal = tolerance * Math.max(1, start);
    const descent = start > goal ? Math.log(start / gradientNorm) / Math.log(start / goal) : 0;
    const done = Math.min(0.99, Math.max(descent, iteration / maxIterations));
    fraction = Math.max(fraction, (label + done) / labels);
    return fraction;
  };
}

/** What the warnings of a fit are made from. Counts are in the order of `classes`. */
export interface WarningFacts {
  status: FitReport["status"];
  iterations: number;
  gradientNorm: number;
  classes: readonly Label[];
  multiLabel: boolean;
  rows: number;
  classCounts: readonly number[];
  predictedCounts: readonly number[];
  constantColumns: readonly number[];
  impute: "mean" | "median" | null;
  gaps: readonly number[];
  names: readonly string[] | null;
  weighted: boolean;
}

/** The sentences of FitReport.warnings. */
export function warningsOf(facts: WarningFacts): string[] {
  const { classes, classCounts, predictedCounts, constantColumns, gaps } = facts;
  const warnings: string[] = [];
  const kind = facts.multiLabel ? ["label", "labels", "Label"] : ["class", "classes", "Class"];
  const named = (chosen: readonly number[]) => showList(chosen.map((index) => showLabel(classes[index]!)));
  const columns = (places: readonly number[]) => showList(places.map((column) => (facts.names ? `"${facts.names[column]}"` : String(column))));
  const where = (test: (index: number) => boolean) => classes.map((_, index) => index).filter(test);

  if (constantColumns.length > 0) {
    const many = constantColumns.length > 1;
    warnings.push(`Column${many ? "s" : ""} ${columns(constantColumns)} ${many ? "are" : "is"} constant and cannot help: leave ${many ? "them" : "it"} out.`);
  }
  const gapped = gaps.map((_, column) => column).filter((column) => gaps[column]! > 0);
  if (gapped.length > 0) {
    const cells = gaps.reduce((a, b) => a + b);
    warnings.push(`${cells} missing cell${cells > 1 ? "s" : ""} of column${gapped.length > 1 ? "s" : ""} ${columns(gapped)} ${cells > 1 ? "were" : "was"} filled with the column's ${facts.impute}.`);
  }
  const rare = where((index) => Math.min(classCounts[index]!, facts.multiLabel ? facts.rows - classCounts[index]! : Infinity) < 10);
  if (rare.length > 0) {
    warnings.push(`Fewer than 10 rows of ${rare.length > 1 ? kind[1] : kind[0]} ${named(rare)}: what is learnt about ${rare.length > 1 ? "them" : "it"} may not hold for new rows. Add rows if you can.`);
  }
  if (facts.status === "stalled") {
    warnings.push(`The solver stalled at a gradient norm of ${facts.gradientNorm.toPrecision(3)}, above the tolerance: the model is usable if that is small enough for you; otherwise raise l2 or tolerance, or rescale columns.`);
  }
  if (facts.status === "maxIterations") {
    warnings.push(`Stopped after ${facts.iterations} iterations at a gradient norm of ${facts.gradientNorm.toPrecision(3)}, before the tolerance was reached: raise maxIterations, or tolerance, or l2.`);
  }
  const missed = where((index) => predictedCounts[index] === 0);
  if (missed.length > 0) {
    const cures = facts.weighted ? [] : ['set classWeight: "balanced"'];
    if (classes.length === 2 || facts.multiLabel) cures.push("move threshold");
    if (cures.length === 0) cures.push("give it a larger weight, or columns that tell it from the others");
    warnings.push(`${kind[2]} ${named(missed)} is predicted for no training row: ${cures.join(" or ")}.`);
  }
  return warnings;
}

// A loss on the engine's side: its options are checked here, so that pages which never ask for one do not load the checks.
import { badOption, FocalfitError } from "../input/errors.js";
import { describe } from "../input/matrix.js";
import { binaryAlpha, byLabel, perClass } from "../training/class-terms.js";
import { checkAlpha, checkClassWeight, flag, lossTerms, number } from "../training/options.js";
import type { LossRequest } from "./program.js";
import type { LossCall } from "../engine/protocol.js";

/** The program's request for a call. Throws what is wrong with it. */
export function lossRequest(call: LossCall): LossRequest {
  const { logits, targets, sampleWeight, options } = call;
  const task = oneOf(options, "task", ["binary", "multiclass", "multilabel"]);
  const reduction = oneOf(options, "reduction", ["mean", "sum", "none"], "mean");
  const { loss, gamma = 2, gammaPositive = 0, gammaNegative = 0, clip = 0, epsilon = 0, labelSmoothing = 0 } = lossTerms(options);
  if (loss === "asymmetric" && task === "multiclass") {
    throw badOption("loss", 'loss "asymmetric" is for the tasks "binary" and "multilabel": use "focal" or "poly1".');
  }
  const gradient = flag(options, "gradient", false);
  const ignoreIndex = options.ignoreIndex === undefined ? null : number(options, "ignoreIndex", NaN, () => true, "must be a number");

  const columns = logitColumns(call, task);
  const rows = logits.length / columns;
  if (!Number.isInteger(rows)) throw new FocalfitError("SHAPE_MISMATCH", `logits have ${logits.length} values, which are no whole rows of ${columns}: correct columns.`);
  if (rows === 0) throw new FocalfitError("BAD_INPUT", "logits are empty: give at least one row.");
  if (task === "multiclass" && columns < 2) {
    throw new FocalfitError("SHAPE_MISMATCH", 'Multiclass logits have one column: give one per class, or use task "binary".');
  }
  checkTargetShape(call, task, rows, columns);
  const index = task === "multiclass" && targets.length === rows;
  const softTargets = task === "multiclass" && !index;
  const classes = task === "multiclass" ? columns : 2;
  const shares = checkTargets(targets, index ? 1 : columns, index ? "index" : softTargets ? "parts" : "positive", classes, ignoreIndex);
  if (sampleWeight && sampleWeight.length !== rows) {
    throw new FocalfitError("SHAPE_MISMATCH", `sampleWeight has ${sampleWeight.length} values, the logits ${rows} rows: they must be as many.`);
  }
  return {
    task, logits, rows, columns, targets, softTargets,
    gamma: loss === "asymmetric" ? Float64Array.of(gammaNegative, gammaPositive) : perClass("gamma", gamma, classes),
    weight: lossWeights(options, classes, shares),
    sampleWeight, ignoreIndex, clip, epsilon, labelSmoothing, reduction, gradient,
  };
}

function oneOf<T extends string>(options: Record<string, unknown>, option: string, choices: readonly T[], fallback?: T): T {
  const value = options[option] === undefined ? fallback : options[option];
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw badOption(option, `${option} is ${describe(value)}: it must be one of ${choices.map((choice) => `"${choice}"`).join(", ")}.`);
  return found;
}

function logitColumns({ logitColumns, options }: LossCall, task: LossRequest["task"]): number {
  const given = options.columns === undefined ? undefined : number(options, "columns", NaN, (value) => Number.isInteger(value) && value >= 1, "must be a whole number ≥ 1");
  const own = logitColumns ?? given ?? (task === "binary" ? 1 : undefined);
  if (own === undefined) throw badOption("columns", "Flat logits need columns: say how many, or give rows.");
  if (given !== undefined && given !== own) throw badOption("columns", `columns is ${given}, but the logits have ${own}: leave it out.`);
  if (task === "binary" && own !== 1) throw new FocalfitError("SHAPE_MISMATCH", `Binary logits have one column, these have ${own}: use another task.`);
  return own;
}

/** Targets have the logits' shape, or for multiclass one class index per row. */
function checkTargetShape({ targets, targetColumns }: LossCall, task: LossRequest["task"], rows: number, columns: number): void {
  const index = task === "multiclass";
  const fits = targets.length === rows * columns
    ? targetColumns === null || targetColumns === columns
    : index && targets.length === rows && (targetColumns ?? 1) === 1;
  if (fits) return;
  const shape = targetColumns === null ? `have ${targets.length} values` : `are ${targets.length / targetColumns} × ${targetColumns}`;
  throw new FocalfitError("SHAPE_MISMATCH", `targets ${shape}, the logits are ${rows} × ${columns}: give ${index ? "one class index per row, or " : ""}one target per logit.`);
}

/** What a target is: the probability of the positive class, a class index, or the probability of its column's class. */
type TargetKind = "positive" | "index" | "parts";

/** Checks each target and returns how many there are of each class, soft ones by their parts. */
function checkTargets(values: Float64Array, columns: number, kind: TargetKind, classes: number, ignoreIndex: number | null): Float64Array {
  const shares = new Float64Array(classes);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value === ignoreIndex) continue;
    const column = at % columns;
    const valid = value >= 0 && (kind === "index" ? Number.isInteger(value) && value < classes : value <= 1);
    if (!valid) {
      const row = (at - column) / columns;
      const rule = kind === "index" ? `class indices are whole numbers from 0 to ${classes - 1}` : "targets lie in [0, 1]";
      throw new FocalfitError("BAD_INPUT", `The target of row ${row}, column ${column} is ${value}: ${rule}${ignoreIndex === null ? "; for one to leave out, set ignoreIndex" : ""}.`, { row, column });
    }
    if (kind === "index") shares[value]! += 1;
    else if (kind === "parts") shares[column]! += value;
    else {
      shares[0]! += 1 - value;
      shares[1]! += value;
    }
  }
  return shares;
}

function lossWeights(options: Record<string, unknown>, classes: number, shares: Float64Array): Float64Array {
  if (options.alpha !== undefined && options.classWeight !== undefined) {
    throw badOption("alpha", "alpha and classWeight both weigh the classes: give one of them.");
  }
  if (options.classWeight !== undefined) {
    const weights = checkClassWeight(options.classWeight);
    if (typeof weights === "object" && !("effectiveNumber" in weights)) return byLabel(weights, Array.from(shares, (_, index) => index));
    const missing = shares.indexOf(0);
    if (missing >= 0) throw new FocalfitError("ONE_CLASS", `No target is of class ${missing}, so it cannot be balanced: give weights by class index.`, { option: "classWeight" });
    const sum = (list: Float64Array) => list.reduce((total, value) => total + value);
    if (weights === "balanced") return shares.map((share) => sum(shares) / (classes * share));
    const beta = weights.effectiveNumber!;
    const raw = shares.map((share) => (1 - beta) / -Math.expm1(share * Math.log(beta)));
    return raw.map((weight) => (classes * weight) / sum(raw));
  }
  if (options.alpha === undefined) return new Float64Array(classes).fill(1);
  const alpha = checkAlpha(options);
  return typeof alpha === "number" ? binaryAlpha(alpha, classes, 1) : perClass("alpha", alpha, classes);
}

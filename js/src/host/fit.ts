// A fit on the engine's side: the Go program knows class indices of which 1 is positive, and no labels.
import type { FitRequest, FitResult, FoldRequest, LearnRequest, SettingRequest } from "./program.js";
import type { FitCall, FitOutcome, FoldCall, LearnCall, LearnOutcome, SettingCall } from "../engine/protocol.js";
import { progressEstimate, warningsOf, type FitProgress, type HistoryEntry } from "../training/report.js";

/** The program's form of what a fit is. */
function settingRequest(call: SettingCall): SettingRequest {
  const { classes, positive, multiLabel, gamma, weight, clip, epsilon, smoothing, l2, l1, fitIntercept, standardize, features, solver, maxIterations, tolerance } = call;
  return {
    classes: classes.length,
    multiLabel,
    gamma: inProgramOrder(gamma, positive),
    weight: typeof weight === "object" ? inProgramOrder(weight, positive) : weight,
    clip, epsilon, smoothing, l2, l1, fitIntercept, standardize, features, solver, maxIterations, tolerance,
  };
}

/** Class indices as the program counts them: with positive class 0 the two change places. */
function programLabels(labels: Int32Array, positive: number): Int32Array {
  return positive === 0 ? labels.map((index) => 1 - index) : labels;
}

/** The program's request for a call. */
export function fitRequest(call: FitCall, told: (progress: FitProgress) => void, stopped: () => boolean): FitRequest {
  const { matrix, sampleWeight, positive, impute, warmStart, validation } = call;
  const fraction = progressEstimate(call.tolerance, call.maxIterations, call.multiLabel ? call.classes.length : 1);
  const inOrder = (labels: Int32Array) => programLabels(labels, positive);
  return {
    ...settingRequest(call),
    matrix,
    labels: inOrder(call.labels),
    sampleWeight,
    impute,
    warmStart,
    validation: validation && { ...validation, labels: inOrder(validation.labels) },
    progress: call.progress
      ? (iteration, objective, gradientNorm, evaluations, label) => told({ fraction: fraction(iteration, gradientNorm, label), iteration, objective, gradientNorm, evaluations })
      : null,
    stopped,
  };
}

/** The program's request for settings to try on a fold. */
export function foldRequest({ settings, labels, ...rest }: FoldCall): Omit<FoldRequest, "stopped"> {
  return { ...rest, labels: programLabels(labels, settings[0]!.positive), settings: settings.map(settingRequest) };
}

/** The program's request for rows of a stream. */
export function learnRequest(call: LearnCall): LearnRequest {
  const { matrix, labels, sampleWeight, state, positive } = call;
  return { ...settingRequest(call), matrix, labels: programLabels(labels, positive), sampleWeight, state };
}

/** What makes the caller's outcome of what the program has learnt. */
export function learnFinisher({ gamma, positive }: LearnCall): (result: Omit<LearnOutcome, "gamma">) => LearnOutcome {
  const own = gamma.slice();
  return (result) => ({ ...result, gamma: own, weight: inProgramOrder(result.weight, positive) });
}

/** What makes the caller's outcome of the program's result; it does not keep the call's data. */
export function fitFinisher(call: FitCall, simd: boolean): (result: FitResult) => FitOutcome {
  const { matrix: { rows, columns }, classes, positive, multiLabel, weighted, solver: asked, l1, impute, names } = call;
  const gamma = call.gamma.slice();
  return (result) => {
    const { status, solver, iterations, evaluations, objective, gradientNorm, solveSeconds, coefficients, intercepts, means, fill, features } = result;
    const classCounts = [...inProgramOrder(result.classCounts, positive)];
    const predictedCounts = [...inProgramOrder(result.predictedCounts, positive)];
    return {
      report: {
        status,
        solver,
        solverReason: reasonFor(solver, asked === "auto", l1),
        iterations, evaluations, objective, gradientNorm, rows, columns, classCounts, solveSeconds,
        totalSeconds: solveSeconds,
        simd,
        history: historyOf(result, multiLabel),
        warnings: warningsOf({
          status, iterations, gradientNorm, classes, classCounts, predictedCounts, weighted, multiLabel, rows, impute, names,
          constantColumns: [...result.constantColumns],
          gaps: [...result.gaps],
        }),
      },
      coefficients,
      intercepts,
      means,
      gamma,
      weight: inProgramOrder(result.weight, positive),
      fill,
      features,
    };
  };
}

function reasonFor(solver: FitResult["solver"], chosen: boolean, l1: number): string {
  if (!chosen) return "the option solver asks for it";
  return solver === "owlqn" ? `it is the one for l1 > 0 (l1 is ${l1})` : "it takes the fewest passes over the data";
}

function historyOf({ history, validation }: FitResult, multiLabel: boolean): HistoryEntry[] {
  return Array.from({ length: history.length / 4 }, (_, index) => {
    const [iteration = 0, objective = 0, gradientNorm = 0, label = 0] = history.subarray(index * 4);
    return { iteration, objective, gradientNorm, ...(multiLabel && { label }), ...(index < validation.length && { validation: validation[index]! }) };
  });
}

/** From the order of `classes` to the program's, and back: with positive class 0 the two change places. */
function inProgramOrder<T extends Float64Array | Int32Array>(perClass: T, positive: number): T {
  return (positive === 0 ? perClass.slice().reverse() : perClass) as T;
}

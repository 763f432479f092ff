// A fit on the engine's side: the Go program knows class indices of which 1 is positive, and no labels.
import type { FitRequest, FitResult } from "./program.js";
import type { FitCall, FitOutcome } from "./protocol.js";
import { progressEstimate, warningsOf, type FitProgress, type HistoryEntry } from "./report.js";

/** The program's request for a call. */
export function fitRequest(call: FitCall, told: (progress: FitProgress) => void, stopped: () => boolean): FitRequest {
  const { classes, positive, weighted, progress: wanted, ...rest } = call;
  const fraction = progressEstimate(call.tolerance, call.maxIterations);
  return {
    ...rest,
    classes: classes.length,
    labels: positive === 0 ? call.labels.map((index) => 1 - index) : call.labels,
    gamma: inProgramOrder(call.gamma, positive),
    weight: call.weight === "balanced" ? call.weight : inProgramOrder(call.weight, positive),
    progress(iteration, objective, gradientNorm, evaluations) {
      if (wanted) told({ fraction: fraction(iteration, gradientNorm), iteration, objective, gradientNorm, evaluations });
    },
    stopped,
  };
}

/** What makes the caller's outcome of the program's result; it does not keep the call's data. */
export function fitFinisher(call: FitCall, simd: boolean): (result: FitResult) => FitOutcome {
  const { rows, columns, classes, positive, weighted } = call;
  return (result) => {
    const { status, iterations, evaluations, objective, gradientNorm, solveSeconds, coefficients, intercepts } = result;
    const classCounts = [...inProgramOrder(result.classCounts, positive)];
    const predictedCounts = [...inProgramOrder(result.predictedCounts, positive)];
    const constantColumns = [...result.constantColumns];
    return {
      report: {
        status, iterations, evaluations, objective, gradientNorm, rows, columns, classCounts, solveSeconds,
        totalSeconds: solveSeconds,
        simd,
        history: historyOf(result.history),
        warnings: warningsOf({ status, iterations, gradientNorm, classes, classCounts, predictedCounts, constantColumns, weighted }),
      },
      coefficients,
      intercepts,
      weight: inProgramOrder(result.weight, positive),
    };
  };
}

function historyOf(flat: Float64Array): HistoryEntry[] {
  return Array.from({ length: flat.length / 3 }, (_, index) => {
    const [iteration = 0, objective = 0, gradientNorm = 0] = flat.subarray(index * 3);
    return { iteration, objective, gradientNorm };
  });
}

/** From the order of `classes` to the program's, and back: with positive class 0 the two change places. */
function inProgramOrder<T extends Float64Array | Int32Array>(perClass: T, positive: number): T {
  return (positive === 0 ? perClass.slice().reverse() : perClass) as T;
}

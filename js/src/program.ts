// The Go program: what it takes and gives, and how it is started.
import { instantiate } from "./binary.js";
import { reason } from "./errors.js";
import type { FitCall, LossOutcome, Start, WireError } from "./protocol.js";
import { later } from "./slices.js";
import { createGo } from "./wasm_exec.js";

/**
 * One fit: a call whose classes are numbers. K classes; with K = 2 class 1 is the positive one and there is H = 1
 * output, otherwise H = K. `labels`, `gamma` and `weight` are in that order, and `warmStart` holds H × columns and H values.
 */
export interface FitRequest extends Omit<FitCall, "classes" | "positive" | "weighted" | "progress"> {
  /** K. */
  classes: number;
  /** Called at every iteration, 0 being the start. */
  progress(iteration: number, objective: number, gradientNorm: number, evaluations: number): void;
  /** Asked at every iteration and after every pause; true ends the fit. */
  stopped(): boolean;
}

/** What a fit came to. */
export interface FitResult {
  status: "converged" | "maxIterations" | "stalled" | "aborted";
  iterations: number;
  evaluations: number;
  objective: number;
  gradientNorm: number;
  solveSeconds: number;
  /** H × columns, in the input's own units. */
  coefficients: Float64Array;
  intercepts: Float64Array;
  /** The α per class that was used. */
  weight: Float64Array;
  classCounts: Int32Array;
  /** Training rows the fitted model gives to each class. */
  predictedCounts: Int32Array;
  constantColumns: Int32Array;
  /** iteration, objective, gradient norm, and so on. */
  history: Float64Array;
}

/** One evaluation of the loss. C = 2 (negative, positive) for binary and multilabel, otherwise the columns. */
export interface LossRequest {
  task: "binary" | "multiclass" | "multilabel";
  /** rows × columns. */
  logits: Float64Array;
  rows: number;
  columns: number;
  /** One per logit; multiclass: a class index per row, or with softTargets rows × columns probabilities. */
  targets: Float64Array;
  softTargets: boolean;
  gamma: Float64Array;
  weight: Float64Array;
  sampleWeight: Float64Array | null;
  ignoreIndex: number | null;
  labelSmoothing: number;
  reduction: "none" | "mean" | "sum";
  gradient: boolean;
}

/** Go calls it exactly once for each request, with either an error or a result. */
export type Settle<R> = (error: WireError | null, result: R | null) => void;

/** What the Go program hands over when it accepts calls. It copies the arrays of a request and keeps none. */
export interface Program {
  simd: boolean;
  fit(request: FitRequest, settle: Settle<FitResult>): void;
  loss(request: LossRequest, settle: Settle<LossOutcome>): void;
}

/** The globals that Go's support code and syscall/js look up on their global object. */
const scopeNames = [
  "Object", "Array", "Error", "Date", "crypto", "performance", "TextEncoder", "TextDecoder",
  "Uint8Array", "Int32Array", "Float32Array", "Float64Array", "ArrayBuffer",
] as const;

/** How much of what the program prints is kept, characters. */
const printedLength = 16384;

/** Starts the Go program; resolves when it accepts calls. `ended` is called when it ends after that. */
export async function runProgram(message: Start, ended: (why: string) => void): Promise<Program> {
  const scope: Record<string, unknown> = {};
  for (const name of scopeNames) scope[name] = globalThis[name];
  const go = createGo(scope);

  let printed = "";
  const decoder = new TextDecoder();
  (scope.fs as { writeSync: unknown }).writeSync = (_file: number, bytes: Uint8Array) => {
    printed = (printed + decoder.decode(bytes, { stream: true })).slice(-printedLength);
    return bytes.length;
  };
  go.exit = () => {};
  const lastWords = (otherwise: string) => /^(?:panic|fatal error|runtime): .*$/m.exec(printed)?.[0] ?? (printed.trim() || otherwise);

  const instance = await instantiate(message, go.importObject);
  return new Promise((ready) => {
    scope.focalfit = {
      ready,
      pause: (resume: () => void) => later(() => {
        try {
          resume();
        } catch (trap) {
          ended(lastWords(reason(trap)));
        }
      }),
    };
    go.run(instance).then(() => ended(lastWords("it exited")), (trap: unknown) => ended(lastWords(reason(trap))));
  });
}

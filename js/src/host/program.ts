// The Go program: what it takes and gives, and how it is started.
import { instantiate } from "./binary.js";
import { reason } from "../input/errors.js";
import type {
  CalibrateCall, CalibrateOutcome, FeaturesOutcome, FitCall, FoldCall, Impute, JudgeCall, JudgeOutcome, LabelledCall, LearnOutcome, LogitsCall,
  LossOutcome, SettingCall, SparseRows, Start, StreamRows, ThresholdCall, ThresholdOutcome, UploadCall, WireError,
} from "../engine/protocol.js";
import { later } from "../input/slices.js";
import { createGo } from "./wasm_exec.js";

/**
 * What a fit is, for a program that knows no labels: K classes; with K = 2 class 1 is the positive one and there is
 * H = 1 output, otherwise H = K. `gamma` and `weight` are in that order. With several labels there are H = K outputs, and
 * `gamma` and `weight` hold 2·K numbers.
 */
export interface SettingRequest extends Omit<SettingCall, "classes" | "positive"> {
  /** K. */
  classes: number;
}

/** One fit. `labels` and `warmStart`, H × columns and H values, are in the program's order. */
export interface FitRequest extends SettingRequest, LabelledCall, Pick<FitCall, "impute" | "warmStart" | "validation">, Stoppable {
  /** Called at every iteration, 0 being the start, of each label in turn; null where nobody listens. */
  progress: ((iteration: number, objective: number, gradientNorm: number, evaluations: number, label: number) => void) | null;
}

/** What may take long. */
export interface Stoppable {
  /** Asked after every pause and every progress; true ends the work. */
  stopped(): boolean;
}

/** What a fit came to. With several labels the numbers are sums over them, gradientNorm the largest. */
export interface FitResult {
  status: "converged" | "maxIterations" | "earlyStopped" | "stalled" | "aborted";
  solver: "lbfgs" | "newton-cg" | "owlqn";
  iterations: number;
  evaluations: number;
  objective: number;
  gradientNorm: number;
  solveSeconds: number;
  /** H × columns, in the input's own units, or in those of the features. */
  coefficients: Float64Array;
  intercepts: Float64Array;
  means: Float64Array;
  /** The α per class that was used. */
  weight: Float64Array;
  fill: Float64Array | null;
  features: FeaturesOutcome | null;
  /** Rows of each class; with several labels the positive rows of each. */
  classCounts: Int32Array;
  /** Training rows the fitted model gives to each class, or label. */
  predictedCounts: Int32Array;
  constantColumns: Int32Array;
  /** How many cells of each column were missing; empty where none may be. */
  gaps: Int32Array;
  /** iteration, objective, gradient norm and label, and so on. */
  history: Float64Array;
  /** The mean loss of the validation rows at each iteration. */
  validation: Float64Array;
}

/** Rows of a stream, in the program's order. */
export interface LearnRequest extends SettingRequest, LabelledCall<StreamRows> {
  state: Float64Array | null;
}

/** Settings to try on one fold; scores come in the order of scoreNames, setting after setting. */
export interface FoldRequest extends Omit<FoldCall, "settings">, Stoppable {
  settings: SettingRequest[];
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
  /** Of the asymmetric and the Poly-1 loss; 0 for none. */
  clip: number;
  epsilon: number;
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
  upload(request: UploadCall, settle: Settle<unknown>): void;
  uploadSparse(request: SparseRows & { dataset: number; impute: Impute } & Stoppable, settle: Settle<{ dataset: number }>): void;
  free(request: { dataset: number }, settle: Settle<{ dataset: number }>): void;
  logits(request: LogitsCall & Stoppable, settle: Settle<{ data: Float64Array }>): void;
  loss(request: LossRequest, settle: Settle<LossOutcome>): void;
  learn(request: LearnRequest, settle: Settle<Omit<LearnOutcome, "gamma">>): void;
  judge(request: JudgeCall, settle: Settle<JudgeOutcome>): void;
  threshold(request: ThresholdCall, settle: Settle<ThresholdOutcome>): void;
  calibrate(request: CalibrateCall, settle: Settle<CalibrateOutcome>): void;
  fold(request: FoldRequest, settle: Settle<{ scores: Float64Array }>): void;
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
  // Memory that wasm once had it never gives back: rather collect a little more often than let garbage double it.
  go.env = { GOGC: "30" };
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

// What the calling thread and the engine say to each other: the same messages through a worker's port or, in
// place, as calls. Errors are data. What the Go program itself takes and gives is in program.ts.
import { FocalfitError, type ErrorCode } from "../input/errors.js";
import type { Label } from "../input/labels.js";
import type { FitProgress, FitReport } from "../training/report.js";

/** The version of this package; both ends must be of the same. */
export const VERSION = "0.1.0";

/** An error as data. */
export interface WireError {
  code: ErrorCode;
  message: string;
  row?: number;
  column?: number | string;
  option?: string;
}

/** Uploaded rows, whether to be used only once, and their shape. */
export interface MatrixCall {
  dataset: number;
  once: boolean;
  rows: number;
  columns: number;
}

/** What fills a missing cell. */
export type Impute = "mean" | "median" | null;

/** Features to make, all choices taken. */
export type FeaturesCall = { kind: "fourier"; components: number; bandwidth: number; seed: number } | { kind: "polynomial" };

/** Rows and what the engine is to learn of them. */
export interface LabelledCall<M = MatrixCall> {
  matrix: M;
  /** For each row the index of its class; with several labels a row of 0, 1 or −1 for unknown. */
  labels: Int32Array;
  sampleWeight: Float64Array | null;
}

/** What a fit is besides its rows. Per-class arrays are in the order of `classes`; with several labels two a label. */
export interface SettingCall {
  classes: readonly Label[];
  /** With two classes the index of the positive one, otherwise −1. */
  positive: number;
  multiLabel: boolean;
  /** γ per class. */
  gamma: Float64Array;
  /** α per class, or how to make it of the counts; a number is β of the effective number. */
  weight: Float64Array | "balanced" | number;
  clip: number;
  epsilon: number;
  smoothing: number;
  l2: number;
  l1: number;
  fitIntercept: boolean;
  standardize: boolean;
  features: FeaturesCall | null;
  solver: "auto" | "lbfgs" | "newton-cg" | "owlqn";
  maxIterations: number;
  tolerance: number;
}

/** A fit. */
export interface FitCall extends LabelledCall, SettingCall {
  impute: Impute;
  /** Whether the weights are the user's wish. */
  weighted: boolean;
  /** The names of the columns, where they have any. */
  names: readonly string[] | null;
  /** Outputs × columns and outputs values in the input's own units, or in those of the features. */
  warmStart: { coefficients: Float64Array; intercepts: Float64Array } | null;
  /** Rows that are not trained on; the fit stops when their loss has not fallen for `patience` iterations, −1: never. */
  validation: (LabelledCall & { patience: number }) | null;
  /** Whether progress is wanted. */
  progress: boolean;
}

/** What a fit came to. */
export interface FitOutcome {
  /** Complete but for the time outside the engine. */
  report: FitReport;
  /** Outputs × columns, in the input's own units, or in those of the features. */
  coefficients: Float64Array;
  intercepts: Float64Array;
  /** The mean of each column that has a coefficient. */
  means: Float64Array;
  /** γ per class, and the α per class that was used. */
  gamma: Float64Array;
  weight: Float64Array;
  /** What fills a missing cell of each column. */
  fill: Float64Array | null;
  features: FeaturesOutcome | null;
}

/** Features as they were made: see Features in score.ts. */
export interface FeaturesOutcome {
  mean: Float64Array;
  scale: Float64Array;
  frequencies: Float64Array | null;
  phases: Float64Array | null;
}

/** The next dense rows of a dataset, row after row. They come back, for their memory to be used again. */
export interface UploadCall {
  /** The caller's number for it. */
  dataset: number;
  /** With the first rows. The sample is rows from all over, of the same type; null where the first rows are all. */
  start: { rows: number; columns: number; impute: Impute; sample: Float32Array | Float64Array | null } | null;
  data: Float32Array | Float64Array;
}

/** Sparse rows. */
export interface SparseRows {
  rows: number;
  columns: number;
  indptr: Int32Array;
  indices: Int32Array;
  values: Float32Array | Float64Array;
}

/** Logits of rows that the engine holds. */
export interface LogitsCall {
  dataset: number;
  coefficients: Float64Array;
  intercepts: Float64Array;
  fill: Float64Array | null;
  features: FeaturesOutcome | null;
}

/** Decisions to judge. */
export interface JudgeCall {
  /** rows × classes. */
  probabilities: Float64Array;
  classes: number;
  /** Of two classes the index of the one looked for. */
  positive: number;
  predicted: Int32Array;
  labels: Int32Array;
  sampleWeight: Float64Array | null;
}

/** The scores that a judgement consists of, in the program's order. */
export const scoreNames = ["rocAuc", "averagePrecision", "logLoss", "brier", "ece", "accuracy", "balancedAccuracy", "mcc", "gMean", "f1", "precision", "recall"] as const;

/** A judgement. */
export interface JudgeOutcome {
  /** In the order of scoreNames. */
  scores: Float64Array;
  /** classes × classes, by true and then predicted class. */
  confusion: Float64Array;
  /** For each class whether it is present, its support, precision, recall, F1, ROC-AUC and average precision. */
  perClass: Float64Array;
  /** Threshold, true and false positives in turn; of two classes only. */
  curve: Float64Array;
  /** Mean probability, frequency and weight of each bin in turn. */
  reliability: Float64Array;
}

/** A threshold to choose. */
export interface ThresholdCall {
  probabilities: Float64Array;
  /** 1 where positive. */
  labels: Int32Array;
  sampleWeight: Float64Array | null;
  goal: "f1" | "fBeta" | "mcc" | "balancedAccuracy" | "gMean" | "recallAtPrecision" | "precisionAtRecall" | "cost";
  parameter: number;
  falsePositive: number;
  falseNegative: number;
  seed: number;
}

/** A threshold that was chosen. Intervals are low and high; confusion is TP, FN, FP, TN. */
export interface ThresholdOutcome {
  threshold: number;
  value: number;
  reached: boolean;
  interval: Float64Array;
  thresholdInterval: Float64Array;
  confusion: Float64Array;
}

/** A calibration to learn. */
export interface CalibrateCall {
  method: "temperature" | "platt" | "isotonic";
  /** rows × classes, of the posterior. */
  probabilities: Float64Array;
  classes: number;
  /** The classes to learn each by itself. */
  outputs: Int32Array;
  labels: Int32Array;
  sampleWeight: Float64Array | null;
}

/** A calibration: of each output, what its method needs. */
export interface CalibrateOutcome {
  temperature: number;
  slope: Float64Array;
  intercept: Float64Array;
  x: Float64Array[];
  y: Float64Array[];
}

/** Settings to try on one fold. */
export interface FoldCall extends LabelledCall {
  impute: Impute;
  folds: number;
  seed: number;
  fold: number;
  settings: SettingCall[];
}

/** Rows of a stream. */
export type StreamRows = { kind: "dense"; rows: number; columns: number; data: Float64Array } | ({ kind: "sparse" } & SparseRows);

/** Rows of a stream and what is known by now. */
export interface LearnCall extends LabelledCall<StreamRows>, SettingCall {
  /** What the last call gave. */
  state: Float64Array | null;
}

/** What has been learnt of a stream so far. */
export interface LearnOutcome {
  /** All of it, for the next call. */
  state: Float64Array;
  coefficients: Float64Array;
  intercepts: Float64Array;
  means: Float64Array;
  gamma: Float64Array;
  weight: Float64Array;
}

/** A loss: the numbers, checked, and the options as the user gave them. */
export interface LossCall {
  logits: Float64Array;
  targets: Float64Array;
  /** The shapes of both; a flat list has no columns of its own. */
  logitColumns: number | null;
  targetColumns: number | null;
  sampleWeight: Float64Array | null;
  options: Record<string, unknown>;
}

/** The loss, and its derivative in the logits when asked for. */
export interface LossOutcome {
  value: number | Float64Array;
  gradient: Float64Array | null;
}

/** WebAssembly.Module, where the compiler's libraries know it. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** Where the engine's binary is: one address, one for each kind, or null for the files of this package. */
export type BinaryAddress = string | { simd: string; plain: string } | null;

/** The first message to an engine. */
export interface Start {
  type: "start";
  version: string;
  simd: "auto" | boolean;
  address: BinaryAddress;
  module: WasmModule | null;
}

/** What an engine can be asked for. */
export interface Calls {
  fit: { call: FitCall; outcome: FitOutcome };
  upload: { call: UploadCall; outcome: Pick<UploadCall, "data"> };
  uploadSparse: { call: SparseRows & { dataset: number; impute: Impute }; outcome: { dataset: number } };
  free: { call: { dataset: number }; outcome: { dataset: number } };
  logits: { call: LogitsCall; outcome: { data: Float64Array } };
  loss: { call: LossCall; outcome: LossOutcome };
  learn: { call: LearnCall; outcome: LearnOutcome };
  judge: { call: JudgeCall; outcome: JudgeOutcome };
  threshold: { call: ThresholdCall; outcome: ThresholdOutcome };
  calibrate: { call: CalibrateCall; outcome: CalibrateOutcome };
  fold: { call: FoldCall; outcome: { scores: Float64Array } };
}

/** From the calling thread. */
export type ToEngine =
  | Start
  | { [M in keyof Calls]: { type: "call"; id: number; method: M; call: Calls[M]["call"] } }[keyof Calls]
  | { type: "abort"; id: number };

/** From the engine. */
export type FromEngine =
  | { type: "ready"; version: string; simd: boolean }
  | { type: "failed"; error: WireError }
  | { type: "progress"; id: number; progress: FitProgress }
  | { type: "done"; id: number; outcome: Calls[keyof Calls]["outcome"] }
  | { type: "error"; id: number; error: WireError }
  | { type: "lost"; error: WireError };

/** The error that `wire` describes. */
export function fromWire(wire: WireError): FocalfitError {
  const { code, message, row, column, option } = wire;
  return new FocalfitError(code, message, { row, column, option });
}

/** The buffer of each array in `message` and in what it holds, once, to be given away with it. */
export function buffersOf(message: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (value: unknown) => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) Object.values(value).forEach(visit);
  };
  visit(message);
  return [...buffers];
}

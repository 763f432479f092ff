// What the calling thread and the engine say to each other: the same messages through a worker's port or, in
// place, as calls. Errors are data. What the Go program itself takes and gives is in program.ts.
import { FocalfitError, type ErrorCode } from "./errors.js";
import type { Label } from "./labels.js";
import type { FitProgress, FitReport } from "./report.js";

/** The version of this package; both ends must be of the same. */
export const VERSION = "0.1.0";

/** An error as data. */
export interface WireError {
  code: ErrorCode;
  message: string;
  row?: number;
  column?: number;
  option?: string;
}

/** A fit. Per-class arrays are in the order of `classes`. */
export interface FitCall {
  /** rows × columns. */
  data: Float32Array | Float64Array;
  rows: number;
  columns: number;
  classes: readonly Label[];
  /** With two classes the index of the positive one, otherwise −1. */
  positive: number;
  /** For each row the index of its class. */
  labels: Int32Array;
  /** γ per class. */
  gamma: Float64Array;
  /** α per class. */
  weight: Float64Array | "balanced";
  /** Whether the weights are the user's wish. */
  weighted: boolean;
  sampleWeight: Float64Array | null;
  l2: number;
  fitIntercept: boolean;
  standardize: boolean;
  maxIterations: number;
  tolerance: number;
  /** Outputs × columns and outputs values in the input's own units. */
  warmStart: { coefficients: Float64Array; intercepts: Float64Array } | null;
  /** Whether progress is wanted. */
  progress: boolean;
}

/** What a fit came to. */
export interface FitOutcome {
  /** Complete but for the time outside the engine. */
  report: FitReport;
  /** Outputs × columns, in the input's own units. */
  coefficients: Float64Array;
  intercepts: Float64Array;
  /** The α per class that was used. */
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
  loss: { call: LossCall; outcome: LossOutcome };
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

/** The buffer of each array in `message`, once, to be given away with it. */
export function buffersOf(message: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const value of Object.values(message)) {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
  }
  return [...buffers];
}

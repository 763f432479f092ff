import type { FitReport } from "../training/report.js";

/**
 * What went wrong, for programs:
 *
 * - `BAD_OPTION` an option is unknown, of the wrong type or out of its range; `option` names it
 * - `BAD_INPUT` data of the wrong type, a missing label, an empty matrix
 * - `NOT_FINITE` NaN or infinity in the data; `row` and `column` say where
 * - `SHAPE_MISMATCH` lengths, row widths or column counts that do not fit together
 * - `ONE_CLASS` fewer than two classes in `y`
 * - `UNKNOWN_LABEL` a label that does not occur where it has to
 * - `NOT_FITTED` the classifier has no model: not fitted yet, or disposed
 * - `ABORTED` the signal was aborted; the error's `name` is `"AbortError"`
 * - `BAD_MODEL` a model document that cannot be read
 * - `OUT_OF_MEMORY` the data does not fit
 * - `ENGINE_FAILED` the engine did not start, or was disposed
 * - `ENGINE_LOST` the engine died at work; the next call starts a new one
 * - `SERVICE_FAILED` an edge service refused, or could not be reached; `status` is its answer's
 */
export type ErrorCode =
  | "BAD_OPTION"
  | "BAD_INPUT"
  | "NOT_FINITE"
  | "SHAPE_MISMATCH"
  | "ONE_CLASS"
  | "UNKNOWN_LABEL"
  | "NOT_FITTED"
  | "ABORTED"
  | "BAD_MODEL"
  | "OUT_OF_MEMORY"
  | "ENGINE_FAILED"
  | "ENGINE_LOST"
  | "SERVICE_FAILED";

/** Where an error is and what came with it. */
export interface ErrorDetail {
  row?: number | undefined;
  column?: number | string | undefined;
  option?: string | undefined;
  report?: FitReport | undefined;
  status?: number | undefined;
  cause?: unknown;
}

/**
 * The only error focalfit throws or rejects with. Its message says what to change.
 */
export class FocalfitError extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** The row of the data, from 0, where there is one. */
  declare readonly row?: number;
  /** The column of the data, from 0, where there is one; of a table its name. */
  declare readonly column?: number | string;
  /** The name of the option, with `BAD_OPTION`. */
  declare readonly option?: string;
  /** With `ABORTED`: how far the fit had come, when it had begun. */
  declare readonly report?: FitReport;
  /** With `SERVICE_FAILED`: the status of the service's answer, if there was one. */
  declare readonly status?: number;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.code = code;
    // Not enumerable, as on built-in errors, so that consoles do not print it twice.
    Object.defineProperty(this, "name", {
      value: code === "ABORTED" ? "AbortError" : "FocalfitError",
      configurable: true,
      writable: true,
    });
    for (const [key, value] of Object.entries(detail)) {
      if (value !== undefined) {
        Object.defineProperty(this, key, { value, enumerable: key !== "cause", configurable: true, writable: true });
      }
    }
  }
}

/** The rejection of whatever `signal` stopped. */
export function aborted(signal: AbortSignal, report?: FitReport, message = "The fit was aborted; the classifier is as it was before."): FocalfitError {
  return new FocalfitError("ABORTED", message, { report, cause: signal.reason });
}

/** The error for an option that is not as it should be. */
export function badOption(option: string, message: string): FocalfitError {
  return new FocalfitError("BAD_OPTION", message, { option });
}

/** Any thrown value in a sentence. */
export function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}

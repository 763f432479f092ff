import type { Engine } from "../engine/engine.js";
import type { MatrixInput } from "../input/matrix.js";
import type { LabelWeights } from "./options.js";

/** Logits or targets: a flat list, or rows × columns. */
export type LossInput = ArrayLike<number> | MatrixInput;

/** Options of {@link focalLoss}. */
export interface FocalLossOptions {
  /**
   * `"binary"`: one logit per row, targets in [0, 1]. `"multiclass"`: softmax over the columns; targets are class
   * indices, or rows × columns probabilities. `"multilabel"`: an independent logit per column, targets in [0, 1].
   */
  task: "binary" | "multiclass" | "multilabel";
  /** The focusing parameter γ ≥ 0; one number, or one per class (two of them, negative and positive, except for multiclass). Default 2. */
  gamma?: number | ArrayLike<number> | undefined;
  /** As the option of FocalClassifier; `"asymmetric"` is not for multiclass. Default `"focal"`. */
  loss?: "focal" | "asymmetric" | "poly1" | undefined;
  /** γ ≥ 0 of positive targets, for the asymmetric loss. Default 0. */
  gammaPositive?: number | undefined;
  /** γ ≥ 0 of negative targets, for the asymmetric loss. Default 4. */
  gammaNegative?: number | undefined;
  /** The probability margin of the asymmetric loss, in [0, 1). Default 0.05. */
  clip?: number | undefined;
  /** The coefficient of `"poly1"`, > −1. Default 1. */
  epsilon?: number | undefined;
  /**
   * A number a in (0, 1): a for positive, 1 − a for negative targets. Or one weight > 0 per class (as for `gamma`);
   * multiclass needs that. Not together with `classWeight`. Default: none.
   */
  alpha?: number | ArrayLike<number> | undefined;
  /**
   * `"balanced"`: n / (K · n_c) with the classes' shares of the targets that are not ignored. `{ effectiveNumber: β }`:
   * ∝ (1 − β) / (1 − β^n_c), adding up to K. Or weights > 0 by class
   * index (0 and 1, except for multiclass); those that are not named weigh 1. Default: none.
   */
  classWeight?: "balanced" | { readonly effectiveNumber: number } | LabelWeights | undefined;
  /**
   * `"mean"` divides the sum by the sum of the sample weights of what is not ignored (a multilabel row counts once
   * per label). `"none"` gives each element's loss, for multiclass each row's. Default `"mean"`.
   */
  reduction?: "mean" | "sum" | "none" | undefined;
  /** One weight ≥ 0 per row. Default: 1 each. */
  sampleWeight?: ArrayLike<number> | undefined;
  /** A target of this value contributes nothing and is not counted in the mean. Default: none. */
  ignoreIndex?: number | undefined;
  /** In [0, 1): targets are mixed with the uniform distribution, (1 − s)·y + s/K. Default 0. */
  labelSmoothing?: number | undefined;
  /** The columns of flat `logits`, for multiclass and multilabel. */
  columns?: number | undefined;
  /** Whether the derivative is wanted too. Default false. */
  gradient?: boolean | undefined;
  /** The engine that computes, from {@link createEngine}. Default: the shared one. */
  engine?: Engine | undefined;
}

/** What {@link focalLoss} returns. */
export interface FocalLossResult<V extends number | Float64Array> {
  /** The loss: a number, or for reduction `"none"` one value per element (multiclass: per row). */
  value: V;
  /** With `gradient: true`: the derivative of the (summed) value in each logit, row after row. */
  gradient?: Float64Array;
}

/**
 * The focal loss α_t · FL_γ = −α_t · (1 − p_t)^γ · log p_t of logits, in float64 and without clipping: the reference
 * that a fit's objective can be checked against.
 *
 * `logits` and `targets` are flat lists or rows × columns.
 *
 * @example
 * ```js
 * import { focalLoss } from "focalfit";
 * const { value, gradient } = await focalLoss([[2, -1, 0.5]], [1], { task: "multiclass", gamma: 2, gradient: true });
 * console.log(value.toFixed(6), gradient.length);   // 2.992718 3
 * ```
 *
 * @throws `BAD_OPTION`, `BAD_INPUT`, `NOT_FINITE`, `SHAPE_MISMATCH`, `UNKNOWN_LABEL`, `ONE_CLASS` (a balanced class
 * that no target has), `OUT_OF_MEMORY`, `ENGINE_FAILED`, `ENGINE_LOST`.
 */
export function focalLoss(logits: LossInput, targets: LossInput, options: FocalLossOptions & { reduction: "none" }): Promise<FocalLossResult<Float64Array>>;
export function focalLoss(logits: LossInput, targets: LossInput, options: FocalLossOptions & { reduction?: "mean" | "sum" | undefined }): Promise<FocalLossResult<number>>;
export async function focalLoss(logits: LossInput, targets: LossInput, options: FocalLossOptions): Promise<FocalLossResult<number | Float64Array>> {
  const { callLoss } = await import("./loss-call.js");
  return callLoss(logits, targets, options);
}

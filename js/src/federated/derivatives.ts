// What a member of a federation tells of its rows: sums over them, in double precision. The formulas are those of the Go
// package internal/federated, which has the service's side.
import type { InSlices } from "../input/slices.js";
import type { Rows } from "./rows.js";

/** Where a round is, in standardised columns. */
export interface Point {
  /** The coefficients, then the intercept: columns + 1. */
  theta: Float64Array;
  mean: Float64Array;
  scale: Float64Array;
  /** α of the other class and of the positive one. */
  weights: readonly [number, number];
  gamma: number;
}

/** Of each class the count, then the sums of its columns less `mean`, then the sums of their squares: 2 + 4 · columns. */
export async function statistics({ data, rows, columns, positive }: Rows, mean: ArrayLike<number>, inSlices: InSlices): Promise<Float64Array> {
  const sums = new Float64Array(2 + 4 * columns);
  await inSlices(rows, stepOf(columns), (from, to) => {
    for (let row = from; row < to; row++) {
      const label = positive[row]!;
      sums[label]!++;
      for (let column = 0; column < columns; column++) {
        const value = data[row * columns + column]! - mean[column]!;
        sums[2 + label * columns + column]! += value;
        sums[2 + (2 + label) * columns + column]! += value * value;
      }
    }
  });
  return sums;
}

/**
 * The rows, Σ α·FL(z), its gradient and the lower triangle of its Hessian, row by row, in the coefficients and the
 * intercept: 2 + p + p(p + 1)/2, p = columns + 1.
 */
export async function derivatives(own: Rows, point: Point, inSlices: InSlices): Promise<Float64Array> {
  const { rows, columns } = own;
  const p = columns + 1;
  const sums = new Float64Array(2 + p + (p * (p + 1)) / 2);
  const gradient = sums.subarray(2, 2 + p);
  const hessian = sums.subarray(2 + p);
  const x = new Float64Array(p);
  sums[0] = rows;
  await inSlices(rows, stepOf(p * p), (from, to) => {
    for (let row = from; row < to; row++) {
      const z = standardised(own, row, point, x);
      const sign = own.positive[row] ? 1 : -1;
      const { value, slope, curvature } = focal(sign * z, point.gamma);
      const weight = point.weights[own.positive[row]!]!;
      sums[1]! += weight * value;
      for (let i = 0, at = 0; i < p; i++) {
        gradient[i]! += weight * sign * slope * x[i]!;
        const h = weight * curvature * x[i]!;
        for (let j = 0; j <= i; j++) hessian[at++]! += h * x[j]!;
      }
    }
  });
  return sums;
}

/** Writes the standardised columns and the intercept's 1 of a row to `x`; the row's logit. */
export function standardised({ data, columns }: Rows, row: number, { theta, mean, scale }: Point, x: Float64Array): number {
  let z = theta[columns]!;
  for (let column = 0; column < columns; column++) {
    x[column] = (data[row * columns + column]! - mean[column]!) / scale[column]!;
    z += theta[column]! * x[column]!;
  }
  x[columns] = 1;
  return z;
}

/** −(1 − σ(m))^γ·log σ(m) and its first two derivatives in the margin m. */
export function focal(m: number, gamma: number): { value: number; slope: number; curvature: number } {
  const wrong = softplus(m); // −log(1 − p)
  const right = softplus(-m); // −log p
  const [p, u] = [Math.exp(-right), Math.exp(-wrong)];
  const focus = Math.exp(-gamma * wrong);
  return {
    value: focus * right,
    slope: -focus * (gamma * p * right + u),
    curvature: p * focus * ((2 * gamma + 1) * u - gamma * (u - gamma * p) * right),
  };
}

/** log(1 + eᵗ). */
function softplus(t: number): number {
  return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
}

/** How many rows make a step, of so many multiplications each. */
export function stepOf(work: number): number {
  return Math.max(1, Math.floor(100_000 / work));
}

// What a member of a federation in averaging mode sends: where some gradient steps on its own rows lead. It is Local of the
// Go package internal/federated, whose comment has the objective and its sources.
import type { InSlices } from "../input/slices.js";
import { focal, standardised, stepOf, type Point } from "./derivatives.js";
import type { Rows } from "./rows.js";

/** What a round in averaging mode tells besides where it is. */
export interface Averaging {
  /** How many gradient steps. */
  steps: number;
  /** μ of the penalty (μ/2)·‖θ − θ_k‖². */
  proximal: number;
  /** The norm that Δ is clipped to. */
  clip: number;
  /** σ: each number of Δ gets noise of deviation σ · clip / √(minimumClients − 1). */
  noise: number;
  minimumClients: number;
  /** The federation's rows of either class. */
  counts: [number, number];
  /** Mean and deviation of the columns by class, unless a class has so few rows that they would tell of each. */
  classMean?: [number[], number[]];
  classScale?: [number[], number[]];
}

/** Rows, their loss at the round's θ, and Δ: 2 + p. */
export async function local(own: Rows, point: Point, l2: number, averaging: Averaging, inSlices: InSlices): Promise<Float64Array> {
  const { rows, columns } = own;
  const { steps, proximal, clip, noise, minimumClients } = averaging;
  const p = columns + 1;
  const update = new Float64Array(2 + p);
  const delta = update.subarray(2);
  if (rows > 0) {
    update[0] = rows;
    const add = summing(own, averaging);
    const theta = Float64Array.from(point.theta);
    const gradient = new Float64Array(p);
    const length = 1 / (curvature(point, averaging.counts) + l2 + proximal);
    for (let step = 0; step < steps; step++) {
      for (let j = 0; j < p; j++) gradient[j] = proximal * delta[j]! + (j < columns ? l2 * theta[j]! : 0);
      const here = { ...point, theta };
      await inSlices(rows, stepOf(4 * p), (from, to) => {
        for (let row = from; row < to; row++) {
          const loss = add(row, here, gradient);
          if (step === 0) update[1]! += loss;
        }
      });
      for (let j = 0; j < p; j++) {
        delta[j]! -= length * gradient[j]!;
        theta[j] = point.theta[j]! + delta[j]!;
      }
    }
  }
  const norm = Math.sqrt(delta.reduce((sum, value) => sum + value * value, 0));
  if (norm > clip) delta.forEach((value, j) => (delta[j] = (value * clip) / norm));
  if (noise > 0) {
    [update[0], update[1]] = [1, 0];
    const deviation = (noise * clip) / Math.sqrt(minimumClients - 1);
    delta.forEach((value, j) => (delta[j] = value + deviation * normal()));
  }
  return update;
}

/** What adds the gradient of a row, and of what stands in for rows of the other class, to a sum; it returns the row's own loss. */
function summing({ data, rows, columns, positive }: Rows, { counts, classMean, classScale }: Averaging): (row: number, point: Point, gradient: Float64Array) => number {
  const p = columns + 1;
  const x = new Float64Array(p);
  const held = [0, 0];
  positive.forEach((label) => held[label]!++);
  const total = counts[0] + counts[1];
  const moved: Rows = { data: new Float64Array(columns), rows: 1, columns, positive };
  const slope = (from: Rows, row: number, label: number, share: number, point: Point, gradient: Float64Array) => {
    const sign = label ? 1 : -1;
    const { value, slope: downhill } = focal(sign * standardised(from, row, point, x), point.gamma);
    const weight = point.weights[label]!;
    for (let j = 0; j < p; j++) gradient[j]! += share * weight * sign * downhill * x[j]!;
    return weight * value;
  };
  return (row, point, gradient) => {
    const label = positive[row]!;
    const loss = slope({ data, rows, columns, positive }, row, label, 1 / rows, point, gradient);
    if (classMean && classScale) {
      const [other, stood] = [label, 1 - label];
      for (let j = 0; j < columns; j++) {
        const scale = classScale[other]![j]!;
        moved.data[j] = classMean[stood]![j]! + (scale > 0 ? (data[row * columns + j]! - classMean[other]![j]!) * (classScale[stood]![j]! / scale) : 0);
      }
      slope(moved, 0, stood, (counts[stood]! / total - held[stood]! / rows) / held[other]!, point, gradient);
    }
    return loss;
  };
}

/** A bound of the largest eigenvalue of the loss's Hessian, the same for all members. */
function curvature({ weights, gamma, theta }: Point, [n, m]: [number, number]): number {
  return 0.25 * (1 + 0.7 * gamma) * ((weights[0] * n + weights[1] * m) / (n + m)) * theta.length;
}

/** A draw from N(0, 1) that nobody can guess (Box and Muller 1958). */
function normal(): number {
  const [a, b, c, d] = crypto.getRandomValues(new Uint32Array(4)) as unknown as [number, number, number, number];
  const uniform = (high: number, low: number) => ((high >>> 5) * 2 ** 26 + (low >>> 6) + 0.5) / 2 ** 53;
  return Math.sqrt(-2 * Math.log(uniform(a, b))) * Math.cos(2 * Math.PI * uniform(c, d));
}

// A fitted model at work on one row: everything that prediction is, and nothing of input or errors. predictor.ts and the
// entry point focalfit/predict both stand on it.
import type { Label } from "./labels.js";
import { margins, normalise, sigmoid, unfocus, unfocusBinary, unsmooth, type LossTerms } from "./posterior.js";

/** Columns made of the columns u = (x − mean) / scale of the input. */
export interface Features {
  /** `"fourier"`: φ_i = √(2/D)·cos(frequencies_i·u + phases_i). `"polynomial"`: u, then u_j·u_k for j ≤ k. */
  readonly kind: "fourier" | "polynomial";
  readonly mean: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
  /** D rows of as many numbers as the input has columns, and D numbers. */
  readonly frequencies?: ArrayLike<number>;
  readonly phases?: ArrayLike<number>;
}

/** A map from posterior to calibrated probabilities; per-output lists have one entry with two classes. */
export type Calibration =
  | { readonly method: "temperature"; readonly temperature: number }
  | { readonly method: "platt"; readonly slope: readonly number[]; readonly intercept: readonly number[] }
  | { readonly method: "isotonic"; readonly x: readonly (readonly number[])[]; readonly y: readonly (readonly number[])[] };

/** A fitted model: everything prediction needs. Per-class arrays are in the order of `classes`. */
export interface Model {
  /** With several labels these are the labels, each 0 or 1. */
  readonly classes: readonly Label[];
  /** Two classes: the index of the positive one in `classes`; otherwise −1. */
  readonly positive: number;
  /** Whether each class is an output of its own. */
  readonly multiLabel: boolean;
  /** Of the input. */
  readonly columns: number;
  /** What a missing cell of each column is taken for. */
  readonly fill?: ArrayLike<number> | undefined;
  readonly features?: Features | undefined;
  /** Outputs × columns in the input's own units, or in those of the features; two classes have one output. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  /** The training mean of each column that has a coefficient, from which explanations count. */
  readonly means: Float64Array;
  /** γ and α per class; with several labels for each its negative and its positive class in turn. */
  readonly gamma: Float64Array;
  readonly weight: Float64Array;
  readonly loss: LossTerms;
  readonly calibration?: Calibration | undefined;
  /** What partialFit has learnt, to go on with. */
  readonly online?: readonly number[] | undefined;
  /** The posterior of each output from which on it is positive; undefined while it is the weights' own. */
  readonly threshold?: readonly number[] | undefined;
}

/** What a model says of rows. */
export interface Scorer {
  /** How many columns the coefficients have. */
  readonly columns: number;
  /** Sets `logits`, one per output, from the cells of a row, which may be overwritten. */
  logits(cells: Float64Array, logits: Float64Array): void;
  /** The columns that the coefficients are of. */
  expand(cells: Float64Array): Float64Array;
  /** Sets `out`, one per class, to probabilities. */
  probabilities(logits: Float64Array, out: Float64Array, raw: boolean): void;
  /** Sets `out`: with several labels one 0 or 1 per label, otherwise `out[0]` is the index of a class. */
  decide(logits: Float64Array, out: Float64Array): void;
}

/** α₋ / (α₊ + α₋) of an output: what a false alarm costs, as a share of both mistakes. */
export function weightThreshold({ weight, positive, multiLabel }: Model, output: number): number {
  const at = multiLabel ? 2 * output + 1 : positive;
  return weight[at ^ 1]! / (weight[at]! + weight[at ^ 1]!);
}

/** A scorer for `model`. */
export function scorerOf(model: Model): Scorer {
  const { classes, positive, multiLabel, fill, features, coefficients, intercepts, gamma, weight, loss, calibration, threshold } = model;
  const outputs = intercepts.length;
  const size = coefficients.length / outputs;
  const two = multiLabel || positive >= 0;
  const expanded = features ? new Float64Array(size) : undefined;
  const scores = new Float64Array(classes.length);
  const even = !loss.clip && !loss.smoothing && !calibration;

  /** The posterior's logit without what weights and smoothing do to it. */
  const plain = (z: number, at: number) => unfocusBinary(z, gamma[at]!, gamma[at ^ 1]!, loss);
  const posteriorLogit = (z: number, output: number) => {
    const at = multiLabel ? 2 * output + 1 : positive;
    const logit = unsmooth(plain(z, at) - Math.log(weight[at]!) + Math.log(weight[at ^ 1]!), loss.smoothing);
    switch (calibration?.method) {
      case "temperature": return logit / calibration.temperature;
      case "platt": return calibration.slope[output]! * logit + calibration.intercept[output]!;
    }
    return logit;
  };
  const calibrated = (logit: number, output: number) =>
    calibration?.method === "isotonic" ? interpolate(calibration.x[output]!, calibration.y[output]!, sigmoid(logit)) : sigmoid(logit);

  const posterior = (logits: Float64Array, out: Float64Array) => {
    margins(logits, out);
    for (let c = 0; c < out.length; c++) out[c] = unfocus(out[c]!, gamma[c]!, loss.epsilon) - Math.log(weight[c]!);
    normalise(out);
    if (loss.smoothing > 0) share(out, (p) => Math.max(p - loss.smoothing / out.length, 0));
    if (calibration?.method === "temperature") share(out, (p) => p ** (1 / calibration.temperature));
    else if (calibration?.method === "isotonic") share(out, (p, c) => interpolate(calibration.x[c]!, calibration.y[c]!, p));
    else if (calibration) share(out, (p, c) => sigmoid(calibration.slope[c]! * Math.log(p / (1 - p)) + calibration.intercept[c]!));
  };

  const expand = (cells: Float64Array) => {
    if (fill) for (let j = 0; j < cells.length; j++) if (cells[j] !== cells[j]) cells[j] = fill[j]!;
    if (features) make(features, cells, expanded!);
    return expanded ?? cells;
  };

  return {
    columns: size,
    expand,
    logits(cells, logits) {
      const row = expand(cells);
      for (let output = 0, at = 0; output < outputs; output++) {
        let z = intercepts[output]!;
        for (let column = 0; column < size; column++) z += coefficients[at++]! * row[column]!;
        logits[output] = z;
      }
    },
    probabilities(logits, out, raw) {
      if (multiLabel) {
        logits.forEach((z, output) => (out[output] = raw ? sigmoid(z) : calibrated(posteriorLogit(z, output), output)));
      } else if (two) {
        const logit = raw ? logits[0]! : posteriorLogit(logits[0]!, 0);
        out[positive] = raw ? sigmoid(logit) : calibrated(logit, 0);
        out[1 - positive] = calibration?.method === "isotonic" && !raw ? 1 - out[positive]! : sigmoid(-logit);
      } else if (raw) {
        out.set(logits);
        normalise(out);
      } else {
        posterior(logits, out);
      }
    },
    decide(logits, out) {
      if (!two) {
        posterior(logits, scores);
        let best = 0;
        if (even) logWeighted(logits, scores);
        else for (let c = 0; c < scores.length; c++) scores[c]! *= weight[c]!;
        for (let c = 1; c < scores.length; c++) if (scores[c]! > scores[best]!) best = c;
        out[0] = best;
        return;
      }
      logits.forEach((z, output) => {
        const at = multiLabel ? 2 * output + 1 : positive;
        const own = weightThreshold(model, output);
        const limit = threshold?.[output] ?? own;
        // At the weights' own threshold the weights cancel, so that z = 0 with equal γ lies on it exactly.
        const above = even && limit === own ? plain(z, at) >= 0 : calibrated(posteriorLogit(z, output), output) >= limit;
        out[output] = multiLabel ? Number(above) : above ? positive : 1 - positive;
      });
    },
  };

  /** log(α_c·η_c), up to a constant: where probabilities round to 0 it still tells classes apart. */
  function logWeighted(logits: Float64Array, out: Float64Array): void {
    margins(logits, out);
    for (let c = 0; c < out.length; c++) out[c] = unfocus(out[c]!, gamma[c]!, loss.epsilon);
  }
}

/** Changes each probability and makes them add up to 1 again; where nothing is left they are even. */
function share(p: Float64Array, change: (p: number, c: number) => number): void {
  let sum = 0;
  for (let c = 0; c < p.length; c++) sum += p[c] = change(p[c]!, c);
  for (let c = 0; c < p.length; c++) p[c] = sum > 0 ? p[c]! / sum : 1 / p.length;
}

function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  let low = 0;
  let high = x.length - 1;
  if (at <= x[0]!) return y[0]!;
  if (at >= x[high]!) return y[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  return y[low]! + ((y[high]! - y[low]!) * (at - x[low]!)) / (x[high]! - x[low]!);
}

function make({ kind, mean, scale, frequencies, phases }: Features, cells: Float64Array, out: Float64Array): void {
  const u = cells.map((cell, j) => (cell - mean[j]!) / scale[j]!);
  const d = u.length;
  let at = 0;
  if (kind === "polynomial") {
    out.set(u);
    at = d;
    for (let j = 0; j < d; j++) for (let k = j; k < d; k++) out[at++] = u[j]! * u[k]!;
    return;
  }
  for (let i = 0; i < out.length; i++) {
    let z = phases![i]!;
    for (let j = 0; j < d; j++) z += frequencies![at++]! * u[j]!;
    out[i] = Math.sqrt(2 / out.length) * Math.cos(z);
  }
}

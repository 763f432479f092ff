// A fitted model at work on one row: everything that prediction is, and nothing of input or errors. predictor.ts and the
// entry point focalfit/predict both stand on it.
import type { Label } from "../input/labels.js";
import { margins, normalise, sigmoid, unfocus, unfocusBinary, unsmooth, type LossTerms } from "./posterior.js";
import type { TableRecipe } from "./recipe.js";

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

/** What prediction needs of a fitted model. Per-class arrays are in the order of `classes`. */
export interface Scorable {
  /** With several labels these are the labels, each 0 or 1. */
  readonly classes: readonly Label[];
  /** Two classes: the index of the positive one in `classes`; otherwise −1. */
  readonly positive: number;
  /** Whether each class is an output of its own. */
  readonly multiLabel: boolean;
  /** What a missing cell of each column is taken for. */
  readonly fill?: ArrayLike<number> | undefined;
  readonly features?: Features | undefined;
  /** Outputs × columns in the input's own units, or in those of the features; two classes have one output. */
  readonly coefficients: ArrayLike<number>;
  readonly intercepts: ArrayLike<number>;
  /** γ and α per class; with several labels for each its negative and its positive class in turn. */
  readonly gamma: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
  readonly loss: LossTerms;
  readonly calibration?: Calibration | undefined;
  /** The posterior of each output from which on it is positive; undefined while it is the weights' own. */
  readonly threshold?: readonly number[] | undefined;
}

/** A fitted model. */
export interface Model extends Scorable {
  /** Of the input. */
  readonly columns: number;
  /** What makes the columns of raw rows. */
  readonly table?: TableRecipe | undefined;
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly gamma: Float64Array;
  readonly weight: Float64Array;
  /** The training mean of each column that has a coefficient, from which explanations count. */
  readonly means: Float64Array;
  /** What partialFit has learnt, to go on with. */
  readonly online?: readonly number[] | undefined;
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
export function weightThreshold(model: Scorable, output: number): number {
  const { weight } = model;
  const at = place(model, output);
  return weight[at ^ 1]! / (weight[at]! + weight[at ^ 1]!);
}

/** Where γ and α of the positive class of an output are; those of the negative one are at `place ^ 1`. */
function place({ multiLabel, positive }: Scorable, output: number): number {
  return multiLabel ? 2 * output + 1 : positive;
}

/** A scorer for `model`. */
export function scorerOf(model: Scorable): Scorer {
  const { classes, positive, multiLabel, fill, features, coefficients, intercepts, gamma, weight, loss, threshold } = model;
  const { temperature = 1, slope, intercept, x, y }: AnyCalibration = model.calibration ?? {};
  const outputs = intercepts.length;
  const size = coefficients.length / outputs;
  const two = multiLabel || positive >= 0;
  const expanded = features ? new Float64Array(size) : undefined;
  const scores = new Float64Array(classes.length);
  const even = !loss.clip && !loss.smoothing && !model.calibration;

  /** What the weights add to the logit of each output. */
  const shifts = Array.from(intercepts, (_, output) => Math.log(weight[place(model, output)]! / weight[place(model, output) ^ 1]!));
  /** The posterior's logit without what weights and smoothing do to it. */
  const plain = (z: number, at: number) => unfocusBinary(z, gamma[at]!, gamma[at ^ 1]!, loss);
  const posteriorLogit = (z: number, output: number) => {
    const at = place(model, output);
    const logit = unsmooth(plain(z, at) - shifts[output]!, loss.smoothing);
    return slope ? slope[output]! * logit + intercept![output]! : logit / temperature;
  };
  const calibrated = (logit: number, output: number) => (x ? interpolate(x[output]!, y![output]!, sigmoid(logit)) : sigmoid(logit));

  /** log(q / φ(q)) of each class: the posterior's logarithm but for the weights and a constant. */
  const unfocused = (logits: Float64Array, out: Float64Array) => {
    margins(logits, out);
    out.forEach((margin, c) => (out[c] = unfocus(margin, gamma[c]!, loss.epsilon)));
  };
  const posterior = (logits: Float64Array, out: Float64Array) => {
    unfocused(logits, out);
    out.forEach((log, c) => (out[c] = log - Math.log(weight[c]!)));
    normalise(out);
    if (loss.smoothing) share(out, (p) => Math.max(p - loss.smoothing / out.length, 0));
    if (model.calibration) {
      share(out, (p, c) => (x ? interpolate(x[c]!, y![c]!, p) : slope ? sigmoid(slope[c]! * Math.log(p / (1 - p)) + intercept![c]!) : p ** (1 / temperature)));
    }
  };

  const expand = (cells: Float64Array) => {
    if (fill) cells.forEach((cell, j) => cell !== cell && (cells[j] = fill[j]!));
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
      if (two) {
        for (let output = 0; output < outputs; output++) {
          const logit = raw ? logits[output]! : posteriorLogit(logits[output]!, output);
          const p = raw ? sigmoid(logit) : calibrated(logit, output);
          out[multiLabel ? output : positive] = p;
          if (!multiLabel) out[1 - positive] = x && !raw ? 1 - p : sigmoid(-logit);
        }
      } else if (raw) {
        out.set(logits);
        normalise(out);
      } else {
        posterior(logits, out);
      }
    },
    decide(logits, out) {
      if (!two) {
        // Where probabilities round to 0 their logarithms still tell classes apart.
        (even ? unfocused : posterior)(logits, scores);
        const weighted = even ? scores : scores.map((p, c) => p * weight[c]!);
        out[0] = weighted.indexOf(Math.max(...weighted));
        return;
      }
      for (let output = 0; output < outputs; output++) {
        const z = logits[output]!;
        const own = weightThreshold(model, output);
        const limit = threshold?.[output] ?? own;
        // At the weights' own threshold the weights cancel, so that z = 0 with equal γ lies on it exactly.
        const above = +(even && limit === own ? plain(z, place(model, output)) >= 0 : calibrated(posteriorLogit(z, output), output) >= limit);
        out[output] = multiLabel || positive ? above : 1 - above;
      }
    },
  };
}

/** Any of the methods of {@link Calibration}, by what it has. */
type AnyCalibration = { temperature?: number; slope?: readonly number[]; intercept?: readonly number[]; x?: readonly (readonly number[])[]; y?: readonly (readonly number[])[] };

/** Changes each probability and makes them add up to 1 again; where nothing is left they are even. */
function share(p: Float64Array, change: (p: number, c: number) => number): void {
  let sum = 0;
  p.forEach((value, c) => (sum += p[c] = change(value, c)));
  p.forEach((value, c) => (p[c] = sum > 0 ? value / sum : 1 / p.length));
}

function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  const right = x.findIndex((value) => value > at);
  if (right <= 0) return y.at(right)!; // before the first, or none: beyond the last
  const left = right - 1;
  return y[left]! + ((y[right]! - y[left]!) * (at - x[left]!)) / (x[right]! - x[left]!);
}

function make({ mean, scale, frequencies, phases }: Features, cells: Float64Array, out: Float64Array): void {
  const u = cells.map((cell, j) => (cell - mean[j]!) / scale[j]!);
  if (phases) {
    out.forEach((_, i) => (out[i] = Math.sqrt(2 / out.length) * Math.cos(u.reduce((z, v, j) => z + frequencies![i * u.length + j]! * v, phases[i]!))));
    return;
  }
  let at = u.length;
  out.set(u);
  u.forEach((v, j) => u.subarray(j).forEach((w) => (out[at++] = v * w)));
}

// What a round tells its members.
import type { Label } from "../input/labels.js";
import type { Point } from "./derivatives.js";
import type { Averaging } from "./local.js";

export interface RoundDocument {
  federation: string;
  round: number;
  kind: "statistics" | "derivatives" | "local" | "done";
  /** Milliseconds since 1970. */
  deadline: number;
  columns: number;
  classes: [Label, Label];
  theta?: number[];
  /** What is taken off the columns, in every round. */
  mean: number[];
  scale?: number[];
  weights?: [number, number];
  gamma: number;
  l2: number;
  averaging?: Averaging;
  /** For this member's update of this round. */
  ticket: string;
  /** Of the last round. */
  status?: "converged" | "stalled" | "maxRounds";
}

/** Where a round is that has parameters. */
export function pointOf({ theta, mean, scale, weights, gamma }: RoundDocument): Point {
  return { theta: Float64Array.from(theta!), mean: Float64Array.from(mean), scale: Float64Array.from(scale!), weights: weights!, gamma };
}

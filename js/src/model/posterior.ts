// From what a trained model says to posterior probabilities. Where the expected loss is least its derivative
// vanishes: with g₊ and g₋ the loss's weighted derivative in z for label 1 and 0 the posterior is η = g₋ / (g₋ − g₊),
// and of a softmax η_c ∝ q_c / (α_c·φ_c(q_c)), φ(q) = −q·dL/dq (Charoenphakdee et al. 2021, Theorem 11; with a γ and an
// α per class). All of it is computed from margins, as logarithms: q itself would round to 0 or 1.

/** What a loss is besides γ and α of each class. */
export interface LossTerms {
  /** The probability margin of the asymmetric loss, in [0, 1). */
  clip: number;
  /** The coefficient of the Poly-1 loss, > −1. */
  epsilon: number;
  /** Label smoothing, in [0, 1). */
  smoothing: number;
}

/** σ(t) = 1 / (1 + e⁻ᵗ). */
export function sigmoid(t: number): number {
  return 1 / (1 + Math.exp(-t));
}

/**
 * log(q / φ(q)) for q = σ(m): −sp(−m) + γ·sp(m) − log1p(γ·ρ + ε·(γ + 1)·q), sp(t) = log(1 + eᵗ), ρ = sp(−m)·eᵐ.
 * Increasing in m; with γ = ε = 0 it is log q. `e` is e^−|m| and `l` log(1 + e).
 */
export function unfocus(m: number, gamma: number, epsilon: number, e = Math.exp(-Math.abs(m)), l = Math.log1p(e)): number {
  const rho = m < 0 ? (l - m) * e : l / e || 1; // 1 where e rounds to 0
  return gamma * (Math.max(m, 0) + l) - Math.max(-m, 0) - l - Math.log1p(gamma * rho + (epsilon * (gamma + 1) * (m < 0 ? e : 1)) / (1 + e));
}

/** The same with the opposite sign for the clipped negatives: q = σ(z) − clip, −∞ where that is not positive. */
function unclip(z: number, gamma: number, clip: number): number {
  const q = sigmoid(z) - clip;
  const rest = sigmoid(-z) + clip;
  return q > 0 ? (gamma - 1) * Math.log(q) + Math.log(q / rest - gamma * Math.log(rest)) : -Infinity;
}

/** The logit of the posterior for logit z, where α₊ = α₋ and labels are not smoothed. */
export function unfocusBinary(z: number, gammaPositive: number, gammaNegative: number, { clip, epsilon }: LossTerms): number {
  const e = Math.exp(-Math.abs(z));
  const l = Math.log1p(e);
  return unfocus(z, gammaPositive, epsilon, e, l) + (clip ? unclip(z, gammaNegative, clip) : -unfocus(-z, gammaNegative, epsilon, e, l));
}

/** The logit of η from that of η′ = (1 − s)·η + s/2; beyond the range of η′ it is infinite. */
export function unsmooth(logit: number, s: number): number {
  return s ? Math.log(Math.max(sigmoid(logit) - s / 2, 0) / Math.max(sigmoid(-logit) - s / 2, 0)) : logit;
}

/** Writes the margins m_c = z_c − log Σ_{j≠c} exp z_j of `logits` to `margins`. */
export function margins(logits: Float64Array, margins: Float64Array): void {
  let [top, highest, second, all, others] = [0, -Infinity, -Infinity, 0, 0];
  for (let c = 0; c < logits.length; c++) {
    const z = logits[c]!;
    if (z > highest) [top, highest, second] = [c, z, highest];
    else if (z > second) second = z;
  }
  for (let c = 0; c < logits.length; c++) {
    all += Math.exp(logits[c]! - highest);
    if (c !== top) others += Math.exp(logits[c]! - second);
  }
  // What is left of the sum is at least exp(0) for the highest, so nothing cancels.
  for (let c = 0; c < logits.length; c++) margins[c] = logits[c]! - highest - Math.log(all - Math.exp(logits[c]! - highest));
  margins[top] = highest - second - Math.log(others);
}

/** Turns logarithms of unnormalised probabilities into probabilities that add up to 1, in place. */
export function normalise(logs: Float64Array): void {
  let highest = -Infinity;
  let sum = 0;
  for (let c = 0; c < logs.length; c++) highest = Math.max(highest, logs[c]!);
  for (let c = 0; c < logs.length; c++) sum += logs[c] = Math.exp(logs[c]! - highest);
  for (let c = 0; c < logs.length; c++) logs[c]! /= sum;
}

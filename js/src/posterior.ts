// From what a model trained with focal loss says to posterior probabilities. The model's probability q of a class
// is shifted away from the posterior η by focusing and weights: η_c ∝ q_c / (α_c·φ_c(q_c)) with
// φ(q) = (1 − q)^γ − γ·(1 − q)^(γ−1)·q·log q (Charoenphakdee et al. 2021, Theorem 11; with a γ and an α per class).
// All of it is computed from margins, as logarithms: q itself would round to 0 or 1.

/** sp(t) = log(1 + eᵗ), without overflow. */
export function softplus(t: number): number {
  return t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t));
}

/** σ(t) = 1 / (1 + e⁻ᵗ). */
export function sigmoid(t: number): number {
  return 1 / (1 + Math.exp(-t));
}

/**
 * log(q / φ(q)) for q = σ(m): h_γ(m) = −sp(−m) + γ·sp(m) − log1p(γ·ρ(m)), ρ(m) = sp(−m)·eᵐ.
 * Increasing in m; h₀(m) = log q.
 */
export function unfocus(m: number, gamma: number): number {
  const small = Math.exp(-m);
  const rho = m <= 0 ? softplus(-m) * Math.exp(m) : small > 0 ? Math.log1p(small) / small : 1;
  return -softplus(-m) + gamma * softplus(m) - Math.log1p(gamma * rho);
}

/**
 * The part of a two-class posterior's logit that comes from the model, for the logit z of the positive class:
 * h_γ₊(z) − h_γ₋(−z). The posterior's logit is this − log(α₊ / α₋).
 */
export function unfocusBinary(z: number, gammaPositive: number, gammaNegative: number): number {
  return unfocus(z, gammaPositive) - unfocus(-z, gammaNegative);
}

/** Writes the margins m_c = z_c − log Σ_{j≠c} exp z_j of `logits` to `margins`. */
export function margins(logits: Float64Array, margins: Float64Array): void {
  let top = 0;
  for (let c = 1; c < logits.length; c++) if (logits[c]! > logits[top]!) top = c;
  const highest = logits[top]!;
  let second = -Infinity;
  let all = 0;
  for (let c = 0; c < logits.length; c++) {
    if (c !== top) second = Math.max(second, logits[c]!);
    all += Math.exp(logits[c]! - highest);
  }
  let others = 0;
  for (let c = 0; c < logits.length; c++) {
    if (c === top) continue;
    others += Math.exp(logits[c]! - second);
    // What is left of the sum is at least exp(0) for the highest, so nothing cancels.
    margins[c] = logits[c]! - highest - Math.log(all - Math.exp(logits[c]! - highest));
  }
  margins[top] = highest - second - Math.log(others);
}

/** Turns logarithms of unnormalised probabilities into probabilities that add up to 1, in place. */
export function normalise(logs: Float64Array): void {
  let highest = -Infinity;
  for (let c = 0; c < logs.length; c++) highest = Math.max(highest, logs[c]!);
  let sum = 0;
  for (let c = 0; c < logs.length; c++) sum += logs[c] = Math.exp(logs[c]! - highest);
  for (let c = 0; c < logs.length; c++) logs[c]! /= sum;
}

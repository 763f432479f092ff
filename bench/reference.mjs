// The objective in float64, written for clarity: what every peer's results are checked against.
//
//   J(W, b) = (1/n) Σ α_{yᵢ}·FL_γ(zᵢ, yᵢ) + (l2/2)·‖W‖²,  zᵢ = W·xᵢ + b,  FL_γ = −(1 − p_t)^γ·log p_t
//
// Two classes have one logit, more a softmax. W is head after head. An objective is { gamma, alpha, l2 }, alpha a weight
// for each class.

/** log(1 + e^z). */
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

export const heads = ({ classes }) => (classes === 2 ? 1 : classes);

/** α and loss of a row with logits z, and in `slope` the loss's derivatives. */
function lossOf(z, label, { gamma, alpha }, slope) {
  const a = alpha?.[label] ?? 1;
  if (z.length === 1) {
    const s = label ? 1 : -1;
    const p = Math.exp(-softplus(-s * z[0])), q = Math.exp(-softplus(s * z[0])), log = -softplus(-s * z[0]);
    slope[0] = a * s * q ** gamma * (gamma * p * log - q);
    return -a * q ** gamma * log;
  }
  const top = Math.max(...z);
  const sum = z.reduce((t, v) => t + Math.exp(v - top), 0);
  const log = z[label] - top - Math.log(sum), p = Math.exp(log);
  const q = z.reduce((t, v, k) => t + (k === label ? 0 : Math.exp(v - top)), 0) / sum;
  const byLog = a * (-(q ** gamma) + (gamma && gamma * q ** (gamma - 1) * p * log));
  for (let k = 0; k < z.length; k++) slope[k] = byLog * ((k === label) - Math.exp(z[k] - top) / sum);
  return -a * q ** gamma * log;
}

/** Value and gradient over the columns as they are, without the penalty. */
export function reference(problem, objective, w, b = new Float64Array(heads(problem))) {
  const { rows, columns, data, y, indptr, indices, values } = problem;
  const h = b.length, z = new Array(h).fill(0), slope = new Array(h).fill(0);
  const gradient = new Float64Array(h * columns), bias = new Float64Array(h);
  let value = 0;
  for (let i = 0; i < rows; i++) {
    const from = indptr ? indptr[i] : i * columns, to = indptr ? indptr[i + 1] : from + columns;
    const x = indptr ? values : data;
    for (let k = 0; k < h; k++) {
      let sum = b[k];
      for (let e = from; e < to; e++) sum += x[e] * w[k * columns + (indptr ? indices[e] : e - from)];
      z[k] = sum;
    }
    value += lossOf(z, y[i], objective, slope);
    for (let k = 0; k < h; k++) {
      bias[k] += slope[k];
      const s = slope[k];
      for (let e = from; e < to; e++) gradient[k * columns + (indptr ? indices[e] : e - from)] += s * x[e];
    }
  }
  const mean = (v) => v.map((g) => g / rows);
  return { value: value / rows, gradient: mean(gradient), bias: mean(bias) };
}

/**
 * Mean and population standard deviation of each column; a constant one has deviation 1. Sparse columns are scaled and
 * not centred, which moves only the intercept, so that their mean is 0 here.
 */
export function moments({ rows, columns, data, indptr, indices, values }) {
  const mean = new Float64Array(columns), square = new Float64Array(columns);
  const deviations = () => square.map((s) => Math.sqrt(s / rows) || 1);
  if (indptr) {
    for (let e = 0; e < indices.length; e++) mean[indices[e]] += values[e] / rows;
    for (let j = 0; j < columns; j++) square[j] = rows * mean[j] ** 2;
    for (let e = 0; e < indices.length; e++) square[indices[e]] += (values[e] - mean[indices[e]]) ** 2 - mean[indices[e]] ** 2;
    return { mean: new Float64Array(columns), deviation: deviations() };
  }
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j] += data[at++];
  for (let j = 0; j < columns; j++) mean[j] /= rows;
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) square[j] += (data[at++] - mean[j]) ** 2;
  return { mean, deviation: deviations() };
}

/** J and its gradient (weights, then intercepts) over standardised columns, at weights of standardised columns. */
export function standardised(problem, objective, { mean, deviation }, v) {
  const { columns } = problem, h = heads(problem);
  const { w, b } = toInput(problem, { mean, deviation }, v);
  const { value, gradient, bias } = reference(problem, objective, w, b);
  const out = new Float64Array(v.length);
  let penalty = 0;
  for (let k = 0; k < h; k++) {
    for (let j = 0; j < columns; j++) {
      const at = k * columns + j;
      penalty += v[at] ** 2;
      out[at] = (gradient[at] - mean[j] * bias[k]) / deviation[j] + objective.l2 * v[at];
    }
    out[h * columns + k] = bias[k];
  }
  return { value: value + (objective.l2 / 2) * penalty, gradient: out };
}

/** Weights of standardised columns, then intercepts, as weights w and intercepts b of the input's own units. */
export function toInput({ columns, classes }, { mean, deviation }, v) {
  const h = heads({ classes }), w = new Float64Array(h * columns), b = Float64Array.from(v.slice(h * columns));
  for (let k = 0; k < h; k++) for (let j = 0; j < columns; j++) {
    w[k * columns + j] = v[k * columns + j] / deviation[j];
    b[k] -= w[k * columns + j] * mean[j];
  }
  return { w, b };
}

/** The way back. */
export function toStandardised({ columns, classes }, { mean, deviation }, w, b) {
  const h = heads({ classes }), v = new Float64Array(h * columns + h);
  for (let k = 0; k < h; k++) {
    v[h * columns + k] = b[k];
    for (let j = 0; j < columns; j++) {
      v[k * columns + j] = w[k * columns + j] * deviation[j];
      v[h * columns + k] += w[k * columns + j] * mean[j];
    }
  }
  return v;
}

export const largest = (v) => v.reduce((m, x) => Math.max(m, Math.abs(x)), 0);

/** Throws unless value and gradient agree, to 1e-3 of the value and of the largest derivative. */
export function mustAgree(got, expected, limit = 1e-3) {
  const value = Math.abs(got.value / expected.value - 1);
  if (!(value <= limit)) throw new Error(`its value is ${got.value} where ${expected.value} is right`);
  const scale = largest(expected.gradient);
  let worst = got.gradient.length === expected.gradient.length ? 0 : NaN;
  for (let j = 0; j < expected.gradient.length; j++) worst = Math.max(worst, Math.abs(got.gradient[j] - expected.gradient[j]) / scale);
  if (!(worst <= limit)) throw new Error(`its gradient is off by ${worst.toExponential(1)} of the largest derivative`);
}

// Plain JavaScript: float32 data, float64 sums, no library. Blocks of rows go through three loops (logits, losses,
// gradient) while they are in the cache. Of several ways to unroll, the fastest on the problem at hand counts.
import { callsFor, timedCalls } from "../compare.mjs";
import { mustAgree } from "../reference.mjs";

const block = 64;

const logitsBy = {
  rows(X, w, b, z, from, n, d) {
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      const p = (from + i) * d, q = p + d, r = q + d, s = r + d;
      let z0 = b, z1 = b, z2 = b, z3 = b;
      for (let j = 0; j < d; j++) {
        const v = w[j];
        z0 += v * X[p + j];
        z1 += v * X[q + j];
        z2 += v * X[r + j];
        z3 += v * X[s + j];
      }
      z[i] = z0;
      z[i + 1] = z1;
      z[i + 2] = z2;
      z[i + 3] = z3;
    }
    for (; i < n; i++) z[i] = b + dot(X, (from + i) * d, w, 0, d);
  },
  columns(X, w, b, z, from, n, d) {
    for (let i = 0; i < n; i++) z[i] = b + dot(X, (from + i) * d, w, 0, d);
  },
};

const gradientBy = {
  rows(X, k, g, from, n, d) {
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      const p = (from + i) * d, q = p + d, r = q + d, s = r + d;
      const k0 = k[i], k1 = k[i + 1], k2 = k[i + 2], k3 = k[i + 3];
      for (let j = 0; j < d; j++) g[j] += k0 * X[p + j] + k1 * X[q + j] + (k2 * X[r + j] + k3 * X[s + j]);
    }
    for (; i < n; i++) add(X, (from + i) * d, k[i], g, 0, d);
  },
  columns(X, k, g, from, n, d) {
    for (let i = 0; i < n; i++) add(X, (from + i) * d, k[i], g, 0, d);
  },
};

function dot(X, p, w, q, d) {
  let a = 0, b = 0, c = 0, e = 0, j = 0;
  for (; j + 4 <= d; j += 4) {
    a += w[q + j] * X[p + j];
    b += w[q + j + 1] * X[p + j + 1];
    c += w[q + j + 2] * X[p + j + 2];
    e += w[q + j + 3] * X[p + j + 3];
  }
  for (; j < d; j++) a += w[q + j] * X[p + j];
  return a + b + (c + e);
}

function add(X, p, k, g, q, d) {
  let j = 0;
  for (; j + 4 <= d; j += 4) {
    g[q + j] += k * X[p + j];
    g[q + j + 1] += k * X[p + j + 1];
    g[q + j + 2] += k * X[p + j + 2];
    g[q + j + 3] += k * X[p + j + 3];
  }
  for (; j < d; j++) g[q + j] += k * X[p + j];
}

/** Replaces logits by derivatives and returns the losses' sum; γ is 0 or 2. */
function losses(z, y, from, n, gamma, negative, positive) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const label = y[from + i], s = label ? 1 : -1, a = label ? positive : negative;
    const m = s * z[i], e = Math.exp(-Math.abs(m)), inverse = 1 / (1 + e);
    const q = m >= 0 ? e * inverse : inverse;
    const un = m >= 0 ? Math.log(1 + e) : Math.log(1 + e) - m;
    if (gamma === 0) {
      sum += a * un;
      z[i] = -a * s * q;
    } else {
      const aq = a * q * q;
      sum += aq * un;
      z[i] = -s * aq * (2 * (1 - q) * un + q);
    }
  }
  return sum;
}

/** evaluate(w, b, gradient) → the mean loss; gradient has the intercept's derivative in its last place. */
export function binaryLoops({ rows, columns, data, y }, { gamma, alpha = [1, 1] }, { logits = "rows", gradient = "rows" } = {}) {
  const z = new Float64Array(block), forward = logitsBy[logits], backward = gradientBy[gradient];
  return (w, b, g) => {
    g.fill(0);
    let value = 0, bias = 0;
    for (let from = 0; from < rows; from += block) {
      const n = Math.min(block, rows - from);
      forward(data, w, b, z, from, n, columns);
      value += losses(z, y, from, n, gamma, alpha[0], alpha[1]);
      backward(data, z, g, from, n, columns);
      for (let i = 0; i < n; i++) bias += z[i];
    }
    for (let j = 0; j < columns; j++) g[j] /= rows;
    g[columns] = bias / rows;
    return value / rows;
  };
}

function sparseLoops({ rows, indptr, indices, values, y, columns }, { gamma, alpha = [1, 1] }) {
  const z = new Float64Array(block);
  return (w, b, g) => {
    g.fill(0);
    let value = 0, bias = 0;
    for (let from = 0; from < rows; from += block) {
      const n = Math.min(block, rows - from);
      for (let i = 0; i < n; i++) z[i] = b + gather(indices, values, indptr[from + i], indptr[from + i + 1], w);
      value += losses(z, y, from, n, gamma, alpha[0], alpha[1]);
      for (let i = 0; i < n; i++) {
        scatter(indices, values, indptr[from + i], indptr[from + i + 1], z[i] / rows, g);
        bias += z[i];
      }
    }
    g[columns] = bias / rows;
    return value / rows;
  };
}

function gather(indices, values, from, to, w) {
  let sum = 0;
  for (let e = from; e < to; e++) sum += w[indices[e]] * values[e];
  return sum;
}

function scatter(indices, values, from, to, k, g) {
  for (let e = from; e < to; e++) g[indices[e]] += k * values[e];
}

/** Softmax, γ = 2: a row with five classes at a time, as the weights stay in the cache. */
function softmaxLoops({ rows, columns: d, data, y, classes }) {
  const z = new Float64Array(classes);
  return (w, b, g) => {
    g.fill(0);
    let value = 0;
    for (let i = 0; i < rows; i++) {
      const p = i * d, label = y[i];
      let k = 0;
      for (; k + 5 <= classes; k += 5) {
        const q = k * d, r = q + d, s = r + d, t = s + d, u = t + d;
        let z0 = 0, z1 = 0, z2 = 0, z3 = 0, z4 = 0;
        for (let j = 0; j < d; j++) {
          const x = data[p + j];
          z0 += w[q + j] * x;
          z1 += w[r + j] * x;
          z2 += w[s + j] * x;
          z3 += w[t + j] * x;
          z4 += w[u + j] * x;
        }
        z[k] = z0;
        z[k + 1] = z1;
        z[k + 2] = z2;
        z[k + 3] = z3;
        z[k + 4] = z4;
      }
      for (; k < classes; k++) z[k] = dot(data, p, w, k * d, d);
      let top = -Infinity, sum = 0;
      for (k = 0; k < classes; k++) top = Math.max(top, z[k]);
      const log = z[label] - top;
      for (k = 0; k < classes; k++) sum += z[k] = Math.exp(z[k] - top);
      const lp = log - Math.log(sum), pt = z[label] / sum, q = 1 - pt;
      value -= q * q * lp;
      const c = q * (2 * pt * lp - q);
      for (k = 0; k < classes; k++) z[k] = (c * ((k === label ? 1 : 0) - z[k] / sum)) / rows;
      for (k = 0; k + 5 <= classes; k += 5) {
        const k0 = z[k], k1 = z[k + 1], k2 = z[k + 2], k3 = z[k + 3], k4 = z[k + 4];
        const q = k * d, r = q + d, s = r + d, t = s + d, u = t + d;
        for (let j = 0; j < d; j++) {
          const x = data[p + j];
          g[q + j] += k0 * x;
          g[r + j] += k1 * x;
          g[s + j] += k2 * x;
          g[t + j] += k3 * x;
          g[u + j] += k4 * x;
        }
      }
      for (; k < classes; k++) add(data, p, z[k], g, k * d, d);
    }
    return value / rows;
  };
}

/** The peer of a pass at weights w. */
export function loopsPass(problem, objective, w, expected) {
  return {
    name: "JavaScript loops",
    async open() {
      const g = new Float64Array(w.length + 1);
      const ways = problem.classes > 2 ? { "row by row": softmaxLoops(problem) }
        : problem.indptr ? { "row by row": sparseLoops(problem, objective) }
        : {
          "4 rows at a time": binaryLoops(problem, objective),
          "4 columns at a time": binaryLoops(problem, objective, { logits: "columns", gradient: "columns" }),
          "4 columns, then 4 rows": binaryLoops(problem, objective, { logits: "columns" }),
        };
      const [note, evaluate] = await fastestOf(ways, (f) => f(w, 0, g));
      return {
        note,
        check() {
          const value = evaluate(w, 0, g);
          mustAgree({ value, gradient: g.subarray(0, w.length) }, expected);
        },
        sample: await timedCalls(() => evaluate(w, 0, g)),
      };
    },
  };
}

/** The entry of `ways` whose call takes least. */
export async function fastestOf(ways, call) {
  const list = Object.entries(ways);
  if (list.length === 1) return list[0];
  let best, least = Infinity;
  for (const entry of list) {
    const calls = await callsFor(20, () => call(entry[1]));
    for (let round = 0; round < 3; round++) {
      const start = performance.now();
      for (let c = 0; c < calls; c++) {
        const wait = call(entry[1]);
        if (wait instanceof Promise) await wait;
      }
      const took = (performance.now() - start) / calls;
      if (took < least) [best, least] = [entry, took];
    }
  }
  return best;
}

/** Columns less their mean, over their deviation, in float32: what a program without a scaler does first. */
export function standardise({ rows, columns, data }) {
  const mean = new Float64Array(columns), square = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j] += data[at++];
  for (let j = 0; j < columns; j++) mean[j] /= rows;
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
    const x = data[at++] - mean[j];
    square[j] += x * x;
  }
  const deviation = square.map((s) => Math.sqrt(s / rows) || 1), inverse = deviation.map((s) => 1 / s);
  const scaled = new Float32Array(rows * columns);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) scaled[at] = (data[at] - mean[j]) * inverse[j];
  return { scaled, mean, deviation };
}

/** P(positive) of every row, rows × 2. */
export function loopsProba({ rows, columns, data }, w, b) {
  const out = new Float64Array(2 * rows), z = new Float64Array(block);
  for (let from = 0; from < rows; from += block) {
    const n = Math.min(block, rows - from);
    logitsBy.rows(data, w, b, z, from, n, columns);
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-z[i]));
      out[2 * (from + i)] = 1 - p;
      out[2 * (from + i) + 1] = p;
    }
  }
  return out;
}

// Seeded problems: a spec gives the same numbers in Node and in a browser.

/** Uniform numbers in [0, 1) (mulberry32). */
export function random(seed) {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers, by Box and Muller. */
export function normals(u) {
  let spare, have = false;
  return () => {
    if (have) {
      have = false;
      return spare;
    }
    const r = Math.sqrt(-2 * Math.log(1 - u())), angle = 2 * Math.PI * u();
    spare = r * Math.sin(angle);
    have = true;
    return r * Math.cos(angle);
  };
}

/** A point to evaluate at: weights around 0, of a scale that spreads the logits over a few units. */
export function point(length, scale = 0.1, seed = 7) {
  const normal = normals(random(seed));
  return Float64Array.from({ length }, () => Math.fround(scale * normal()));
}

/**
 * Columns each correlated by 0.9 with the one before, so that solvers have tens of iterations to do; class c stands out in
 * column c. Of two classes one row in 50 is positive.
 */
function dense({ rows, columns, classes = 2, seed = 1 }) {
  const u = random(seed), normal = normals(u);
  const data = new Float32Array(rows * columns), y = new Int32Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let x = normal();
    y[i] = classes === 2 ? +(u() < 0.02) : Math.floor(u() * classes);
    for (let j = 0; j < columns; j++) data[at++] = x = 0.9 * x + 0.43589 * normal();
    if (classes > 2 || y[i]) data[i * columns + (classes > 2 ? y[i] % columns : 0)] += 1;
  }
  return { data, y };
}

/**
 * As payments by card: columns are mixtures of independent factors, one in five has a heavy tail, their scales differ by
 * powers of ten, and the rare class (a share of `rate`) follows a logistic model of the factors. The correlations of 12,
 * 30 and 64 columns have condition 180, 440 and 1,100.
 */
function card({ rows, columns, rate = 0.002, seed = 2 }) {
  const u = random(seed), normal = normals(u);
  const mix = Array.from({ length: columns }, (_, j) =>
    Array.from({ length: Math.min(j, 3) }, () => [Math.floor(u() * j), 0.8 * normal()]));
  const scale = Array.from({ length: columns }, () => 10 ** (4 * u() - 2));
  const centre = scale.map((s) => 3 * s * (u() - 0.5));
  const weight = Array.from({ length: columns }, (_, j) => (j % 2 ? 0.9 : 0.4) * normal());
  const data = new Float32Array(rows * columns), logits = new Float64Array(rows), factors = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) factors[j] = normal();
    for (let j = 0; j < columns; j++) {
      let x = factors[j];
      for (const [k, c] of mix[j]) x += c * factors[k];
      if (j % 5 === 4) x = Math.exp(0.9 * x);
      data[at++] = centre[j] + scale[j] * x;
      logits[i] += weight[j] * factors[j];
    }
  }
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  let low = -60, high = 60;
  while (high - low > 1e-9) {
    const b = (low + high) / 2;
    let sum = 0;
    for (const z of logits) sum += sigmoid(z + b);
    if (sum > rate * rows) high = b;
    else low = b;
  }
  return { data, y: Int32Array.from(logits, (z) => +(u() < sigmoid(z + low))) };
}

/**
 * As hashed words: their ranks follow Zipf and Mandelbrot's law, 1/(rank + 10), or are uniform; their columns are scattered. With `cover` the
 * ranks below it come in turn, so that all of these columns are used by few non-zeros.
 */
function sparse({ rows, columns, perRow, zipf = true, cover, seed = 3 }) {
  const u = random(seed), normal = normals(u);
  const indptr = new Int32Array(rows + 1), indices = new Int32Array(rows * perRow), values = new Float32Array(rows * perRow);
  const y = new Int32Array(rows), seen = new Set();
  let next = 0;
  const rank = () => cover ? next++ % cover : Math.floor(zipf ? 10 * (columns / 10 + 1) ** u() - 10 : columns * u());
  for (let i = 0, at = 0; i < rows; i++) {
    seen.clear();
    while (seen.size < perRow) seen.add(Math.imul(rank(), 0x9e3779b1) & (columns - 1));
    const row = indices.subarray(at, at + perRow);
    row.set([...seen]);
    row.sort();
    let score = -0.9;
    for (const j of row) {
      const sign = Math.imul(j, 0x85ebca6b) & 0x1000 ? 1 : -1;
      values[at++] = sign / Math.sqrt(perRow);
      score += (j % 7 === 0 ? sign : 0) / Math.sqrt(perRow);
    }
    y[i] = +(score + 0.5 * normal() > 0);
    indptr[i + 1] = at;
  }
  return { indptr, indices, values, y };
}

const makers = { dense, card, sparse };
const made = new Map();

/** The problem of a spec: with the spec's fields `data` or `indptr`, `indices`, `values`, and labels `y` from 0. */
export function problem(spec) {
  const key = JSON.stringify(spec);
  if (!made.has(key)) made.set(key, { classes: 2, ...spec, spec, ...makers[spec.kind](spec) });
  return made.get(key);
}

/** Lets go of the problems made. */
export function forget() {
  made.clear();
}

export const shapeName = ({ rows, columns }) => `${rows.toLocaleString("en")} × ${columns.toLocaleString("en")}`;

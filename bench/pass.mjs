// One pass of value and gradient (binary focal loss, γ = 2, float32) through the package: the SIMD binary, the plain one,
// and a plain JavaScript loop, in Node. Prints the fastest of several in nanoseconds a row, and ratios of the same run.
// A pass of the package is what five iterations of a fit take longer than one, the solver's own work included.
import { createEngine, FocalClassifier } from "../js/dist/index.js";

function random(a) {
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function problem(rows, columns) {
  const u = random(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
  const data = new Float32Array(rows * columns).map(normal);
  const y = new Float32Array(rows).map(() => (u() < 0.02 ? 1 : 0));
  for (let i = 0; i < rows; i++) if (y[i]) data[i * columns] += 1;
  return { data, y, w: new Float32Array(columns).map(() => normal() * 0.1) };
}

function loop(X, y, w, g, rows, columns) {
  g.fill(0);
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const base = i * columns;
    let z = 0;
    for (let j = 0; j < columns; j++) z += w[j] * X[base + j];
    const s = 2 * y[i] - 1;
    const m = s * z;
    const e = Math.exp(-Math.abs(m));
    const l = Math.log1p(e);
    const inv = 1 / (1 + e);
    const p = m >= 0 ? inv : e * inv;
    const q = m >= 0 ? e * inv : inv;
    const un = m >= 0 ? l : l - m;
    loss += q * q * un;
    const k = -s * q * q * (2 * p * un + q);
    for (let j = 0; j < columns; j++) g[j] += k * X[base + j];
  }
  return loss;
}

async function throughEngine(engine, { data, y }, rows, columns, repeats) {
  const fastest = async (maxIterations) => {
    let best = { solveSeconds: Infinity };
    for (let r = 0; r < repeats; r++) {
      const clf = new FocalClassifier({ engine, maxIterations, tolerance: 1e-9 });
      const report = await clf.fit({ data, rows, columns }, y);
      if (report.solveSeconds < best.solveSeconds) best = report;
    }
    return best;
  };
  const short = await fastest(1);
  const long = await fastest(5);
  return ((long.solveSeconds - short.solveSeconds) * 1e9) / (long.evaluations - short.evaluations) / rows;
}

const simd = createEngine({ simd: true });
const plain = createEngine({ simd: false });
const table = [];
for (const [rows, columns] of [[284800, 32], [20032, 64], [5056, 1024]]) {
  const p = problem(rows, columns);
  const g = new Float64Array(columns);
  let js = Infinity;
  for (let r = 0; r < 9; r++) {
    const t = performance.now();
    loop(p.data, p.y, p.w, g, rows, columns);
    js = Math.min(js, ((performance.now() - t) * 1e6) / rows);
  }
  const fast = await throughEngine(simd, p, rows, columns, 9);
  const slow = await throughEngine(plain, p, rows, columns, 3);
  table.push({ shape: `${rows} × ${columns}`, "SIMD ns/row": +fast.toFixed(1), "plain ns/row": +slow.toFixed(1), "JavaScript loop ns/row": +js.toFixed(1), "JavaScript / SIMD": +(js / fast).toFixed(1) });
}
console.table(table);
await simd.dispose();
await plain.dispose();

// TensorFlow.js 4.22: its backend in plain JavaScript, and the one in WebAssembly. In a page that is cross-origin isolated
// that loads its binary with threads and takes as many as it sees fit (of 2 cores 1, whatever setThreadsCount says); in
// Node it has none. Gradients by autodiff and in closed form; the fastest counts.
import * as tf from "#tfjs";
import { timedCalls } from "../compare.mjs";
import { mustAgree } from "../reference.mjs";
import { fastestOf, standardise } from "./loops.mjs";

const { add, matMul, mul, sub } = tf;
tf.enableProdMode(); // without it a greeting is printed
const inNode = typeof process === "object" && Boolean(process.versions?.node);

let located = false;

/** Makes `backend` the one in use; what it then is, in words. */
export async function use(backend) {
  if (tf.getBackend() !== backend) {
    if (backend === "wasm" && !located) {
      located = true;
      tf.setWasmPaths(inNode ? (await import("node:url")).fileURLToPath(new URL("../dist/", import.meta.url)) : "/bench/dist/");
    }
    if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js could not start its ${backend} backend`);
    await tf.ready();
  }
  if (backend === "cpu") return "";
  const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) ? "SIMD" : "no SIMD";
  if (inNode) return `${simd}, one thread, as it has no more in Node`;
  const threaded = await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT");
  return `${simd}, ${threaded ? `threaded binary, which takes ${tf.getThreadsCount()} of ${navigator.hardwareConcurrency} cores` : "no threads"}`;
}

export { tf };

/** The tensors and the two gradients of two classes; with an intercept b as a second variable. */
export function binary(problem, { gamma, alpha }, data = problem.data) {
  const { rows, columns, y } = problem;
  const column = (f) => tf.tensor2d(Float32Array.from(y, f), [rows, 1]);
  const a = (c) => (alpha?.[c] ?? 1) / rows, sign = (c) => (c ? -1 : 1);
  const X = tf.tensor2d(data, [rows, columns]), s = column(sign), weight = column(a), signed = column((c) => a(c) * sign(c));
  /** −s·z, of which the loss is the softplus. */
  const miss = (w, b) => mul(b ? add(matMul(X, w), b) : matMul(X, w), s);
  const autodiff = (w, b) => {
    const { value, grads } = tf.valueAndGrads((...v) => {
      const m = miss(...v), un = tf.softplus(m);
      return tf.sum(mul(gamma === 0 ? un : mul(tf.square(tf.sigmoid(m)), un), weight));
    })(b ? [w, b] : [w]);
    return [value, ...grads];
  };
  const closed = (w, b) => {
    const m = miss(w, b), un = tf.softplus(m), q = tf.sigmoid(m);
    const q2 = gamma === 0 ? null : tf.square(q);
    const value = tf.sum(mul(q2 ? mul(q2, un) : un, weight));
    const k = q2 ? mul(mul(add(mul(mul(sub(1, q), un), 2), q), q2), signed) : mul(q, signed);
    return [value, matMul(X, k, true, false), ...(b ? [tf.sum(k)] : [])];
  };
  // X as the second factor is packed once and kept; so it is held both ways round.
  const Xt = tf.transpose(X), row = (t) => tf.reshape(t, [1, rows]);
  const packed = (w, b) => {
    const z = matMul(tf.reshape(w, [1, columns]), Xt), m = mul(b ? add(z, b) : z, row(s));
    const un = tf.softplus(m), q = tf.sigmoid(m), q2 = gamma === 0 ? null : tf.square(q);
    const value = tf.sum(mul(q2 ? mul(q2, un) : un, row(weight)));
    const k = q2 ? mul(mul(add(mul(mul(sub(1, q), un), 2), q), q2), row(signed)) : mul(q, row(signed));
    return [value, matMul(k, X), ...(b ? [tf.sum(k)] : [])];
  };
  return {
    ways: { autodiff, "closed form": closed, "closed form, rows and columns held": packed },
    shape: [columns, 1],
    close: () => tf.dispose([X, Xt, s, weight, signed]),
  };
}

function softmax({ rows, columns, data, y, classes }) {
  const X = tf.tensor2d(data, [rows, columns]);
  const T = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(y, "int32"), classes), "float32"));
  const logOf = (w) => tf.logSoftmax(matMul(X, w, false, true));
  const autodiff = (w) => {
    const { value, grads } = tf.valueAndGrads((v) => {
      const lt = tf.sum(mul(logOf(v), T), 1);
      return tf.div(tf.sum(mul(tf.square(sub(1, tf.exp(lt))), lt)), -rows);
    })([w]);
    return [value, ...grads];
  };
  const closed = (product) => (w) => {
    const log = logOf(w), lt = tf.sum(mul(log, T), 1, true), pt = tf.exp(lt), q = sub(1, pt);
    const value = tf.div(tf.sum(mul(tf.square(q), lt)), -rows);
    const c = tf.div(mul(sub(mul(mul(pt, lt), 2), q), q), rows);
    return [value, product(mul(sub(T, tf.exp(log)), c))];
  };
  const ways = {
    autodiff,
    "closed form": closed((k) => matMul(k, X, true, false)),
    "closed form, gradient transposed": closed((k) => matMul(tf.transpose(k), X)),
  };
  return { ways, shape: [classes, columns], close: () => tf.dispose([X, T]) };
}

/** One evaluation, from weights in an array to value and gradient in arrays. */
export async function evaluate(way, w, shape, b) {
  const out = tf.tidy(() => way(tf.tensor2d(w, shape), b === undefined ? undefined : tf.scalar(b)));
  const [value, gradient, bias] = await Promise.all(out.map((t) => t.data()));
  tf.dispose(out);
  return { value: value[0], gradient, bias: bias?.[0] };
}

/** The peer of a pass at weights w. */
export function tfjsPass(problem, objective, w, expected, backend) {
  return {
    name: `TensorFlow.js ${backend}`,
    async open() {
      const variant = await use(backend);
      const { ways, shape, close } = problem.classes > 2 ? softmax(problem) : binary(problem, objective);
      const w32 = Float32Array.from(w);
      const [name, way] = await fastestOf(ways, (f) => evaluate(f, w32, shape));
      const sample = await timedCalls(() => evaluate(way, w32, shape));
      return {
        note: [variant, name].filter(Boolean).join(", "),
        async check() {
          mustAgree(await evaluate(way, w32, shape), expected);
        },
        async sample() {
          await use(backend);
          return sample();
        },
        async close() {
          await use(backend);
          close();
        },
      };
    },
  };
}

/** For a whole fit: standardises, uploads, and gives f(v) for a solver. v is the weights, then the intercept. */
export async function openFit(problem, objective, backend) {
  await use(backend);
  const { scaled, mean, deviation } = standardise(problem);
  const { ways, shape, close } = binary(problem, objective, scaled);
  const d = problem.columns;
  const f = (way) => async (v) => {
    const { value, gradient, bias } = await evaluate(way, Float32Array.from(v.subarray(0, d)), shape, v[d]);
    const g = new Float64Array(d + 1);
    let penalty = 0;
    for (let j = 0; j < d; j++) {
      g[j] = gradient[j] + objective.l2 * v[j];
      penalty += v[j] ** 2;
    }
    g[d] = bias;
    return { value: value + (objective.l2 / 2) * penalty, gradient: g };
  };
  return { f, ways, close, moments: { mean, deviation } };
}


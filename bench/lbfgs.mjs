// Limited-memory BFGS for peers that have value and gradient but no such solver, and for the reference optimum.
// Source: Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.5; the line search bisects to the weak Wolfe
// conditions (Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods", 2013, algorithm 2.6).
import { largest } from "./reference.mjs";

const dot = (a, b) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/**
 * Minimises f from x, until ‖∇f‖∞ ≤ tolerance · max(1, ‖∇f(0)‖∞) or no step leads down.
 * f(x) gives { value, gradient }, or a promise of it, in arrays of its own; `noise` is the relative error of the value.
 */
export async function minimise(f, x, { tolerance, maxIterations = 500, memory = 10, noise = 1e-15 }) {
  let { value, gradient } = await f(x);
  let evaluations = 1, iterations = 0;
  const limit = tolerance * Math.max(1, largest(gradient)), pairs = [];
  while (iterations < maxIterations && largest(gradient) > limit) {
    const direction = descend(gradient, pairs);
    const slope = dot(direction, gradient);
    let t = pairs.length ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    let low = 0, high = Infinity, next;
    for (let trial = 0; trial < 40; trial++) {
      const at = x.map((v, i) => v + t * direction[i]);
      const there = await f(at);
      evaluations++;
      if (!(there.value <= value + 1e-4 * t * slope + noise * Math.abs(value))) high = t;
      else if (dot(there.gradient, direction) < 0.9 * slope) low = t;
      else {
        next = { at, ...there };
        break;
      }
      t = high < Infinity ? (low + high) / 2 : 2 * low;
    }
    if (!next) {
      if (!pairs.length) break;
      pairs.length = 0;
      continue;
    }
    const s = next.at.map((v, i) => v - x[i]), y = next.gradient.map((v, i) => v - gradient[i]), sy = dot(s, y);
    if (sy > 1e-10 * dot(y, y)) pairs.push({ s, y, sy });
    if (pairs.length > memory) pairs.shift();
    ({ at: x, value, gradient } = next);
    iterations++;
  }
  return { x, value, gradient, iterations, evaluations };
}

/** −H·g by the two loops over the pairs. */
function descend(gradient, pairs) {
  const d = gradient.map((g) => -g), a = [];
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, sy } = pairs[k];
    a[k] = dot(s, d) / sy;
    for (let i = 0; i < d.length; i++) d[i] -= a[k] * y[i];
  }
  if (pairs.length) {
    const { y, sy } = pairs.at(-1), scale = sy / dot(y, y);
    for (let i = 0; i < d.length; i++) d[i] *= scale;
  }
  pairs.forEach(({ s, y, sy }, k) => {
    const b = a[k] - dot(y, d) / sy;
    for (let i = 0; i < d.length; i++) d[i] += b * s[i];
  });
  return d;
}

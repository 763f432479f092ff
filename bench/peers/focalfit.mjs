// focalfit through its package, as its users call it.
import { createEngine, FocalClassifier } from "../../js/dist/index.js";
import { heads, largest, mustAgree, standardised, toStandardised } from "../reference.mjs";
import { summariseDifference } from "../statistics.mjs";

export { createEngine, FocalClassifier };

export function matrixOf({ rows, columns, data, indptr, indices, values }) {
  return indptr ? { rows, columns, indptr, indices, values } : { rows, columns, data };
}

/** Weights and intercepts of a fitted classifier, in the input's own units. */
export const modelOf = ({ coefficients, intercepts }) => ({ w: coefficients.data, b: intercepts });

/** With two classes α is that of the positive one, and the weights add up to 1. */
const alphaOf = ({ alpha }) => (alpha ? { alpha: alpha.length === 2 ? alpha[1] : alpha } : {});

/**
 * The peer of a pass: what long fits take longer than short ones, by their passes, all defaults kept (standardised
 * columns, an intercept, `lbfgs` as the solver). The solver's own work between passes is in it.
 */
export function focalfitPass(problem, objective, moments, { simd = true, long = 24, milliseconds = 40 } = {}) {
  return {
    name: simd ? "focalfit" : "focalfit without SIMD",
    async open() {
      const engine = createEngine({ simd });
      try {
        return await opened(engine);
      } catch (error) {
        await engine.dispose();
        throw error;
      }
    },
  };

  async function opened(engine) {
    const X = await engine.dataset(matrixOf(problem));
    const l2 = 1e-6;
    const fit = async (maxIterations) => {
      const clf = new FocalClassifier({ engine, gamma: objective.gamma, ...alphaOf(objective), l2, solver: "lbfgs", tolerance: 1e-12, maxIterations });
      return { clf, report: await clf.fit(X, problem.y) };
    };
    // V8 compiles a function of WebAssembly again, and better, once it has run for a while.
    for (const until = performance.now() + 400; performance.now() < until;) await fit(long);
    const once = (await fit(long)).report;
    const fits = Math.max(once.solveSeconds < 0.2 ? 3 : 1, Math.ceil(milliseconds / 1000 / once.solveSeconds));
    const least = (await fit(1)).report.evaluations, passes = once.evaluations - least;
    return {
      note: `${once.evaluations} passes less ${least}`,
      async check() {
        const { clf, report } = await fit(2);
        const { w, b } = modelOf(clf);
        const there = standardised(problem, { ...objective, l2 }, moments, toStandardised(problem, moments, w, b));
        mustAgree({ value: report.objective, gradient: [report.gradientNorm] }, { value: there.value, gradient: [largest(there.gradient)] });
        const start = new Float64Array(heads(problem) * (problem.columns + 1));
        if (!(there.value < standardised(problem, { ...objective, l2 }, moments, start).value)) throw new Error("its fit leads nowhere");
      },
      async sample() {
        const seconds = { long: [], short: [] };
        for (let f = 0; f < fits; f++) {
          const a = (await fit(long)).report, b = (await fit(1)).report;
          if (a.evaluations - b.evaluations !== passes) throw new Error("its fits differ from one another");
          seconds.long.push(a.solveSeconds);
          seconds.short.push(b.solveSeconds);
        }
        return seconds;
      },
      summary: (samples) => summariseDifference(samples.flatMap((s) => s.long), samples.flatMap((s) => s.short), 1 / passes),
      async close() {
        await engine.dispose();
      },
    };
  }
}

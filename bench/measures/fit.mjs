// Whole fits to 1e-6 of the optimum: logistic regression (γ = 0) with balanced classes, l2 = 1e-4, standardised columns.
// Each program runs at the loosest tolerance of its own that gets there; its J is computed here, in float64.
import { compare, entryOf } from "../compare.mjs";
import { problem, shapeName } from "../data.mjs";
import { minimise } from "../lbfgs.mjs";
import { createEngine, FocalClassifier, matrixOf, modelOf } from "../peers/focalfit.mjs";
import { binaryLoops, fastestOf, standardise } from "../peers/loops.mjs";
import { openFit } from "../peers/tfjs.mjs";
import { moments, standardised, toInput, toStandardised } from "../reference.mjs";
import { bar, digits, median, spread, summarise } from "../statistics.mjs";

const l2 = 1e-4, target = 1e-6;
const ladder = Array.from({ length: 17 }, (_, i) => 10 ** (-1 - i / 2));
const clock = () => performance.now() / 1000;

/** J*, with the bound ‖∇J‖²/(2·l2) on how far it is off. */
async function optimum(p, objective, m) {
  const f = (v) => standardised(p, objective, m, v);
  const { value, gradient } = await minimise(f, new Float64Array(p.columns + 1), { tolerance: 1e-9, maxIterations: 1000, memory: 20 });
  const off = gradient.reduce((s, g) => s + g * g, 0) / (2 * l2) / value;
  if (!(off < 1e-10)) throw new Error(`the optimum is known to ${off.toExponential(1)} only`);
  return value;
}

/**
 * A peer of compare() from run(tolerance) → { seconds, w, b, ... }: it looks for its tolerance when it is opened, unless
 * `steps` is empty; then it runs at its defaults.
 */
function fitting(name, { steps, run, note = () => "", close, gapOf }) {
  return {
    name,
    async open() {
      const made = await run();
      let chosen, last, idle = 0;
      for (const tolerance of steps.length ? steps : [undefined]) {
        const before = last?.gap ?? Infinity;
        last = await made(tolerance);
        last.gap = gapOf(last);
        chosen = tolerance;
        idle = last.gap < 0.9 * before ? 0 : idle + 1;
        if (last.gap <= target || (last.gap < 1e-2 && idle === 2)) break; // there, or as far as it gets
      }
      const missed = steps.length && last.gap > target ? `does not reach 1e-6: ` : "";
      return {
        note: `${missed}gap ${digits(last.gap)}; ${[chosen && `tolerance ${chosen.toExponential(0)}`, note(last)].filter(Boolean).join(", ")}`,
        async sample() {
          const result = await made(chosen);
          return { seconds: result.seconds, result };
        },
        summary(samples) {
          const of = (key) => (last[key] === undefined ? undefined : median(samples.map((s) => s.result[key])));
          return { ...summarise(samples.map((s) => s.seconds)), gap: last.gap, evaluations: last.evaluations, scaler: of("scalerSeconds"), solve: of("solveSeconds") };
        },
        close,
      };
    },
  };
}

function programs(bench, p, objective, gapOf, engine) {
  const { columns } = p;
  const ours = (options) => async (tolerance) => {
    const clf = new FocalClassifier({ engine, gamma: 0, classWeight: "balanced", l2, ...options, ...(tolerance && { tolerance }) });
    const start = clock();
    const report = await clf.fit(matrixOf(p), p.y);
    return { seconds: clock() - start, ...modelOf(clf), evaluations: report.evaluations, solveSeconds: report.solveSeconds };
  };
  const passes = (r) => `${r.evaluations} passes`;
  /** L-BFGS over f, value and gradient of standardised columns, which `open` makes; all of it is timed. */
  const driven = (open, noise) => async (tolerance) => {
    const start = clock();
    const { f, moments: m, close } = await open();
    try {
      const { x, evaluations } = await minimise(f, new Float64Array(columns + 1), { tolerance, noise });
      return { seconds: clock() - start, ...toInput(p, m, x), evaluations };
    } finally {
      close?.();
    }
  };
  const loops = () => {
    const { scaled, mean, deviation } = standardise(p);
    const evaluate = binaryLoops({ ...p, data: scaled }, objective);
    return {
      moments: { mean, deviation },
      f(v) {
        const gradient = new Float64Array(columns + 1);
        let value = evaluate(v, v[columns], gradient);
        for (let j = 0; j < columns; j++) {
          gradient[j] += l2 * v[j];
          value += (l2 / 2) * v[j] ** 2;
        }
        return { value, gradient };
      },
    };
  };
  let way;
  const tfjs = async () => {
    const opened = await openFit(p, objective, "wasm");
    way ??= (await fastestOf(opened.ways, (g) => opened.f(g)(new Float64Array(columns + 1))))[0];
    return { ...opened, f: opened.f(opened.ways[way]) };
  };
  const sklearn = (dtype) => async () => {
    const key = await bench.native.load(p.spec);
    return (tol) => bench.native.call("sklearn_fit", { problem: key, dtype, l2, ...(tol && { tol }) });
  };
  const torch = (dtype) => async () => {
    const key = await bench.native.load(p.spec);
    return (tol) => bench.native.call("torch_fit", { problem: key, alpha: objective.alpha, l2, tol, dtype });
  };
  const iterations = (r) => `${r.iterations} iterations`;
  const n = p.rows;
  return [
    fitting("focalfit", { steps: ladder, run: () => ours({}), note: passes, gapOf }),
    fitting("focalfit, defaults", { steps: [], run: () => ours({}), note: passes, gapOf }),
    fitting("focalfit, lbfgs", { steps: ladder, run: () => ours({ solver: "lbfgs" }), note: passes, gapOf }),
    ...(bench.native?.versions.sklearn ? [
      fitting("scikit-learn, float32", { steps: ladder.map((t) => t * n), run: sklearn("float32"), note: iterations, gapOf }),
      fitting("scikit-learn, float64", { steps: ladder.map((t) => t * n), run: sklearn("float64"), note: iterations, gapOf }),
      fitting("scikit-learn, defaults, float32", { steps: [], run: sklearn("float32"), note: iterations, gapOf }),
    ] : []),
    ...(bench.native?.versions.torch ? ["float32", "float64"].map((dtype) => fitting(`PyTorch, its L-BFGS, ${dtype}`, { steps: ladder, run: torch(dtype), note: passes, gapOf })) : []),
    fitting("JavaScript loops + L-BFGS", { steps: ladder, run: () => driven(loops, 1e-12), note: passes, gapOf }),
    fitting("TensorFlow.js wasm + L-BFGS", {
      steps: ladder, note: (r) => `${passes(r)}, ${way}`, gapOf,
      async run() {
        (await tfjs()).close(); // chooses the way
        return driven(tfjs, 1e-6);
      },
    }),
  ];
}

/** Those with an objective of their own run once, in Node. */
async function others(bench, p, objective, gapOf) {
  if (bench.runtime !== "node" || p.rows > 50000) return [];
  const { libsvm, mlLogistic } = await import("../peers/others.mjs");
  const rows = [];
  for (const [name, run] of [
    ["ml-logistic-regression", () => mlLogistic(p, bench.quick ? 1 : 8)],
    ...(p.rows < 5000 ? [["libsvm-js", () => libsvm(p, objective)]] : []),
  ]) {
    try {
      const result = await run();
      rows.push([name, digits(result.seconds * 1e3), "one run", "", `gap ${digits(gapOf(result))}; ${result.note}`]);
    } catch (error) {
      rows.push([name, `failed: ${error.message}`, "", "", ""]);
    }
  }
  return rows;
}

/** A row of the table: of the time what is not the solver's. */
function rowOf({ name, error, note, summary }, us) {
  if (error) return [name, `failed: ${error}`, "", "", ""];
  const { scaler, solve, median: all } = summary, ms = (seconds) => `${digits(seconds * 1e3)} ms`;
  const parts = [note];
  if (scaler !== undefined) parts.push(`without StandardScaler ${ms(all - scaler)}`);
  if (solve !== undefined) parts.push(`solver ${ms(solve)}, upload and the rest ${ms(all - solve)}`);
  return [name, digits(summary.fastest * 1e3), spread(summary, 1e3), us ? digits(all / us.summary.median) : "", parts.join("; ")];
}

export default {
  name: "fit",
  title: "Whole fits to 1e-6 of the optimum",
  async run(bench) {
    const shapes = bench.quick ? [[1461, 12, 0.018], [5008, 64, 0.02]] : [[1461, 12, 0.018], [20032, 64, 0.02], [284800, 30, 0.002]];
    const tables = [], bars = [];
    for (const [rows, columns, rate] of shapes) {
      const p = problem({ kind: "card", rows, columns, rate });
      const positives = p.y.reduce((a, b) => a + b, 0), m = moments(p);
      const objective = { gamma: 0, alpha: [rows / (2 * (rows - positives)), rows / (2 * positives)], l2 };
      const best = await optimum(p, objective, m);
      const gapOf = ({ w, b }) => standardised(p, objective, m, toStandardised(p, m, w, b)).value / best - 1;
      const engine = createEngine();
      try {
        await engine.start();
        const entries = await compare(programs(bench, p, objective, gapOf, engine), { rounds: bench.quick ? 3 : rows < 5000 ? 25 : 5, log: bench.log });
        const us = entryOf(entries, "focalfit");
        const shape = shapeName(p);
        tables.push({
          caption: `${shape}, ${positives} rows of the rare class, J* = ${best.toPrecision(10)}; milliseconds`,
          head: ["", "fastest, ms", "median (quartiles)", "median, × focalfit", "how"],
          rows: [...entries.map((e) => rowOf(e, us)), ...(await others(bench, p, objective, gapOf))],
        });
        const native = ["scikit-learn, float32", "scikit-learn, float64"].map((name) => entryOf(entries, name)).filter((e) => e && e.summary.gap <= target);
        const reached = us && us.summary.gap <= target;
        const fastest = Math.min(...native.map((e) => e.summary.median));
        if (!bench.quick && rows < 100000) continue; // the bars are for many rows
        bars.push(bar(`${shape}: the faster scikit-learn takes, × focalfit`, "≥", 2, reached && native.length ? fastest / us.summary.median : undefined, "×"));
        bars.push(bar(`${shape}: passes`, "≤", 10, reached ? us.summary.evaluations : undefined));
      } finally {
        await engine.dispose();
      }
    }
    return {
      tables, bars,
      notes: [
        "Upload, scaling and the fit are in every time; engines were started before. TensorFlow.js and the loops have no such solver: the benchmark drives them by an L-BFGS of its own, in JavaScript.",
        "“gap” is J/J* − 1 of the coefficients that came out, computed in float64; J* is known to 1e-10.",
        "scikit-learn: C = 1/(l2·n), class_weight=\"balanced\", StandardScaler in place and in the same precision.",
      ],
    };
  },
};

// One pass of value and gradient: binary focal loss, γ = 2, α = 0.25, dense float32 rows.
import { compare, entryOf, ratio } from "../compare.mjs";
import { point, problem, shapeName } from "../data.mjs";
import { focalfitPass } from "../peers/focalfit.mjs";
import { loopsPass } from "../peers/loops.mjs";
import { rooflineAlpha, rooflinePass } from "../peers/roofline.mjs";
import { tfjsPass } from "../peers/tfjs.mjs";
import { torchPass } from "../peers/torch.mjs";
import { moments, reference } from "../reference.mjs";
import { bar, digits, spread } from "../statistics.mjs";

export const objective = { gamma: 2, alpha: rooflineAlpha, l2: 0 };

/** All that is compared at one dense shape of two classes. */
export function binaryPeers(bench, p, { only = () => true } = {}) {
  const w = point(p.columns, 0.3 / Math.sqrt(p.columns)), expected = reference(p, objective, w), m = moments(p);
  return [
    focalfitPass(p, objective, m),
    ...(bench.roofline && p.rows % 4 === 0 ? [rooflinePass(bench.roofline, p, w, expected)] : []),
    ...(bench.native?.versions.torch ? [torchPass(bench.native, p, objective, w, expected)] : []),
    focalfitPass(p, objective, m, { simd: false }),
    loopsPass(p, objective, w, expected),
    tfjsPass(p, objective, w, expected, "wasm"),
    tfjsPass(p, objective, w, expected, "cpu"),
  ].filter(({ name }) => only(name));
}

/** A row of the table for each peer: what it takes, and how many times as long as focalfit. */
export function passRows(entries, perRow) {
  const us = entryOf(entries, "focalfit");
  return entries.map((e) => e.error
    ? [e.name, `failed: ${e.error}`, "", "", "", e.note ?? ""]
    : [e.name, digits(e.summary.fastest * perRow), spread(e.summary, perRow), digits(ratio(e, us, "fastest")), digits(ratio(e, us)), e.note]);
}

export const passHead = (unit) => ["", `fastest, ${unit}`, "median (quartiles)", "fastest, × focalfit", "median, × focalfit", "how"];

/** The entry of focalfit as a pass, for measures that need only that. */
export async function passOf(bench, spec, rounds = 9) {
  const p = problem(spec);
  const [entry] = await compare([focalfitPass(p, objective, moments(p))], { rounds });
  if (entry.error) throw new Error(entry.error);
  return entry;
}

export default {
  name: "pass",
  title: "One pass of value and gradient, binary focal loss",
  async run(bench) {
    const shapes = [[1461, 12], [20032, 64], ...(bench.quick ? [] : [[284800, 32]]), [5056, 1024]];
    const tables = [], bars = [], chart = [];
    for (const [rows, columns] of shapes) {
      const p = problem({ kind: "dense", rows, columns });
      const entries = await compare(binaryPeers(bench, p), { rounds: bench.quick ? 3 : 11, log: bench.log });
      const shape = shapeName(p), each = 1e9 / rows, us = entryOf(entries, "focalfit"), of = (name) => entryOf(entries, name);
      tables.push({ caption: `${shape}, nanoseconds a row`, head: passHead("ns"), rows: passRows(entries, each) });
      chart.push({ shape, bars: entries.filter((e) => e.summary).map(({ name, summary: { median, low, high } }) => ({ name, value: median * each, low: low * each, high: high * each })) });
      const kernel = of("C kernel in WebAssembly"), torch = of("PyTorch, one thread");
      if (rows !== 1461) {
        bars.push(bar(`${shape}: fastest pass, × the C kernel's fastest`, "≤", 1.1, ratio(us, kernel, "fastest"), "×"));
        bars.push(bar(`${shape}: median pass, × the C kernel's median`, "≤", 1.1, ratio(us, kernel), "×"));
      }
      if (columns < 1000 && rows !== 1461) {
        bars.push(bar(`${shape}: median pass, × PyTorch's on one thread`, "≤", 1.1, ratio(us, torch), "×"));
      }
      bars.push(bar(`${shape}: TensorFlow.js wasm takes, × focalfit`, "≥", 4, ratio(of("TensorFlow.js wasm"), us), "×"));
    }
    const notes = ["A pass of focalfit is what long fits (`lbfgs`) take longer than short ones, divided by their further passes: scaling, intercept and the solver's own work are in it, which the other peers go without."];
    if (!bench.roofline) notes.push("The C kernel was not there: set ROOFLINE to the folder that has it.");
    return { tables, bars, notes, chart };
  },
};

// One pass over compressed sparse rows of 2¹⁸ columns, as of hashed texts.
import { compare, entryOf } from "../compare.mjs";
import { point, problem } from "../data.mjs";
import { focalfitPass } from "../peers/focalfit.mjs";
import { loopsPass } from "../peers/loops.mjs";
import { moments, reference } from "../reference.mjs";
import { bar, digits } from "../statistics.mjs";
import { objective, passHead, passRows } from "./pass.mjs";

export default {
  name: "sparse",
  title: "One pass over sparse rows",
  async run(bench) {
    const tables = [], bars = [];
    for (const zipf of [true, false]) {
      const p = problem({ kind: "sparse", rows: bench.quick ? 8000 : 20000, columns: 2 ** 18, perRow: 100, zipf });
      const w = point(p.columns, 1), expected = reference(p, objective, w), m = moments(p);
      // As many columns, so as much work of the solver, with few non-zeros.
      const used = new Set(p.indices).size, few = problem({ ...p.spec, perRow: Math.ceil(used / p.rows), cover: used });
      const entries = await compare([
        focalfitPass(p, objective, m, { long: 12 }),
        focalfitPass(p, objective, m, { simd: false, long: 12 }),
        { ...focalfitPass(few, objective, moments(few), { long: 12 }), name: "few" },
        loopsPass(p, objective, w, expected),
      ], { rounds: bench.quick ? 3 : 11, log: bench.log });
      const words = zipf ? "columns as frequent as words (Zipf)" : "columns equally frequent", each = 1e9 / p.values.length;
      const us = entryOf(entries, "focalfit"), less = entryOf(entries, "few");
      const more = us && less && ((us.summary.median - less.summary.median) * 1e9) / (p.values.length - few.values.length);
      const rows = [
        ...passRows(entries.filter((e) => e.name !== "few" || e.error), each),
        ["focalfit, each non-zero by itself", "", digits(more), "", "", `less a pass over ${few.perRow} non-zeros a row in the same ${used.toLocaleString("en")} columns`],
      ];
      tables.push({ caption: `${p.rows.toLocaleString("en")} × 2¹⁸, 100 non-zeros a row, ${words}; nanoseconds a non-zero`, head: passHead("ns"), rows });
      bars.push(bar(`ns a non-zero and pass, ${words}`, "≤", 2, us?.summary.median * each, " ns"));
      bars.push(bar("the same, each non-zero by itself", "≤", 2, more, " ns"));
    }
    return { tables, bars, notes: ["TensorFlow.js has no gradient of a sparse product; scikit-learn gives whole fits only. The solver's work on its vectors, of as many numbers as columns are used, is in focalfit's times; by itself a non-zero is what more of them cost in as many columns."] };
  },
};

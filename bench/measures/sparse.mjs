// One pass over compressed sparse rows of 2¹⁸ columns, as of hashed texts.
import { compare, entryOf } from "../compare.mjs";
import { point, problem } from "../data.mjs";
import { focalfitPass } from "../peers/focalfit.mjs";
import { loopsPass } from "../peers/loops.mjs";
import { moments, reference } from "../reference.mjs";
import { bar } from "../statistics.mjs";
import { objective, passHead, passRows } from "./pass.mjs";

export default {
  name: "sparse",
  title: "One pass over sparse rows",
  async run(bench) {
    const tables = [], bars = [];
    for (const zipf of [true, false]) {
      const p = problem({ kind: "sparse", rows: bench.quick ? 4000 : 20000, columns: 2 ** 18, perRow: 100, zipf });
      const w = point(p.columns, 1), expected = reference(p, objective, w), m = moments(p);
      const entries = await compare([
        focalfitPass(p, objective, m),
        focalfitPass(p, objective, m, { simd: false }),
        loopsPass(p, objective, w, expected),
      ], { rounds: bench.quick ? 3 : 11, log: bench.log });
      const words = zipf ? "columns as frequent as words (Zipf)" : "columns equally frequent", each = 1e9 / p.values.length;
      tables.push({ caption: `${p.rows.toLocaleString("en")} × 2¹⁸, 100 non-zeros a row, ${words}; nanoseconds a non-zero`, head: passHead("ns"), rows: passRows(entries, each) });
      bars.push(bar(`ns a non-zero and pass, ${words}`, "≤", 2, entryOf(entries, "focalfit")?.summary.median * each, " ns"));
    }
    return { tables, bars, notes: ["TensorFlow.js has no gradient of a sparse product; scikit-learn gives whole fits only. The solver's work on its vectors of 2¹⁸ is in focalfit's numbers."] };
  },
};

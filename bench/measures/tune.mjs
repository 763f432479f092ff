// A search over 20 settings on one engine and on two.
import { problem, shapeName } from "../data.mjs";
import { bar, digits, spread, summarise } from "../statistics.mjs";
import { tune } from "../../js/dist/index.js";

export default {
  name: "tune",
  title: "Tuning on one engine and on two",
  async run(bench) {
    const p = problem({ kind: "card", rows: bench.quick ? 3000 : 20032, columns: 64, rate: 0.02 });
    const { data, rows, columns, y } = p;
    const l2 = Array.from({ length: 10 }, (_, i) => 10 ** (-5 + i / 3));
    const samples = { 1: [], 2: [] }, found = {};
    for (let round = 0; round < (bench.quick ? 1 : 5) + 1; round++) {
      for (const parallel of [1, 2]) {
        const start = performance.now();
        const { best, results, classifier } = await tune({ data, rows, columns }, y, { options: { classWeight: "balanced" }, grid: { l2, gamma: [0, 2] }, folds: 3, parallel });
        const took = (performance.now() - start) / 1000;
        await classifier.dispose();
        found[parallel] = JSON.stringify([best.options, results.length]);
        if (round) samples[parallel].push(took);
      }
      if (found[1] !== found[2]) throw new Error("two engines found something else than one");
    }
    const one = summarise(samples[1]), two = summarise(samples[2]);
    return {
      tables: [{ caption: `${shapeName(p)}, 20 settings, 3 folds`, head: ["engines", "fastest, s", "median (quartiles)"], rows: [["1", digits(one.fastest), spread(one)], ["2", digits(two.fastest), spread(two)]] }],
      bars: [bar("one engine takes, × two", "≥", 1.7, one.median / two.median, "×")],
      notes: ["The first round is left out: it starts the engines."],
    };
  },
};

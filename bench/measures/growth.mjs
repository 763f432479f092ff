// How the time of focalfit's pass grows: the exponent of a power law through several sizes.
import { problem } from "../data.mjs";
import { compare } from "../compare.mjs";
import { focalfitPass } from "../peers/focalfit.mjs";
import { moments } from "../reference.mjs";
import { bar, digits, exponent } from "../statistics.mjs";
import { objective } from "./pass.mjs";

export default {
  name: "growth",
  title: "How a pass grows",
  async run(bench) {
    const part = bench.quick ? 8 : 1, rows = 20000 / part;
    const series = [
      { what: "rows", sizes: [10000, 40000, 160000, 640000].map((n) => n / part), spec: (n) => ({ kind: "dense", rows: n, columns: 32 }), limit: 1.05 },
      { what: "columns", sizes: [8, 32, 128, 512], spec: (n) => ({ kind: "dense", rows, columns: n }), limit: 1.05 },
      { what: "classes", sizes: [3, 6, 12, 24], spec: (n) => ({ kind: "dense", rows, columns: 64, classes: n }) },
      { what: "non-zeros a row", sizes: [20, 40, 80, 160, 320], spec: (n) => ({ kind: "sparse", rows, columns: 2 ** 18, perRow: n }), limit: 1.05 },
    ];
    const table = [], bars = [];
    for (const { what, sizes, spec, limit } of series) {
      const peers = sizes.map((n) => {
        const p = problem(spec(n));
        return { ...focalfitPass(p, p.classes > 2 ? { gamma: 2, l2: 0 } : objective, moments(p)), name: String(n) };
      });
      const entries = await compare(peers, { rounds: bench.quick ? 3 : 7, log: bench.log });
      const failed = entries.find((e) => e.error);
      const slope = failed ? undefined : exponent(sizes, entries.map((e) => e.summary.median));
      table.push([what, sizes.map((n) => n.toLocaleString("en")).join(", "), failed ? `failed: ${failed.error}` : entries.map((e) => digits(e.summary.median * 1e3)).join(", "), digits(slope)]);
      if (limit) bars.push(bar(`exponent in ${what}`, "≤", limit, slope));
      bench.forget();
    }
    return { tables: [{ caption: "Milliseconds of a pass, medians", head: ["in", "sizes", "ms", "exponent"], rows: table }], bars, notes: [] };
  },
};

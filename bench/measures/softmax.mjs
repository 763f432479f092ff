// One pass of value and gradient of a softmax with 10 classes, γ = 2.
import { compare, entryOf, ratio } from "../compare.mjs";
import { point, problem, shapeName } from "../data.mjs";
import { focalfitPass } from "../peers/focalfit.mjs";
import { loopsPass } from "../peers/loops.mjs";
import { tfjsPass } from "../peers/tfjs.mjs";
import { torchPass } from "../peers/torch.mjs";
import { moments, reference } from "../reference.mjs";
import { bar, digits } from "../statistics.mjs";
import { objective as binary, passHead, passRows } from "./pass.mjs";

export default {
  name: "softmax",
  title: "One pass of a softmax, 10 classes",
  async run(bench) {
    const p = problem({ kind: "dense", rows: bench.quick ? 6000 : 60000, columns: 784, classes: 10 });
    const objective = { gamma: 2, l2: 0 }, w = point(7840, 0.3 / 28), expected = reference(p, objective, w);
    // The dense passes that softmax is held against take their turns in the same run.
    const wide = [problem({ kind: "dense", rows: 20032, columns: 64 }), problem({ kind: "dense", rows: 5056, columns: 1024 })];
    const entries = await compare([
      focalfitPass(p, objective, moments(p), { long: 6 }),
      ...wide.map((q) => ({ ...focalfitPass(q, binary, moments(q)), name: `dense ${shapeName(q)}` })),
      ...(bench.native?.versions.torch ? [torchPass(bench.native, p, objective, w, expected)] : []),
      loopsPass(p, objective, w, expected),
      tfjsPass(p, objective, w, expected, "wasm"),
    ], { rounds: bench.quick ? 3 : 7, log: bench.log });
    const flops = (entry, q, classes) => entry && (4 * q.rows * q.columns * classes) / entry.summary.median / 1e9;
    const us = entryOf(entries, "focalfit"), ours = flops(us, p, 10);
    const rates = wide.map((q) => flops(entryOf(entries, `dense ${shapeName(q)}`), q, 1));
    const peers = entries.filter((e) => !e.name.startsWith("dense"));
    const rows = passRows(peers, 1e9 / p.rows).map((row, i) => [...row.slice(0, 5), digits(flops(peers[i].summary && peers[i], p, 10)), row[5]]);
    const head = passHead("ns");
    return {
      tables: [
        { caption: `${shapeName(p)}, nanoseconds a row`, head: [...head.slice(0, 5), "GFLOP/s", head[5]], rows },
        { caption: "Against focalfit's binary passes", head: ["", "GFLOP/s", "softmax reaches"], rows: wide.map((q, i) => [shapeName(q), digits(rates[i]), `${digits(ours / rates[i])} of it`]) },
      ],
      bars: [
        bar(`GFLOP/s, × those of the binary pass at ${shapeName(wide[1])}`, "≥", 0.6, ours / rates[1], "×"),
        bar("TensorFlow.js wasm takes, × focalfit", "≥", 4, ratio(entryOf(entries, "TensorFlow.js wasm"), us), "×"),
      ],
      notes: ["Operations are 4 · rows · columns · classes a pass; the exponentials are not counted."],
    };
  },
};

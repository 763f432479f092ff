// Probabilities of many rows.
import { compare, entryOf, ratio } from "../compare.mjs";
import { problem, shapeName } from "../data.mjs";
import { createEngine, FocalClassifier, matrixOf, modelOf } from "../peers/focalfit.mjs";
import { loopsProba } from "../peers/loops.mjs";
import { tf, use } from "../peers/tfjs.mjs";
import { digits, spread } from "../statistics.mjs";

export default {
  name: "predict",
  title: "Probabilities of many rows",
  async run(bench) {
    const p = problem({ kind: "card", rows: bench.quick ? 28480 : 284800, columns: 30 });
    const { rows, columns, data } = p, X = matrixOf(p);
    const engine = createEngine();
    try {
      const clf = new FocalClassifier({ engine, gamma: 0 });
      await clf.fit(X, p.y);
      const { w, b } = modelOf(clf), w32 = Float32Array.from(w);
      const sample = Array.from({ length: 200 }, (_, i) => Math.floor((i * rows) / 200));
      const right = sample.map((i) => {
        let z = b[0];
        for (let j = 0; j < columns; j++) z += w[j] * data[i * columns + j];
        return 1 / (1 + Math.exp(-z));
      });
      const mustBe = (probabilities) => {
        const worst = Math.max(...right.map((r, k) => Math.abs(r - probabilities[k])));
        if (!(worst < 1e-3)) throw new Error(`a probability is off by ${worst}`);
      };
      const positive = (out) => sample.map((i) => out[2 * i + 1]);
      const peer = (name, note, call, pick) => ({
        name,
        open: () => ({
          note,
          check: async () => mustBe(pick(await call())),
          async sample() {
            const start = performance.now();
            await call();
            return (performance.now() - start) / 1000;
          },
        }),
      });
      const predictor = clf.predictor();
      const entries = await compare([
        peer("focalfit", "predictProba, in slices between which the page can act", async () => (await clf.predictProba(X)).data, positive),
        peer("focalfit, at once", "predictor().predictProba, synchronous", () => predictor.predictProba(X).data, positive),
        peer("JavaScript loops", "", () => loopsProba(p, w, b[0]), positive),
        {
          name: "TensorFlow.js wasm",
          async open() {
            const note = `${await use("wasm")}, upload included`;
            const run = async () => {
              const out = tf.tidy(() => tf.sigmoid(tf.add(tf.matMul(tf.tensor2d(data, [rows, columns]), tf.tensor2d(w32, [columns, 1])), b[0])));
              const values = await out.data();
              out.dispose();
              return values;
            };
            return peer("", note, run, (out) => sample.map((i) => out[i])).open();
          },
        },
        ...(bench.native?.versions.sklearn ? [{
          name: "scikit-learn",
          async open() {
            const call = async () => bench.native.call("sklearn_predict", { problem: await bench.native.load(p.spec), w: Array.from(w), b: Array.from(b), sample });
            return { note: "predict_proba, float32, one thread", check: async () => mustBe((await call()).probabilities), sample: async () => (await call()).seconds };
          },
        }] : []),
      ], { rounds: bench.quick ? 3 : 9, log: bench.log });
      const us = entryOf(entries, "focalfit");
      return {
        tables: [{
          caption: `${shapeName(p)}, nanoseconds a row`,
          head: ["", "fastest, ns", "median (quartiles)", "median, × focalfit", "how"],
          rows: entries.map((e) => (e.error ? [e.name, `failed: ${e.error}`, "", "", ""] : [e.name, digits((e.summary.fastest * 1e9) / rows), spread(e.summary, 1e9 / rows), digits(ratio(e, us)), e.note])),
        }],
        bars: [],
        notes: [],
      };
    } finally {
      await engine.dispose();
    }
  },
};

// Rows on their way to the engine, against one copy of the same bytes.
import { problem, shapeName } from "../data.mjs";
import { createEngine } from "../peers/focalfit.mjs";
import { bar, digits, spread, summarise } from "../statistics.mjs";

export default {
  name: "upload",
  title: "Upload",
  async run(bench) {
    const p = problem({ kind: "card", rows: bench.quick ? 28480 : 284800, columns: 30 });
    const { data, rows, columns } = p;
    const engine = createEngine();
    const samples = { upload: [], fresh: [], warm: [] };
    const warm = new Float32Array(data.length);
    const time = async (work) => {
      const start = performance.now();
      await work();
      return (performance.now() - start) / 1000;
    };
    try {
      await engine.start();
      await (await engine.dataset({ data, rows, columns })).dispose();
      for (let round = 0; round < (bench.quick ? 3 : 11); round++) {
        let X;
        samples.upload.push(await time(async () => { X = await engine.dataset({ data, rows, columns }); }));
        await X.dispose();
        samples.fresh.push(await time(() => new Float32Array(data.length).set(data)));
        samples.warm.push(await time(() => warm.set(data)));
      }
    } finally {
      await engine.dispose();
    }
    const [upload, fresh, again] = Object.values(samples).map((s) => summarise(s));
    const row = (name, s) => [name, digits(s.fastest * 1e3), spread(s, 1e3), digits((data.byteLength / s.median) * 1e-9)];
    return {
      tables: [{
        caption: `${shapeName(p)} of float32, ${digits(data.byteLength / 1e6)} MB`,
        head: ["", "fastest, ms", "median (quartiles)", "GB/s"],
        rows: [row("engine.dataset", upload), row("TypedArray.set into a fresh array", fresh), row("TypedArray.set into a warm array", again)],
      }],
      bars: [
        bar("upload, × one TypedArray.set into a fresh array", "≤", 3, upload.median / fresh.median, "×"),
        bar("upload, × one TypedArray.set into a warm array", "≤", 3, upload.median / again.median, "×"),
      ],
      notes: [],
    };
  },
};

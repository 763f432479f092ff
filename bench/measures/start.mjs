// From the start of a page's script to a program that is ready, in pages without a cache.
import { bar, digits, spread, summarise } from "../statistics.mjs";

/** Pages in bench/start.html?module=…; `plain` ones are not cross-origin isolated, so without threads. */
const starts = [
  { name: "focalfit", note: "ES modules as they ship", module: "start-focalfit.mjs", plain: true },
  { name: "focalfit, bundled", note: "client bundled and minified, worker and binary beside it", module: "dist/start/focalfit/start.js", plain: true },
  { name: "TensorFlow.js wasm", note: "bundled and minified; one thread", module: "dist/start/tfjs.js", plain: true },
  { name: "TensorFlow.js wasm, threads", note: "bundled and minified; cross-origin isolated", module: "dist/start/tfjs.js" },
];

export default {
  name: "start",
  title: "Start",
  chromium: true,
  async run({ quick, chromium }) {
    const samples = starts.map(() => []);
    for (let round = 0; round < (quick ? 3 : 15) + 1; round++) {
      for (const [i, { module, plain }] of starts.entries()) {
        const { page, close } = await chromium.page(`/bench/start.html?module=${module}${plain ? "&plain" : ""}`);
        try {
          const took = await page.evaluate(() => window.ready);
          if (round) samples[i].push(took);
        } finally {
          await close();
        }
      }
    }
    const [modules, bundled, alone, threads] = samples.map((s) => summarise(s));
    return {
      tables: [{ caption: "Milliseconds, a new context for each page", head: ["", "fastest, ms", "median (quartiles)", "how"], rows: [modules, bundled, alone, threads].map((s, i) => [starts[i].name, digits(s.fastest), spread(s), starts[i].note]) }],
      bars: [
        bar("start as modules, × TensorFlow.js wasm", "≤", 1, modules.median / alone.median, "×"),
        bar("start as a bundle, × TensorFlow.js wasm", "≤", 1, bundled.median / alone.median, "×"),
        bar("start as a bundle, × TensorFlow.js wasm with threads", "≤", 1, bundled.median / threads.median, "×"),
      ],
      notes: ["The first page of each, which warms the server's and the browser's own caches, is left out."],
    };
  },
};

// What a page fetches until a program is ready, gzipped.
import { gzipSync } from "node:zlib";
import { digits } from "../statistics.mjs";

/** The files that a page of bench/start.html asks for, without the page itself. */
async function filesOf(chromium, module, plain) {
  chromium.requests.length = 0;
  const { page, close } = await chromium.page(`/bench/start.html?module=${module}${plain ? "&plain" : ""}`);
  try {
    await page.evaluate(() => window.ready);
  } finally {
    await close();
  }
  return chromium.requests.filter(({ path }) => path !== "bench/start.html").map(({ path, body }) => ({ name: path.split("/").at(-1), size: gzipSync(body, { level: 9 }).length }));
}

export default {
  name: "bytes",
  title: "Bytes over the wire",
  chromium: true,
  async run({ chromium }) {
    const rows = [], total = {};
    for (const [name, module, plain] of [["focalfit", "dist/start/focalfit/start.js", true], ["TensorFlow.js wasm", "dist/start/tfjs.js", true], ["TensorFlow.js wasm, threads", "dist/start/tfjs.js"]]) {
      const files = await filesOf(chromium, module, plain);
      total[name] = files.reduce((sum, f) => sum + f.size, 0);
      rows.push([name, digits(total[name] / 1000), files.map((f) => `${f.name} ${digits(f.size / 1000)}`).join(", ")]);
    }
    return {
      tables: [{ caption: "Kilobytes, gzip level 9, of all that a page with the minified client fetches until the engine is ready", head: ["", "kB", "files"], rows }],
      bars: [],
      notes: [`focalfit is ${digits(total.focalfit / total["TensorFlow.js wasm"])} × TensorFlow.js wasm.`],
    };
  },
};

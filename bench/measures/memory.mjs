// The WebAssembly memory that upload and fit of 284,800 × 30 rows come to. Memory never shrinks, so its size at the end is
// the peak. In a process of its own: node measures/memory.mjs ROWS
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { problem, shapeName } from "../data.mjs";
import { bar, digits } from "../statistics.mjs";

const columns = 30, file = fileURLToPath(import.meta.url);

/** The size of the engine's memory, bytes, after its start, upload and fit: the module's instance exports it. */
async function observe(rows) {
  const { createEngine, FocalClassifier } = await import("../../js/dist/index.js");
  const p = problem({ kind: "card", rows, columns });
  const memories = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      for (const value of Object.values((made.instance ?? made).exports)) if (value instanceof WebAssembly.Memory) memories.push(value);
      return made;
    };
  }
  const size = () => memories.reduce((sum, m) => sum + m.buffer.byteLength, 0), seen = {};
  const engine = createEngine({ worker: false });
  await engine.start();
  seen.start = size();
  const X = await engine.dataset({ data: p.data, rows, columns });
  seen.upload = size();
  const clf = new FocalClassifier({ engine, gamma: 0, classWeight: "balanced" });
  await clf.fit(X, p.y);
  seen.fit = size();
  await engine.dispose();
  return seen;
}

if (process.argv[1] === file) console.log(JSON.stringify(await observe(Number(process.argv[2]))));

export default {
  name: "memory",
  title: "Memory",
  async run({ quick }) {
    const rows = quick ? 28480 : 284800;
    const seen = JSON.parse(execFileSync(process.execPath, [file, String(rows)], { encoding: "utf8" }));
    if (!(seen.fit > 0)) throw new Error("no memory was seen");
    const data = rows * columns * 4;
    return {
      tables: [{ caption: `${shapeName({ rows, columns })} of float32, ${digits(data / 1e6)} MB; megabytes of WebAssembly memory`, head: ["after", "MB"], rows: Object.entries(seen).map(([when, bytes]) => [when, digits(bytes / 1e6)]) }],
      bars: [bar("peak memory; the limit is 1.3 × data + 24 MB", "≤", Math.round((1.3 * data) / 1e6 + 24), seen.fit / 1e6, " MB")],
      notes: [],
    };
  },
};

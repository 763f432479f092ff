// Measures focalfit against its peers and writes RESULTS.md and chart.svg: node run.mjs --help
import { parseArgs } from "node:util";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundlePeers, here } from "./vendor.mjs";
import { forget } from "./data.mjs";

const usage = `node run.mjs [options]
  --quick              small sizes and few repeats; writes no files unless --out is given
  --only NAME[,NAME]   these measures only
  --runtime WHERE      node, chromium or both (default both)
  --out DIR            where RESULTS.md and chart.svg go (default: this folder)
  --help               this text
Measures: NAMES
Environment: CHROMIUM, the browser's program; PYTHON, one with PyTorch or scikit-learn; ROOFLINE, the folder of the C kernel.`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false }, only: { type: "string" }, runtime: { type: "string", default: "both" },
    out: { type: "string" }, help: { type: "boolean", default: false },
  },
});

await bundlePeers();
const { measures } = await import("./measures/index.mjs");
const { outer } = await import("./measures/outer.mjs");
const names = [...measures, ...outer].map((m) => m.name);
if (options.help) {
  console.log(usage.replace("NAMES", names.join(", ")));
  process.exit(0);
}
const only = options.only?.split(",") ?? names;
for (const name of only) if (!names.includes(name)) fail(`There is no measure "${name}": they are ${names.join(", ")}.`);
if (!["node", "chromium", "both"].includes(options.runtime)) fail(`--runtime is "${options.runtime}": it must be node, chromium or both.`);

function fail(message) {
  console.error(message);
  process.exit(1);
}

const { openNative } = await import("./peers/native.mjs");
const { openChromium } = await import("./browser.mjs");
const { environment, markdown, terminal } = await import("./report.mjs");
const { chart } = await import("./chart.mjs");

const log = (text) => process.stderr.write(`  ${text}\n`);
const kernel = process.env.ROOFLINE ? join(process.env.ROOFLINE, "kernel.wasm") : undefined;
const roofline = kernel && existsSync(kernel) ? readFileSync(kernel) : undefined;
const inNode = options.runtime !== "chromium", inChromium = options.runtime !== "node";
const sections = [];

/** Runs one measure; what goes wrong with it is its section. */
async function section(measure, runtime, work) {
  if (!only.includes(measure.name)) return;
  process.stderr.write(`${measure.name} (${runtime})\n`);
  let result;
  try {
    result = await work();
  } catch (error) {
    result = { tables: [], bars: [], notes: [], error: String(error?.message ?? error).split("\n")[0] };
  }
  const done = { name: measure.name, title: measure.title, runtime, ...result };
  sections.push(done);
  console.log(terminal(done));
  forget();
  await native?.forget();
}

const native = await openNative();
let chromium;
try {
  if (inChromium) chromium = await openChromium({ native, roofline });
  if (inNode) {
    const bench = { runtime: "node", quick: options.quick, native, roofline, log, forget };
    for (const measure of measures) await section(measure, "Node", () => measure.run(bench));
  }
  if (inChromium) for (const measure of measures) await section(measure, "Chromium", () => chromium.measure(measure.name, { quick: options.quick, log }));
  for (const measure of outer) {
    if (measure.chromium ? inChromium : inNode) await section(measure, measure.chromium ? "Chromium" : "Node", () => measure.run({ quick: options.quick, chromium, log }));
  }
  const about = environment({ native, chromium, roofline: Boolean(roofline), quick: options.quick });
  const bars = sections.flatMap((s) => s.bars.map((b) => ({ ...b, what: `${s.name}: ${b.what}`, where: s.runtime })));
  console.log(terminal({ title: "Bars", bars, tables: [], notes: about }));
  const folder = options.out ?? (options.quick ? undefined : here("."));
  if (folder) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "RESULTS.md"), markdown(sections, about));
    const drawn = sections.find((s) => s.chart?.length);
    if (drawn) writeFileSync(join(folder, "chart.svg"), chart(drawn));
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  native?.close();
  await chromium?.close();
}
// Whatever a failed measure left open must not keep the process.
process.exit();

// The longest task of a page's main thread while 284,800 × 30 rows are uploaded and fitted to, from Chromium's trace.
import { median, digits, bar } from "../statistics.mjs";

const begin = "focalfit-begin", end = "focalfit-end";

/** The longest task, ms, of the main thread that set the marks, between them. */
function longestTask(events) {
  const mark = (name) => events.find((e) => e.name === name && e.cat?.includes("blink.user_timing"));
  const [from, to] = [mark(begin), mark(end)];
  if (!from || !to) throw new Error("the trace has not both marks");
  const tasks = events.filter((e) => e.ph === "X" && e.pid === from.pid && e.tid === from.tid && /RunTask$/.test(e.name) && e.ts + e.dur > from.ts && e.ts < to.ts);
  if (!tasks.length) throw new Error("the trace has no tasks");
  // The parts of the first and the last task outside of the marks are the measure's own.
  return Math.max(...tasks.map((e) => Math.min(e.ts + e.dur, to.ts) - Math.max(e.ts, from.ts))) / 1000;
}

export default {
  name: "tasks",
  title: "Longest task of the page",
  chromium: true,
  async run({ quick, chromium }) {
    const rows = quick ? 28480 : 284800, samples = [];
    for (let round = 0; round < (quick ? 2 : 5); round++) {
      const { page, close } = await chromium.page("/bench/tasks.html");
      try {
        await page.evaluate((n) => window.prepare(n), rows);
        await chromium.browser.startTracing(page, { categories: ["toplevel", "blink.user_timing", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
        await page.evaluate(([a, b]) => window.work(a, b), [begin, end]);
        const trace = JSON.parse((await chromium.browser.stopTracing()).toString());
        samples.push(longestTask(trace.traceEvents));
      } finally {
        await close();
      }
    }
    const worst = Math.max(...samples), typical = median(samples);
    return {
      tables: [{ caption: `Upload and fit of ${rows.toLocaleString("en")} × 30 rows, ${samples.length} pages`, head: ["", "ms"], rows: [["median of the longest tasks", digits(typical)], ["longest of all", digits(worst)]] }],
      bars: [bar("longest task, median", "≤", 16, typical, " ms"), bar("longest task, of all", "≤", 16, worst, " ms")],
      notes: ["From Chromium's trace: RunTask of the page's main thread between two marks; the rows were made, and the engine had started, before the first. With tracing on, tasks take a little longer."],
    };
  },
};

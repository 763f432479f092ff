// How soon the page is of use, and whether it ever holds up its visitor, in the system's Chromium: node bench/page.mjs,
// after `make site`. Each line is the median of some loads with nothing cached.
import { openBrowser, serveSite } from "../test/browser.mjs";

const loads = 7;
const browser = await openBrowser();
const site = await serveSite();
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Notes the page's tasks of more than 50 ms, and when a text first matches. */
const watch = () => {
  window.tasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => window.tasks.push(duration))).observe({ type: "longtask", buffered: true });
  window.when = (pattern) => new Promise((resolve) => {
    const status = document.getElementById("status");
    const look = () => new RegExp(pattern).test(status.textContent) && (observer.disconnect(), requestAnimationFrame(() => resolve(performance.now())));
    const observer = new MutationObserver(look);
    observer.observe(status, { childList: true, characterData: true, subtree: true });
    look();
  });
};

const rows = [];
for (const [name, hash] of [
  ["Seattle's snow", ""],
  ["breast cancer", "#data=cancer"],
  ["digits, one of ten", "#data=digits"],
  ["digits, every class", "#data=digits&class=*"],
  ["payments", "#data=transactions"],
]) {
  const runs = [];
  for (let load = 0; load < loads; load++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(site.url + hash);
    const ready = await page.evaluate(() => window.when("^Ready"));
    const step = async (button, done) => {
      await page.waitForTimeout(300);
      await page.evaluate(() => (window.tasks.length = 0));
      const took = await page.evaluate(async ([id, pattern]) => {
        const begun = performance.now();
        document.getElementById(id).click();
        return (await window.when(pattern)) - begun;
      }, [button, done]);
      await page.waitForTimeout(300);
      return { took, longest: Math.max(0, ...(await page.evaluate(() => window.tasks))) };
    };
    const trained = await step("train", "^Trained");
    runs.push({ ready, trained, compared: await step("compare", "^All four") });
    await context.close();
  }
  const longest = (of) => Math.max(...runs.map(of));
  const task = (ms) => (ms ? ms.toFixed(0) : "under 50");
  rows.push({
    table: name,
    "ready to train, ms": median(runs.map((run) => run.ready)).toFixed(0),
    "trained and shown, ms": median(runs.map((run) => run.trained.took)).toFixed(0),
    "longest task, ms": task(longest((run) => run.trained.longest)),
    "four ways, ms": median(runs.map((run) => run.compared.took)).toFixed(0),
    "longest task of those, ms": task(longest((run) => run.compared.longest)),
  });
}
console.table(rows);
await browser.close();
await site.close();

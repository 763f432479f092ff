import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, serveSite } from "./browser.mjs";

let browser;
let site;
before(async () => {
  [browser, site] = await Promise.all([openBrowser(), serveSite()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Runs `body` with a page of its own, and sees that the page reported no error. */
function onPage(name, body, { width = 1280, prepare = () => {}, allowed = () => false } = {}) {
  test(name, async () => {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    try {
      const page = await context.newPage();
      const errors = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      await prepare(page);
      await page.goto(site.url);
      await body(page);
      assert.deepEqual(errors.filter((error) => !allowed(error)), []);
    } finally {
      await context.close();
    }
  });
}

const text = (page, id) => page.locator(`#${id}`).textContent();
const number = async (page, id) => Number((await text(page, id)).replaceAll(",", ""));
/** Waits for an element's text to match. */
async function until(page, id, pattern) {
  try {
    await page.waitForFunction(([name, source]) => new RegExp(source).test(document.getElementById(name).textContent), [id, pattern.source]);
  } catch {
    assert.match(await text(page, id), pattern);
  }
}
const untilStatus = (page, pattern) => until(page, "status", pattern);
const ready = (page) => untilStatus(page, /^Ready: press Train\.$/);
async function train(page) {
  await page.click("#train");
  await untilStatus(page, /^Trained in /);
}
const confusion = async (page) => Object.fromEntries(await Promise.all(["tp", "fn", "fp", "tn"].map(async (id) => [id, await number(page, id)])));
const setSlider = (page, id, value) =>
  page.locator(`#${id}`).evaluate((slider, v) => {
    slider.value = v;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
/** How many pixels of a chart are of the accent's colour. */
const drawnPixels = (page, id) =>
  page.locator(`#${id} canvas`).evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i + 2] > data[i] + 60) drawn++;
    return drawn;
  });
const csv = (name, lines) => ({ name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
async function choose(page, file) {
  await page.check("#source-file");
  await page.setInputFiles("#file", file);
}

/** Numbers in (0, 1) that are the same every time. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

onPage("the page is complete before any wasm has loaded", async (page) => {
  await page.getByRole("heading", { name: "Find what is rare in a table" }).waitFor();
  assert.match(await text(page, "status"), /^Loading/);
  assert.ok(await page.getByText("a small classifier learns from 70").isVisible());
  assert.ok(await page.getByLabel("Rare class to find").isDisabled());
  assert.ok(await page.getByRole("button", { name: "Train", exact: true }).isDisabled());
  assert.ok(await page.getByText("National Climatic Data Center").isVisible());
}, { prepare: (page) => page.route("**/*.wasm", () => {}) });

onPage("the page says so if WebAssembly is missing", async (page) => {
  await untilStatus(page, /^WebAssembly is missing here/);
  assert.ok(await page.locator("#train").isDisabled());
}, { prepare: (page) => page.addInitScript(() => delete window.WebAssembly) });

onPage("the page says so if its program cannot be loaded", async (page) => {
  await untilStatus(page, /could not be loaded \(ui\.wasm: HTTP 404\)/);
  assert.ok(await page.locator("#train").isDisabled());
}, { prepare: (page) => page.route("**/ui.wasm", (route) => route.fulfill({ status: 404 })), allowed: (error) => /404/.test(error) });

onPage("an engine that does not start is named, and tried again", async (page) => {
  await untilStatus(page, /Train tries again/);
  await page.unroute("**/focalfit*.wasm");
  await train(page);
}, { prepare: (page) => page.route("**/focalfit*.wasm", (route) => route.fulfill({ status: 404 })), allowed: (error) => /404/.test(error) });

onPage("the weather: training, judgement, threshold", async (page) => {
  await ready(page);
  assert.match(await text(page, "rows"), /^1,460 days: 1,022 \(18 snow\) to train on, 438 \(8 snow\) held out\.$/);
  assert.equal(await page.locator("#columns-list li").count(), 11);
  await train(page);

  assert.equal(await text(page, "fact-rows"), "1,022 days, 18 snow");
  assert.equal(await text(page, "fact-status"), "converged");
  assert.ok((await number(page, "fact-iterations")) > 5);
  const [, start, end] = /^From ([\d.]+) at the start to ([\d.]+) after/.exec(await text(page, "loss-text"));
  assert.ok(Number(end) < 0.5 * Number(start), `the loss went from ${start} to ${end}`);
  assert.ok((await drawnPixels(page, "loss-chart")) > 100);
  assert.ok((await drawnPixels(page, "curve-chart")) > 100);
  assert.ok(await page.locator("#curve-chart .dot").isVisible());

  // Balanced weights: the threshold is the training rows' share of snow, and most of the snow is found.
  const own = await confusion(page);
  assert.equal(await page.inputValue("#threshold-number"), String(Number((18 / 1022).toPrecision(3))));
  assert.equal(own.tp + own.fn, 8);
  assert.equal(own.fp + own.tn, 430);
  assert.ok(own.tp >= 5 && own.fp < 100, JSON.stringify(own));
  assert.equal(await text(page, "recall"), (own.tp / 8).toFixed(2));
  assert.equal(await text(page, "precision"), (own.tp / (own.tp + own.fp)).toFixed(2));
  assert.match(await text(page, "headline"), new RegExp(`^${own.tp} of 8 held-out snow days found a day ahead, with ${own.fp} false alarms among 430 other days`));
  const [, ap, base] = /^Average precision ([\d.]+); the dashed line is the base rate, ([\d.]+)/.exec(await text(page, "curve-text"));
  assert.equal(base, (8 / 438).toFixed(3));
  assert.ok(Number(ap) > 5 * Number(base), `average precision ${ap}`);

  await setSlider(page, "threshold", 0);
  assert.deepEqual(await confusion(page), { tp: 8, fn: 0, fp: 430, tn: 0 });
  await setSlider(page, "threshold", 1000);
  assert.deepEqual(await confusion(page), { tp: 0, fn: 8, fp: 0, tn: 430 });
  assert.equal(await text(page, "precision"), "–");
  assert.ok(await page.locator("#curve-chart .dot").isHidden());
  let flagged = 438;
  for (let step = 0; step <= 1000; step += 100) {
    await setSlider(page, "threshold", step);
    const { tp, fn, fp, tn } = await confusion(page);
    assert.equal(tp + fn, 8);
    assert.equal(fp + tn, 430);
    assert.ok(tp + fp <= flagged, "a higher threshold flags no more rows");
    flagged = tp + fp;
  }
  await page.click("#threshold-own");
  assert.deepEqual(await confusion(page), own);
  await page.fill("#threshold-number", "0.3");
  assert.notDeepEqual(await confusion(page), own);
  await page.focus("#threshold");
  await page.keyboard.press("Home");
  assert.equal(await page.inputValue("#threshold-number"), "0");
  await page.click("#threshold-tuned");
  assert.ok(Number(await text(page, "precision")) > own.tp / (own.tp + own.fp));
});

onPage("settings count: without weights, with a number, with a strong penalty", async (page) => {
  await ready(page);
  await page.selectOption("#weight", "none");
  await train(page);
  assert.equal(await page.inputValue("#threshold-number"), "0.5");
  const loose = await number(page, "tp");

  await page.selectOption("#weight", "number");
  await page.fill("#weight-number", "-1");
  await page.click("#train");
  await untilStatus(page, /no usable number/);
  assert.ok(await page.getByText("The weight must be a number from").isVisible());
  await page.fill("#weight-number", "99");
  await train(page);
  assert.equal(await page.inputValue("#threshold-number"), "0.01");
  assert.ok((await number(page, "tp")) > loose);

  await page.selectOption("#weight", "none");
  await setSlider(page, "l2", 1);
  assert.equal(await text(page, "l2-value"), "10");
  await train(page);
  assert.deepEqual(await confusion(page), { tp: 0, fn: 8, fp: 0, tn: 430 });
  assert.match(await text(page, "warnings"), /"snow" is predicted for no training row/);
});

onPage("every class of the weather can be the rare one, and rows can be drawn anew", async (page) => {
  await ready(page);
  for (const [name, positives] of [["drizzle", 16], ["fog", 30], ["rain", 192], ["sun", 192], ["snow", 8]]) {
    await page.selectOption("#positive", name);
    await ready(page);
    assert.equal(await text(page, "fact-status"), "–");
    await train(page);
    const { tp, fn } = await confusion(page);
    assert.equal(tp + fn, positives, name);
    assert.ok(tp > 0, name);
    assert.equal(await text(page, "positive-name"), name);
  }
  const before = await text(page, "curve-text");
  await page.click("#draw");
  await ready(page);
  assert.match(await text(page, "draw-text"), /draw\u00a02/);
  await train(page);
  assert.notEqual(await text(page, "curve-text"), before);
});

onPage("the four ways, side by side", async (page) => {
  await ready(page);
  await page.click("#compare");
  await untilStatus(page, /^All four are trained/);
  const rows = await page.locator("#ways tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.equal(rows.length, 4);
  for (const row of rows) {
    assert.equal(row.length, 12);
    for (const cell of row.slice(1)) assert.match(cell, /^[\d.]+$|^–$/);
  }
  const [plain, weighted, focal, both] = rows;
  assert.deepEqual(rows.map((row) => row[2]), ["0.5", "0.0176", "0.5", "0.0176"]);
  for (const row of [weighted, both]) {
    assert.ok(Number(row[3]) > Math.max(Number(plain[3]), Number(focal[3])), "weights find more");
    assert.ok(Number(row[6]) > Number(plain[6]), "and raise more alarms");
  }
  const words = await text(page, "words");
  assert.match(words, /with balanced weights they find/);
  assert.match(words, /Only 8 held-out rows are positive/);
  // The focal way with weights is the page's first setting.
  await train(page);
  assert.equal(/Average precision ([\d.]+)/.exec(await text(page, "curve-text"))[1], both[1]);
});

/** Columns that are nearly the same, so that a fit takes many iterations. */
function hardTable(rows) {
  const random = randomNumbers(1);
  const lines = ["a,b,c,d,e,f,g,h,i,j,outcome"];
  for (let i = 0; i < rows; i++) {
    const x = random();
    const powers = Array.from({ length: 10 }, (_, k) => (x ** (k + 1) + 1e-3 * random()).toFixed(6));
    lines.push(`${powers},${random() < (x > 0.9 ? 0.2 : 0.01) ? "yes" : "no"}`);
  }
  return csv("hard.csv", lines);
}

onPage("a long fit can be stopped, and the page goes on", async (page) => {
  await ready(page);
  await choose(page, hardTable(60000));
  await ready(page);
  await setSlider(page, "l2", -8);
  await setSlider(page, "gamma", 5);
  // Stops at the third iteration, from within the page.
  const iteration = await page.evaluate(() => new Promise((resolve) => {
    const step = document.getElementById("step");
    const observer = new MutationObserver(() => {
      const at = Number(/^Iteration (\d+)/.exec(step.textContent)?.[1] ?? 0);
      if (at < 3) return;
      observer.disconnect();
      document.getElementById("stop").click();
      resolve(at);
    });
    observer.observe(step, { childList: true, characterData: true, subtree: true });
    document.getElementById("train").click();
  }));
  await untilStatus(page, /^Stopped after \d+ iterations?\. There is no model yet\.$/);
  const stopped = Number(/\d+/.exec(await text(page, "status"))[0]);
  assert.ok(stopped >= iteration && stopped < 500, `stopped after ${stopped}, asked at ${iteration}`);
  assert.equal(await page.getAttribute("#stop", "aria-disabled"), "true");
  assert.ok(await page.locator("#judged").isHidden());

  // At once.
  await page.evaluate(() => {
    document.getElementById("train").click();
    document.getElementById("stop").click();
  });
  await untilStatus(page, /^Stopped( after \d+ iterations?)?\. There is no model yet\.$/);
  assert.equal(await page.getAttribute("#train", "aria-disabled"), "false");

  // While another table is chosen.
  await page.click("#train");
  await page.check("#source-weather");
  await ready(page);
  await train(page);
  assert.equal(await text(page, "fact-rows"), "1,022 days, 18 snow");
});

onPage("a reload, and training again", async (page) => {
  await ready(page);
  await train(page);
  const first = [await text(page, "headline"), await text(page, "curve-text")];
  await page.reload();
  await ready(page);
  assert.equal(await text(page, "fact-status"), "–");
  await train(page);
  assert.deepEqual([await text(page, "headline"), await text(page, "curve-text")], first);
});

onPage("a CSV file: columns, gaps, quotes, and what is left out", async (page) => {
  await ready(page);
  const random = randomNumbers(7);
  const lines = ['size;"machine; type";serial;flat;state;note'];
  for (let i = 0; i < 600; i++) {
    const failing = i % 20 === 0;
    const size = i === 5 ? "NA" : (random() + (failing ? 0.8 : 0)).toFixed(3);
    lines.push(`${size};${["mill", "\"lathe; old\"", "press"][i % 3]};s${i};1;${i === 7 ? "" : failing ? "failing" : "well"};${i % 2 ? "x" : "y"}`);
  }
  lines.push("1;2", "");
  await choose(page, csv("machines.csv", lines));
  await ready(page);

  assert.deepEqual(await page.locator("#label option").allTextContents(), ["note", "state", "machine; type"]);
  await page.selectOption("#label", { label: "state" });
  await ready(page);
  assert.equal(await page.inputValue("#positive"), "failing");
  assert.match(await text(page, "rows"), /^598 rows: 419 \(21 failing\) to train on, 179 \(9 failing\) held out\. Left out: 1 row with a number missing\. Left out: 1 row without a label\. Left out: 1 row with too few or too many cells\.$/);
  assert.deepEqual(await page.locator("#columns-list li").allTextContents(), [
    "size", "machine; type = lathe; old", "machine; type = mill", "machine; type = press", "note = y",
    "serial: left out, it is text of more than 20 different values",
    "flat: left out, it has the same value in every row",
  ]);
  await train(page);
  const { tp, fn, fp } = await confusion(page);
  assert.equal(tp + fn, 9);
  assert.ok(tp >= 7 && fp < 80, `${tp} found, ${fp} false alarms`);
  assert.match(await text(page, "headline"), /held-out rows of “failing” found/);
  await page.click("#compare");
  await untilStatus(page, /^All four are trained/);

  await page.check("#source-weather");
  await ready(page);
  await page.check("#source-file");
  await ready(page);
  await train(page);
});

onPage("files that cannot be used get a readable message, and the next one works", async (page) => {
  await ready(page);
  await page.check("#source-file");
  await untilStatus(page, /^Choose a CSV file/);
  const rows = (n, f) => Array.from({ length: n }, (_, i) => f(i));
  for (const [lines, message] of [
    [[], /The file is empty/],
    [["only", "1", "2"], /one column only/],
    [["a,b"], /no rows below the first line/],
    [["a,b", '"x,1', "y,2"], /Row 2 has a quotation mark that is not closed/],
    [["a,b", ...rows(60, (i) => `${i},${i + 0.5}`)], /No column has between 2 and 50 different values/],
    [["a,b", ...rows(60, (i) => `t${i},${i % 2}`)], /No column is left to predict “b” from: “a” is left out because it is text/],
    [["a\0b,c", "1,2"], /not text/],
  ]) {
    await page.setInputFiles("#file", csv("bad.csv", lines));
    await until(page, "data-problem", message);
    assert.ok(await page.locator("#data-problem").isVisible());
    await page.click("#train");
    await untilStatus(page, /no table to train on/);
  }
  await page.setInputFiles("#file", csv("good.csv", ["a,b", ...rows(60, (i) => `${i},${i < 20 ? "p" : "q"}`)]));
  await ready(page);
  assert.ok(await page.locator("#data-problem").isHidden());
  await page.selectOption("#label", { label: "b" });
  await ready(page);
  await train(page);
});

for (const width of [360, 768, 1280]) {
  onPage(`nothing is wider than the page at ${width} px`, async (page) => {
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(await overflow(), 0);
    await ready(page);
    await train(page);
    await page.click("#compare");
    await untilStatus(page, /^All four are trained/);
    await page.click("#columns-summary");
    assert.equal(await overflow(), 0);
    await page.check("#source-file");
    assert.equal(await overflow(), 0);
  }, { width });
}

onPage("the keyboard is enough", async (page) => {
  await ready(page);
  await page.focus("#source-weather");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "positive");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.inputValue("#positive"), "drizzle");
  await page.focus("#gamma");
  await page.keyboard.press("End");
  assert.equal(await text(page, "gamma-value"), "5");
  await page.keyboard.press("Enter");
  await untilStatus(page, /^Trained in /);
  await page.focus("#train");
  await page.keyboard.press("Enter");
  await untilStatus(page, /^Trained in /);
  assert.equal(await page.evaluate(() => document.activeElement.id), "train");
});

onPage("every control has a name", async (page) => {
  await ready(page);
  const nameless = await page.locator("input, select, button, progress, [role=img], [role=region]").evaluateAll((all) =>
    all.filter((e) => !(e.labels?.length || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.textContent.trim())).map((e) => e.id));
  assert.deepEqual(nameless, []);
});

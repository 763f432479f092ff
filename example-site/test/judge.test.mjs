// Parts 3 and 4: judging a model, comparing four, explaining one.
import assert from "node:assert/strict";
import { chooseFile, chooseSource, codeOf, compare, confusion, csv, drawnPixels, number, onPage, ready, setSlider, text, train, until } from "./page.mjs";

const cells = (page, body) => page.locator(`#${body} tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

onPage("thresholds: curves, confusion matrix, what each says of the held-out rows", async (page) => {
  await ready(page);
  await train(page);
  for (const chart of ["pr-chart", "roc-chart", "cost-chart", "reliability-chart"]) assert.ok((await drawnPixels(page, chart)) > 50, chart);
  for (const chart of ["pr-chart", "roc-chart", "cost-chart"]) assert.ok(await page.locator(`#${chart} .dot`).isVisible(), chart);

  // Balanced weights: the threshold is the training rows' share of snow, and most of the snow is found.
  const own = await confusion(page);
  assert.equal(await page.inputValue("#threshold-number"), String(Number((18 / 1022).toPrecision(3))));
  assert.equal(own.tp + own.fn, 8);
  assert.equal(own.fp + own.tn, 430);
  assert.ok(own.tp >= 5 && own.fp < 100, JSON.stringify(own));
  assert.equal(await text(page, "recall"), (own.tp / 8).toFixed(2));
  assert.equal(await text(page, "precision"), (own.tp / (own.tp + own.fp)).toFixed(2));
  assert.match(await text(page, "headline"), new RegExp(`^${own.tp} of 8 held-out snow days found a day ahead, with ${own.fp} false alarms among 430 other days`));
  const [, ap, base] = /^Average precision ([\d.]+)\. The dashed line is the prevalence, ([\d.]+)/.exec(await text(page, "pr-text"));
  assert.equal(base, String(Number((8 / 438).toPrecision(2))));
  assert.ok(Number(ap) > 5 * Number(base), `average precision ${ap}`);
  assert.ok(Number(/Area under the curve (\d\.\d+)/.exec(await text(page, "roc-text"))[1]) > 0.8);
  const [, raw, posterior] = /raw (\d\.\d+), posterior (\d\.\d+)/.exec(await text(page, "reliability-text"));
  assert.ok(Number(posterior) < 0.4 * Number(raw), `calibration error ${raw}, then ${posterior}`);

  await setSlider(page, "threshold", 0);
  assert.deepEqual(await confusion(page), { tp: 8, fn: 0, fp: 430, tn: 0 });
  await setSlider(page, "threshold", 1000);
  assert.deepEqual(await confusion(page), { tp: 0, fn: 8, fp: 0, tn: 430 });
  assert.equal(await text(page, "precision"), "–");
  assert.match(await text(page, "headline"), /^0 of 8.*at this threshold nothing is flagged/);
  assert.ok(await page.locator("#pr-chart .dot").isHidden());
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
  await page.fill("#threshold-number", "2");
  assert.equal(await page.getAttribute("#threshold-number", "aria-invalid"), "true");
  await page.focus("#threshold");
  await page.keyboard.press("Home");
  assert.equal(await page.inputValue("#threshold-number"), "0");
  assert.equal(await page.getAttribute("#threshold-number", "aria-invalid"), "false");
  await page.click("#threshold-tuned");
  assert.ok(Number(await text(page, "precision")) > own.tp / (own.tp + own.fp));
});

onPage("what a miss costs against a false alarm", async (page) => {
  await ready(page);
  await train(page);
  const curve = () => page.locator("#cost-chart canvas").evaluate((canvas) => canvas.toDataURL());
  const first = await curve();
  await page.fill("#miss", "50");
  assert.notEqual(await curve(), first);
  await page.fill("#miss", "20");
  assert.equal(await curve(), first, "the first curve is of what a miss costs");
  await page.fill("#miss", "50");
  const at = async () => {
    const { fn, fp } = await confusion(page);
    const [, here, nothing, everything] = /^Here a row costs ([\d.]+) false alarms on average; flagging nothing costs ([\d.]+), everything ([\d.]+)\./.exec(await text(page, "cost-text"));
    assert.equal(Number(here), Number(((50 * fn + fp) / 438).toPrecision(3)));
    assert.equal(Number(nothing), Number(((50 * 8) / 438).toPrecision(3)));
    assert.equal(Number(everything), Number((430 / 438).toPrecision(3)));
  };
  await at();
  await setSlider(page, "threshold", 700);
  await at();
  await page.click("#threshold-cost");
  assert.equal(Number(await page.inputValue("#threshold-number")), Number((1 / 51).toPrecision(3)));
  assert.match(await text(page, "cost-text"), /flag from 1\/\(1 \+ 50\) = 0\.0196 on/);
  await at();
  await page.fill("#miss", "-1");
  assert.equal(await page.getAttribute("#miss", "aria-invalid"), "true");
});

onPage("every class told apart: class by class, and curves of each", async (page) => {
  await ready(page);
  await chooseSource(page, "digits");
  await page.selectOption("#positive", "*");
  await ready(page);
  await train(page);
  for (const part of ["threshold-part", "confusion-part", "cost-part"]) assert.ok(await page.locator(`#${part}`).isHidden(), part);
  const rows = await cells(page, "classes-rows");
  assert.equal(rows.length, 10);
  let right = 0;
  for (const [name, count, recall, precision, f1, ap] of rows) {
    assert.ok(Number(recall) > 0.8 && Number(precision) > 0.8 && Number(f1) > 0.8 && Number(ap) > 0.85, `${name}: ${recall}, ${precision}, ${f1}, ${ap}`);
    right += Math.round(Number(count) * Number(recall));
  }
  const [, told] = /^(\d+) of 539 held-out digits told rightly, one of 10 classes each\./.exec(await text(page, "headline"));
  assert.ok(Math.abs(Number(told) - right) <= 3, `${told}, by the classes ${right}`);
  const of8 = await text(page, "pr-text");
  assert.equal(await page.inputValue("#class"), "8");
  await page.selectOption("#class", "3");
  await until(page, "coefficients-help", /^For “3”/);
  assert.notEqual(await text(page, "pr-text"), of8);
});

onPage("the four ways, side by side", async (page) => {
  await ready(page);
  assert.deepEqual((await cells(page, "ways")).map((row) => row.slice(1)), Array(4).fill(Array(5).fill("–")));
  await compare(page);
  const rows = await cells(page, "ways");
  assert.equal(rows.length, 4);
  for (const row of rows) {
    assert.equal(row.length, 6);
    for (const cell of row.slice(1)) {
      const [, value, low, high] = /^([\d.]+)([01]\.\d\d) to ([\d.]+)$/.exec(cell) ?? [];
      assert.ok(value !== undefined && Number(low) <= Number(value) && Number(value) <= Number(high), cell);
    }
  }
  const value = (row, column) => Number(row[column].slice(0, 4));
  const [plain, weighted, focal, both] = rows;
  for (const row of [weighted, both]) assert.ok(value(row, 2) > Math.max(value(plain, 2), value(focal, 2)), "weights find more");
  const words = await text(page, "words");
  assert.match(words, /^Focal loss against cross-entropy: average precision/);
  assert.match(words, /It does not help here|no difference that these rows can show/);
  assert.match(words, /with balanced weights they find/);
  assert.match(words, /Only 8 held-out rows are positive/);
  // The focal way with weights is the page's first setting.
  await train(page);
  assert.equal(Number(/Average precision (\d\.\d+)/.exec(await text(page, "pr-text"))[1]).toFixed(2), both[1].slice(0, 4));
});

onPage("the four ways of many classes, and stopping them", async (page) => {
  await ready(page);
  await page.selectOption("#positive", "*");
  await ready(page);
  await compare(page);
  assert.match(await text(page, "ways-head"), /mean average precision.*balanced accuracy/);
  assert.equal((await cells(page, "ways"))[0].length, 5);
  await page.evaluate(() => {
    document.getElementById("compare").click();
    document.getElementById("stop").click();
  });
  await until(page, "status", /^Stopped/);
  assert.equal(await page.getAttribute("#train", "aria-disabled"), "false");
});

onPage("the page says where focal loss does not help", async (page) => {
  await page.getByText("Where focal loss does not help.").waitFor();
  await ready(page);
});

onPage("the largest coefficients, and a row taken apart", async (page) => {
  await ready(page);
  await chooseSource(page, "cancer");
  await train(page);
  const top = await cells(page, "coefficients");
  assert.equal(top.length, 13);
  assert.match(top.at(-1)[0], /^18 more columns count less\.$/);
  for (const [name, coefficient] of top.slice(0, 12)) assert.match(`${name} ${coefficient}`, /^[a-z_]+ [+−][\d.]+$/);
  const widths = await page.locator("#coefficients .bar").evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  assert.ok(widths[0] > 20 && widths.every((width, i) => i === 0 || width <= widths[i - 1] + 0.5), `${widths}`);

  const signed = (shown) => Number(shown.replace("−", "-"));
  for (const choice of ["found", "missed", "alarm", "close", "number"]) {
    await page.selectOption("#row-choice", choice);
    await until(page, "row-text", /^It is “(malignant|benign)”, and the model says “(malignant|benign)”/);
    const rowText = await text(page, "row-text");
    const [, base, added, logit] = /logit of ([+−][\d.]+), this one’s columns add ([+−][\d.]+), in all ([+−][\d.]+):/.exec(rowText);
    assert.ok(Math.abs(signed(base) + signed(added) - signed(logit)) < 0.02 * (Math.abs(signed(base)) + Math.abs(signed(added))), rowText);
    const contributions = await cells(page, "contributions");
    assert.equal(contributions.length, 13);
    const sum = contributions.reduce((total, row) => total + signed(row[2]), 0);
    assert.ok(Math.abs(sum - signed(added)) < 0.05 * Math.max(1, ...contributions.map((row) => Math.abs(signed(row[2])))) * 3, `${sum} of ${added}`);
    // The sigmoid of the logit is what is called raw.
    const rawShare = /raw ([<>]\s)?([\d.]+)\s%/.exec(rowText);
    const expected = 100 / (1 + Math.exp(-signed(logit)));
    assert.ok(rawShare[1] ? expected < 0.1 || expected > 99.9 : Math.abs(Number(rawShare[2]) - expected) < 1.5, `${rawShare[0]}, not ${expected}`);
  }
  await page.fill("#row-number", "100000");
  await until(page, "row-text", /must be one from 1 to 171/);
  await page.fill("#row-number", "171");
  await until(page, "row-text", /^It is/);
});

onPage("a digit's coefficients as a picture", async (page) => {
  await ready(page);
  await chooseSource(page, "digits");
  await train(page);
  assert.ok(await page.locator("#weights-image-part").isVisible());
  const colours = await page.locator("#weights-image").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let [blue, orange] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 2] > data[i] + 60) blue++;
      if (data[i] > data[i + 2] + 60) orange++;
    }
    return [blue, orange];
  });
  assert.ok(colours.every((count) => count > 400), `${colours}`);
  assert.ok(await page.locator("#row-image canvas").isVisible());
});

onPage("what is said is true where nothing is taken back, and where a column gives the class away", async (page) => {
  await ready(page);
  await setSlider(page, "gamma", 0);
  await page.selectOption("#weight", "none");
  await train(page);
  await until(page, "row-text", /the model says “(not )?snow” by its own threshold, 0\.5\. .*in all [+−][\d.]+: a chance of/);
  assert.match(await text(page, "reliability-text"), /both are the same/);
  await chooseFile(page, csv("leak.csv", ["a,copy,y", ...Array.from({ length: 200 }, (_, i) => `${(i * 7) % 31},${i % 10 ? 0 : 1},${i % 10 ? "no" : "yes"}`)]));
  await ready(page);
  await page.selectOption("#weight", "balanced");
  await train(page);
  assert.match(await text(page, "pr-text"), /^Average precision 1\.000\..*see under Explain that no column gives the class away/);
  // The code holds the threshold to the last digit, and what is shown of it is not 1 before it is.
  await page.click("#threshold-tuned");
  const [, threshold] = /classifier\.threshold = ([\d.]+);/.exec(await codeOf(page));
  assert.ok(threshold.length > 6 && new URL(page.url()).hash.endsWith(`threshold=${threshold}`), threshold);
});

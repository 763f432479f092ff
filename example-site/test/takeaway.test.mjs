import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { FocalClassifier, split } from "../../js/dist/index.js";
import { readTable } from "../../js/dist/table.js";
import { transactions } from "../dist/data/transactions.js";
import { openBrowser, serveSite } from "./browser.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const textOf = (path) => readFileSync(here(path), "utf8");

/** Runs a program with `input`; resolves with what it prints. */
const run = (program, args, { input = "", cwd } = {}) =>
  new Promise((resolve, reject) => {
    const child = execFile(program, args, { cwd, env: { ...process.env, GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? "go1.27.4", NO_COLOR: "1" }, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${program} ${args.join(" ")}: ${stderr}`)) : resolve(stdout));
    child.stdin.end(input);
  });

let [browser, site, folder, program] = [];
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "focalfit-takeaway-"));
  program = join(folder, "write");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(here("../../js"), join(folder, "node_modules/focalfit"), "junction");
  [browser, site] = await Promise.all([openBrowser(), serveSite(), run("go", ["build", "-o", program, "./example-site/takeaway/write"], { cwd: here("../..") })]);
});
after(async () => {
  await browser?.close();
  await site?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Runs the code of a recipe; what it prints, and the model it writes. */
async function outcomeOf(recipe) {
  const code = await run(program, [], { input: JSON.stringify({ Gamma: 2, L2: 1e-4, TestFraction: 0.3, SplitSeed: 1, ...recipe }) });
  writeFileSync(join(folder, "train.mjs"), code);
  const printed = await run(process.execPath, ["train.mjs"], { cwd: folder });
  const measures = Object.fromEntries(Array.from(printed.matchAll(/(\w+): ([\d.e-]+)/g), ([, name, value]) => [name, Number(value)]));
  return { measures, model: JSON.parse(readFileSync(join(folder, "model.json"), "utf8")) };
}

/** The same, called here. */
async function direct(X, y, options, decide = () => {}) {
  const { train, test } = await split(X, y, { testFraction: 0.3, seed: 1 });
  const classifier = new FocalClassifier(options);
  await classifier.fit(train.X, train.y);
  decide(classifier);
  const { averagePrecision, recall, precision } = await classifier.evaluate(test.X, test.y);
  const model = JSON.parse(JSON.stringify(classifier));
  await classifier.dispose();
  return { measures: { averagePrecision, recall, precision }, model };
}

test("code: a table at an address, one class against the rest, a threshold", async () => {
  const { X, y } = await readTable(textOf("../dist/data/seattle-snow.csv"), { label: "weather" });
  const expected = await direct(X, y.map((weather) => (weather === "snow" ? "snow" : "not snow")), { classWeight: "balanced", positiveClass: "snow" }, (classifier) => (classifier.threshold = 0.04));
  assert.deepEqual(await outcomeOf({
    Source: { URL: `${site.url}data/seattle-snow.csv` }, Label: "weather", Positive: "snow", Others: "not snow", Weight: { Balanced: true },
    Threshold: 0.04,
  }), expected);
});

test("code: a file of numbered classes, all of them", async () => {
  copyFileSync(here("../dist/data/digits.csv"), join(folder, "digits.csv"));
  const { X, y } = await readTable(textOf("../dist/data/digits.csv"), { label: "digit" });
  const expected = await direct(X, y, { gamma: 0 });
  assert.ok(expected.measures.recall > 0.9);
  assert.deepEqual(await outcomeOf({
    Source: { File: "digits.csv" }, Label: "digit", NumericLabels: true, Gamma: 0,
  }), expected);
});

test("code: one numbered class against the rest", async () => {
  const { X, y } = await readTable(textOf("../dist/data/digits.csv"), { label: "digit" });
  const expected = await direct(X, y.map((digit) => (digit === 8 ? "8" : "not 8")), { classWeight: { 8: 3 }, positiveClass: "8" });
  assert.deepEqual(await outcomeOf({
    Source: { File: "digits.csv" }, Label: "digit", NumericLabels: true, Positive: "8", Others: "not 8", Weight: { Positive: 3 },
  }), expected);
});

test("code: rows that are made, a weight that is given", async () => {
  const { X, y } = transactions({ seed: 2 });
  const expected = await direct(X, y, { classWeight: { fraud: 10 }, positiveClass: "fraud" });
  assert.deepEqual(await outcomeOf({
    Source: { Generator: textOf("../dist/data/transactions.js"), Seed: 2 }, Positive: "fraud", Weight: { Positive: 10 },
  }), expected);
});

/** Opens the page of a model in a window of 360 pixels and runs `body` there; it reports no error and asks for no other file. */
async function onPage(classifier, { example, names, title = "A model" }, body) {
  const file = join(folder, "page.html");
  const prediction = { Title: title, Model: JSON.stringify(classifier), Example: JSON.stringify(example), Names: names };
  writeFileSync(file, await run(program, [here("../dist/takeaway/predict-page.html")], { input: JSON.stringify(prediction) }));
  const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
  try {
    const page = await context.newPage();
    const [errors, requests] = [[], []];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    assert.equal(await page.title(), title);
    assert.equal(await page.textContent("h1"), title);
    await body(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), "wider than the window");
    assert.ok(await page.evaluate(() => [...document.querySelectorAll("input, select, textarea")].every(({ labels }) => labels.length === 1)), "a control without a label");
    assert.deepEqual(errors, []);
    assert.deepEqual(requests, [pathToFileURL(file).href]);
  } finally {
    await context.close();
  }
}

/** Sets the fields to a row's texts. */
const fill = (page, texts) =>
  page.evaluate((values) => {
    values.forEach((value, j) => {
      const control = document.getElementById(`field-${j}`);
      control.value = value;
      if (control.value !== value) throw new Error(`field ${j} does not take ${JSON.stringify(value)}`);
    });
    document.getElementById("field-0").dispatchEvent(new Event("input", { bubbles: true }));
  }, texts);

/** What the page says: label and probabilities by class. */
const answerOf = (page) =>
  page.evaluate(() => ({
    problem: document.getElementById("problem").textContent,
    label: document.getElementById("label").textContent,
    probabilities: Object.fromEntries(Array.from(document.querySelectorAll(".class"), (line) => [line.querySelector("span").textContent, Number(line.querySelector("data").value)])),
  }));

/** Sees that the page says of `row` what the classifier does. */
async function same(page, classifier, row) {
  const { label, probabilities, problem } = await answerOf(page);
  const expected = await classifier.predictProba([row]);
  assert.equal(problem, "");
  assert.deepEqual(Object.keys(probabilities).sort(), classifier.classes.map(String).sort());
  classifier.classes.forEach((name, c) => assert.ok(Math.abs(probabilities[name] - expected.data[c]) < 1e-9, `${name}: ${probabilities[name]}, not ${expected.data[c]}`));
  assert.equal(label, String((await classifier.predict([row]))[0]));
}

test("page: two classes, without a table", async () => {
  const { X, y, names } = transactions({ rows: 30000 });
  const classifier = new FocalClassifier({ classWeight: "balanced", positiveClass: "fraud" });
  await classifier.fit(X, y);
  const row = (i) => [...X.data.slice(30 * i, 30 * i + 30)];
  const [first, second] = [y.indexOf("fraud"), y.lastIndexOf("fraud")];
  await onPage(classifier, { example: row(first), names }, async (page) => {
    assert.deepEqual(await page.locator("label").allTextContents(), names);
    await same(page, classifier, row(first));
    for (const i of [0, 1, second]) {
      await fill(page, row(i).map(String));
      await same(page, classifier, row(i));
    }
    await page.fill("#field-2", "");
    assert.match((await answerOf(page)).problem, /^No prediction yet: see the note at v3\.$/);
    assert.equal(await page.textContent("#field-2-problem"), "Give a number.");
    assert.equal(await page.isVisible("#answer"), false);
    await page.press("#field-5", "Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "field-2");
    await page.keyboard.type("-1.5e-3");
    const changed = row(second);
    changed[2] = -1.5e-3;
    await same(page, classifier, changed);
    await page.click("#reset");
    await page.waitForFunction((value) => document.getElementById("field-2").value === value && document.querySelector("#answer").checkVisibility(), String(row(first)[2]));
    await same(page, classifier, row(first));
  });
  await classifier.dispose();
});

test("page: five classes, of a table with a date", async () => {
  const [header, ...rows] = textOf("../dist/data/seattle-snow.csv").trimEnd().split("\n").map((line) => line.split(",").slice(0, -1));
  const { X, y } = await readTable(textOf("../dist/data/seattle-snow.csv"), { label: "weather" });
  const classifier = new FocalClassifier({ classWeight: "balanced" });
  await classifier.fit(X, y);
  const row = (i) => Object.fromEntries(header.map((name, j) => [name, rows[i][j]]));
  await onPage(classifier, { example: row(14), title: "Seattle’s <weather> & more" }, async (page) => {
    await same(page, classifier, row(14));
    for (const i of [0, 77, 400, 1459]) {
      await fill(page, rows[i]);
      await same(page, classifier, row(i));
    }
    await page.fill("#field-2", "");
    await same(page, classifier, { ...row(1459), temp_max_before: null });
    await page.selectOption("#field-5", "fog");
    await same(page, classifier, { ...row(1459), temp_max_before: null, weather_before: "fog" });
  });
  await classifier.dispose();
});

test("page: Fourier features and ten numbered classes", async () => {
  const { X, y, recipe } = await readTable(textOf("../dist/data/digits.csv"), { label: "digit" });
  const classifier = new FocalClassifier({ features: { kind: "fourier", components: 60 } });
  await classifier.fit(X, y);
  const row = (i) => Object.fromEntries(recipe.columns.map(({ name }, j) => [name, X.data[i * X.columns + j]]));
  await onPage(classifier, { example: row(3) }, async (page) => {
    for (const i of [3, 0, 9, 1700]) {
      await fill(page, Object.values(row(i)).map(String));
      await same(page, classifier, row(i));
    }
  });
  await classifier.dispose();
});

test("page: times, gaps, rare categories, and a label that would end a script", async () => {
  const hostile = "</script><b>broken";
  const rows = Array.from({ length: 600 }, (_, i) => ({
    "seen </label>": i % 9 ? `2024-0${1 + (i % 9)}-1${i % 7} ${10 + (i % 12)}:30` : null,
    place: i % 11 ? ["north", "south", "another"][i % 3] : i % 22 ? null : `farm ${i}`,
    age: i % 5 ? i % 40 : null,
    state: i % 13 > 10 ? hostile : "fine",
  }));
  const { X, y, recipe } = await readTable(rows, { label: "state" });
  assert.deepEqual(recipe.columns.map(({ kind, missing }) => [kind, missing]), [["date", true], ["category", true], ["number", true]]);
  assert.ok(recipe.columns[0].periods.includes(864e5) && recipe.columns[1].categories.includes(null));
  const classifier = new FocalClassifier({ classWeight: "balanced", positiveClass: hostile });
  await classifier.fit(X, y);
  const row = ({ state, ...values }) => values;
  await onPage(classifier, { example: row(rows[1]) }, async (page) => {
    await same(page, classifier, row(rows[1]));
    for (const i of [2, 9, 33, 100]) {
      const [seen, place, age] = Object.values(row(rows[i])).map((value) => String(value ?? ""));
      await fill(page, [seen.replace(" ", "T"), place, age]);
      await same(page, classifier, row(rows[i]));
    }
    await page.selectOption("#field-1", { label: "(another)" });
    await same(page, classifier, { ...row(rows[100]), place: "elsewhere" });
    assert.equal(await page.locator("b:not(.bar b)").count(), 0);
  });
  await classifier.dispose();
});

test("page: more than a hundred columns, as a line", async () => {
  const X = Array.from({ length: 300 }, (_, i) => Array.from({ length: 101 }, (_, j) => Math.round(1000 * Math.sin(i * (j + 1.3))) / 1000));
  const classifier = new FocalClassifier();
  await classifier.fit(X, X.map((row) => row[3] + row[50] > 1));
  await onPage(classifier, { example: X[1] }, async (page) => {
    await same(page, classifier, X[1]);
    for (const [i, between] of [[0, ","], [5, "\t"], [9, ", "]]) {
      await page.fill("textarea", X[i].join(between));
      await same(page, classifier, X[i]);
    }
    const problem = async (line) => {
      await page.fill("textarea", line);
      return page.textContent("#field-line-problem");
    };
    assert.equal(await problem("1,2,3"), "The line has 3 values: the model takes 101.");
    assert.equal(await problem(X[0].with(7, "x").join()), "Value 8, Column 8, is “x”: it must be a number.");
    assert.equal(await problem(X[0].with(0, "").join()), "Value 1, Column 1, is missing: it must be a number.");
    assert.equal(await problem(`${X[0]}\n${X[1]}`), "Give one line only.");
    assert.equal(await problem(" "), "Give a line of 101 values.");
  });
  await classifier.dispose();
});

/** What a click saves. */
async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** Trains in the page itself and takes everything away; the code must find what the page found. */
async function takeAway(source, prepare = () => {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] });
  try {
    const page = await context.newPage();
    const status = (pattern) => page.waitForFunction((text) => new RegExp(text).test(document.getElementById("status").textContent), pattern);
    await page.goto(`${site.url}#${source}`);
    await status("^Ready");
    await prepare(page);
    await page.click("#train");
    await status("^Trained in");
    if (await page.isVisible("#threshold-number")) await page.fill("#threshold-number", "0.15");
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve()))); // with which the code follows
    const shown = await page.evaluate(() => Object.fromEntries(["pr-text", "recall", "precision", "code", "classes-rows"].map((id) => [id, document.getElementById(id).textContent])));
    await page.click("#copy");
    await page.getByText("Copied.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), shown.code);
    const files = { json: await saved(page, "#save-json"), onnx: await saved(page, "#save-onnx"), page: await saved(page, "#save-page") };

    writeFileSync(join(folder, "train.mjs"), shown.code);
    const printed = await run(process.execPath, ["train.mjs"], { cwd: folder });
    const measures = Object.fromEntries(Array.from(printed.matchAll(/(\w+): ([\d.e-]+)/g), ([, name, value]) => [name, Number(value)]));
    return { shown, files, measures };
  } finally {
    await context.close();
  }
}

test("the page: what is taken away of Seattle's snow repeats it", async () => {
  const { shown, files, measures } = await takeAway("data=snow&class=snow&draw=2&gamma=1.5&weight=30&l2=-3");
  assert.equal(measures.averagePrecision.toFixed(3), /Average precision (\d\.\d+)/.exec(shown["pr-text"])[1]);
  for (const name of ["recall", "precision"]) assert.ok(Math.abs(measures[name] - Number(shown[name])) < 0.00501, `${name} ${measures[name]}, shown ${shown[name]}`);
  const model = JSON.parse(readFileSync(files.json, "utf8"));
  const again = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  assert.deepEqual(again, model);
  assert.equal(FocalClassifier.fromJSON(model).threshold, 0.15);
  assert.ok(readFileSync(files.onnx).length > 500);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(pathToFileURL(files.page).href);
    const fields = page.locator("input, select");
    assert.ok((await fields.count()) >= 6);
    assert.match(await page.textContent("body"), /snow/);
    // The example is the day that is found most surely.
    assert.match(await page.inputValue("input[type=date], input[type=datetime-local]"), /^20\d\d-(0[1-3]|1[12])-\d\d/);
  } finally {
    await context.close();
  }
});

test("the page: what is taken away of every digit, and of the payments, repeats it", async () => {
  const digits = await takeAway("data=digits&class=*&draw=1&gamma=0&weight=none&l2=-2");
  const recalls = Array.from(digits.shown["classes-rows"].matchAll(/\d(\d\d)(\d\.\d\d)(\d\.\d\d)(\d\.\d\d)/g), ([, , recall]) => Number(recall));
  assert.equal(recalls.length, 10);
  assert.ok(Math.abs(recalls.reduce((sum, recall) => sum + recall / 10, 0) - digits.measures.recall) < 0.006, `${recalls}, ${digits.measures.recall}`);
  const payments = await takeAway("data=transactions&class=fraud&draw=1&gamma=2&weight=balanced&l2=-4");
  assert.equal(payments.measures.averagePrecision.toFixed(3), /Average precision (\d\.\d+)/.exec(payments.shown["pr-text"])[1]);
  assert.deepEqual([payments.measures.recall.toFixed(2), payments.measures.precision.toFixed(2)], [payments.shown.recall, payments.shown.precision]);
});

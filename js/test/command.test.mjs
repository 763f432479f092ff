// The program focalfit, as npm links it into a project.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { FocalClassifier, split, tune } from "focalfit";
import { createPredictor } from "focalfit/predict";
import { readTable } from "focalfit/table";
import { seeded } from "./data.mjs";

const program = fileURLToPath(new URL("../node_modules/.bin/focalfit", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "focalfit-command-"));
after(() => rmSync(folder, { recursive: true }));
const inFolder = (name) => join(folder, name);
const contents = (name) => readFileSync(inFolder(name), "utf8");

/** Runs the program in the folder; `use` may act on it meanwhile. */
function focalfit(args, input = "", use = () => {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: folder });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text));
    child.on("error", fail).on("close", (code, signal) => done({ code, signal, ...out }));
    // It may end before it has read all.
    child.stdin.on("error", () => {});
    if (input !== null) child.stdin.end(input);
    use(child);
  });
}

async function works(args, input) {
  const result = await focalfit(args, input);
  assert.equal(result.code, 0, `focalfit ${args.join(" ")}\n${result.stderr}`);
  return result;
}

/** One line on standard error, nothing else, and no file more than there was. */
async function fails(args, code, pattern, input) {
  const before = readdirSync(folder);
  const { stdout, stderr, ...rest } = await focalfit(args, input);
  assert.equal(rest.code, code, `focalfit ${args.join(" ")}\n${stderr}`);
  assert.equal(stdout, "");
  assert.match(stderr, /^focalfit: .+\n$/);
  assert.match(stderr, pattern);
  assert.deepEqual(readdirSync(folder), before);
}

const hostile = "<script>alert(\"1\")</script> & 'so'";

/** Machines with dates, gaps, wide characters and a name that would be a script. */
function machines(rows = 800) {
  const random = seeded(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: rows }, (_, i) => {
    const failed = i % 16 === 5;
    return {
      seen: `2024-${String(1 + (i % 12)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`,
      [hostile]: (normal() + (failed ? 2 : 0)).toFixed(3),
      天気: ["雪", "晴れ", "曇り"][(i + (failed ? 0 : (i >> 2))) % 3],
      age: i % 7 ? String(20 + Math.floor(random() * 40) + (failed ? 12 : 0)) : "",
      failed: failed ? "yes" : "no",
    };
  });
}

const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csvOf = (rows) => [Object.keys(rows[0]), ...rows.map(Object.values)].map((record) => `${record.map(quoted).join(",")}\n`).join("");
const rows = machines();
const csv = csvOf(rows);
writeFileSync(inFolder("machines.csv"), csv);
const fresh = rows.slice(0, 90).map(({ failed, ...row }) => row);
writeFileSync(inFolder("fresh.csv"), csvOf(fresh));

/** What the program does, by the library. */
async function byLibrary(options, { label = "failed", positive = "yes" } = {}) {
  const { X, y } = await readTable(csv, { label });
  const { train, test } = await split(X, y, { testFraction: 0.25, seed: 0 });
  const classifier = new FocalClassifier({ classWeight: "balanced", positiveClass: positive, ...options });
  const report = await classifier.fit(train.X, train.y);
  return { classifier, report, train, test };
}

const plainly = (value) => JSON.parse(JSON.stringify(value, (_, entry) => (ArrayBuffer.isView(entry) ? [...entry] : entry)));

test("train writes the library's own model, and says how good it is and what was decided", async () => {
  const { stdout, stderr } = await works(["train", "machines.csv", "--label", "failed", "--positive", "yes", "--gamma", "1", "--l2", "1e-3", "--out", "model.json"]);
  const { classifier, report, test: held } = await byLibrary({ gamma: 1, l2: 1e-3 });
  assert.deepEqual(JSON.parse(contents("model.json")), plainly(classifier));
  const evaluation = await classifier.evaluate(held.X, held.y);
  for (const [name, value] of [["average precision", evaluation.averagePrecision], ["ROC AUC", evaluation.rocAuc], ["log loss", evaluation.logLoss], ["Brier score", evaluation.brier], ["calibration error", evaluation.ece], ["recall", evaluation.recall], ["MCC", evaluation.mcc]]) {
    assert.match(stdout, new RegExp(`^ +${name} +${value.toFixed(4).replace(".", "\\.")}`, "m"));
  }
  assert.match(stdout, /machines\.csv: 800 rows, 4 columns, as 9 numbers/);
  assert.match(stdout, /yes \(positive\): 50 \(37 to learn from, 13 to judge\)/);
  assert.match(stdout, new RegExp(`^ +yes +${evaluation.confusion[1].join(" +")}$`, "m"));
  const warnings = stderr.trimEnd().split("\n");
  assert.ok(report.warnings.length >= 1);
  for (const warning of report.warnings) assert.ok(warnings.includes(`warning: ${warning}`), warning);
  assert.equal(warnings.filter((line) => /^warning: 201 of 800 rows are held out/.test(line)).length, 1);
  assert.ok(warnings.every((line) => line.startsWith("warning: ")) && !stderr.includes("positive class"));
});

test("columns of the summary stand below each other whatever the script", async () => {
  const { stdout } = await works(["train", "machines.csv", "--label", "failed"]);
  const cells = (text) => [...text].reduce((sum, letter) => sum + (/[\u3000-\u9fff]/.test(letter) ? 2 : 1), 0);
  const lines = stdout.split("top columns")[1].split("\n").slice(1).filter(Boolean);
  assert.ok(lines.some((line) => line.includes("天気 = 晴れ")) && lines.some((line) => line.includes("age missing")));
  assert.deepEqual([...new Set(lines.map((line) => cells(line.slice(0, line.search(/\d\.\d{3}  /) + 5))))].length, 1, lines.join("\n"));
});

test("predict is the library's own prediction of raw rows, from a file or standard input", async () => {
  await works(["train", "machines.csv", "--label", "failed", "--calibrate", "--out", "predict.json", "--quiet"]);
  const json = JSON.parse(contents("predict.json"));
  assert.equal(json.calibration.method, "temperature");
  const { stdout, stderr } = await works(["predict", "predict.json", "fresh.csv"]);
  assert.equal(stderr, "");
  const [header, ...lines] = stdout.trimEnd().split("\n");
  assert.equal(header, "predicted,probability of no,probability of yes");
  const classifier = FocalClassifier.fromJSON(json);
  const [labels, { data }] = [await classifier.predict(fresh), await classifier.predictProba(fresh)];
  assert.deepEqual(lines, labels.map((label, row) => [label, data[2 * row], data[2 * row + 1]].join()));
  assert.ok(new Set(labels).size === 2);
  const predictor = createPredictor(json);
  assert.deepEqual(predictor.predict(fresh), labels);
  assert.deepEqual(predictor.predictProba(fresh).data, data);
  assert.equal((await works(["predict", "predict.json"], contents("fresh.csv"))).stdout, stdout);
  assert.equal((await works(["predict", "predict.json", "-"], contents("fresh.csv"))).stdout, stdout);
  assert.equal((await works(["predict", "-", "fresh.csv"], contents("predict.json"))).stdout, stdout);
  // With the labels in the file, or another order of its columns.
  assert.equal((await works(["predict", "predict.json"], csvOf(rows.slice(0, 90).map((row) => Object.fromEntries(Object.entries(row).reverse()))))).stdout, stdout);
  const { stdout: nothing } = await works(["predict", "predict.json", "fresh.csv", "--out", "predicted.csv"]);
  assert.deepEqual([nothing, contents("predicted.csv")], ["", stdout]);
  const document = JSON.parse((await works(["predict", "predict.json", "fresh.csv", "--json"])).stdout);
  assert.deepEqual([document.predicted, document.probabilities.flat(), document.threshold], [labels, [...data], classifier.threshold]);
});

test("a label with a comma, a quotation mark or a line end is a field of its own", async () => {
  const odd = rows.map(({ failed, age }, i) => ({ value: String(i % 16 === 5 ? 9 + (i % 3) : i % 7), age, kind: failed === "yes" ? 'so, "so"' : "a\u001b[31m\nb" }));
  const { stdout: model, stderr } = await works(["train", "--label", "kind", "--out", "-"], csvOf(odd));
  // What is in data does not steer a terminal.
  assert.ok(stderr.includes("a\\u001b[31m\\nb") && !stderr.includes("\u001b"));
  writeFileSync(inFolder("odd.json"), model);
  const { stdout } = await works(["predict", "odd.json"], csvOf(odd));
  const { X, y } = await readTable(stdout, { label: "predicted" });
  assert.deepEqual([X.rows, [...new Set(y)].sort()], [800, ["a\u001b[31m\nb", 'so, "so"']]);
  assert.equal(stdout.split("\n")[0], 'predicted,"probability of a\u001b[31m');
});

test("evaluate judges as the library does", async () => {
  await works(["train", "machines.csv", "--label", "failed", "--out", "judged.json"]);
  const { stdout, stderr } = await works(["evaluate", "judged.json", "--label", "failed", "--json", "-"], csv);
  assert.equal(stderr, "");
  const classifier = FocalClassifier.fromJSON(JSON.parse(contents("judged.json")));
  const { X, y } = await readTable(csv, { label: "failed", recipe: classifier.table });
  const { evaluation, topColumns, positive } = JSON.parse(stdout);
  assert.deepEqual(evaluation, plainly(await classifier.evaluate(X, y)));
  const { names, ranking, importance } = await classifier.explain(X);
  assert.deepEqual(topColumns.map(({ name }) => name), ranking.filter((column) => importance[column] > 0).slice(0, 12).map((column) => names[column]));
  assert.equal(positive, "yes");
  assert.match((await works(["evaluate", "judged.json", "machines.csv", "--label", "failed"])).stdout, /judged by 800 rows of machines\.csv/);
});

test("tune finds what the library's search finds, and fits it", async () => {
  const { stdout, stderr } = await works(["tune", "machines.csv", "--label", "failed", "--grid", "l2=1e-4,1e-1", "gamma=0,2", "class-weight=none,balanced", "--folds", "3", "--metric", "logLoss", "--out", "tuned.json"]);
  const { train } = await byLibrary({});
  const grid = { l2: [1e-4, 1e-1], gamma: [0, 2], classWeight: [undefined, "balanced"] };
  const { results, best, classifier } = await tune(train.X, train.y, { options: { positiveClass: "yes" }, grid, folds: 3, metric: "logLoss" });
  assert.deepEqual(JSON.parse(contents("tuned.json")), plainly(classifier));
  for (const { options, mean } of results) {
    const line = `l2=${options.l2} gamma=${options.gamma} classWeight=${options.classWeight ?? "none"}`;
    assert.match(stdout, new RegExp(`^ *${options === best.options ? "→ " : ""} *${line.replaceAll(".", "\\.")} +${mean.logLoss.toFixed(4)} `, "m"));
  }
  assert.doesNotMatch(stderr, /weigh/);
});

test("a threshold is tuned and probabilities are calibrated on rows of their own", async () => {
  const { stdout } = await works(["train", "machines.csv", "--label", "failed", "--positive", "yes", "--seed", "3", "--maximize", "cost=1:20", "--calibrate=platt", "--json"]);
  const { threshold, tuned, model, counts, calibration } = JSON.parse(stdout);
  const { X, y } = await readTable(csv, { label: "failed" });
  const { train: rest } = await split(X, y, { testFraction: 0.25, seed: 3 });
  const { train, test: validation } = await split(rest.X, rest.y, { testFraction: 0.25, seed: 3 });
  const classifier = new FocalClassifier({ classWeight: "balanced", positiveClass: "yes", seed: 3 });
  await classifier.fit(train.X, train.y);
  await classifier.calibrate(validation.X, validation.y, { method: "platt" });
  const found = await classifier.tuneThreshold(validation.X, validation.y, { maximize: { cost: { falsePositive: 1, falseNegative: 20 } } });
  assert.deepEqual([threshold, tuned.value, calibration], [found.threshold, found.value, "platt"]);
  assert.deepEqual(model, plainly(classifier));
  assert.deepEqual(counts, [{ label: "no", train: 421, validation: 141, test: 188 }, { label: "yes", train: 28, validation: 9, test: 13 }]);
});

test("--json prints one document and nothing else; --quiet nothing", async () => {
  const { stdout, stderr } = await works(["train", "--label", "failed", "--json"], csv);
  assert.deepEqual([stderr, stdout.indexOf("\n")], ["", stdout.length - 1]);
  const document = JSON.parse(stdout);
  assert.deepEqual([document.command, document.source, document.rows, document.positive, document.fit.status, document.files], ["train", "standard input", 800, "yes", "converged", []]);
  assert.match(document.warnings[0], /positive class is "yes", the rarer of the two, 50 of 800 rows/);
  assert.equal(FocalClassifier.fromJSON(document.model).classes.length, 2);
  const written = JSON.parse((await works(["train", "machines.csv", "--label", "failed", "--json", "--out", "json.json", "--report", "json.html"])).stdout);
  assert.deepEqual([written.files, "model" in written], [["json.json", "json.html"], false]);
  const { stdout: none, stderr: silence } = await works(["train", "machines.csv", "--label", "failed", "--quiet", "--out", "quiet.json"]);
  assert.deepEqual([none, silence], ["", ""]);
});

test("one label of many against the rest, and more than two classes", async () => {
  const { stdout, stderr } = await works(["train", "machines.csv", "--label", "天気", "--positive", "雪", "--out", "snow.json"]);
  assert.match(stdout, /雪 \(positive\): \d+/);
  assert.match(stderr, /The 2 labels besides "雪" are one class, "not 雪"/);
  const { evaluation, warnings } = JSON.parse((await works(["evaluate", "snow.json", "machines.csv", "--label", "天気", "--json"])).stdout);
  assert.deepEqual(evaluation.perClass.map(({ label, support }) => [label, support]), ["not 雪", "雪"].map((label) => [label, rows.filter(({ 天気 }) => (天気 === "雪") === (label === "雪")).length]));
  assert.match(warnings.join("\n"), /The labels "晴れ" and "曇り" count as the model's class "not 雪"\./);
  const three = await works(["train", "machines.csv", "--label", "天気", "--report", "three.html"]);
  assert.match(three.stdout, /^class +rows +precision/m);
  wellFormed(contents("three.html"));
});

test("without a test part the model learns from all rows, and the judgement says so", async () => {
  const { stdout, stderr } = await works(["train", "machines.csv", "--label", "failed", "--test-fraction", "0", "--class-weight", "no=1,yes=4", "--loss", "asymmetric", "--gamma-negative", "3", "--ignore", "seen", "--out", "all.json"]);
  const { X, y } = await readTable(csv, { label: "failed", ignore: ["seen"] });
  const classifier = new FocalClassifier({ classWeight: { no: 1, yes: 4 }, loss: "asymmetric", gammaNegative: 3, positiveClass: "yes" });
  await classifier.fit(X, y);
  assert.deepEqual(JSON.parse(contents("all.json")), plainly(classifier));
  assert.match(stdout, /judged by the 800 rows it was fitted to/);
  assert.match(stderr, /which flatters it/);
});

test("other delimiters and commas before fractions", async () => {
  const other = csv.replaceAll(",", ";").replaceAll(/(\d)\.(\d)/g, "$1,$2");
  const { model } = JSON.parse((await works(["train", "--label", "failed", "--json", "--delimiter", ";", "--decimal", ","], other)).stdout);
  const { model: same } = JSON.parse((await works(["train", "--label", "failed", "--json"], csv)).stdout);
  assert.deepEqual(model.coefficients, same.coefficients);
});

test("a wrong call is 2, and the message names the nearest that is right", async () => {
  for (const [args, pattern] of [
    [[], /Name a command: train, tune, predict, evaluate/],
    [["trian"], /Unknown command "trian": did you mean "train"\?/],
    [["--versoin"], /did you mean "--version"\?/],
    [["train", "machines.csv", "--lable", "failed"], /Unknown option "--lable": did you mean "--label"\?/],
    [["train", "machines.csv", "--label", "failed", "--toString"], /Unknown option "--toString"/],
    [["predict", "model.json", "fresh.csv", "--label", "failed"], /Unknown option "--label"/],
    [["train", "machines.csv"], /--label is missing/],
    [["train", "machines.csv", "--label"], /--label needs a value/],
    [["train", "machines.csv", "--label", "--json"], /written --label=--json/],
    [["train", "machines.csv", "--label", "failed", "--json=1"], /--json is on or off/],
    [["train", "machines.csv", "--label", "failed", "--l2", "1", "--l2", "2"], /--l2 is given twice/],
    [["train", "machines.csv", "other.csv", "--label", "failed"], /"other\.csv" is one file too many/],
    [["train", "machines.csv", "--label", "failed", "--l2", "much"], /--l2 is "much": it must be a number/],
    [["train", "machines.csv", "--label", "failed", "--l2=-1"], /--l2 is -1: it must be a number ≥ 0/],
    [["train", "machines.csv", "--label", "failed", "--max-iterations", "0"], /--max-iterations is 0/],
    [["train", "machines.csv", "--label", "failed", "--loss", "focl"], /--loss is "focl".*did you mean focal\?/],
    [["train", "machines.csv", "--label", "failed", "--class-weight", "heavy"], /--class-weight is "heavy"/],
    [["train", "machines.csv", "--label", "failed", "--maximize", "recall"], /--maximize is "recall".*did you mean/],
    [["train", "machines.csv", "--label", "failed", "--maximize", "cost=5"], /cost=1:20/],
    [["train", "machines.csv", "--label", "failed", "--calibrate=plat"], /did you mean platt\?/],
    [["train", "machines.csv", "--label", "failed", "--test-fraction", "1"], /--test-fraction is 1/],
    [["train", "machines.csv", "--label", "failed", "--validation-fraction", "0.2"], /--maximize and --calibrate/],
    [["train", "machines.csv", "--label", "failed", "--json", "--out", "-"], /both need standard output/],
    [["tune", "machines.csv", "--label", "failed"], /--grid is missing/],
    [["tune", "machines.csv", "--label", "failed", "--grid", "l3=1"], /did you mean "l2"\?/],
    [["tune", "machines.csv", "--label", "failed", "--grid", "l2=1", "gamma=0,-1"], /--gamma is -1/],
    [["tune", "machines.csv", "--label", "failed", "--l2", "1", "--grid", "l2=1"], /--l2 is given and in --grid/],
    [["tune", "machines.csv", "--label", "failed", "--grid", "l2=1", "--metric", "averagePrecison"], /did you mean averagePrecision\?/],
    [["predict"], /Name model\.json/],
    [["predict", "-"], /standard input is model\.json/],
  ]) await fails(args, 2, pattern);
});

test("work that cannot be done is 1, and the message says what to change", async () => {
  await works(["train", "machines.csv", "--label", "failed", "--out", "fine.json"]);
  writeFileSync(inFolder("broken.json"), contents("fine.json").slice(0, 99));
  writeFileSync(inFolder("wrong.json"), contents("fine.json").replace('"focalfit"', '"other"'));
  for (const [args, pattern, input] of [
    [["train", "machines.csv", "--label", "faild"], /--label is "faild", but the columns are .*: did you mean "failed"\?/],
    [["train", "machines.csv", "--label", "failed", "--ignore", "sen"], /--ignore names "sen".*did you mean "seen"\?/],
    [["train", "machines.csv", "--label", "failed", "--positive", "yess"], /--positive is "yess".*did you mean "yes"\?/],
    [["train", "machines.csv", "--label", "failed", "--class-weight", "maybe=2"], /"maybe".*"no" and "yes"/],
    [["train", "machines.csv", "--label", "天気", "--maximize", "f1"], /--positive/],
    [["train", "machines.csv", "--label", "age"], /no label in column "age".*--unlabelled drop/],
    [["train", "machines.csv", "--label", hostile], /different values in 800 rows/],
    [["train", "none.csv", "--label", "failed"], /"none\.csv" cannot be read: there is no such file/],
    [["train", ".", "--label", "failed"], /it is a folder/],
    [["train", "machines.csv", "--label", "failed", "--out", join("none", "model.json")], /cannot be written: there is no such/],
    [["train", "--label", "b"], /no rows/, "a,b\n"],
    [["train", "--label", "b"], /every row/, "a,b\n1,x\n2,x\n"],
    [["train", "--label", "b"], /Row 1 has 3 fields/, "a,b\n1,x\n2,x,3\n"],
    [["train", "--label", "b"], /too few rows/, `a,b\n${"1,x\n2,x\n".repeat(9)}3,y\n`],
    [["tune", "machines.csv", "--label", "failed", "--grid", "l2=1", "--folds", "60"], /60 folds/],
    [["predict", "broken.json", "fresh.csv"], /"broken\.json" is no JSON/],
    [["predict", "wrong.json", "fresh.csv"], /"wrong\.json" is no model/],
    [["predict", "fine.json"], /no value for column "seen"/, "age\n3\n"],
    [["evaluate", "fine.json", "--label", "failed"], /label "maybe".*"no" and "yes"/, csv.replace(/no\n$/, "maybe\n")],
  ]) await fails(args, 1, pattern, input);
});

test("what was there stays when the work fails, and a link is followed", async () => {
  writeFileSync(inFolder("kept.json"), "kept");
  symlinkSync("kept.json", inFolder("link.json"));
  await fails(["train", "machines.csv", "--label", "faild", "--out", "link.json"], 1, /faild/);
  assert.equal(contents("kept.json"), "kept");
  await works(["train", "machines.csv", "--label", "failed", "--out", "link.json"]);
  assert.equal(JSON.parse(contents("kept.json")).format, "focalfit");
  // A device takes no other's place; when it is full, the model beside it is not put in place either.
  if (process.platform === "linux") await fails(["train", "machines.csv", "--label", "failed", "--out", "kept-too.json", "--report", "/dev/full"], 1, /"\/dev\/full" cannot be written: the disk is full/);
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), []);
});

test("an interrupt is 130 and leaves nothing behind", async () => {
  const before = readdirSync(folder);
  const { code, signal, stdout } = await focalfit(["train", "--label", "failed", "--out", "interrupted.json"], null, (child) => {
    // More than a pipe holds: when it is taken, the program is reading. It never comes to the end.
    child.stdin.write(csv.repeat(30).replaceAll("\nseen", "\n#"), () => child.kill("SIGINT"));
  });
  assert.deepEqual([code, signal, stdout], [130, null, ""]);
  assert.deepEqual(readdirSync(folder), before);
});

test("who reads no further ends the program quietly", async () => {
  await works(["train", "machines.csv", "--label", "failed", "--out", "pipe.json"]);
  const many = csvOf(fresh) + csvOf(fresh).split("\n").slice(1).join("\n").repeat(200);
  const { code, stderr } = await focalfit(["predict", "pipe.json"], many, (child) => child.stdout.once("data", () => child.stdout.destroy()));
  assert.deepEqual([code, stderr], [0, ""]);
});

/** Checks that every tag is closed in its turn; returns the names of all. */
function wellFormed(html) {
  const open = [];
  const names = [];
  const body = html.replace(/^<!DOCTYPE html>\n/, "").replace(/<style>[^<]*<\/style>/, "");
  const rest = body.replace(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g, (_, closes, name, attributes, empty) => {
    names.push(name);
    if (closes) assert.equal(open.pop(), name);
    else if (!empty) open.push(name);
    return "";
  });
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!(amp|lt|gt|quot|#39);)/);
  return names;
}

test("the report is one well-formed file without scripts, with names for its figures", async () => {
  await works(["train", "machines.csv", "--label", "failed", "--maximize", "f1", "--report", "report.html"]);
  const html = contents("report.html");
  const names = wellFormed(html);
  assert.ok(!names.includes("script") && !names.includes("link") && !names.includes("img"));
  assert.ok(html.includes("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;so&#39;") && html.includes("天気 = 雪"));
  assert.doesNotMatch(html, /https?:|@import|url\(| on\w+=/);
  assert.match(html, /<html lang="en">/);
  assert.match(html, /prefers-color-scheme: dark/);
  const figures = [...html.matchAll(/<svg role="img" aria-labelledby="([\w-]+) ([\w-]+)"/g)];
  assert.equal(figures.length, 2);
  for (const [, title, text] of figures) assert.match(html, new RegExp(`<title id="${title}">[^<]+</title>\\n<desc id="${text}">[^<]+</desc>`));
  assert.equal(html.match(/<table/g).length, html.match(/<caption>/g).length);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const { evaluation, warnings } = JSON.parse((await works(["train", "machines.csv", "--label", "failed", "--maximize", "f1", "--report", "again.html", "--json"])).stdout);
  for (const value of [evaluation.averagePrecision, evaluation.rocAuc, evaluation.f1]) assert.ok(html.includes(`>${value.toFixed(4)}<`));
  const [cx, cy] = html.match(/class="point" cx="([\d.]+)" cy="([\d.]+)"/).slice(1).map(Number);
  assert.ok(Math.abs((cx - 58) / 290 - evaluation.recall) < 1e-3 && Math.abs((236 - cy) / 224 - evaluation.precision) < 1e-3);
  assert.ok(evaluation.confusion.flat().every((rows) => html.includes(`">${rows}</td>`)));
  assert.ok(warnings.length >= 5);
});

test("help and version are on standard output", async () => {
  const { version } = createRequire(import.meta.url)("focalfit/package.json");
  assert.equal((await works(["--version"])).stdout, `${version}\n`);
  const { stdout } = await works(["--help"]);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  for (const command of ["train", "tune", "predict", "evaluate"]) {
    assert.match(stdout, new RegExp(`^  ${command} `, "m"));
    const help = await works([command, "--quiet", "--help"]);
    assert.match(help.stdout, new RegExp(`^focalfit ${command} [^\n]*\n(    [^\n]*\n)?\n`));
    assert.ok(help.stdout.split("\n").slice(0, -2).every((line) => line.startsWith("Example") || line.length <= 80));
  }
});

test("the README's lines run as they stand", async () => {
  const project = fileURLToPath(new URL("..", import.meta.url));
  const readme = readFileSync(join(project, "node_modules", "focalfit", "README.md"), "utf8");
  const [, lines] = readme.split("## On the command line")[1].match(/```sh\n([\s\S]*?)```/);
  const parts = ["day,load,failed", ...Array.from({ length: 400 }, (_, i) => `${i},${(i * 37) % 30},${(i * 37) % 30 < 2 ? "yes" : "no"}`)].join("\n");
  for (const name of ["data.csv", "later.csv"]) writeFileSync(join(project, name), parts);
  writeFileSync(join(project, "new.csv"), ["day,load", "1,0", "2,29"].join("\n"));
  const { status, stderr } = spawnSync("sh", ["-e", "-c", lines], { cwd: project, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(readFileSync(join(project, "predictions.csv"), "utf8").trim().split("\n").length, 3);
  assert.match(readFileSync(join(project, "report.html"), "utf8"), /<svg/);
});

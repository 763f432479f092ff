// The command `focalfit` as npm installs it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { FocalClassifier } from "focalfit";
import { readTable } from "focalfit/table";

const program = fileURLToPath(new URL("../node_modules/.bin/focalfit", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "focalfit-command-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name) => join(folder, name);

/** Runs the command; `input` is its standard input, `during` may meddle with it. */
function focalfit(args, { input, during } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text));
    child.stdin.on("error", () => {});
    if (input !== undefined) child.stdin.end(input);
    child.on("close", (code) => resolve({ code, ...out }));
    during?.(child);
  });
}

/** Machines of which every 20th fails, with gaps, dates and a quoted name. */
const header = ["seen", 'place, "north"', "age", "<script>alert(1)</script>", "failed"];
const rows = Array.from({ length: 800 }, (_, i) => [`2024-${1 + (i % 12)}-${10 + (i % 19)}`.replace(/-(\d)-/, "-0$1-"), ["Zürich", "東京"][i % 2], i % 9 ? 20 + ((i * 7) % 40) + (i % 20 ? 0 : 45) : "", (i * 13) % 17, i % 20 ? "no" : "yes"]);
const csv = [header, ...rows].map((row) => row.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")).join("\n");
writeFileSync(at("data.csv"), csv);

test("train writes a model that the library reads, and says what it decided", async () => {
  const { code, stdout, stderr } = await focalfit(["train", "data.csv", "--label", "failed", "--out", "model.json", "--report", "report.html"]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  for (const text of ["rows × columns       800 ×", "looked for           yes", "converged", "200 rows held out", "average precision", 'note: "yes" is taken for the class to be found', "note: Classes are weighed"]) assert.ok(stdout.includes(text), text);
  const model = FocalClassifier.fromJSON(JSON.parse(readFileSync(at("model.json"), "utf8")));
  assert.deepEqual(model.classes, ["no", "yes"]);
  assert.equal(model.toJSON().positiveClass, "yes");
  assert.deepEqual(model.toJSON().options.classWeight, "balanced");
});

test("predict writes what the library predicts, from a file and from standard input", async () => {
  const model = FocalClassifier.fromJSON(JSON.parse(readFileSync(at("model.json"), "utf8")));
  const { X } = await readTable(csv, { label: "failed", recipe: model.table });
  const labels = await model.predict(X), { data } = await model.predictProba(X);
  const wanted = ["label,p(no),p(yes)", ...labels.map((label, i) => `${label},${data[2 * i]},${data[2 * i + 1]}`)].join("\n") + "\n";
  const file = await focalfit(["predict", "model.json", "data.csv"]);
  assert.deepEqual([file.code, file.stderr, file.stdout], [0, "", wanted]);
  const piped = await focalfit(["predict", "model.json", "-"], { input: csv });
  assert.equal(piped.stdout, wanted);
  const json = JSON.parse((await focalfit(["predict", "model.json", "--json"], { input: csv })).stdout);
  assert.equal(json.length, 800);
  assert.deepEqual(json[3], { label: labels[3], probabilities: { no: data[6], yes: data[7] } });
  await focalfit(["predict", "model.json", "data.csv", "-o", "out.csv"]);
  assert.equal(readFileSync(at("out.csv"), "utf8"), wanted);
});

test("evaluate says what the library says", async () => {
  const model = FocalClassifier.fromJSON(JSON.parse(readFileSync(at("model.json"), "utf8")));
  const { X, y } = await readTable(csv, { label: "failed", recipe: model.table });
  const wanted = await model.evaluate(X, y);
  const { code, stdout } = await focalfit(["evaluate", "model.json", "data.csv", "--label", "failed", "--json"]);
  assert.equal(code, 0);
  const { evaluation, rows: count } = JSON.parse(stdout);
  assert.equal(count, 800);
  assert.equal(evaluation.averagePrecision, wanted.averagePrecision);
  assert.deepEqual(evaluation.confusion, wanted.confusion);
});

test("a threshold, a calibration and weights are as asked", async () => {
  const { stdout } = await focalfit(["train", "data.csv", "--label", "failed", "--positive", "yes", "--maximize", "cost=1:20", "--class-weight", "yes=5,no=1", "--gamma", "1", "--test-fraction", "0", "--json", "--out", "weighed.json"]);
  const { decisions, threshold, judgedBy } = JSON.parse(stdout);
  const { options, threshold: kept } = JSON.parse(readFileSync(at("weighed.json"), "utf8"));
  assert.equal(kept, threshold);
  assert.equal(options.gamma, 1);
  assert.deepEqual(options.classWeight, { yes: 5, no: 1 });
  assert.match(judgedBy, /hopeful/);
  assert.ok(decisions.some((text) => text.includes("held out of the fit for the threshold")));
  const calibrated = await focalfit(["train", "data.csv", "--label", "failed", "--calibrate", "platt", "--quiet", "--out", "calibrated.json"]);
  assert.deepEqual([calibrated.code, calibrated.stdout, calibrated.stderr], [0, "", ""]);
  assert.equal(JSON.parse(readFileSync(at("calibrated.json"), "utf8")).calibration.method, "platt");
});

test("one class of several is found against the rest", async () => {
  const many = ["x,kind", ...Array.from({ length: 300 }, (_, i) => `${(i % 3) * 10 + (i % 7)},${["a", "b", "c"][i % 3]}`)].join("\n");
  const { code, stdout } = await focalfit(["train", "--label", "kind", "--positive", "c", "--out", "one.json"], { input: many });
  assert.equal(code, 0);
  assert.match(stdout, /note: The 2 other classes are taken for one, "not c"/);
  const judged = await focalfit(["evaluate", "one.json", "--label", "kind", "--json"], { input: many });
  assert.ok(JSON.parse(judged.stdout).evaluation.rocAuc > 0.99);
  const all = await focalfit(["train", "--label", "kind", "--report", "-", "--out", "all.json"], { input: many });
  assert.deepEqual(JSON.parse(readFileSync(at("all.json"), "utf8")).classes, ["a", "b", "c"]);
  assert.match(all.stdout, /^<!doctype html>/);
});

test("tune keeps the best of a grid", async () => {
  const { code, stdout } = await focalfit(["tune", "data.csv", "--label", "failed", "--grid", "l2=1e-3,1e-1 gamma=0", "--folds", "3", "--metric", "rocAuc", "--json", "--out", "tuned.json"]);
  assert.equal(code, 0);
  const { best, results, score } = JSON.parse(stdout);
  assert.equal(results.length, 2);
  assert.equal(score, Math.max(...results.map(({ mean }) => mean.rocAuc)));
  assert.equal(JSON.parse(readFileSync(at("tuned.json"), "utf8")).options.l2, best.l2);
});

test("the report is well formed, names its figures, and lets no text of the data become markup", () => {
  const html = readFileSync(at("report.html"), "utf8");
  assert.ok(!html.includes("<script"));
  assert.ok(html.includes("&#60;script&#62;"));
  assert.equal([...html.matchAll(/<svg[^>]*role="img" aria-labelledby="([\w-]+) [\w-]+"/g)].length, 4);
  const open = [];
  for (const [, close, name, empty] of html.replace(/<!doctype html>/, "").matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (close) assert.equal(open.pop(), name);
    else if (!empty && !["meta"].includes(name)) open.push(name);
  }
  assert.deepEqual(open, []);
});

test("what is asked wrongly ends with 2 and names what is meant", async () => {
  for (const [args, message] of [
    [["trian"], /Unknown command "trian": did you mean "train"\?/],
    [["train", "data.csv", "--labl", "failed"], /Unknown option of focalfit train, "labl": did you mean "label"\?/],
    [["train", "data.csv"], /--label is missing/],
    [["train", "data.csv", "--label"], /--label needs a value/],
    [["train", "data.csv", "--label", "failed", "--json=yes"], /--json takes no value/],
    [["train", "data.csv", "more.csv", "--label", "failed"], /"more\.csv" is one file too many/],
    [["train", "data.csv", "--label", "failed", "--gamma", "two"], /--gamma is "two": it must be a number/],
    [["train", "data.csv", "--label", "failed", "--positive", "maybe"], /--positive "maybe" is no label: they are "yes", "no"/],
    [["train", "data.csv", "--label", "failed", "--class-weight", "yes"], /--class-weight has "yes"/],
    [["train", "data.csv", "--label", "failed", "--json", "--out", "-"], /both want standard output/],
    [["predict"], /no model is given/],
    [["predict", "data.csv"], /is no JSON/],
  ]) {
    const { code, stdout, stderr } = await focalfit(args, { input: "" });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
});

test("what cannot be done ends with 1, in one line", async () => {
  for (const [args, message] of [
    [["train", "nowhere.csv", "--label", "failed"], /nowhere\.csv/],
    [["train", "data.csv", "--label", "fialed"], /"fialed", but the columns are/],
    [["train", "data.csv", "--label", "failed", "--l1", "1", "--loss", "focel"], /loss/],
    [["predict", "model.json", "model.json"], /header/],
  ]) {
    const { code, stdout, stderr } = await focalfit(args, { input: "" });
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
});

test("help and version", async () => {
  assert.match((await focalfit([])).stdout, /focalfit train \[data\.csv\]/);
  const { stdout, code } = await focalfit(["train", "--help"]);
  assert.equal(code, 0);
  for (const option of ["--label COLUMN", "-o, --out FILE", "--maximize WHAT"]) assert.ok(stdout.includes(option), option);
  assert.match((await focalfit(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("an interrupt ends with 130 and leaves nothing behind", async () => {
  const { code } = await focalfit(["train", "--label", "failed", "--out", "never.json"], {
    during(child) {
      // More is to come for ever, until it has begun to read.
      child.stdin.write(`${csv}\n`);
      const more = setInterval(() => child.stdin.write(`${csv.split("\n").slice(1).join("\n")}\n`), 50);
      setTimeout(() => child.kill("SIGINT"), 1500);
      child.on("close", () => clearInterval(more));
    },
  });
  assert.equal(code, 130);
  assert.ok(!existsSync(at("never.json")));
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), []);
});

test("the README's lines run as they stand", async () => {
  const project = fileURLToPath(new URL("..", import.meta.url));
  const readme = readFileSync(join(project, "node_modules", "focalfit", "README.md"), "utf8");
  const [, lines] = readme.split("## On the command line")[1].match(/```sh\n([\s\S]*?)```/);
  const days = ["day,warmest,weather", ...Array.from({ length: 400 }, (_, i) => `${i},${(i * 37) % 30},${(i * 37) % 30 < 2 ? "snow" : ["sun", "rain"][i % 2]}`)];
  writeFileSync(join(project, "data.csv"), days.join("\n"));
  writeFileSync(join(project, "new.csv"), ["day,warmest", "1,0", "2,29"].join("\n"));
  const { status, stderr } = spawnSync("sh", ["-e", "-c", lines], { cwd: project, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.deepEqual(readFileSync(join(project, "labels.csv"), "utf8").trim().split("\n").map((line) => line.split(",")[0]), ["label", "snow", "not snow"]);
  assert.match(readFileSync(join(project, "report.html"), "utf8"), /Finding “snow”/);
});

// The commands' work.
import { FocalClassifier, split, tune, type ClassifierOptions, type Evaluation, type FitReport, type Maximize } from "../index.js";
import type { FitProgress } from "../training/report.js";
import { readTable, type Table } from "../table.js";
import { FocalfitError } from "../input/errors.js";
import type { Label } from "../input/labels.js";
import type { MatrixInput } from "../input/matrix.js";
import { parse, usage, UsageError, type Arguments } from "./arguments.js";
import { readJSON, source, write } from "./files.js";
import { page } from "./page.js";
import { terminal, type Summary } from "./summary.js";

type Rows = { X: MatrixInput; y: Label[] };

/** Does what a command says. */
export async function run(command: string, args: string[], signal: AbortSignal): Promise<void> {
  const given = parse(command, args);
  if (given.flag("help")) return void process.stdout.write(usage(command));
  const work = { train, tune: search, evaluate, predict }[command as "train"];
  await work(given, signal);
}

/** Reads the rows of a CSV file, all with labels where they are wanted. */
async function read(given: Arguments, file: string | undefined, signal: AbortSignal, more: { label?: string; recipe?: Table["recipe"] }): Promise<Table> {
  return readTable(source(file), {
    ...more,
    ...(given.text("ignore") && { ignore: given.text("ignore")!.split(",") }),
    ...(given.text("delimiter") && { delimiter: given.text("delimiter")!.replace("\\t", "\t") }),
    ...(given.text("decimal") && { decimal: given.text("decimal") as "." | "," }),
    ...(given.flag("drop-unlabelled") && { unlabelled: "drop" as const }),
    signal,
    onProgress: ({ rows }) => bar(given, `${rows.toLocaleString("en")} rows read`),
  });
}

/** The rows to learn from, and what was decided about them. */
async function learning(given: Arguments, signal: AbortSignal): Promise<{ table: Table; rows: Rows; file: string; positive: Label | undefined; decisions: string[] }> {
  const [file, ...others] = given.files;
  if (others.length) throw new UsageError(`"${others[0]}" is one file too many: give one CSV file.`);
  const label = given.text("label");
  if (!label) throw new UsageError("--label is missing: name the column of the labels.");
  const table = await read(given, file, signal, { label });
  let y: Label[] = table.y!;
  const counts = countsOf(y);
  const decisions = [...table.notes];
  let positive = given.text("positive") === undefined ? undefined : labelOf(given.text("positive")!, [...counts.keys()], "--positive");
  if (positive !== undefined && counts.size > 2) {
    decisions.push(`The ${counts.size - 1} other classes are taken for one, "${rest(positive)}": leave --positive out to tell all of them apart.`);
    y = against(y, positive);
    positive = String(positive);
  }
  if (positive === undefined && counts.size === 2) {
    positive = [...counts].sort((a, b) => a[1] - b[1])[0]![0];
    decisions.push(`"${positive}" is taken for the class to be found, being the rarer: say so by --positive.`);
  }
  return { table, rows: { X: table.X, y }, file: file === undefined || file === "-" ? "standard input" : file, positive, decisions };
}

const rest = (positive: Label) => `not ${positive}`;

/** Labels as one class and the rest. */
const against = (y: readonly Label[], positive: Label) => y.map((label) => (String(label) === String(positive) ? String(positive) : rest(positive)));

function countsOf(y: readonly Label[]): Map<Label, number> {
  const counts = new Map<Label, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** The label that a text on the command line means. */
function labelOf(text: string, labels: Label[], option: string): Label {
  const found = labels.find((label) => String(label) === text);
  if (found === undefined) throw new UsageError(`${option} "${text}" is no label: they are ${labels.slice(0, 8).map((label) => `"${label}"`).join(", ")}.`);
  return found;
}

/** The options of the classifier; weights are balanced unless told. */
function classifierOptions(given: Arguments, labels: Label[], positive: Label | undefined): ClassifierOptions {
  const weight = given.text("class-weight") ?? "balanced";
  const numbers = Object.fromEntries(["gamma", "l2", "l1", "seed"].flatMap((name) => (given.number(name) === undefined ? [] : [[name, given.number(name)!]])));
  return {
    ...numbers,
    ...(given.text("loss") && { loss: given.text("loss") as "focal" }),
    ...(positive !== undefined && { positiveClass: positive }),
    ...(weight === "balanced" ? { classWeight: weight } : weight === "none" ? {} : { classWeight: weights(weight, labels) }),
  };
}

function weights(text: string, labels: Label[]): Record<string, number> {
  return Object.fromEntries(text.split(",").map((part) => {
    const at = part.lastIndexOf("=");
    const value = Number(part.slice(at + 1));
    if (at < 1 || !(value > 0)) throw new UsageError(`--class-weight has "${part}": write none, balanced or LABEL=WEIGHT, weights being numbers > 0.`);
    return [String(labelOf(part.slice(0, at), labels, "--class-weight")), value];
  }));
}

function maximum(text: string): Maximize {
  const [name, value] = text.split("=") as [string, string?];
  if (value === undefined) return name as Maximize;
  if (name === "cost") {
    const [falsePositive, falseNegative] = value.split(":").map(Number) as [number, number];
    if (!(falsePositive >= 0 && falseNegative >= 0)) throw new UsageError(`--maximize ${text}: write cost=FALSE_ALARM:MISS, such as cost=1:20.`);
    return { cost: { falsePositive, falseNegative } };
  }
  if (!Number.isFinite(Number(value))) throw new UsageError(`--maximize ${text}: after = there must be a number.`);
  return { [name]: Number(value) } as unknown as Maximize;
}

async function train(given: Arguments, signal: AbortSignal): Promise<void> {
  const { table, rows, file, positive, decisions } = await learning(given, signal);
  const seed = given.number("seed") ?? 0;
  const fraction = given.number("test-fraction") ?? 0.25;
  const wish = given.text("maximize"), method = given.text("calibrate");
  const options = classifierOptions(given, [...countsOf(rows.y).keys()], positive);
  if (!given.text("class-weight")) decisions.push("Classes are weighed to count the same: --class-weight none leaves them as they are.");

  let [learnt, test, held] = [rows, rows, rows];
  let judgedBy = "the rows it was fitted to: hopeful";
  if (fraction > 0) {
    const parts = await split(rows.X, rows.y, { testFraction: fraction, seed });
    [learnt, test] = [parts.train, parts.test];
    judgedBy = `${test.y.length.toLocaleString("en")} rows held out`;
  } else {
    decisions.push("There are no rows to judge by but those it was fitted to: scores are hopeful.");
  }
  if (wish || method) {
    const parts = await split(learnt.X, learnt.y, { testFraction: 0.25, seed: seed + 1 });
    [learnt, held] = [parts.train, parts.test];
    decisions.push(`${held.y.length.toLocaleString("en")} rows are held out of the fit for ${wish ? "the threshold" : "the calibration"}.`);
  }

  const classifier = new FocalClassifier(options);
  const report = await classifier.fit(learnt.X, learnt.y, { signal, onProgress: (progress) => bar(given, `iteration ${progress.iteration}`, progress) });
  bar(given, "");
  decisions.push(...report.warnings.filter((text) => !table.notes.includes(text)));
  if (method) await classifier.calibrate(held.X, held.y, { method: method as "platt" });
  if (wish) {
    const { threshold, reached, interval } = await classifier.tuneThreshold(held.X, held.y, { maximize: maximum(wish) });
    decisions.push(`The threshold is ${threshold.toPrecision(3)}, for ${wish}: ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)} by the bootstrap${reached ? "" : "; no threshold has what was asked for, and this one comes nearest"}.`);
  }
  const evaluation = (await classifier.evaluate(test.X, test.y)) as Evaluation;
  await finish(given, classifier, await summaryOf("train", classifier, { file, rows: rows.y, test, judgedBy, report, evaluation, decisions }));
}

async function search(given: Arguments, signal: AbortSignal): Promise<void> {
  const { table, rows, file, positive, decisions } = await learning(given, signal);
  const options = classifierOptions(given, [...countsOf(rows.y).keys()], positive);
  const grid = gridOf(given.text("grid") ?? "l2=1e-5,1e-4,1e-3,1e-2 gamma=0,2");
  const folds = given.number("folds") ?? 5;
  const { best, results, classifier, report } = await tune(rows.X, rows.y, {
    options, grid, folds, signal, seed: given.number("seed") ?? 0,
    metric: (given.text("metric") ?? "averagePrecision") as "averagePrecision",
    onProgress: ({ fraction }) => bar(given, "tuning", { fraction }),
  });
  bar(given, "");
  decisions.push(...report.warnings.filter((text) => !table.notes.includes(text)));
  const named = (chosen: object) => Object.entries(chosen).map(([name, value]) => `${name}=${value}`).join(" ");
  decisions.push(`Of ${results.length} settings the best is ${named(best.options)}: ${best.score.toFixed(4)} over ${folds} folds. The model is fitted to all rows with it.`);
  const evaluation = (await classifier.evaluate(rows.X, rows.y)) as Evaluation;
  const summary = await summaryOf("tune", classifier, { file, rows: rows.y, test: rows, judgedBy: "the rows it was fitted to, hopeful; by folds see the note", report, evaluation, decisions });
  await finish(given, classifier, summary, { best: best.options, score: best.score, results: results.map(({ options: tried, mean }) => ({ options: tried, mean })) });
}

function gridOf(text: string): Record<string, number[]> {
  return Object.fromEntries(text.split(/[\s;]+/).filter(Boolean).map((part) => {
    const [name, values = ""] = part.split("=") as [string, string?];
    const numbers = values.split(",").map(Number);
    if (!values || !numbers.every(Number.isFinite)) throw new UsageError(`--grid has "${part}": write NAME=NUMBER,NUMBER, such as l2=1e-4,1e-3.`);
    return [name, numbers];
  }));
}

async function modelOf(given: Arguments): Promise<{ classifier: FocalClassifier; file: string | undefined; recipe: Table["recipe"] }> {
  const [model, file, ...others] = given.files;
  if (!model) throw new UsageError("no model is given: name the file that focalfit train wrote.");
  if (others.length) throw new UsageError(`"${others[0]}" is one file too many: give a model and one CSV file.`);
  const classifier = FocalClassifier.fromJSON(await readJSON(model));
  const recipe = classifier.table;
  if (!recipe) throw new FocalfitError("BAD_MODEL", `${model} holds no table recipe: give a model that was fitted to a table, as focalfit train does.`);
  return { classifier, file, recipe };
}

async function evaluate(given: Arguments, signal: AbortSignal): Promise<void> {
  const { classifier, file, recipe } = await modelOf(given);
  const label = given.text("label");
  if (!label) throw new UsageError("--label is missing: name the column of the labels.");
  const table = await read(given, file, signal, { label, recipe });
  bar(given, "");
  const { positiveClass, classes } = classifier.toJSON();
  const one = positiveClass !== null && classes.includes(rest(positiveClass));
  const test = { X: table.X, y: one ? against(table.y!, positiveClass) : table.y! };
  const evaluation = (await classifier.evaluate(test.X, test.y)) as Evaluation;
  const name = file === undefined || file === "-" ? "standard input" : file;
  await finish(given, undefined, await summaryOf("evaluate", classifier, { file: name, rows: test.y, test, judgedBy: "these rows", report: null, evaluation, decisions: table.notes }));
}

async function predict(given: Arguments, signal: AbortSignal): Promise<void> {
  const { classifier, file, recipe } = await modelOf(given);
  const table = await read(given, file, signal, { recipe });
  bar(given, "");
  const labels = await classifier.predict(table.X);
  const { data, columns } = await classifier.predictProba(table.X);
  const { classes } = classifier;
  if (given.flag("json")) {
    return write(given.text("out") ?? "-", `${JSON.stringify(labels.map((label, i) => ({ label, probabilities: Object.fromEntries(classes.map((name, c) => [name, data[i * columns + c]])) })))}\n`);
  }
  const cell = (value: unknown) => (/[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  const lines = labels.map((label, i) => [label, ...data.subarray(i * columns, (i + 1) * columns)].map(cell).join(","));
  await write(given.text("out") ?? "-", `${[["label", ...classes.map((name) => `p(${name})`)].map(cell).join(","), ...lines].join("\n")}\n`);
}

interface Judged {
  file: string;
  rows: Label[];
  test: Rows;
  judgedBy: string;
  report: FitReport | null;
  evaluation: Evaluation;
  decisions: string[];
}

async function summaryOf(command: string, classifier: FocalClassifier, { file, rows, test, judgedBy, report, evaluation, decisions }: Judged): Promise<Summary> {
  const { importance, ranking, names = [], columns, outputs } = await classifier.explain(test.X);
  const classes = [...classifier.classes] as Label[];
  const counts = countsOf(rows);
  const { positiveClass, threshold } = classifier.toJSON();
  const total = (column: number) => Array.from({ length: outputs }, (_, output) => importance[output * columns + column]!).reduce((a, b) => a + b, 0);
  return {
    command, data: file, rows: rows.length, columns, classes, positive: positiveClass ?? null, threshold: typeof threshold === "number" ? threshold : null,
    classCounts: classes.map((label) => counts.get(label) ?? 0),
    judgedBy, report, evaluation, decisions,
    top: ranking.slice(0, 20).map((column) => ({ name: names[column] ?? String(column), importance: total(column) })),
  };
}

/** Writes what was asked for, and says how it went. */
async function finish(given: Arguments, classifier: FocalClassifier | undefined, summary: Summary, more: object = {}): Promise<void> {
  const out = given.text("out"), report = given.text("report");
  if (classifier && !out) summary.decisions.push("The model is not kept: --out model.json writes it.");
  if (given.flag("json") && out === "-") throw new UsageError("--json and --out - both want standard output: name a file for one.");
  if (out && classifier) await write(out, `${JSON.stringify(classifier)}\n`);
  if (report) await write(report, page(summary));
  if (given.flag("json")) await write("-", `${JSON.stringify({ ...summary, ...more }, (_key, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value))}\n`);
  else if (!given.flag("quiet")) (out === "-" || report === "-" ? process.stderr : process.stdout).write(terminal(summary));
}

/** A line on the terminal that the next one overwrites. */
function bar(given: Arguments, text: string, progress?: Pick<FitProgress, "fraction">): void {
  if (!process.stderr.isTTY || given.flag("quiet") || given.flag("json")) return;
  const filled = progress ? Math.round(20 * progress.fraction) : 0;
  const drawn = progress ? `${"█".repeat(filled)}${"░".repeat(20 - filled)} ` : "";
  process.stderr.write(`\r\x1b[2K${text && drawn + text}`);
}

// What train and tune share: the table in parts, a classifier fitted to one, tuned on another, judged by the last.
import { FocalClassifier, split, type ClassifierOptions, type FitReport, type Label, type Maximize, type TableMatrix } from "../index.js";
import { showLabel, showList } from "../input/labels.js";
import { Failure, inFlags, UsageError } from "./failure.js";
import { objectiveText, topColumns, type Judgement } from "./judgement.js";
import type { Run } from "./main.js";
import { count } from "./numbers.js";
import { counted, labelled, read, sourceName, type Labelled } from "./table.js";
import { checkTargets, tell } from "./tell.js";
import type { Call } from "./usage.js";
import { calibrationOf, classifierOptions, fractionOf, maximizeOf, tableOptions, wholeOf } from "./values.js";

/** Rows of a table. */
export interface Part {
  X: TableMatrix;
  y: Label[];
}

/** What a fit gives. */
export interface Fitted {
  classifier: FocalClassifier;
  report: FitReport;
  search?: Judgement["search"];
}

/** Fits to `part`. */
export type Fit = (part: Part, options: ClassifierOptions, run: Run) => Promise<Fitted>;

/** What is done with rows that are not fitted to. */
interface Holdout {
  seed: number;
  testFraction: number;
  validationFraction: number;
  method: "temperature" | "platt" | "isotonic" | undefined;
  maximize: Maximize | undefined;
}

function holdoutOf(call: Call): Holdout {
  const { maximize, calibrate, "validation-fraction": validation } = call.text;
  if (validation !== undefined && !maximize && !calibrate) throw new UsageError("--validation-fraction is for --maximize and --calibrate: give one of them, or leave it out.");
  return {
    seed: wholeOf(call, "seed", 0, 0),
    testFraction: fractionOf(call, "test-fraction", 0),
    validationFraction: fractionOf(call, "validation-fraction", 1e-9),
    method: calibrationOf(call),
    maximize: maximize === undefined ? undefined : maximizeOf(maximize),
  };
}

/** Reads, fits, judges and writes. */
export async function learn(call: Call, run: Run, fit: Fit): Promise<void> {
  const { text, files: [file] } = call as Call & { files: [string] };
  const label = text.label!;
  const table = tableOptions(call);
  const options = classifierOptions(call);
  new FocalClassifier(options);
  const holdout = holdoutOf(call);
  await checkTargets(call);

  const data = labelled(await read(file, table, run), label, text.positive);
  const { positive } = data;
  if (holdout.maximize && positive === undefined) throw new Failure(`--maximize is for two classes, column "${label}" has ${data.classes.length}: name one by --positive, or move decisions by --class-weight.`);
  const { train, validation, test } = await partsOf(data, holdout);
  run.signal.throwIfAborted();

  const { classifier, report, search } = await fit(train, { ...options, positiveClass: positive }, run);
  run.progress.say("judging");
  const { method, maximize } = holdout;
  if (method) await classifier.calibrate(validation!.X, validation!.y, { method });
  const tuned = maximize && { ...(await classifier.tuneThreshold(validation!.X, validation!.y, { maximize })), objective: objectiveText(text.maximize!) };
  const judged = test ?? train;
  const counts = [train, validation, test].map((part) => counted(part?.y ?? []));
  const judgement: Judgement = {
    command: call.command as "train" | "tune", source: sourceName(file), label,
    rows: data.y.length, sourceColumns: data.sourceColumns, columns: data.X.columns, classes: classifier.classes, positive,
    counts: classifier.classes.map((name) => ({ label: name, train: counts[0]!.get(name) ?? 0, validation: counts[1]!.get(name) ?? 0, test: counts[2]!.get(name) ?? 0 })),
    fit: report, threshold: positive === undefined ? undefined : classifier.threshold, tuned, calibration: method,
    judgedOn: test ? "test" : "training", evaluation: await classifier.evaluate(judged.X, judged.y), top: await topColumns(classifier, train.X, 12), search,
    warnings: [...decisionsOf(call, data, validation, test), ...(tuned?.reached === false ? [`No threshold reaches ${text.maximize}: the one that comes nearest is set.`] : []), ...report.warnings].map(inFlags),
  };
  await tell(judgement, call, run, classifier);
}

/** The rows to fit to, those to calibrate and tune with, and those to judge by. */
async function partsOf({ X, y, classes }: Labelled, { seed, testFraction, validationFraction, method, maximize }: Holdout): Promise<{ train: Part; validation: Part | undefined; test: Part | undefined }> {
  const halves = async (part: Part, fraction: number, cure: string) => {
    const { train, test } = await split(part.X, part.y, { testFraction: fraction, seed });
    const [kept, held] = [new Set(train.y), new Set(test.y)];
    // Of more than two classes a judgement can do without one.
    const missing = classes.filter((label) => !kept.has(label) || (classes.length === 2 && !held.has(label)));
    if (missing.length > 0) throw new Failure(`Of class ${showList(missing.map(showLabel))} there are too few rows to have some in each part: add rows, or ${cure}.`);
    return [train, test] as unknown as [Part, Part];
  };
  const all: Part = { X, y };
  const [rest, test] = testFraction > 0 ? await halves(all, testFraction, "set --test-fraction 0 to hold none out") : [all, undefined];
  const [train, validation] = maximize || method ? await halves(rest, validationFraction, "leave out --maximize and --calibrate, which need rows of their own") : [rest, undefined];
  return { train, validation, test };
}

/** What the command decided itself. */
function decisionsOf({ text, list, json }: Call, { y, decisions }: Labelled, validation: Part | undefined, test: Part | undefined): string[] {
  const made = [...decisions];
  if (test) made.push(`${count(test.y.length)} of ${count(y.length)} rows are held out to judge the model, which does not learn from them: --test-fraction 0 lets it learn from all.`);
  else made.push("No rows are held out: the model is judged by the rows it was fitted to, which flatters it.");
  if (validation) {
    const ends = [text.calibrate && "calibrate the model", text.maximize && "set its threshold"].filter(Boolean).join(" and ");
    made.push(`${count(validation.y.length)} further rows are kept from the fit to ${ends}: --validation-fraction says how many.`);
  }
  if (text["class-weight"] === undefined && !list.grid?.some((entry) => /^class-?weight=/i.test(entry))) made.push("Classes weigh as if they were equally frequent: --class-weight none leaves them as they are.");
  if (text.out === undefined && !json) made.push("The model is not kept: name a file by --out.");
  return made;
}

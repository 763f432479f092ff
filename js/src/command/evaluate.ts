import type { Label } from "../index.js";
import { compareLabels, showLabel, showList } from "../input/labels.js";
import { Failure, inFlags } from "./failure.js";
import { topColumns, type Judgement } from "./judgement.js";
import type { Run } from "./main.js";
import { readClassifier } from "./model.js";
import { counted, read, restOf, sourceName } from "./table.js";
import { checkTargets, tell } from "./tell.js";
import type { Call } from "./usage.js";
import { tableOptions } from "./values.js";

/** focalfit evaluate */
export async function evaluate(call: Call, run: Run): Promise<void> {
  const [modelFile, file] = call.files as [string, string];
  const label = call.text.label!;
  const options = tableOptions(call);
  await checkTargets(call);
  const { classifier, recipe, positive } = await readClassifier(modelFile, run);
  const { X, y, notes } = await read(file, { ...options, recipe }, run);
  run.progress.say("judging");
  const { classes } = classifier;
  const { truth, rest } = known(y!, classes, positive, label);
  const counts = counted(truth);
  const evaluation = await classifier.evaluate(X, truth);
  const judgement: Judgement = {
    command: "evaluate", source: sourceName(file), label,
    rows: truth.length, sourceColumns: recipe.columns.length, columns: X.columns, classes, positive,
    counts: classes.map((name) => ({ label: name, train: 0, validation: 0, test: counts.get(name) ?? 0 })),
    fit: undefined, threshold: positive === undefined ? undefined : classifier.threshold, tuned: undefined, calibration: classifier.toJSON().calibration?.method,
    judgedOn: "given", evaluation, top: await topColumns(classifier, X, 12), search: undefined, warnings: [...rest, ...notes.map(inFlags)],
  };
  await tell(judgement, call, run);
}

/** Labels as the model has them: numbers as texts where its classes are texts, and all but one as its one other class. */
function known(y: readonly Label[], classes: readonly Label[], positive: Label | undefined, column: string): { truth: Label[]; rest: string[] } {
  const byText = new Map<string, Label>(classes.map((label) => [String(label), label]));
  const other = positive === undefined ? undefined : byText.get(restOf(String(positive)));
  const others = new Set<Label>();
  const truth = y.map((label, row) => {
    const found = byText.get(String(label));
    if (found !== undefined) return found;
    if (other === undefined) throw new Failure(`Row ${row} has the label ${showLabel(label)} in column "${column}", but the model's classes are ${showList(classes.map(showLabel))}: correct it, leave the row out, or name another column by --label.`);
    others.add(label);
    return other;
  });
  const named = showList([...others].sort(compareLabels).map(showLabel));
  return { truth, rest: others.size === 0 ? [] : [`The label${others.size > 1 ? "s" : ""} ${named} count${others.size > 1 ? "" : "s"} as the model's class "${other}".`] };
}

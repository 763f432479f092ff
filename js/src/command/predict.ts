import { inFlags } from "./failure.js";
import { checkOutput, Output, print } from "./files.js";
import type { Run } from "./main.js";
import { readClassifier } from "./model.js";
import { read } from "./table.js";
import { jsonLine, warn } from "./tell.js";
import type { Call } from "./usage.js";
import { tableOptions } from "./values.js";

/** Rows to write at once. */
const rowsPerPiece = 4096;

/** focalfit predict */
export async function predict(call: Call, run: Run): Promise<void> {
  const [modelFile, file] = call.files as [string, string];
  const out = call.text.out === "-" ? undefined : call.text.out;
  const options = tableOptions(call);
  if (out !== undefined) await checkOutput(out);
  const { classifier, recipe, positive } = await readClassifier(modelFile, run);
  const { X, rows, notes } = await read(file, { ...options, recipe }, run);
  run.progress.say("predicting");
  const { classes } = classifier;
  const predicted = await classifier.predict(X);
  const { data } = await classifier.predictProba(X);
  run.signal.throwIfAborted();
  run.progress.clear();
  const warnings = notes.map(inFlags);

  const output = out === undefined ? undefined : await Output.open(out);
  const silent = call.json && output === undefined;
  const write = silent ? async () => {} : output ? (text: string) => output.write(text) : print;
  await write(record(["predicted", ...classes.map((label) => `probability of ${label}`)]));
  for (let from = 0; from < rows; from += rowsPerPiece) {
    let piece = "";
    for (let row = from; row < Math.min(rows, from + rowsPerPiece); row++) {
      piece += record([String(predicted[row]), ...Array.from(data.subarray(row * classes.length, (row + 1) * classes.length), String)]);
    }
    await write(piece);
    run.signal.throwIfAborted();
  }
  await output?.finish();
  if (!call.json) return call.quiet ? undefined : warn(warnings);
  const probabilities = Array.from({ length: rows }, (_, row) => data.subarray(row * classes.length, (row + 1) * classes.length));
  await print(jsonLine({
    command: "predict", rows, classes, positive, threshold: positive === undefined ? undefined : classifier.threshold, warnings, files: out === undefined ? [] : [out],
    ...(output ? {} : { predicted, probabilities }),
  }));
}

/** A record of CSV. */
function record(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",")}\n`;
}

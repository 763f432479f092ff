// How a judgement gets out: files, and what is printed.
import type { FocalClassifier } from "../index.js";
import { VERSION } from "../engine/protocol.js";
import { UsageError } from "./failure.js";
import { checkOutput, print, writeFiles } from "./files.js";
import type { Judgement } from "./judgement.js";
import type { Run } from "./main.js";
import { pageOf } from "./page.js";
import { summaryOf } from "./summary.js";
import { plain } from "./terminal.js";
import type { Call } from "./usage.js";

/** Throws where what a call names cannot be written, before there is work to lose. */
export async function checkTargets({ text: { out, report }, json }: Call): Promise<void> {
  if (out === "-" && json) throw new UsageError("--out - and --json both need standard output: leave out --out, and the document holds the model.");
  if (report === "-") throw new UsageError("--report - is standard output, which the summary needs: name a file.");
  for (const file of [out, report]) if (file !== undefined && file !== "-") await checkOutput(file);
}

/** Writes and prints what a call asked for; `classifier` where it is new. */
export async function tell(judgement: Judgement, { text: { out, report }, json, quiet }: Call, { signal, progress }: Run, classifier?: FocalClassifier): Promise<void> {
  const model = JSON.stringify(classifier);
  const files: [string, string][] = [];
  if (classifier && out !== undefined && out !== "-") files.push([out, `${model}\n`]);
  if (report !== undefined) files.push([report, pageOf(judgement)]);
  signal.throwIfAborted();
  await writeFiles(files);
  progress.clear();
  if (json) {
    const { top, warnings, ...rest } = judgement;
    return print(jsonLine({ version: VERSION, ...rest, topColumns: top, warnings, files: files.map(([name]) => name), model: out === undefined ? classifier : undefined }));
  }
  const aside = classifier !== undefined && out === "-";
  if (aside) await print(`${model}\n`);
  if (quiet) return;
  if (aside) process.stderr.write(summaryOf(judgement));
  else await print(summaryOf(judgement));
  warn(judgement.warnings);
}

/** One line each, on standard error. */
export function warn(warnings: readonly string[]): void {
  for (const line of warnings) process.stderr.write(`warning: ${plain(line)}\n`);
}

/** A document for machines, on one line; typed arrays are arrays, and what is not finite is null. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value, (_, entry: unknown) => (ArrayBuffer.isView(entry) ? [...(entry as Float64Array)] : entry))}\n`;
}

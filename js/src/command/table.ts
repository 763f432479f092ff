// A labelled table as a command takes it: read, its classes counted, the positive one settled.
import { basename } from "node:path";
import type { Label } from "../index.js";
import { nearest } from "../input/known.js";
import { compareLabels, showLabel, showList } from "../input/labels.js";
import { readTable, type Table, type TableMatrix, type TableOptions } from "../table.js";
import { Failure } from "./failure.js";
import { openInput } from "./files.js";
import type { Run } from "./main.js";
import { count } from "./numbers.js";

/** Rows with their labels. */
export interface Labelled {
  X: TableMatrix;
  y: Label[];
  classes: Label[];
  /** With two classes. */
  positive: Label | undefined;
  /** Columns of the table, without the label. */
  sourceColumns: number;
  /** What was decided about the labels, each a sentence. */
  decisions: string[];
}

/** Reads a table from a file or standard input. */
export async function read(file: string, options: TableOptions, { signal, progress }: Run): Promise<Table> {
  const input = await openInput(file);
  try {
    return await readTable(input, { ...options, signal, onProgress: ({ rows }) => progress.say(`reading, ${rows.toLocaleString("en-US")} rows`) });
  } finally {
    input.destroy();
  }
}

/** A source as summaries name it: a report may be passed on, and need not say in whose folders the file lay. */
export function sourceName(file: string): string {
  return file === "-" ? "standard input" : basename(file);
}

/** How many rows there are of each label. */
export function counted(y: readonly Label[]): Map<Label, number> {
  const counts = new Map<Label, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => compareLabels(a, b)));
}

/** Settles what the classes are; `wanted` is the positive one as it was typed. */
export function labelled({ X, y = [], recipe }: Table, column: string, wanted: string | undefined): Labelled {
  const counts = counted(y);
  const labels = [...counts.keys()];
  const own = { X, sourceColumns: recipe.columns.length + recipe.ignored.filter((name) => name !== column).length };
  if (labels.length < 2) throw new Failure(`Column "${column}" is ${showLabel(labels[0]!)} in every row: a classifier needs rows of at least two classes.`);
  if (wanted === undefined) {
    if (labels.length > y.length / 2) throw new Failure(`Column "${column}" has ${count(labels.length)} different values in ${count(y.length)} rows: name a column of few classes by --label.`);
    if (labels.length > 2) return { ...own, y, classes: labels, positive: undefined, decisions: [] };
    const [first, last] = labels.map((label) => counts.get(label)!) as [number, number];
    const positive = labels[first < last ? 0 : 1]!;
    const why = first === last ? "the last of two equally frequent ones" : `the rarer of the two, ${count(Math.min(first, last))} of ${count(y.length)} rows`;
    return { ...own, y, classes: labels, positive, decisions: [`The positive class is ${showLabel(positive)}, ${why}: say --positive to choose.`] };
  }
  const positive = labels.find((label) => String(label) === wanted);
  if (positive === undefined) {
    const near = nearest(wanted, labels.map(String));
    throw new Failure(`--positive is "${wanted}", but the labels in column "${column}" are ${showList(labels.map(showLabel))}${near ? `: did you mean "${near}"?` : "."}`);
  }
  if (labels.length === 2) return { ...own, y, classes: labels, positive, decisions: [] };
  const one = String(positive);
  const rest = restOf(one);
  return {
    ...own, classes: [one, rest].sort(compareLabels), positive: one,
    y: y.map((label) => (label === positive ? one : rest)),
    decisions: [`The ${labels.length - 1} labels besides ${showLabel(positive)} are one class, "${rest}": leave out --positive to tell all ${labels.length} apart.`],
  };
}

/** The class of all labels but one. */
export function restOf(label: string): string {
  return `not ${label}`;
}

// Compiled, never run: what users write must compile, and what is wrong must not.
import { createEngine, focalLoss, FocalClassifier, FocalfitError, type Engine, type ErrorCode, type FitReport, type ModelDocument } from "focalfit";
import { readTable } from "focalfit/table";
import { toONNX } from "focalfit/onnx";
import * as inline from "focalfit/inline";
import { useClassifier, type ClassifierHook } from "focalfit/react";

const X = [[1, 2], [3, 4]];
const signal: AbortSignal | undefined = undefined;

export async function right(): Promise<void> {
  const spam = new FocalClassifier<string>({ gamma: [2, 0], classWeight: { spam: 3, ham: 1 }, positiveClass: "spam" });
  const report: FitReport = await spam.fit(X, ["spam", "ham"], { signal, onProgress: (p) => console.log(p.fraction + 0), sampleWeight: new Float32Array(2), warmStart: true });
  const warnings: string[] = report.warnings;
  const labels: string[] = await spam.predict(X);
  const data: Float64Array = (await spam.predictProba({ data: new Float32Array(4), rows: 2, columns: 2 }, { raw: true })).data;
  const sync: string[] = spam.predictor().predict([new Float32Array(2)]);
  const document: ModelDocument = spam.toJSON();
  const numbers: number[] = await FocalClassifier.fromJSON<number>(document).predict(X);
  const any = new FocalClassifier({ classWeight: "balanced", positiveClass: true });
  await any.fit(X, [true, false]);
  await any.fit(X, new Uint8Array([0, 1]));
  any.threshold = 0.3;
  const graph: Blob = new Blob([toONNX(spam), toONNX(document, { type: "float64" })]);

  const engine: Engine = createEngine({ worker: false, simd: "auto", wasmURL: { simd: "a", plain: new URL("b:c") } });
  const mean: number = (await focalLoss([0.1], [1], { task: "binary", alpha: 0.25, engine })).value;
  const each: Float64Array = (await focalLoss(X, [0, 1], { task: "multiclass", reduction: "none" })).value;
  const code: ErrorCode = new FocalfitError("BAD_INPUT", "").code;
  console.log(warnings, labels, data, sync, numbers, graph, mean, each, code);
  await engine.dispose();
}

export async function wrong(): Promise<void> {
  const { X: read, y: labels, recipe } = await readTable([{ a: 1, b: "x", y: true }], { label: "y", kinds: { b: "category" } });
  const learner = new FocalClassifier();
  await learner.fit(read, labels);
  await learner.predict([{ a: 1, b: "y" }]);
  const width: number | undefined = learner.table?.columns.length ?? recipe.columns.length;
  void width;
  // @ts-expect-error: no such kind of column
  await readTable("a,b", { kinds: { a: "text" } });
  // @ts-expect-error: an unknown table option
  await readTable("a,b", { labels: "a" });
  // @ts-expect-error: an unknown option
  new FocalClassifier({ gama: 2 });
  // @ts-expect-error: an option of the wrong type
  new FocalClassifier({ gamma: "2" });
  // @ts-expect-error: not a class weight
  new FocalClassifier({ classWeight: "balance" });
  // @ts-expect-error: a label of another type
  new FocalClassifier<string>({ positiveClass: 1 });
  const classifier = new FocalClassifier<string>();
  // @ts-expect-error: labels of another type
  await classifier.fit(X, [0, 1]);
  // @ts-expect-error: rows of strings
  await classifier.fit([["1"]], ["a"]);
  // @ts-expect-error: an unknown fit option
  await classifier.fit(X, ["a", "b"], { weights: [1, 1] });
  // @ts-expect-error: integers are no matrix data
  await classifier.predict({ data: new Int32Array(2), rows: 1, columns: 2 });
  // @ts-expect-error: an unknown prediction option
  await classifier.predictProba(X, { row: true });
  // @ts-expect-error: read only
  classifier.classes = [];
  // @ts-expect-error: the task is needed
  await focalLoss([0], [1], {});
  // @ts-expect-error: no such reduction
  await focalLoss([0], [1], { task: "binary", reduction: "avg" });
  // @ts-expect-error: an unknown engine option
  createEngine({ workers: 2 });
  // @ts-expect-error: no such type
  toONNX(classifier, { type: "double" });
  // @ts-expect-error: no such code
  new FocalfitError("BAD", "");
}

export async function hook(): Promise<void> {
  const state: ClassifierHook<string> = useClassifier<string>({ classWeight: { fault: 5 } });
  const report: FitReport | undefined = await state.fit(X, ["fault", "fine"], { signal });
  const label: string | undefined = (await state.classifier?.predict(X))?.[0];
  state.load(JSON.parse("{}"));
  const same: FocalClassifier = new inline.FocalClassifier({ engine: inline.createEngine() }) satisfies FocalClassifier;
  console.log(report, label, same, state.error?.code, state.progress?.fraction);
  // @ts-expect-error: no such status
  if (state.status === "done") state.abort();
  // @ts-expect-error: no such option
  useClassifier({ gama: 2 });
  // @ts-expect-error: labels of another kind
  await state.fit(X, [1, 2]);
}

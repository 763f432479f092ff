// A model document from a file.
import { FocalClassifier, type Label, type TableRecipe } from "../index.js";
import { reason } from "../input/errors.js";
import { Failure } from "./failure.js";
import { readText } from "./files.js";
import type { Run } from "./main.js";

/** A classifier that takes rows of a table. */
export async function readClassifier(file: string, { signal }: Run): Promise<{ classifier: FocalClassifier; recipe: TableRecipe; positive: Label | undefined }> {
  const shown = file === "-" ? "Standard input" : `"${file}"`;
  const text = await readText(file, signal);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Failure(`${shown} is no JSON: give a model that focalfit train wrote.`);
  }
  let classifier: FocalClassifier;
  try {
    classifier = FocalClassifier.fromJSON(json);
  } catch (error) {
    throw new Failure(`${shown} is no model: ${reason(error)}`);
  }
  const { table: recipe } = classifier;
  if (!recipe) throw new Failure(`${shown} was not fitted to a table, so that it is not known what its columns are called: train it by focalfit train, or predict by focalfit/predict.`);
  const { positiveClass, multiLabel } = classifier.toJSON();
  if (multiLabel) throw new Failure(`${shown} has several labels, which the command does not take: use it by focalfit/predict.`);
  return { classifier, recipe, positive: positiveClass ?? undefined };
}

// The entry point focalfit/onnx: a model as an ONNX graph, which other programs run.
import { FocalfitError } from "./input/errors.js";
import { showLabel, type Label } from "./input/labels.js";
import { readModel, type ModelDocument } from "./model/model.js";
import { elements, encode, valueInfo, type Bytes, type Element, type Message } from "./onnx/bytes.js";
import { Graph } from "./onnx/graph.js";
import { score } from "./onnx/score.js";
import { checkOptions, choice } from "./training/options.js";
import { VERSION } from "./engine/protocol.js";
import { columnNames } from "./model/recipe.js";
import { weightThreshold, type Model } from "./model/score.js";

export type { ModelDocument } from "./model/model.js";

/** Options of {@link toONNX}. */
export interface ONNXOptions {
  /**
   * The type of `X`, `logits` and `probabilities`. Default `"float32"`, which most programs have; `"float64"` is for
   * cells with more than 7 digits, such as times in seconds. In between the graph has double precision either way.
   */
  type?: "float32" | "float64" | undefined;
}

/**
 * A model, with what fills missing cells, its features, the recovery of the posterior, its calibration and its
 * thresholds, as the bytes of an ONNX file: opset 17, operators of ai.onnx only.
 *
 * Input: `X`, rows × columns, dense. Nothing is checked: a missing cell is NaN, and without `impute` makes its row NaN.
 *
 * Outputs:
 * - `label`, one per row: string for strings, bool for booleans, int64 for whole numbers, double for others; with
 *   several labels rows × labels of 0 and 1, int64
 * - `probabilities`, rows × classes, in the order of `classes`: what predictProba gives
 * - `logits`, rows × outputs: what decisionFunction gives
 *
 * The file's metadata has, as JSON each: `format`, `version`, `classes`, `positiveClass`, `multiLabel`, `threshold`, and of a
 * model fitted to a table the names of the `columns`, which it takes as numbers (`readTable` makes them of raw rows).
 *
 * @param model a fitted classifier, or what its `toJSON` returned, after JSON.parse
 * @throws `NOT_FITTED`; `BAD_MODEL`, saying what is wrong with the document; `BAD_OPTION`
 */
export function toONNX(model: ModelDocument | { toJSON(): ModelDocument }, options: ONNXOptions = {}): Bytes {
  checkOptions(options, ["type"]);
  const real = choice(options, "type", ["float32", "float64"]) === "float64" ? "double" : "float";
  const document: unknown = typeof (model as { toJSON?: unknown } | null)?.toJSON === "function" ? (model as { toJSON(): ModelDocument }).toJSON() : model;
  const read = readModel(document).model;
  const { classes, columns, multiLabel, intercepts } = read;

  const graph = new Graph();
  const said = score(graph, read, "X");
  const label = labelType(read);
  if (multiLabel) graph.node("Identity", [said.decision], {}, "label");
  else graph.node("Gather", [graph.constant(classes, [classes.length], label), said.decision], {}, "label");
  for (const name of ["probabilities", "logits"] as const) graph.node("Cast", [said[name]], { to: elements[real] }, name);
  const outputs = [
    valueInfo("label", label, multiLabel ? ["rows", classes.length] : ["rows"]),
    valueInfo("probabilities", real, ["rows", classes.length]),
    valueInfo("logits", real, ["rows", intercepts.length]),
  ];
  return encode([
    [1, 8],
    [2, "focalfit"],
    [3, VERSION],
    [7, graph.message("focalfit", [valueInfo("X", real, ["rows", columns])], outputs)],
    [8, [[1, ""], [2, 17]]],
    ...metadata(read, document as ModelDocument),
  ]);
}

function labelType({ classes, multiLabel }: Model): Element {
  if (multiLabel) return "int64";
  const broken = classes.find((label) => typeof label === "string" && /\p{Surrogate}/u.test(label));
  if (broken !== undefined) throw new FocalfitError("BAD_MODEL", `The class ${showLabel(broken)} holds half of a surrogate pair, which no ONNX text can: name it otherwise.`);
  if (typeof classes[0] === "string") return "string";
  if (typeof classes[0] === "boolean") return "bool";
  return classes.every((label: Label) => Number.isSafeInteger(label)) ? "int64" : "double";
}

function metadata(model: Model, { version }: ModelDocument): Message {
  const { classes, positive, multiLabel, intercepts, threshold, table } = model;
  const limits = Array.from(intercepts, (_, output) => threshold?.[output] ?? weightThreshold(model, output));
  const entries = {
    format: "focalfit", version, classes, multiLabel,
    positiveClass: positive < 0 ? null : classes[positive],
    threshold: multiLabel ? limits : positive < 0 ? null : limits[0],
    ...(table && { columns: columnNames(table) }),
  };
  return Object.entries(entries).map(([key, value]) => [14, [[1, key], [2, JSON.stringify(value)]]] as const);
}

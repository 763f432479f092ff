// A loss on the calling thread: its numbers are checked and sent. Loaded with the first one.
import { sharedEngine } from "../engine/engine.js";
import { checkSampleWeight } from "../input/labels.js";
import { isList, openFlat, openMatrix, readMatrix, type MatrixInput } from "../input/matrix.js";
import type { FocalLossOptions, FocalLossResult, LossInput } from "./loss.js";
import { checkEngine, checkOptions } from "./options.js";
import { slices } from "../input/slices.js";

const names = ["task", "loss", "gamma", "gammaPositive", "gammaNegative", "clip", "epsilon", "alpha", "classWeight", "reduction", "sampleWeight", "ignoreIndex", "labelSmoothing", "columns", "gradient", "engine"];

/** See focalLoss in loss.ts. */
export async function callLoss(logits: LossInput, targets: LossInput, options: FocalLossOptions): Promise<FocalLossResult<number | Float64Array>> {
  checkOptions(options, names);
  const { engine = sharedEngine(), sampleWeight, ...rest } = options as FocalLossOptions;
  checkEngine(engine);
  const inSlices = slices();
  const [scores, wanted] = [open(logits, "logits"), open(targets, "targets")];
  const { value, gradient } = await engine.call("loss", {
    logits: await readMatrix(scores.reader, inSlices),
    targets: await readMatrix(wanted.reader, inSlices),
    logitColumns: scores.columns,
    targetColumns: wanted.columns,
    sampleWeight: sampleWeight === undefined ? null : await checkSampleWeight(sampleWeight, null, inSlices),
    // Copies, for arrays are given away with the call.
    options: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, isList(value) ? Array.from(value as ArrayLike<number>) : value])),
  });
  return { value, ...(gradient && { gradient }) };
}

function open(input: LossInput, what: string) {
  const flat = isList(input) && !isList(input[0]);
  const reader = flat ? openFlat(input, 1, what) : openMatrix(input as MatrixInput, what);
  return { reader, columns: flat ? null : reader.columns };
}

import { FocalClassifier } from "../index.js";
import { learn } from "./learn.js";
import type { Run } from "./main.js";
import type { Call } from "./usage.js";

/** focalfit train */
export function train(call: Call, run: Run): Promise<void> {
  return learn(call, run, async ({ X, y }, options, { signal, progress }) => {
    const classifier = new FocalClassifier(options);
    const report = await classifier.fit(X, y, {
      signal,
      onProgress: ({ fraction, iteration, objective }) => progress.say(`fitting, iteration ${iteration}, objective ${objective.toPrecision(5)}`, fraction),
    });
    return { classifier, report };
  });
}

import { FocalClassifier, tune as search, type ClassifierOptions } from "../index.js";
import { learn } from "./learn.js";
import type { Run } from "./main.js";
import type { Call } from "./usage.js";
import { classifierOptions, gridOf, metricOf, wholeOf } from "./values.js";

/** focalfit tune */
export async function tune(call: Call, run: Run): Promise<void> {
  const grid = gridOf(call);
  const metric = metricOf(call);
  const folds = wholeOf(call, "folds", 5, 2);
  const seed = wholeOf(call, "seed", 0, 0);
  const base = classifierOptions(call);
  const settings = Object.entries(grid).reduce<ClassifierOptions[]>((made, [option, values]) => made.flatMap((setting) => values.map((value) => ({ ...setting, [option]: value }))), [base]);
  for (const setting of settings) new FocalClassifier(setting);
  await learn(call, run, async ({ X, y }, options, { signal, progress }) => {
    if ("classWeight" in grid) delete options.classWeight;
    const { best, results, classifier, report } = await search(X, y, {
      options, grid: grid as { l2: number[] }, folds, metric, seed, signal,
      onProgress: ({ fraction, done, total }) => progress.say(`cross-validating, ${done} of ${total}`, fraction),
    });
    const at = results.findIndex((result) => result.options === best.options);
    return {
      classifier, report,
      search: { metric, settings: results.map(({ options: tried, mean, standardDeviation }, index) => ({ options: tried, mean: mean[metric], standardDeviation: standardDeviation[metric], best: index === at })) },
    };
  });
}

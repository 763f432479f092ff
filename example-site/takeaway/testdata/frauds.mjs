// In a project of its own: npm install focalfit, then node train.mjs, which is this file.
// In a page: the same, but keep the model in IndexedDB or a download.
import { writeFile } from "node:fs/promises";
import { FocalClassifier, split } from "focalfit";

export function transactions({ seed = 1 } = {}) {
  return { X, y };
}

const { X, y } = transactions({ seed: 7 });

const { train, test } = await split(X, y, { testFraction: 0.3 });
const classifier = new FocalClassifier({ gamma: 0.5, classWeight: { fraud: 12 }, positiveClass: "fraud" });
const { warnings } = await classifier.fit(train.X, train.y);
for (const warning of warnings) console.warn(warning);

// Of the rows held out:
const { averagePrecision, recall, precision } = await classifier.evaluate(test.X, test.y);
console.log({ averagePrecision, recall, precision });
await writeFile("model.json", JSON.stringify(classifier));
await classifier.dispose();

// In a project of its own: npm install focalfit, then node train.mjs, which is this file.
// In a page: give readTable the File that was picked or dropped, and keep the model in IndexedDB or a download.
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { FocalClassifier, split } from "focalfit";
import { readTable } from "focalfit/table";

const { X, y } = await readTable(createReadStream("digits.csv"), { label: "digit", unlabelled: "drop" });

const { train, test } = await split(X, y);
const classifier = new FocalClassifier({ gamma: 0, l2: 1e-6 });
const { warnings } = await classifier.fit(train.X, train.y);
for (const warning of warnings) console.warn(warning);

// Of the rows held out, means over the classes:
const { averagePrecision, recall, precision } = await classifier.evaluate(test.X, test.y);
console.log({ averagePrecision, recall, precision });
await writeFile("model.json", JSON.stringify(classifier));
await classifier.dispose();

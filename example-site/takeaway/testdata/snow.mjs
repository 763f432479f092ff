// In a project of its own: npm install focalfit, then node train.mjs, which is this file.
// In a page: give readTable the File that was picked or dropped, and keep the model in IndexedDB or a download.
import { writeFile } from "node:fs/promises";
import { FocalClassifier, split } from "focalfit";
import { readTable } from "focalfit/table";

const response = await fetch("https://example.com/data/seattle-snow.csv");
if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status}`);
const { X, y: labels } = await readTable(response.body, { label: "weather" });
const y = labels.map((label) => (label === "snow" ? "snow" : "not snow"));

const { train, test } = await split(X, y, { testFraction: 0.3, seed: 1 });
const classifier = new FocalClassifier({ classWeight: "balanced", positiveClass: "snow" });
const { warnings } = await classifier.fit(train.X, train.y);
for (const warning of warnings) console.warn(warning);
classifier.threshold = 0.0123;

// Of the rows held out:
const { averagePrecision, recall, precision } = await classifier.evaluate(test.X, test.y);
console.log({ averagePrecision, recall, precision });
await writeFile("model.json", JSON.stringify(classifier));
await classifier.dispose();

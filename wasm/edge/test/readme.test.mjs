// The README's example, and what it says of sizes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cases, repositoryFile, serve, token } from "./harness.mjs";

const readme = repositoryFile("wasm/edge/README.md").toString();

test("the example runs", async () => {
  const edge = await serve();
  try {
    const [, example] = readme.match(/```js\n([\s\S]*?)```/);
    const run = new (async () => {}).constructor("service", "token", "classifier", "console", example);
    const document = { ...cases()[0].document, columns: 2 };
    document.coefficients = [document.coefficients[0].slice(0, 2)];
    document.means = document.means.slice(0, 2);
    let said;
    await run(edge.url, token, document, { log: (...values) => (said = values) });
    const [classes, probabilities, labels, threshold] = said;
    assert.deepEqual(classes, document.classes);
    assert.deepEqual([probabilities.length, probabilities[0].length, labels.length, threshold], [2, 2, 2, document.threshold]);
  } finally {
    await edge.close();
  }
});

test("addresses and limits are those of the service", () => {
  const { paths } = JSON.parse(repositoryFile("wasm/edge/openapi.json"));
  for (const path of Object.keys(paths)) assert.ok(readme.includes(path.replace("/v1/models/{name}/{version}", "…/{name}/{version}")), path);
  const predict = repositoryFile("wasm/edge/service/predict.go").toString();
  const constant = (name) => { const [, value, shift] = predict.match(new RegExp(`${name} += (\\d+)(?: << (\\d+))?`)); return value * 2 ** (shift ?? 0); };
  for (const name of ["MaxRows", "maxCells", "maxProbabilities", "maxProducts"]) assert.ok(readme.includes(constant(name).toLocaleString("en")), name);
});

// The README's examples and those of the guide to federations, and what the README says of sizes.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as federated from "../../../js/dist/federated.js";
import * as focalfit from "../../../js/dist/index.js";
import { cases, repositoryFile, serve, token } from "./harness.mjs";
import { members } from "./members.mjs";

const readme = repositoryFile("wasm/edge/README.md").toString();

const examplesOf = (text) => [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
/** Runs an example among these variables, and returns those that it makes of the names. */
function run(code, variables, ...names) {
  const body = code.replace(/^import (.*) from "(.*)";$/gm, "const $1 = modules[\"$2\"];");
  const modules = { focalfit, "focalfit/federated": federated };
  return new (async () => {}).constructor("modules", ...Object.keys(variables), `${body}\nreturn { ${names} };`)(modules, ...Object.values(variables));
}

test("the example runs", async () => {
  const edge = await serve();
  try {
    const [example] = examplesOf(readme);
    const document = { ...cases()[0].document, columns: 2 };
    document.coefficients = [document.coefficients[0].slice(0, 2)];
    document.means = document.means.slice(0, 2);
    let said;
    await run(example, { service: edge.url, token, classifier: document, console: { log: (...values) => (said = values) } });
    const [classes, probabilities, labels, threshold] = said;
    assert.deepEqual(classes, document.classes);
    assert.deepEqual([probabilities.length, probabilities[0].length, labels.length, threshold], [2, 2, 2, document.threshold]);
  } finally {
    await edge.close();
  }
});

test("a federation by the guide, and by the README", async () => {
  const edge = await serve();
  const said = [];
  const log = { log: (...values) => said.push(values.join(" ")) };
  const all = members(3, 40);
  try {
    const [begin, join] = examplesOf(repositoryFile("docs/federated.md").toString());
    const { federation, tokens } = await run(begin, { service: edge.url, ownerToken: token, console: log }, "federation", "tokens");
    assert.deepEqual(said, [`${federation.url} ${tokens.ann}`]);
    const joined = await Promise.all(["ann", "bob", "eve"].map((name, i) => run(join, { url: federation.url, token: tokens[name], X: all[i].X, y: all[i].y, console: log }, "model", "clf")));
    for (const { model, clf } of joined) assert.deepEqual([model, clf.classes], [joined[0].model, ["fault", "fine"]]);
    assert.match(said.join("\n"), /^round 0: statistics\n[^]*\nround \d+: done/m);

    const wide = all.map(({ X, y }) => ({ X: X.map((row) => [...row, ...row, ...row]), y }));
    // Its members are one after the other in the text, and one beside the other here.
    const [owner, member] = examplesOf(readme)[1].split("// Each member, in its tab.\n");
    const by = await run(owner, { service: edge.url, owner: token }, "federation", "tokens", "join");
    const models = await Promise.all(["ann", "bob", "eve"].map((name, i) =>
      run(member, { ...by, tokens: { ann: by.tokens[name] }, ...wide[i], FocalClassifier: focalfit.FocalClassifier }, "classifier")));
    for (const { classifier } of models) assert.deepEqual(classifier.toJSON(), models[0].classifier.toJSON());
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

// Many members train one model through the service on workerd, with D1 on disk.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { after, before, test } from "node:test";
import { FocalClassifier } from "../../../js/dist/index.js";
import { advance, createFederation, join } from "../../../js/dist/federated.js";
import { start } from "../local.mjs";
import { members, randomNumbers } from "./members.mjs";

const token = "the owner's token";
let storage;
let service;
before(async () => {
  storage = mkdtempSync(path(tmpdir(), "focalfit-federations-"));
  service = await start({ storage, token, memberKey: "a key of thirty-two bytes or more" });
});
after(async () => {
  await service?.close();
  if (storage) rmSync(storage, { recursive: true, force: true });
});

/** The objective of a model over rows, by its own document, in double precision. */
function objective(model, X, y, l2) {
  const means = X[0].map((_, column) => X.reduce((sum, row) => sum + row[column], 0) / X.length);
  const scales = X[0].map((_, column) => Math.sqrt(X.reduce((sum, row) => sum + (row[column] - means[column]) ** 2, 0) / X.length) || 1);
  const positive = model.classes.indexOf(model.positiveClass);
  let sum = 0;
  X.forEach((row, i) => {
    const z = row.reduce((logit, value, column) => logit + model.coefficients[0][column] * value, model.intercepts[0]);
    const own = y[i] === model.positiveClass;
    const m = own ? z : -z;
    const q = 1 / (1 + Math.exp(m));
    sum += model.weight[own ? positive : 1 - positive] * q ** model.gamma[0] * Math.log1p(Math.exp(-m));
  });
  const penalty = model.coefficients[0].reduce((total, w, column) => total + (w * scales[column]) ** 2, 0);
  return sum / X.length + (l2 / 2) * penalty;
}

test("exact mode ends where all rows in one place do", async () => {
  const all = members(7, 60);
  const federation = await createFederation(service.url, { token, columns: 4, classes: ["fine", "fault"], classWeight: "balanced", l2: 1e-3 });
  const tokens = await federation.invite(all.map(({ name }) => name));
  assert.equal(Object.keys(tokens).length, 7);
  const seen = [];
  const results = await Promise.all(all.map(({ name, X, y }, i) => join(federation.url, { token: tokens[name], X, y, onProgress: (progress) => i === 0 && seen.push(progress) })));
  for (const result of results) assert.deepEqual(result, results[0]);
  const { model, rounds } = results[0];
  assert.ok(rounds <= 25, `${rounds} rounds`);
  assert.deepEqual(seen.slice(0, 2), [{ round: 0, kind: "statistics", sent: false }, { round: 0, kind: "statistics", sent: true }]);
  assert.equal(seen.at(-1).kind, "done");

  const X = all.flatMap((member) => member.X);
  const y = all.flatMap((member) => member.y);
  const pooled = new FocalClassifier({ positiveClass: "fault", classWeight: "balanced", l2: 1e-3, tolerance: 1e-12, maxIterations: 5000 });
  await pooled.fit(X, y);
  const [here, there] = [objective(model, X, y, 1e-3), objective(pooled.toJSON(), X, y, 1e-3)];
  assert.ok(here <= there * (1 + 1e-8), `${here}, in one place ${there}`);

  // It is a model as any other.
  const classifier = FocalClassifier.fromJSON(model);
  assert.equal(classifier.threshold, pooled.threshold);
  const [a, b] = [await classifier.predictProba(X), await pooled.predictProba(X)];
  assert.ok(a.data.every((p, i) => Math.abs(p - b.data[i]) < 1e-4));
  await pooled.dispose();
});

test("one positive in the whole federation, held by one of many", async () => {
  const all = members(5, 40, 2, 3).map((member, i) => ({ ...member, y: member.y.map((_, row) => (i === 3 && row === 7 ? 1 : 0)) }));
  const federation = await createFederation(service.url, { token, columns: 2, classes: [0, 1], gamma: 0, classWeight: "balanced" });
  const tokens = await federation.invite(all.map(({ name }) => name));
  const [{ model, rounds }] = await Promise.all(all.map(({ name, X, y }) => join(federation.url, { token: tokens[name], X, y })));
  assert.ok(rounds <= 25, `${rounds} rounds`);
  const X = all.flatMap((member) => member.X);
  const y = all.flatMap((member) => member.y);
  const pooled = new FocalClassifier({ positiveClass: 1, gamma: 0, classWeight: "balanced", tolerance: 1e-12, maxIterations: 5000 });
  await pooled.fit(X, y);
  assert.ok(objective(model, X, y, 1e-4) <= objective(pooled.toJSON(), X, y, 1e-4) * (1 + 1e-8));
  await pooled.dispose();
});

test("a member that leaves rejects, and the others go on without it when the round is overdue", async () => {
  const all = members(5, 30);
  const federation = await createFederation(service.url, { token, columns: 4, classes: ["fine", "fault"], roundSeconds: 1 });
  const tokens = await federation.invite(all.map(({ name }) => name));
  const leaving = new AbortController();
  const left = join(federation.url, { token: tokens["member 4"], X: all[4].X, y: all[4].y, signal: leaving.signal, onProgress: ({ round }) => round >= 2 && leaving.abort() }).catch((error) => error);
  const joined = Promise.all(all.slice(0, 4).map(({ name, X, y }) => join(federation.url, { token: tokens[name], X, y })));
  const error = await left;
  assert.equal(error.code, "ABORTED", `${error}`);
  const [{ model }, ...others] = await joined;
  for (const other of others) assert.deepEqual(other.model, model);
  const { kind, status, closed } = await advance(federation.url, { token });
  assert.deepEqual([kind, status, closed], ["done", "converged", false]);
});

test("averaging mode: more columns than exact mode takes, and what noise hides is told", async () => {
  const columns = 300;
  const random = randomNumbers(17);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const rows = (count) => {
    const y = Array.from({ length: count }, (_, row) => (row % 8 === 0 ? 1 : 0));
    return { y, X: y.map((label) => Array.from({ length: columns }, (_, column) => normal() + (column < 5 ? label : 0))) };
  };
  const all = Array.from({ length: 5 }, (_, member) => ({ name: `member ${member}`, ...rows(120) }));
  const federation = await createFederation(service.url, { token, columns, classes: [0, 1], classWeight: "balanced", l2: 0.1, maxRounds: 20, averaging: { rule: "trimmed", trim: 0.2, steps: 5 } });
  assert.equal(federation.privacy, undefined);
  const tokens = await federation.invite(all.map(({ name }) => name));
  const kinds = new Set();
  const [{ model }] = await Promise.all(all.map(({ name, X, y }) => join(federation.url, { token: tokens[name], X, y, onProgress: ({ kind }) => kinds.add(kind) })));
  assert.deepEqual([...kinds], ["statistics", "local", "done"]);
  const pooled = new FocalClassifier({ positiveClass: 1, classWeight: "balanced", l2: 0.1 });
  await pooled.fit(all.flatMap(({ X }) => X), all.flatMap(({ y }) => y));
  const fresh = rows(2000);
  const [here, there] = await Promise.all([FocalClassifier.fromJSON(model), pooled].map((classifier) => classifier.evaluate(fresh.X, fresh.y)));
  assert.ok(here.averagePrecision > 0.95 * there.averagePrecision && there.averagePrecision > 0.3, `${here.averagePrecision}, in one place ${there.averagePrecision}`);
  await pooled.dispose();

  const noisy = await createFederation(service.url, { token, columns, classes: [0, 1], maxRounds: 11, averaging: { noise: 8 } });
  assert.equal(noisy.privacy.rounds, 10);
  assert.ok(noisy.privacy.epsilon > 0.5 && noisy.privacy.epsilon < 10, JSON.stringify(noisy.privacy));
});

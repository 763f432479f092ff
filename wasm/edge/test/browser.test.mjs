// Members in tabs of a browser, on pages of another origin than the service's.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { openBrowser } from "../../../example-site/test/browser.mjs";
import { createFederation, join } from "../../../js/dist/federated.js";
import { serve, token } from "./harness.mjs";
import { members } from "./members.mjs";

const listening = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)));
/** An origin with an empty page. */
async function origin() {
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>a member</title>"));
  return { url: await listening(server), close: () => new Promise((resolve) => server.close(resolve)) };
}

let browser, ours, another, service;
before(async () => {
  [browser, ours, another] = await Promise.all([openBrowser(), origin(), origin()]);
  service = await serve({ origins: ours.url });
});
after(async () => {
  await browser?.close();
  await Promise.all([ours, another, service].map((opened) => opened?.close()));
});

async function tab(url) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return page;
}
const joins = (page, url, options) =>
  page.evaluate(async ([module, url, options]) => {
    const { join } = await import(module);
    return join(url, options).catch(({ code, message }) => ({ code, message }));
  }, [`${service.url}/package/federated.js`, url, options]);

for (const [mode, settings] of Object.entries({ exact: {}, averaging: { mode: "averaging", maxRounds: 6, averaging: { rule: "median" } } })) {
  test(`tabs train the model that programs do: ${mode}`, async () => {
    const all = members(4, 30);
    const create = async () => {
      const federation = await createFederation(service.url, { token, columns: 4, classes: ["fine", "fault"], classWeight: "balanced", l2: 1e-3, ...settings });
      return { url: federation.url, tokens: await federation.invite(all.map(({ name }) => name)) };
    };
    const [here, there] = await Promise.all([create(), create()]);
    const tabs = await Promise.all(all.map(() => tab(ours.url)));
    const results = await Promise.all(all.map(({ name, X, y }, i) => joins(tabs[i], here.url, { token: here.tokens[name], X, y })));
    for (const result of results) assert.deepEqual(result, results[0]);
    const [{ model, rounds }] = await Promise.all(all.map(({ name, X, y }) => join(there.url, { token: there.tokens[name], X, y })));
    assert.equal(results[0].rounds, rounds);
    results[0].model.coefficients[0].forEach((w, column) => assert.ok(Math.abs(w - model.coefficients[0][column]) <= 1e-9 * Math.abs(w), `${w}, not ${model.coefficients[0][column]}`));
  });
}

test("a page of an allowed origin reads how long to wait, one of another nothing", async () => {
  const federation = await createFederation(service.url, { token, columns: 1, classes: [0, 1] });
  const tokens = await federation.invite(["ann"]);
  const waits = (page) =>
    page.evaluate(async ([url, bearer]) => {
      const response = await fetch(`${url}/round?after=0`, { headers: { Authorization: `Bearer ${bearer}` } });
      return [response.status, response.headers.get("retry-after")];
    }, [federation.url, tokens.ann]);
  assert.deepEqual(await waits(await tab(ours.url)), [204, "1"]);
  await assert.rejects(waits(await tab(another.url)), /Failed to fetch/);
});

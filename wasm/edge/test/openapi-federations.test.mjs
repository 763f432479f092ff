// Federations against their description: what each operation answers, and refuses, is as openapi.json says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "../../../js/dist/federated.js";
import { check, description, pointer, validate } from "./described.mjs";
import { serve, token } from "./harness.mjs";
import { members } from "./members.mjs";

let service;
before(async () => (service = await serve()));
after(() => service.close());

const operations = Object.fromEntries(Object.entries(description.paths).filter(([path]) => path.startsWith("/v1/federations"))
  .flatMap(([path, item]) => ["get", "put", "post", "delete"].filter((method) => item[method]).map((method) => [item[method].operationId, { path, method, ...item[method], at: pointer("paths", path, method) }])));
const done = new Set();

/** Does an operation and checks the answer against its description; its body. */
async function act(name, status, { id = "", round = 0, query = "", bearer = token, ...options } = {}) {
  const operation = operations[name];
  const path = operation.path.replace("{id}", id).replace("{round}", round) + query;
  const response = await service.call(operation.method.toUpperCase(), path, { ...options, headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} });
  assert.equal(response.status, status, `${name}: ${await response.clone().text()}`);
  await check(operation, response, service.log);
  if (status < 300) done.add(name);
  return response.status === 204 ? undefined : response.json();
}
const examples = (name) => Object.values(operations[name].requestBody.content["application/json"].examples).map(({ value }) => value);

test("examples are as their schemas want them", () => {
  for (const name of ["createFederation", "invite"]) for (const value of examples(name)) validate(`${operations[name].at}/requestBody/content/application~1json/schema`, value, name);
});

test("each operation does as described", async () => {
  for (const json of examples("createFederation")) await act("createFederation", 201, { json });
  const { id } = await act("createFederation", 201, { json: examples("createFederation")[0] });
  for (const json of examples("invite")) await act("invite", 200, { id, json });
  const all = members(4, 20);
  const { tokens } = await act("invite", 200, { id, json: { clients: all.map(({ name }) => name) } });
  const [mine] = Object.values(tokens);
  await act("getFederation", 200, { id });
  const { ticket } = await act("getRound", 200, { id, bearer: mine });
  await act("getRound", 204, { id, bearer: mine, query: "?after=0" });
  const body = new Uint8Array(Float64Array.from([18, 2, ...Array(8).fill(1), ...Array(8).fill(30)]).buffer);
  const update = { id, bearer: ticket, body, type: "application/octet-stream" };
  await act("putUpdate", 202, update);
  await act("putUpdate", 200, update);
  await act("advance", 200, { id });
  await act("getFederationModel", 409, { id, bearer: mine });

  // Another one, to its end.
  const whole = await act("createFederation", 201, { json: { ...examples("createFederation")[0], l2: 0.01 } });
  const invited = await act("invite", 200, { id: whole.id, json: { clients: all.map(({ name }) => name) } });
  await Promise.all(all.map(({ name, X, y }) => join(`${service.url}/v1/federations/${whole.id}`, { token: invited.tokens[name], X, y })));
  await act("getRound", 200, { id: whole.id, bearer: invited.tokens["member 0"] });
  await act("getFederation", 200, { id: whole.id });
  for (const bearer of [token, invited.tokens["member 0"]]) await act("getFederationModel", 200, { id: whole.id, bearer });
  await act("deleteFederation", 204, { id: whole.id });
  for (const name of ["deleteFederation", "getFederation", "advance"]) await act(name, 404, { id: whole.id });
  for (const name of ["getRound", "getFederationModel"]) await act(name, 404, { id: whole.id, bearer: invited.tokens["member 0"] });
  assert.deepEqual([...done].sort(), Object.keys(operations).sort());
});

test("each operation refuses what is not as described", async () => {
  const { id } = await act("createFederation", 201, { json: examples("createFederation")[0] });
  const { tokens } = await act("invite", 200, { id, json: { clients: ["ann"] } });
  for (const name of Object.keys(operations)) {
    for (const bearer of ["", "x.y"]) await act(name, 401, { id, bearer, ...(operations[name].requestBody && { json: {} }) });
    if (!["createFederation", "putUpdate", "getRound"].includes(name)) await act(name, 404, { id: "none", json: name === "invite" ? { clients: ["a"] } : undefined });
    if (!operations[name].requestBody?.content["application/json"]) continue;
    await act(name, 415, { id, body: "{}", type: "text/plain" });
    await act(name, 413, { id, body: new Uint8Array(1 << 20) });
    for (const json of [[], { more: 1 }, "text", {}]) assert.ok([400, 422].includes((await service.call("POST", operations[name].path.replace("{id}", id), { owner: true, json })).status), JSON.stringify(json));
    await act(name, 400, { id, body: "{" });
  }
  await act("createFederation", 422, { json: { ...examples("createFederation")[0], gamma: -1 } });
  await act("getRound", 400, { id, bearer: tokens.ann, query: "?after=-2" });
  const { ticket } = await act("getRound", 200, { id, bearer: tokens.ann });
  await act("getRound", 403, { id, bearer: ticket });
  await act("getFederationModel", 403, { id, bearer: ticket });
  await act("putUpdate", 403, { id, round: 1, bearer: ticket, body: new Uint8Array(8), type: "application/octet-stream" });
  await act("putUpdate", 404, { id, round: "x", bearer: ticket, body: new Uint8Array(8), type: "application/octet-stream" });
  await act("putUpdate", 422, { id, bearer: ticket, body: new Uint8Array(8), type: "application/octet-stream" });
});

for (const [who, close] of [
  ["the minute's trigger", async () => (await service.miniflare.getWorker()).scheduled({ scheduledTime: new Date(), cron: "* * * * *" })],
  ["the owner", async (id) => {
    const { round, closed, status } = await act("advance", 200, { id });
    assert.deepEqual([round, closed, status], [1, true, "running"]);
  }],
]) test(`${who} closes a round that is overdue`, async () => {
  const { id } = await act("createFederation", 201, { json: { columns: 1, classes: [0, 1] } });
  const { tokens } = await act("invite", 200, { id, json: { clients: ["a", "b", "c", "d"] } });
  for (const name of ["a", "b", "c"]) {
    const { ticket } = await act("getRound", 200, { id, bearer: tokens[name] });
    await act("putUpdate", 202, { id, bearer: ticket, body: new Uint8Array(Float64Array.from([5, 5, 1, 6, 9, 12]).buffer), type: "application/octet-stream" });
  }
  assert.equal((await act("getFederation", 200, { id })).round, 0);
  assert.deepEqual([(await act("advance", 200, { id })).closed, (await act("getFederation", 200, { id })).round], [false, 0]);
  await service.database.prepare("UPDATE rounds SET deadline = 1 WHERE federation = ?1").bind(id).run();
  await close(id);
  assert.deepEqual([(await act("getFederation", 200, { id })).round, (await act("getFederation", 200, { id })).kind], [1, "derivatives"]);
});

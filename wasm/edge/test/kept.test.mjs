// What is kept of a federation on workerd, with D1 on disk: updates until the next round begins, the rest until it is removed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createFederation, join } from "../../../js/dist/federated.js";
import { serve, token } from "./harness.mjs";
import { members } from "./members.mjs";

let service;
before(async () => (service = await serve({ origins: "*" })));
after(() => service.close());

const all = members(4, 25);
const tables = ["federations", "members", "rounds", "closings", "updates"];

async function federate(names = all.map(({ name }) => name), options = {}) {
  const federation = await createFederation(service.url, { token, columns: 4, classes: ["fine", "fault"], classWeight: "balanced", l2: 1e-3, ...options });
  return { ...federation, path: new URL(federation.url).pathname, tokens: await federation.invite(names) };
}
const ask = (method, path, bearer, body) => service.call(method, path, { ...(body && { body, type: "application/octet-stream" }), headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} });
const train = ({ url, tokens }) => Promise.all(all.map(({ name, X, y }) => join(url, { token: tokens[name], X, y })));
const statistics = new Uint8Array(Float64Array.from([20, 2, ...Array(8).fill(1), ...Array(8).fill(30)]).buffer);
const ticketOf = async ({ path, tokens }, name) => (await (await ask("GET", `${path}/round`, tokens[name])).json()).ticket;
const run = (statement, ...values) => service.database.prepare(statement).bind(...values).all();

/** How many rows each table has of a federation. */
async function rowsOf(id) {
  const counts = {};
  for (const table of tables) counts[table] = (await run(`SELECT count(*) AS n FROM ${table} WHERE ${table === "federations" ? "id" : "federation"} = ?`, id)).results[0].n;
  return counts;
}
const nothing = Object.fromEntries(tables.map((table) => [table, 0]));

async function refused(response, status, what) {
  assert.equal(response.status, status, `${what}: ${await response.clone().text()}`);
  assert.equal(response.headers.get("content-type"), "application/problem+json", what);
  await response.arrayBuffer();
}

test("updates are removed when the next round begins, and at the end none is left", async () => {
  const federation = await federate();
  const { id, path } = federation;
  const tickets = await Promise.all(all.map(({ name }) => ticketOf(federation, name)));
  const put = (ticket) => ask("PUT", `${path}/rounds/0/update`, ticket, statistics);
  for (const [sent, ticket] of tickets.entries()) {
    assert.equal((await rowsOf(id)).updates, sent);
    assert.equal((await put(ticket)).status, 202);
  }
  assert.deepEqual(await rowsOf(id), { federations: 1, members: 4, rounds: 2, closings: 1, updates: 0 });
  assert.deepEqual((await run("SELECT length(state) > 0 AS there FROM rounds WHERE federation = ? ORDER BY number", id)).results, [{ there: 0 }, { there: 1 }]);
  for (const ticket of tickets) await refused(await put(ticket), 409, "once more");
  // One of the round that has begun stays.
  const eager = await federate();
  await run("INSERT INTO updates (federation, round, member, payload) VALUES (?, 1, 'member 0', x'00')", eager.id);
  for (const { name } of all) assert.equal((await ask("PUT", `${eager.path}/rounds/0/update`, await ticketOf(eager, name), statistics)).status, 202);
  assert.deepEqual(await rowsOf(eager.id), { federations: 1, members: 4, rounds: 2, closings: 1, updates: 1 });
  await eager.remove();

  const whole = await federate();
  const [{ rounds }] = await train(whole);
  assert.deepEqual(await rowsOf(whole.id), { federations: 1, members: 4, rounds: rounds + 1, closings: rounds, updates: 0 });
  assert.equal((await run("SELECT count(*) AS n FROM updates")).results[0].n, 0);
});

test("members are invited by any name, and once", async () => {
  const names = ['"ann"', "bob\n\\ü, \u{1F600}", "__proto__"];
  const federation = await federate(names);
  assert.deepEqual(Object.keys(federation.tokens), names);
  await federation.invite(['"ann"', "eve"]);
  assert.deepEqual((await run("SELECT member FROM members WHERE federation = ?", federation.id)).results.map(({ member }) => member).sort(), [...names, "eve"].sort());
});

test("thousands of updates are added up and removed in parts", async () => {
  const federation = await federate(undefined, { averaging: {} }); // whose rounds tell the rows
  const { id, path, tokens } = federation;
  const copy = (round, payload) =>
    run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500) INSERT INTO updates (federation, round, member, payload) SELECT ?1, ?2, 'copy ' || i, ?3 FROM n", id, round, payload);
  const invited = await federation.invite(Array.from({ length: 4500 }, (_, i) => `copy ${i + 1}`));
  assert.deepEqual([Object.keys(invited).length, typeof invited["copy 4500"]], [4500, "string"]);
  await copy(0, statistics);
  const waiting = await ask("GET", `${path}/round?after=0`, tokens["member 0"]);
  assert.deepEqual([waiting.status, waiting.headers.get("retry-after")], [204, "45"]); // a hundred questions a second of all
  for (const { name } of all) assert.equal((await ask("PUT", `${path}/rounds/0/update`, await ticketOf(federation, name), statistics)).status, 202);
  assert.deepEqual((await (await ask("GET", `${path}/round`, tokens["member 0"])).json()).averaging.counts, [4504 * 20, 4504 * 2]);
  assert.deepEqual(await rowsOf(id), { federations: 1, members: 4504, rounds: 2, closings: 1, updates: 0 });
  await copy(1, new Uint8Array(1));
  await federation.remove();
  assert.deepEqual(await rowsOf(id), nothing);
});

test("the owner removes a federation, and to everybody it is not there", async () => {
  const [other, finished, federation] = [await federate(), await federate(), await federate()];
  await train(finished);
  const { id, path, tokens } = federation;
  const ticket = await ticketOf(federation, "member 0");
  for (const name of ["member 1", "member 2"]) assert.equal((await ask("PUT", `${path}/rounds/0/update`, await ticketOf(federation, name), statistics)).status, 202);
  assert.equal((await ask("PUT", `${other.path}/rounds/0/update`, await ticketOf(other, "member 1"), statistics)).status, 202);
  const there = { federations: 1, members: 4, rounds: 1, closings: 0, updates: 2 };
  for (const bearer of [undefined, "x", tokens["member 0"], ticket]) await refused(await ask("DELETE", path, bearer), 401, `by ${bearer}`);
  await refused(await ask("DELETE", "/v1/federations/none", token), 404, "none");
  assert.deepEqual(await rowsOf(id), there);
  const preflight = await service.call("OPTIONS", path, { headers: { Origin: "https://page.example", "Access-Control-Request-Method": "DELETE" } });
  assert.match(preflight.headers.get("access-control-allow-methods"), /DELETE/);

  // One who takes part, and waits for the one who does not.
  const [{ name, X, y }] = all;
  let removed;
  const joined = join(federation.url, { token: tokens[name], X, y, onProgress: ({ sent }) => sent && (removed = ask("DELETE", path, token)) });
  await assert.rejects(joined, { code: "SERVICE_FAILED", status: 404, message: /no such federation/ });
  const response = await removed;
  assert.deepEqual([response.status, await response.text()], [204, ""]);
  assert.deepEqual(await rowsOf(id), nothing);

  const invitation = { owner: true, json: { clients: ["ann"] } };
  await refused(await ask("DELETE", path, token), 404, "again");
  assert.equal((await ask("DELETE", finished.path, token)).status, 204);
  for (const [what, { path, tokens }] of Object.entries({ finished, federation })) {
    for (const [method, address, bearer] of [
      ["GET", path, token], ["DELETE", path, token], ["POST", `${path}/advance`, token], ["GET", `${path}/model`, token], ["GET", `${path}/model`, tokens[name]],
      ["GET", `${path}/round`, tokens[name]], ["GET", `${path}/round?after=0`, tokens[name]],
    ]) await refused(await ask(method, address, bearer), 404, `${what}: ${method} ${address}`);
    await refused(await service.call("POST", `${path}/clients`, invitation), 404, `${what}: invite`);
  }
  await refused(await ask("PUT", `${path}/rounds/0/update`, ticket, statistics), 404, "update");
  for (const gone of [id, finished.id]) assert.deepEqual(await rowsOf(gone), nothing);
  assert.deepEqual(await rowsOf(other.id), { ...there, updates: 1 });
  await federation.remove(); // of one that is gone it changes nothing
});

test("what interrupted requests left is swept at night, and keeps nobody waiting until then", async () => {
  const [over, open, removed, late] = [await federate(), await federate(), await federate(), await federate(["a", "b", "c", "d"])];
  const { model } = (await train(over))[0];
  for (const name of ["member 1", "member 2"]) {
    for (const federation of [open, removed]) assert.equal((await ask("PUT", `${federation.path}/rounds/0/update`, await ticketOf(federation, name), statistics)).status, 202);
  }
  for (const name of ["a", "b", "c"]) assert.equal((await ask("PUT", `${late.path}/rounds/0/update`, await ticketOf(late, name), statistics)).status, 202);
  // Killed after a round began, and after a federation's own row was removed; a request that was under way closed a round of it.
  await run("INSERT INTO updates (federation, round, member, payload) VALUES (?1, 0, 'late', x'00'), (?1, 1, 'late', x'00')", over.id);
  await run("DELETE FROM federations WHERE id = ?", removed.id);
  await run("INSERT INTO closings (federation, round) VALUES (?, 0)", removed.id);
  const stuck = await Promise.all(Array.from({ length: 25 }, () => federate()));
  for (const { id } of stuck) await run("UPDATE rounds SET deadline = 1 WHERE federation = ?", id);
  await run("INSERT INTO federations (id, settings, quorum, minimum, seconds, created) VALUES ('begun', '{}', 0, 3, 60, ?1), ('old', '{}', 0, 3, 60, ?2)", Date.now(), Date.now() - 2 * 3600e3);
  for (let i = 0; i < 30; i++) await run("INSERT INTO rounds (federation, number, state, deadline, failure) VALUES (?, 0, x'00', 1, '')", `left ${i}`);
  await run("UPDATE rounds SET deadline = 2 WHERE federation = ?", late.id);
  await refused(await ask("GET", `${removed.path}/round`, removed.tokens["member 0"]), 404, "removed");

  const worker = await service.miniflare.getWorker();
  assert.equal((await worker.scheduled({ scheduledTime: new Date(), cron: "* * * * *" })).outcome, "ok");
  assert.deepEqual(await rowsOf(late.id), { federations: 1, members: 4, rounds: 2, closings: 1, updates: 0 });

  const [before, stays] = [await rowsOf(over.id), await rowsOf(open.id)];
  assert.deepEqual([before.updates, stays.updates], [2, 2]);
  assert.deepEqual(await rowsOf(removed.id), { federations: 0, members: 4, rounds: 1, closings: 1, updates: 2 });
  for (let night = 0; night < 2; night++) {
    assert.equal((await worker.scheduled({ scheduledTime: new Date(), cron: "17 3 * * *" })).outcome, "ok");
    assert.deepEqual(await rowsOf(over.id), { ...before, updates: 0 });
    assert.deepEqual(await rowsOf(open.id), stays);
    assert.deepEqual(await rowsOf(removed.id), nothing);
    assert.deepEqual((await run("SELECT id FROM federations WHERE id IN ('begun', 'old')")).results, [{ id: "begun" }]);
    for (const table of tables.slice(1)) assert.deepEqual((await run(`SELECT federation FROM ${table} WHERE federation NOT IN (SELECT id FROM federations)`)).results, [], table);
  }
  assert.deepEqual(await (await ask("GET", `${over.path}/model`, token)).json(), model);
});

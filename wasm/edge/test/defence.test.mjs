// What a federation withstands: tokens that are forged, old or another's, bodies of any kind, and a flood of requests.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { createFederation, join } from "../../../js/dist/federated.js";
import { serve, token } from "./harness.mjs";
import { members } from "./members.mjs";

let service;
before(async () => (service = await serve({ rate: undefined })));
after(() => service.close());

const all = members(4, 25);
const settings = { token, columns: 4, classes: ["fine", "fault"], classWeight: "balanced", l2: 1e-3 };

async function federate() {
  const federation = await createFederation(service.url, settings);
  return { ...federation, tokens: await federation.invite(all.map(({ name }) => name)) };
}
const ask = (url, bearer, init = {}) => fetch(url, { ...init, headers: { ...(bearer && { Authorization: `Bearer ${bearer}` }), ...init.headers } });
const roundOf = async ({ url }, bearer, after = -1) => (await ask(`${url}/round?after=${after}`, bearer)).json();
const send = (url, ticket, body, type = "application/octet-stream") => ask(url, ticket, { method: "PUT", body, headers: { "Content-Type": type } });
const numbers = (list) => new Uint8Array(Float64Array.from(list).buffer);
const train = ({ url, tokens }) => Promise.all(all.map(({ name, X, y }) => join(url, { token: tokens[name], X, y })));
/**
 * Sends up to so many bytes, as fast as they are taken, until the connection is closed; resolves with the answer's status and the bytes that went.
 * Not `fetch`: Node's reads a stream to its end, into memory, after the connection is gone.
 */
function pour(url, headers, most) {
  const chunk = Buffer.alloc(65536);
  return new Promise((resolve) => {
    let status;
    let bytes = 0;
    let ended = false;
    const outgoing = request(url, { method: "PUT", headers });
    const more = () => {
      while (bytes < most && !ended) {
        bytes += chunk.length;
        if (!outgoing.write(chunk)) return;
      }
      outgoing.end();
    };
    outgoing.on("response", (response) => ({ statusCode: status } = response.resume()));
    outgoing.on("drain", more).on("error", () => {}).on("close", () => ((ended = true), resolve({ status, bytes })));
    more();
  });
}
/** An update of statistics that a member could send. */
const honest = () => [20, 2, ...Array(8).fill(1), ...Array(8).fill(30)];

async function refused(response, status, detail = /./) {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const problem = await response.json();
  assert.equal(response.status, status, JSON.stringify(problem));
  assert.match(problem.detail, detail);
  assert.doesNotMatch(JSON.stringify(problem), /goroutine|panic|\.go:|SQLITE|D1_ERROR/);
  return problem;
}

test("only the owner creates, invites, looks and advances", async () => {
  const { url, tokens } = await federate();
  for (const bearer of [undefined, "x", tokens["member 0"]]) {
    await refused(await ask(`${service.url}/v1/federations`, bearer, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } }), 401);
    await refused(await ask(`${url}/clients`, bearer, { method: "POST", body: '{"clients":["me"]}', headers: { "Content-Type": "application/json" } }), 401);
    await refused(await ask(`${url}/advance`, bearer, { method: "POST" }), 401);
    await refused(await ask(url, bearer), 401);
  }
  for (const body of ["", "{}", "[]", '{"clients":[]}', '{"clients":[""]}', '{"clients":["a","a"]}', '{"clients":["a"],"seconds":0}', `{"clients":["${"a".repeat(300)}"]}`, '{"clients":["a"],"more":1}']) {
    const response = await ask(`${url}/clients`, token, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    assert.ok(response.status === 400 || response.status === 422, `${body}: ${response.status}`);
    await response.body.cancel();
  }
});

test("a ticket is good for its member, its round and its federation alone", async () => {
  const here = await federate();
  const there = await federate();
  const [mine, theirs] = [here.tokens["member 0"], there.tokens["member 0"]];
  const { ticket } = await roundOf(here, mine);
  const address = `${here.url}/rounds/0/update`;
  const update = numbers(honest());

  await refused(await ask(`${here.url}/round`, theirs), 401);
  await refused(await ask(`${here.url}/round`, ticket), 403, /ticket is good for its update alone/);
  await refused(await send(address, undefined, update), 401);
  await refused(await send(address, mine, update), 403, /another round/);
  await refused(await send(address, token, update), 401);
  await refused(await send(address, `${ticket.slice(0, -2)}AA`, update), 401);
  await refused(await send(address, (await roundOf(there, theirs)).ticket, update), 401);
  await refused(await send(`${here.url}/rounds/1/update`, ticket, update), 403);
  // A claim that was changed: the signature no longer fits.
  const [claim, signature] = ticket.split(".");
  const other = Buffer.from(Buffer.from(claim, "base64url").toString().replace("member 0", "member 1")).toString("base64url");
  await refused(await send(address, `${other}.${signature}`, update), 401);
  assert.equal((await send(address, ticket, update)).status, 202);
  // Again: counted once.
  assert.equal((await send(address, ticket, numbers([1, 1, ...Array(16).fill(0)]))).status, 200);
  assert.equal((await (await ask(here.url, token)).json()).updates, 1);
});

test("a token that has expired is refused", async () => {
  const federation = await createFederation(service.url, settings);
  const [{ hasty }, { patient }] = [await federation.invite(["hasty"], 1), await federation.invite(["patient"], 600)];
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await refused(await ask(`${federation.url}/round`, hasty), 401, /expired/);
  assert.equal((await roundOf(federation, patient)).round, 0);
});

test("bodies that cannot be are refused, before they are read where they are too long", async () => {
  const federation = await federate();
  const { ticket } = await roundOf(federation, federation.tokens["member 0"]);
  const address = `${federation.url}/rounds/0/update`;
  const good = honest();
  const change = (at, value) => numbers(good.map((number, i) => (i === at ? value : number)));
  for (const [body, status] of [
    [numbers([]), 422], [numbers(good.slice(1)), 422], [numbers(good).slice(0, -1), 422], [numbers([...good, 0]), 413], [new Uint8Array(1 << 20), 413],
    [change(3, NaN), 422], [change(3, Infinity), 422], [change(3, 1e200), 422], [change(0, -1), 422], [change(0, 1.5), 422], [change(0, 2 ** 60), 422],
    [change(12, -5), 422], [change(2, 1e6), 422],
  ]) {
    const response = await send(address, ticket, body);
    await refused(response, status);
  }
  await refused(await send(address, ticket, numbers(good), "application/json"), 415);
  // Of no said length, and without an end: the answer comes, and the service reads no further.
  const { status, bytes } = await pour(address, { Authorization: `Bearer ${ticket}`, "Content-Type": "application/octet-stream" }, 64 << 20);
  assert.ok(status === 413 || status === undefined, `${status}`);
  assert.ok(bytes < 32 << 20, `${bytes} bytes were taken`);
  assert.equal((await (await ask(federation.url, token)).json()).updates, 0);
  assert.equal((await send(address, ticket, numbers(good))).status, 202);
});

test("what is not there is not found, and what is not done not shown", async () => {
  const federation = await federate();
  const mine = federation.tokens["member 0"];
  await refused(await ask(`${service.url}/v1/federations/nobody`, token), 404);
  await refused(await ask(`${federation.url}/model`, mine), 409, /not done/);
  await refused(await ask(`${federation.url}/round?after=x`, mine), 400);
  assert.equal((await ask(`${federation.url}/round?after=0`, mine)).status, 204);
  // Two of four members are not enough to read anything of what they sent.
  for (const name of ["member 0", "member 1"]) {
    const { ticket } = await roundOf(federation, federation.tokens[name]);
    assert.equal((await send(`${federation.url}/rounds/0/update`, ticket, numbers(honest()))).status, 202);
  }
  await ask(`${federation.url}/advance`, token, { method: "POST" });
  const shown = await (await ask(federation.url, token)).json();
  assert.deepEqual([shown.round, shown.updates, shown.rows], [0, 2, [0, 0]]);
});

test("ten thousand requests of junk during the rounds change nothing of the result", { timeout: 600_000 }, async () => {
  const undisturbed = await train(await federate());
  const federation = await federate();
  const { ticket } = await roundOf(federation, federation.tokens["member 0"]);
  const bodies = [numbers(honest()), new Uint8Array(7), new TextEncoder().encode('{"a":1}'), numbers(Array(18).fill(NaN))];
  const junk = [
    (i) => send(`${federation.url}/rounds/${i % 9}/update`, `${ticket.slice(0, -1 - (i % 30))}`, bodies[i % 4]),
    (i) => send(`${federation.url}/rounds/0/update`, undefined, bodies[i % 4]),
    (i) => ask(`${federation.url}/round?after=${i}`, "e30.e30"),
    (i) => ask(`${federation.url}/advance`, `guess ${i}`, { method: "POST" }),
  ];
  let sent = 0;
  const statuses = new Map();
  const flood = async () => {
    while (sent < 10_000) {
      const i = sent++;
      const response = await junk[i % junk.length](i);
      await response.arrayBuffer();
      const { status } = response;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const floods = Array.from({ length: 16 }, flood);
  const trained = await train(federation);
  await Promise.all(floods);
  assert.deepEqual(trained, undisturbed);
  assert.deepEqual([...statuses.keys()].sort(), [401, 429]);
  assert.ok(statuses.get(429) > 5000, `${[...statuses]}`);
});

// focalfit/federated without a service: what a member sends is what the Go package would; what the service's answers do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { advance, createFederation, join } from "focalfit/federated";

// The tests run from the packed package, in a folder of their own: FOCALFIT_ROOT is the repository's.
const root = process.env.FOCALFIT_ROOT;
const cases = JSON.parse(readFileSync(`${root}/internal/federated/testdata/payloads.json`, "utf8"));

/** A service that answers as it is told; what it was sent. */
async function serve(answers, body) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const buffer = Buffer.concat(chunks);
    requests.push({ method: request.method, url: request.url, authorization: request.headers.authorization, type: request.headers["content-type"], body: buffer });
    const { status = 200, headers = {}, json, cut } = answers(request, requests.length) ?? { status: 404 };
    response.writeHead(status, { "content-type": status >= 400 ? "application/problem+json" : "application/json", ...headers, ...(cut !== undefined && { "content-length": 100 }) });
    if (cut === undefined) response.end(json === undefined ? undefined : JSON.stringify(json));
    else response.write(cut, () => cut === "" || setImmediate(() => response.destroy()));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    return await body(`http://127.0.0.1:${server.address().port}`, requests);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

const numbersOf = (buffer) => Float64Array.from({ length: buffer.length / 8 }, (_, at) => buffer.readDoubleLE(8 * at));
const close = (got, want, what) => {
  assert.equal(got.length, want.length, what);
  want.forEach((value, at) => assert.ok(Math.abs(got[at] - value) <= 1e-11 * (1 + Math.abs(value)), `${what} ${at}: ${got[at]}, not ${value}`));
};

test("statistics, derivatives and local steps are those of the Go package", async () => {
  for (const { Columns: columns, X, Y, Mean: mean, Scale: scale, Theta: theta, Weights: weights, Counts: counts, Gamma: gamma, L2: l2, Steps: steps, Proximal: proximal, Clip: clip, ClassMean, ClassScale, ...want } of cases) {
    const rounds = ["statistics", "derivatives", "local"];
    const common = { federation: "f", columns, classes: ["fine", "fault"], gamma, l2, mean, ticket: "ticket" };
    const model = { format: "focalfit" };
    const answers = ({ url, method }) => {
      if (method === "PUT") return { status: 202, json: { counted: true } };
      if (url.endsWith("/model")) return { json: model };
      const after = Number(new URL(url, "http://x").searchParams.get("after"));
      const round = after + 1;
      if (round === 3) return { json: { ...common, round, kind: "done", status: "converged" } };
      const averaging = { steps, proximal, clip, noise: 0, minimumClients: 3, counts, ...(ClassMean[0] && { classMean: ClassMean, classScale: ClassScale }) };
      return { json: { ...common, round, kind: rounds[round], ...(round > 0 && { theta, scale, weights }), ...(round === 2 && { averaging }) } };
    };
    await serve(answers, async (url, requests) => {
      const rows = Array.from(Y, (_, row) => X.slice(row * columns, (row + 1) * columns));
      const result = await join(`${url}/v1/federations/f`, { token: "member", X: rows, y: Y.map((label) => (label ? "fault" : "fine")) });
      assert.deepEqual(result, { model, rounds: 3, status: "converged" });
      const updates = requests.filter(({ method }) => method === "PUT");
      assert.deepEqual(updates.map(({ url, authorization, type }) => [url, authorization, type]), rounds.map((_, round) => [`/v1/federations/f/rounds/${round}/update`, "Bearer ticket", "application/octet-stream"]));
      ["Statistics", "Derivatives", "Local"].forEach((kind, at) => close(numbersOf(updates[at].body), want[kind], `${columns} columns, ${kind}`));
      assert.ok(requests.filter(({ method }) => method === "GET").every(({ authorization }) => authorization === "Bearer member"));
    });
  }
});

test("noise is drawn anew, and of the deviation that was asked for", async () => {
  const columns = 400;
  const zeros = Array(columns).fill(0);
  const document = { federation: "f", round: 1, kind: "local", columns, classes: [0, 1], gamma: 2, l2: 0, mean: zeros, scale: Array(columns).fill(1), theta: Array(columns + 1).fill(0), weights: [1, 1], ticket: "t", averaging: { steps: 1, proximal: 0, clip: 0.001, noise: 3000, minimumClients: 10, counts: [5, 5] } };
  const answers = ({ url, method }) => (method === "PUT" ? { status: 202 } : url.endsWith("/model") ? { json: {} } : url.includes("after=-1") ? { json: document } : { json: { ...document, round: 2, kind: "done" } });
  const draws = [];
  for (let run = 0; run < 2; run++) {
    await serve(answers, async (url, requests) => {
      await join(`${url}/f`, { token: "m", X: [zeros, zeros], y: [0, 1] });
      draws.push(numbersOf(requests.find(({ method }) => method === "PUT").body));
    });
  }
  assert.notDeepEqual(draws[0], draws[1]);
  for (const draw of draws) {
    assert.deepEqual([...draw.subarray(0, 2)], [1, 0]);
    const deviation = Math.sqrt(draw.subarray(2).reduce((sum, v) => sum + v * v, 0) / (columns + 1));
    assert.ok(deviation > 0.85 && deviation < 1.15, `${deviation}`); // σ·C/√9 = 1
  }
});

const refused = (promise, code, message) => assert.rejects(promise, (error) => error.code === code && (message.test(error.message) || assert.fail(error.message)));

test("rows that do not fit the federation are refused before anything is sent", async () => {
  const document = { federation: "f", round: 0, kind: "statistics", columns: 2, classes: ["fine", "fault"], gamma: 2, l2: 0, mean: [0, 0], ticket: "t" };
  await serve(() => ({ json: document }), async (url, requests) => {
    await refused(join(url, { token: "m", X: [[1, 2, 3]], y: ["fine"] }), "SHAPE_MISMATCH", /X has 3 columns, and the federation is of 2/);
    await refused(join(url, { token: "m", X: [[1, 2]], y: ["good"] }), "UNKNOWN_LABEL", /Row 0 has the label "good"; the federation's are "fine" and "fault"/);
    await refused(join(url, { token: "m", X: [[1, NaN]], y: ["fine"] }), "NOT_FINITE", /row 0/i);
    await refused(join(url, { token: "m", X: [[1, 2]], y: [] }), "SHAPE_MISMATCH", /y has 0 values/);
    assert.ok(requests.every(({ method }) => method === "GET"));
    await refused(join("f", { token: "m", X: [], y: [] }), "BAD_OPTION", /it must be an address/);
    await refused(join(url, { token: "", X: [], y: [] }), "BAD_OPTION", /token/);
    await refused(join(url, { token: "m", X: [], y: [], sigal: 1 }), "BAD_OPTION", /signal/);
  });
});

test("what the service refuses is said in its words, and what passes is tried again", async () => {
  await serve(() => ({ status: 401, json: { title: "Unauthorized", detail: "the token has expired" } }), async (url, requests) => {
    await assert.rejects(join(url, { token: "m", X: [[1]], y: [0] }), { code: "SERVICE_FAILED", status: 401, message: "the token has expired" });
    assert.equal(requests.length, 1);
    await refused(createFederation(url, { token: "o", columns: 1, classes: [0, 1] }), "SERVICE_FAILED", /expired/);
    await refused(advance(url, { token: "o" }), "SERVICE_FAILED", /expired/);
  });
  await serve((_, n) => (n < 3 ? { status: n === 1 ? 503 : 429, headers: { "retry-after": "0.01" } } : { json: { round: 1, kind: "done", updates: 0, closed: false } }), async (url, requests) => {
    assert.equal((await advance(url, { token: "o" })).kind, "done");
    assert.equal(requests.length, 3);
  });
});

test("an answer that is cut off is asked for again, and one that hangs can be left", async () => {
  await serve((_, n) => (n === 1 ? { cut: '{"round": 1' } : { json: { round: 1, kind: "done", updates: 0, closed: false } }), async (url, requests) => {
    assert.equal((await advance(url, { token: "o" })).round, 1);
    assert.equal(requests.length, 2);
  });
  const leaving = new AbortController();
  await serve(() => (setImmediate(() => leaving.abort()), { cut: "" }), async (url) => {
    await assert.rejects(join(url, { token: "m", X: [[1]], y: [0], signal: leaving.signal }), { code: "ABORTED" });
  });
});

test("a federation is created once, where it is not known that it was not", async () => {
  const options = { token: "o", columns: 1, classes: [0, 1] };
  for (const answer of [{ status: 500 }, { status: 201, cut: '{"id"' }]) {
    await serve(() => answer, async (url, requests) => {
      await refused(createFederation(url, options), "SERVICE_FAILED", /HTTP 500|cannot be reached/);
      assert.equal(requests.length, 1);
    });
  }
  await serve((_, n) => (n === 1 ? { status: 429, headers: { "retry-after": "0.01" } } : { status: 201, json: { id: "abc" } }), async (url) => {
    assert.equal((await createFederation(url, options)).id, "abc");
  });
});

test("an option that the service refuses is named", async () => {
  await serve(() => ({ status: 422, json: { code: "BAD_OPTION", detail: "gamma must be from 0 to 100", option: "gamma" } }), async (url) => {
    await assert.rejects(createFederation(url, { token: "o", columns: 1, classes: [0, 1], gamma: -1 }), { code: "BAD_OPTION", option: "gamma", message: "gamma must be from 0 to 100" });
  });
});

test("a round that was closed before is lost, the next one counts", async () => {
  const document = { federation: "f", round: 0, kind: "statistics", columns: 1, classes: [0, 1], gamma: 2, l2: 0, mean: [0], ticket: "t" };
  const seen = [];
  await serve(({ url, method }) => (method === "PUT" ? { status: 409, json: { detail: "closed" } } : url.endsWith("/model") ? { json: {} } : url.includes("after=-1") ? { json: document } : { json: { ...document, round: 7, kind: "done" } }), async (url) => {
    const { rounds } = await join(url, { token: "m", X: [[1]], y: [1], onProgress: (progress) => seen.push(progress) });
    assert.equal(rounds, 7);
  });
  assert.deepEqual(seen, [{ round: 0, kind: "statistics", sent: false }, { round: 0, kind: "statistics", sent: false }, { round: 7, kind: "done", sent: false }]);
});

test("a member can leave while it waits", async () => {
  const leaving = new AbortController();
  await serve(() => ({ status: 204, headers: { "retry-after": "60" } }), async (url) => {
    const joined = join(url, { token: "m", X: [[1]], y: [1], signal: leaving.signal });
    setTimeout(() => leaving.abort(), 50);
    await assert.rejects(joined, { code: "ABORTED", name: "AbortError" });
  });
});

test("a federation's owner creates it, invites members and removes it", async () => {
  const removals = [{ status: 204 }, { status: 404, json: { detail: "gone" } }, { status: 401, json: { detail: "not yours" } }];
  await serve(({ url, method }) => (method === "DELETE" ? removals.shift() : url.endsWith("/clients") ? { json: { tokens: { a: "1", b: "2" } } } : { status: 201, json: { id: "abc" } }), async (url, requests) => {
    const federation = await createFederation(`${url}/`, { token: "owner", columns: 3, classes: ["fine", "fault"], gamma: 0, classWeight: "balanced" });
    assert.deepEqual([federation.id, federation.url], ["abc", `${url}/v1/federations/abc`]);
    assert.deepEqual(await federation.invite(["a", "b"], 60), { a: "1", b: "2" });
    await refused(federation.invite("a"), "BAD_OPTION", /^names is the string "a": it must be an array of the members' names\.$/);
    assert.deepEqual(requests.map(({ method, url: path, authorization, body }) => [method, path, authorization, JSON.parse(body)]), [
      ["POST", "/v1/federations", "Bearer owner", { columns: 3, classes: ["fine", "fault"], gamma: 0, classWeight: "balanced" }],
      ["POST", "/v1/federations/abc/clients", "Bearer owner", { clients: ["a", "b"], seconds: 60 }],
    ]);
    assert.equal(await federation.remove(), undefined);
    await federation.remove(); // it is gone already
    await assert.rejects(federation.remove(), { code: "SERVICE_FAILED", status: 401, message: "not yours" });
    assert.deepEqual(requests.slice(2).map(({ method, url: path, authorization }) => [method, path, authorization]), Array(3).fill(["DELETE", "/v1/federations/abc", "Bearer owner"]));
    await refused(createFederation(url, { token: "o", column: 3, classes: [0, 1] }), "BAD_OPTION", /columns/);
  });
});

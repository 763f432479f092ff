// Model documents: stored in versions, found, listed and removed, on workerd with real D1 and R2.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { cases, serve, stream, token } from "./harness.mjs";

const documents = cases().map(({ document }) => JSON.stringify(document));
let service, call;
before(async () => ({ call } = service = await serve({ origins: "https://page.example https://other.example" })));
after(() => service.close());

const put = (name, body = documents[0], options) => call("PUT", `/v1/models/${name}`, { owner: true, body, ...options });
const problem = async (response, status, code) => {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const body = await response.json();
  assert.equal(body.status, status);
  assert.equal(body.code, code, body.detail);
  return body;
};
const bucket = () => service.miniflare.getR2Bucket("MODELS");

test("a model comes back byte for byte, as the latest and as its version", async () => {
  for (const [i, text] of documents.slice(0, 3).entries()) {
    const response = await put("kept", text);
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("location"), `/v1/models/kept/${i + 1}`);
    const made = await response.json();
    const { classes, columns } = JSON.parse(text);
    assert.deepEqual({ ...made, created: "" }, { name: "kept", version: i + 1, bytes: text.length, columns, classes, digest: createHash("sha256").update(text).digest("hex"), created: "" });
    assert.equal(new Date(made.created).toISOString(), made.created);
  }
  for (const [path, text, caching] of [["kept", documents[2], "public, no-cache"], ["kept/3", documents[2], "public, max-age=31536000, immutable"], ["kept/1", documents[0], "public, max-age=31536000, immutable"]]) {
    const response = await call("GET", `/v1/models/${path}`);
    assert.equal(await response.text(), text);
    assert.equal(response.headers.get("cache-control"), caching);
    assert.equal(response.headers.get("content-type"), "application/json");
    const tag = response.headers.get("etag");
    assert.match(tag, /^"[0-9a-f]{64}"$/);
    for (const match of [tag, `"x", W/${tag}`, "*"]) {
      const same = await call("GET", `/v1/models/${path}`, { headers: { "If-None-Match": match } });
      assert.equal(same.status, 304, match);
      assert.equal(same.headers.get("etag"), tag);
      assert.equal(same.headers.get("cache-control"), caching);
      assert.equal(await same.text(), "");
    }
    assert.equal((await call("GET", `/v1/models/${path}`, { headers: { "If-None-Match": '"x"' } })).status, 200);
    const head = await call("HEAD", `/v1/models/${path}`);
    assert.deepEqual([head.status, head.headers.get("etag"), head.headers.get("content-length"), await head.text()], [200, tag, String(text.length), ""]);
  }
  for (const path of ["kept/4", "kept/0", "kept/01", "kept/x", "kept/1/2", "none", "none/1", "-kept", "k%20t", `${"k".repeat(65)}`]) await problem(await call("GET", `/v1/models/${path}`), 404, "NOT_FOUND");
  assert.equal((await call("HEAD", "/v1/models/none")).status, 404);
});

test("only the owner's token stores and removes", async () => {
  await put("owned");
  for (const authorization of [undefined, "Bearer", "Bearer x", `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`, `Basic ${token}`, token]) {
    for (const [method, body] of [["PUT", documents[0]], ["DELETE"]]) {
      const response = await call(method, "/v1/models/owned", { body, headers: authorization && { Authorization: authorization } });
      await problem(response, 401, "UNAUTHORIZED");
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
    }
  }
  assert.equal((await call("GET", "/v1/models/owned/2")).status, 404);
  assert.equal((await call("GET", "/v1/models/owned")).status, 200);
});

test("without a token nobody is the owner", async () => {
  const other = await serve({ token: "" });
  try {
    for (const headers of [{}, { Authorization: "Bearer " }, { Authorization: "Bearer undefined" }]) assert.equal((await other.call("PUT", "/v1/models/m", { body: documents[0], headers })).status, 401);
  } finally {
    await other.close();
  }
});

test("a document that cannot be read is refused, and leaves nothing behind", async () => {
  for (const [body, status, code] of [["", 422, "BAD_MODEL"], ["{}", 422, "BAD_MODEL"], ["null", 422, "BAD_MODEL"], [documents[0].slice(0, -1), 422, "BAD_MODEL"], [documents[0].replace('"gamma":[', '"gamma":[-1,'), 422, "BAD_MODEL"]]) {
    const { detail } = await problem(await put("refused", body), status, code);
    assert.match(detail, /this model cannot be read: /);
  }
  await problem(await put("refused", documents[0], { type: "text/plain" }), 415, "BAD_TYPE");
  await problem(await put("refused", documents[0], { headers: { "Content-Encoding": "gzip" } }), 415, "BAD_TYPE");
  await problem(await put("-refused"), 404, "NOT_FOUND");
  assert.deepEqual((await (await bucket()).list({ prefix: "models/refused/" })).objects, []);
});

test("a body that is too long is refused: before it is read if it says so, otherwise while it is read", async () => {
  await problem(await put("long", stream((4 << 20) + 1)), 413, "TOO_LARGE");
  assert.equal((await put("long", documents[0] + " ".repeat((4 << 20) - documents[0].length))).status, 201);
  const { host, hostname, port } = new URL(service.url);
  const early = await new Promise((resolve, reject) => {
    const sent = request({ signal: AbortSignal.timeout(10_000), hostname, port, method: "PUT", path: "/v1/models/long", headers: { host, "Content-Type": "application/json", "Content-Length": 1 << 30, Authorization: `Bearer ${token}` } }, (response) => (resolve(response.statusCode), sent.destroy()));
    sent.on("error", reject);
    sent.flushHeaders(); // and no body
  });
  assert.equal(early, 413);
});

test("versions put at once all get a number of their own", async () => {
  const made = await Promise.all(Array.from({ length: 12 }, async (_, i) => {
    const text = documents[i];
    return { text, ...(await (await put("raced", text)).json()) };
  }));
  assert.deepEqual(made.map(({ version }) => version).sort((a, b) => a - b), made.map((_, i) => i + 1));
  for (const { version, text } of made) assert.equal(await (await call("GET", `/v1/models/raced/${version}`)).text(), text);
});

test("the list has the latest of each, page by page", async () => {
  for (const name of ["list-b", "list-a", "list-c"]) await put(name);
  await put("list-b", documents[30]);
  const seen = [];
  let path = "/v1/models?limit=2&after=kept", pages = 0;
  while (path) {
    const response = await call("GET", path);
    const { models, next } = await response.json();
    assert.ok(models.length <= 2);
    assert.equal(response.headers.get("link"), next && `<${next}>; rel="next"`);
    seen.push(...models);
    [path, pages] = [next, pages + 1];
  }
  const names = seen.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)].sort());
  assert.ok(pages > 1 && !names.includes("kept"));
  const { version, versions, classes, columns } = seen.find(({ name }) => name === "list-b");
  assert.deepEqual([version, versions, classes, columns], [2, 2, JSON.parse(documents[30]).classes, JSON.parse(documents[30]).columns]);
  for (const limit of ["0", "201", "x", "1.5"]) await problem(await call("GET", `/v1/models?limit=${limit}`), 400, "BAD_REQUEST");
});

test("what is removed is gone with its document, and its number is not given again", async () => {
  for (let i = 0; i < 3; i++) await put("gone", documents[i]);
  const keys = async () => (await (await bucket()).list({ prefix: "models/gone/" })).objects.length;
  assert.equal(await keys(), 3);
  assert.equal((await call("DELETE", "/v1/models/gone/3", { owner: true })).status, 204);
  await problem(await call("DELETE", "/v1/models/gone/3", { owner: true }), 404, "NOT_FOUND");
  await problem(await call("GET", "/v1/models/gone/3"), 404, "NOT_FOUND");
  assert.equal(await (await call("GET", "/v1/models/gone")).text(), documents[1]);
  assert.equal(await keys(), 2);
  assert.equal((await (await put("gone", documents[3])).json()).version, 4);
  assert.equal((await call("DELETE", "/v1/models/gone", { owner: true })).status, 204);
  assert.equal(await keys(), 0);
  await problem(await call("GET", "/v1/models/gone"), 404, "NOT_FOUND");
  assert.ok(!(await (await call("GET", "/v1/models?after=gon&limit=1")).json()).models.some(({ name }) => name === "gone"));
  assert.equal((await (await put("gone", documents[0])).json()).version, 5);
});

test("what an interrupted request left is seen by nobody, and swept when it is old", async () => {
  const objects = await bucket();
  await put("whole");
  await objects.put("models/half/0123", documents[0]); // stored, but the row was not written
  await objects.put("other/0123", "not a model's");
  await problem(await call("GET", "/v1/models/half"), 404, "NOT_FOUND");
  const worker = await service.miniflare.getWorker();
  const sweep = (later) => worker.scheduled({ scheduledTime: new Date(Date.now() + later), cron: "17 3 * * *" });
  assert.equal((await sweep(0)).outcome, "ok");
  assert.ok(await objects.head("models/half/0123"), "young objects stay");
  await sweep(2 * 3600e3);
  assert.equal(await objects.head("models/half/0123"), null);
  assert.ok(await objects.head("other/0123"));
  assert.equal(await (await call("GET", "/v1/models/whole")).text(), documents[0]);
  // The other way round: a row whose document is gone.
  for (const { key } of (await objects.list({ prefix: "models/whole/" })).objects) await objects.delete(key);
  await problem(await call("GET", "/v1/models/whole"), 404, "NOT_FOUND");
  await problem(await call("POST", "/v1/models/whole/predict", { json: [] }), 404, "NOT_FOUND");
});

test("a failure says nothing of what is inside, except in the log", async () => {
  const broken = await serve();
  try {
    await broken.database.exec("DROP TABLE models");
    const { detail } = await problem(await broken.call("GET", "/v1/models"), 500, "FAILED");
    assert.doesNotMatch(detail, /models|SQL|table/i);
    for (let i = 0; i < 500 && !/no such table/.test(broken.log()); i++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.match(broken.log(), /GET \/v1\/models: .*no such table/);
  } finally {
    await broken.close();
  }
});

test("pages of the allowed origins may call it, others may not", async () => {
  await put("shared");
  const origin = (name) => call("GET", "/v1/models/shared", { headers: { Origin: name } });
  assert.equal((await origin("https://other.example")).headers.get("access-control-allow-origin"), "https://other.example");
  for (const name of ["https://evil.example", "https://page.example.evil.example", "null"]) assert.equal((await origin(name)).headers.get("access-control-allow-origin"), null);
  assert.match((await origin("https://page.example")).headers.get("vary"), /Origin/);
  assert.match((await origin("https://page.example")).headers.get("access-control-expose-headers"), /ETag/);
  const preflight = await call("OPTIONS", "/v1/models/shared", { headers: { Origin: "https://page.example", "Access-Control-Request-Method": "PUT" } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "https://page.example");
  assert.equal(preflight.headers.get("access-control-allow-methods"), "DELETE, GET, HEAD, OPTIONS, PUT");
  assert.match(preflight.headers.get("access-control-allow-headers"), /Authorization/);
  assert.equal((await call("OPTIONS", "/v1/none")).status, 404);
  const error = await call("GET", "/v1/models/none", { headers: { Origin: "https://page.example" } });
  assert.equal(error.headers.get("access-control-allow-origin"), "https://page.example");
});

test("what is stored outlives the service", async () => {
  const first = await serve();
  await first.call("PUT", "/v1/models/lasting", { owner: true, body: documents[0] });
  await first.close({ keep: true });
  const second = await serve({ storage: first.folder });
  try {
    assert.equal(await (await second.call("GET", "/v1/models/lasting/1")).text(), documents[0]);
  } finally {
    await second.close();
  }
});

// Predictions of the service against those of the npm package.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createEngine, FocalClassifier } from "../../../js/dist/index.js";
import { cases, serve } from "./harness.mjs";

let service, call;
before(async () => ({ call } = service = await serve()));
after(() => service.close());

const put = async (name, document) => assert.equal((await call("PUT", `/v1/models/${name}`, { owner: true, json: document })).status, 201);
const predict = (name, options, query = "") => call("POST", `/v1/models/${name}/predict${query}`, options);
const packed = "application/octet-stream";

function close(actual, expected, what) {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 1e-6, `${what}: ${value} at ${i}, the package says ${expected[i]}`));
}

async function problem(response, status, code, where = {}) {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const { detail, row, column, ...body } = await response.json();
  assert.deepEqual([response.status, body.status, body.code], [status, status, code], detail);
  assert.deepEqual({ row, column }, { row: undefined, column: undefined, ...where }, detail);
}

test("models of every kind predict as in the browser", async () => {
  for (const [i, { name, document, x, probabilities, raw, labels }] of cases().entries()) {
    await put(`case-${i}`, document);
    const response = await predict(`case-${i}`, { json: x });
    assert.equal(response.status, 200, name);
    assert.equal(response.headers.get("content-location"), `/v1/models/case-${i}/1`);
    const said = await response.json();
    assert.deepEqual(Object.keys(said), ["classes", "probabilities", "labels", "threshold"]);
    assert.deepEqual(said.classes, document.classes, name);
    assert.deepEqual(said.labels, labels, name);
    assert.deepEqual(said.threshold, document.threshold, name);
    assert.equal(said.probabilities.length, x.length);
    close(said.probabilities.flat(), probabilities, name);
    if (i % 4 === 0) close((await (await predict(`case-${i}`, { json: x }, "?raw=true")).json()).probabilities.flat(), raw, `${name}, raw`);
  }
});

test("a model trained now, of many columns and rows", async () => {
  const engine = createEngine({ worker: false });
  const clf = new FocalClassifier({ classWeight: "balanced", engine });
  const X = Array.from({ length: 1500 }, (_, i) => Array.from({ length: 40 }, (_, j) => Math.sin(i * (j + 1.3)) + (i % 20 ? 0 : j / 40)));
  await clf.fit(X, X.map((_, i) => (i % 20 ? "fine" : "fault")));
  await put("many", clf);
  const { data } = await clf.predictProba(X);
  close((await (await predict("many", { json: X })).json()).probabilities.flat(), data, "JSON");
  await engine.dispose();
});

test("packed rows, and packed probabilities", async () => {
  const { document, probabilities } = cases().find(({ name }) => name === "three, balanced");
  const { x } = cases().find(({ name }) => name === "three, balanced");
  await put("packed", document);
  for (const [type, List] of [["float64", Float64Array], ["float32", Float32Array]]) {
    const body = new Uint8Array(List.from(x.flat()).buffer);
    const response = await predict("packed", { body, type: packed, headers: { Accept: packed } }, `?type=${type}&columns=3`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), packed);
    assert.equal(response.headers.get("focalfit-shape"), `${x.length}, 3`);
    assert.match(response.headers.get("vary"), /Accept/);
    const said = new Float64Array(await response.arrayBuffer());
    if (type === "float64") close(said, probabilities, type);
    else said.forEach((p, i) => assert.ok(Math.abs(p - probabilities[i]) < 1e-5));
    const json = await (await predict("packed", { body, type: packed }, `?type=${type}&columns=3`)).json();
    assert.deepEqual(json.probabilities.flat(), [...said]);
  }
  const body = new Uint8Array(48);
  for (const query of ["", "?type=float64", "?columns=3", "?type=float16&columns=3", "?type=float64&columns=x"]) await problem(await predict("packed", { body, type: packed }, query), 400, "BAD_REQUEST");
  await problem(await predict("packed", { body, type: packed }, "?type=float64&columns=2"), 422, "SHAPE_MISMATCH");
  await problem(await predict("packed", { body: body.subarray(1), type: packed }, "?type=float64&columns=3"), 422, "SHAPE_MISMATCH");
  await problem(await predict("packed", { body: new Uint8Array(Float64Array.of(1, 2, 3, 4, NaN, 6).buffer), type: packed }, "?type=float64&columns=3"), 422, "NOT_FINITE", { row: 1, column: 1 });
});

test("rows that do not fit are refused, and where is said", async () => {
  const { document } = cases().find(({ name }) => name === "two classes");
  await put("rows", document);
  assert.deepEqual((await (await predict("rows", { json: [] })).json()).probabilities, []);
  await problem(await predict("rows", { json: [[1, 2, 3], [1, 2]] }), 422, "SHAPE_MISMATCH", { row: 1 });
  await problem(await predict("rows", { json: [[1, 2, null]] }), 422, "BAD_INPUT", { row: 0, column: 2 });
  await problem(await predict("rows", { json: [[1, 2, "3"]] }), 422, "BAD_INPUT", { row: 0, column: 2 });
  await put("steep", { ...document, coefficients: [[1e10, 0, 0]] });
  await problem(await predict("steep", { json: [[1, 2, 3], [1e300, 0, 0]] }), 422, "NOT_FINITE", { row: 1 });
  await problem(await predict("rows", { json: { rows: [] } }), 422, "BAD_INPUT");
  await problem(await predict("rows", { body: "[[1,2,3]" }), 400, "BAD_JSON");
  await problem(await predict("rows", { body: "[[1,2,1e999]]" }), 400, "BAD_JSON");
  await problem(await predict("rows", { json: [[1, 2, 3]], type: "text/csv" }), 415, "BAD_TYPE");
  await problem(await predict("rows", { json: [[1, 2, 3]], headers: { Accept: "text/html" } }), 406, "NOT_ACCEPTABLE");
  await problem(await predict("rows", { json: [[1, 2, 3]] }, "?raw=1"), 400, "BAD_REQUEST");
  await problem(await predict("none", { json: [[1, 2, 3]] }), 404, "NOT_FOUND");
  await problem(await predict("rows/2", { json: [[1, 2, 3]] }), 404, "NOT_FOUND");
  const { document: table } = cases().find(({ name }) => name === "table");
  await put("table", table);
  const fine = { seen: "2024-02-03", place: "north", age: 30, wet: true };
  await problem(await predict("table", { json: [fine, { ...fine, age: "old" }] }), 422, "BAD_INPUT", { row: 1 });
  await problem(await predict("table", { json: [{ ...fine, seen: "yesterday" }] }), 422, "BAD_INPUT", { row: 0 });
  await problem(await predict("table", { json: [{ ...fine, more: 1 }] }), 422, "BAD_INPUT", { row: 0 });
  await problem(await predict("table", { json: [{ ...fine, age: [1] }] }), 422, "BAD_INPUT", { row: 0 });
  await problem(await predict("table", { json: [fine, [1]] }), 422, "BAD_INPUT", { row: 1 });
});

test("what a request may take is bounded", async () => {
  const { document } = cases().find(({ name }) => name === "two classes");
  await put("bounded", document);
  assert.equal((await (await predict("bounded", { json: Array(10000).fill([1, 2, 3]) })).json()).labels.length, 10000);
  await problem(await predict("bounded", { json: Array(10001).fill([1, 2, 3]) }), 422, "SHAPE_MISMATCH");
  await problem(await predict("bounded", { body: new Uint8Array(24 * 10001), type: packed }, "?type=float64&columns=3"), 422, "SHAPE_MISMATCH");
  // However fast the answer is, who is still sending reads it.
  for (let i = 0; i < 60; i++) await problem(await predict("bounded", { body: " ".repeat((4 << 20) + 1) }), 413, "TOO_LARGE");
  // A row of a table of few bytes, but many columns.
  const categories = Array.from({ length: 4000 }, (_, i) => `c${i}`);
  const wide = { ...document, columns: 4000, table: { columns: [{ name: "c", kind: "category", categories }], ignored: [], blanks: [], impute: "mean" }, coefficients: [Array(4000).fill(0.1)], means: Array(4000).fill(0) };
  await put("wide", wide);
  const most = Math.floor(2 ** 21 / 4000);
  assert.equal((await (await predict("wide", { json: Array(most).fill({ c: "c1" }) })).json()).labels.length, most);
  await problem(await predict("wide", { json: Array(most + 1).fill({ c: "c1" }) }), 422, "SHAPE_MISMATCH");
});

test("a version goes on predicting as it did", async () => {
  const [a, b] = ["two classes", "balanced"].map((wanted) => cases().find(({ name }) => name === wanted));
  await put("versions", a.document);
  await put("versions", b.document);
  const of = async (path) => (await (await predict(path, { json: a.x })).json()).probabilities.flat();
  close(await of("versions/1"), a.probabilities, "1");
  close(await of("versions/2"), b.probabilities, "2");
  close(await of("versions"), b.probabilities, "latest");
});

// The service against its description: every operation with every example, and what each parameter, body and security
// requirement of it forbids. An answer must have a status, a media type, headers and a body as described.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { check, description, pointer, resolve, validate } from "./described.mjs";
import { repositoryFile, serve } from "./harness.mjs";

const methods = ["put", "get", "head", "post", "options", "delete"];
/** The operations in an order in which there is something to read before it is removed, versions before models. */
const operations = Object.entries(description.paths)
  .filter(([path]) => path.startsWith("/v1/models")) // federations.test has the others
  .flatMap(([path, item]) => methods.filter((method) => item[method]).map((method) => {
    const parameters = [...(item.parameters ?? []).map((_, i) => pointer("paths", path, "parameters", i)), ...(item[method].parameters ?? []).map((_, i) => pointer("paths", path, method, "parameters", i))];
    return {
      path, method, ...item[method], at: pointer("paths", path, method),
      parameters: parameters.map((at) => resolve(at.slice(1).split("/").map((step) => step.replaceAll("~1", "/")).reduce((value, step) => value[step], description), at)),
    };
  }))
  .sort((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method) || b.path.length - a.path.length);

let service;
before(async () => (service = await serve({ origins: "*" })));
after(() => service.close());

/** Does an operation, with values in place of some of its parameters' examples, and checks what is answered. */
async function act(operation, { values = {}, ...options } = {}) {
  let path = operation.path;
  const query = new URLSearchParams(), headers = { ...options.headers };
  for (const { node } of operation.parameters) {
    const value = values[node.name] ?? node.example;
    if (node.in === "path") path = path.replace(`{${node.name}}`, encodeURIComponent(value));
    else if (value !== undefined && node.in === "query") query.set(node.name, value);
    else if (value !== undefined) headers[node.name] = value;
  }
  const response = await service.call(operation.method.toUpperCase(), `${path}?${query}`, { owner: operation.security?.length > 0, ...options, headers });
  await check(operation, response, service.log);
  return response;
}

const bodies = ({ requestBody }) => Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples = {} }]) => Object.values(examples).map(({ value }) => ({ type, json: value })));

test("the description is OpenAPI 3.1, and what is served is it", async () => {
  const validator = new Validator();
  validator.addSpecRef({ ...JSON.parse(repositoryFile("js/model.schema.json")), $id: "../package/model.schema.json" });
  const { valid, errors } = await validator.validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors));
  assert.deepEqual(await (await service.call("GET", "/v1/openapi.json")).json(), description);
  const ids = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, ids.length);
});

test("examples are as their schemas want them", () => {
  let checked = 0;
  for (const { at, requestBody } of operations) {
    for (const [type, { examples = {} }] of Object.entries(requestBody?.content ?? {})) {
      for (const [name, { value }] of Object.entries(examples)) validate(`${at}/requestBody/content/${type.replaceAll("/", "~1")}/schema`, value, name), checked++;
    }
  }
  for (const { parameters } of operations) {
    for (const { node, at } of parameters) if (node.example !== undefined) validate(`${at}/schema`, node.example, node.name), checked++;
  }
  assert.ok(checked > 20);
});

test("what is not there is not found, whatever is asked of it", async () => {
  for (const operation of operations.filter(({ parameters, method }) => method !== "put" && method !== "options" && parameters.some(({ node }) => node.in === "path"))) {
    assert.equal((await act(operation, { ...bodies(operation)[0] })).status, 404, operation.operationId);
  }
});

// In the order of operations: put first, delete last.
for (const operation of operations.filter(({ method }) => method !== "delete")) {
  test(`${operation.operationId} does as described`, async () => {
    const given = bodies(operation);
    for (const body of given.length ? given : [{}]) {
      const response = await act(operation, operation.path.endsWith("predict") && operation.method === "post" ? { ...body, values: { name: "numbers" } } : body);
      assert.ok(response.ok, `${response.status}: ${await response.text()}`);
      if (operation.operationId === "putModel" && !body.json.table) assert.ok((await act(operation, { ...body, values: { name: "numbers" } })).ok);
      const tag = response.headers.get("etag");
      if (tag) assert.equal((await act(operation, { values: { "If-None-Match": tag } })).status, 304);
    }
  });

  if (operation.method === "options") continue;
  test(`${operation.operationId} refuses what is not as described`, async () => {
    const { method, parameters, requestBody, security } = operation;
    const body = bodies(operation)[0] ?? {};
    for (const { node } of parameters) {
      if (node.in === "header") continue;
      const wrong = { integer: ["0", "-1", "1.5", "x", String(10 * (node.schema.maximum ?? 1))], boolean: ["yes", "1"], string: node.schema.pattern ? ["-x", "ä", "x y", "x".repeat(65)] : [] }[node.schema.type] ?? [];
      for (const value of wrong) {
        const packed = node.name === "columns"; // which counts with packed rows alone
        const response = await act(operation, packed ? { body: new Uint8Array(16), type: "application/octet-stream", values: { name: "numbers", type: "float64", columns: value } } : { ...body, values: { name: "numbers", [node.name]: value } });
        const expected = packed ? [400, 422] : node.in === "path" ? [404] : [400];
        assert.ok(expected.includes(response.status), `${node.name} ${value}: ${response.status}`);
      }
    }
    if (security) for (const headers of [{}, { Authorization: "Bearer x" }]) assert.equal((await act(operation, { ...body, owner: false, headers })).status, 401);
    if (!requestBody) return;
    const values = { name: "numbers" };
    assert.equal((await act(operation, { values, body: JSON.stringify(body.json), type: "text/plain" })).status, 415);
    assert.equal((await act(operation, { values, body: new Uint8Array((4 << 20) + 1) })).status, 413);
    for (const json of ["text", 1, true, { a: 1 }, [[]], [1], [[1]], ["a"]]) assert.equal((await act(operation, { values, json })).status, 422, JSON.stringify(json));
    for (const text of ["{", "[1,]", "nul", '"', "[[1,2]] x"]) assert.ok([400, 422].includes((await act(operation, { values, body: text })).status), text);
    if (method === "post") assert.equal((await act(operation, { ...body, values, headers: { Accept: "text/html" } })).status, 406);
  });
}

test("addresses refuse methods that are not described, and say which are", async () => {
  for (const [path, item] of Object.entries(description.paths)) {
    const address = path.replace("{name}", "numbers").replace("{version}", "1").replace("{id}", "f").replace("{round}", "0");
    const described = methods.filter((method) => item[method] || (method === "head" && item.get)).map((method) => method.toUpperCase()).sort();
    const allow = (await service.call("OPTIONS", address)).headers.get("allow");
    assert.deepEqual(allow.split(", "), described, path);
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"].filter((method) => !described.includes(method))) {
      const response = await service.call(method, address, method === "GET" ? {} : { json: {} });
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("allow"), allow);
      validate("/components/schemas/Problem", await response.json(), `${method} ${path}`);
    }
  }
});

for (const operation of operations.filter(({ method }) => method === "delete")) {
  test(`${operation.operationId} does as described`, async () => {
    for (const headers of [{}, { Authorization: "Bearer x" }]) assert.equal((await act(operation, { owner: false, headers })).status, 401);
    assert.equal((await act(operation)).status, 204);
    assert.equal((await act(operation)).status, 404);
  });
}

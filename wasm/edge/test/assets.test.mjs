// What is answered before Go starts: the example page and the npm package.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { repositoryFile, serve } from "./harness.mjs";

const { version } = JSON.parse(repositoryFile("js/package.json"));
let service, call;
before(async () => ({ call } = service = await serve()));
after(() => service.close());

const revalidated = "public, max-age=0, must-revalidate", immutable = "public, max-age=31536000, immutable";

test("files have their types, their bytes and how long they may be kept", async () => {
  for (const [path, file, type, caching] of [
    ["/", "example-site/dist/index.html", "text/html; charset=utf-8", revalidated],
    ["/page.css", "example-site/dist/page.css", "text/css; charset=utf-8", revalidated],
    ["/main.js", "example-site/dist/main.js", "text/javascript; charset=utf-8", revalidated],
    ["/page.simd.wasm", "example-site/dist/page.simd.wasm", "application/wasm", revalidated],
    ["/icon.svg", "example-site/dist/icon.svg", "image/svg+xml", revalidated],
    ["/package/index.js", "js/dist/index.js", "text/javascript; charset=utf-8", revalidated],
    [`/package/${version}/index.js`, "js/dist/index.js", "text/javascript; charset=utf-8", immutable],
    [`/package/${version}/focalfit.simd.wasm`, "js/dist/focalfit.simd.wasm", "application/wasm", immutable],
    [`/package/${version}/model.schema.json`, "js/model.schema.json", "application/json", immutable],
    ["/v1/openapi.json", "wasm/edge/openapi.json", "application/json", revalidated],
  ]) {
    const response = await call("GET", path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("content-type"), type);
    assert.equal(response.headers.get("cache-control"), caching, path);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("vary")?.includes("Origin") ?? false, false, "Go did not answer");
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(repositoryFile(file)), path);
    const tag = response.headers.get("etag");
    const same = await call("GET", path, { headers: { "If-None-Match": tag } });
    assert.equal(same.status, 304, path);
    const head = await call("HEAD", path);
    assert.deepEqual([head.status, head.headers.get("etag"), await head.text()], [200, tag, ""]);
  }
});

test("files and answers are compressed where the client takes it", async () => {
  for (const path of ["/", "/package/index.js", `/package/${version}/focalfit.simd.wasm`, "/v1/models"]) {
    for (const coding of ["gzip", "br"]) {
      const response = await call("GET", path, { headers: { "Accept-Encoding": coding } });
      assert.equal(response.headers.get("content-encoding"), coding, path);
      await response.arrayBuffer();
    }
    assert.equal((await call("GET", path, { headers: { "Accept-Encoding": "identity" } })).headers.get("content-encoding"), null);
  }
});

test("other pages may import the package, and the command stays out", async () => {
  for (const path of ["/package/index.js", `/package/${version}/index.js`, "/v1/openapi.json"]) assert.equal((await call("GET", path)).headers.get("access-control-allow-origin"), "*");
  assert.equal((await call("GET", "/")).headers.get("access-control-allow-origin"), null);
  for (const path of ["/package/command.js", "/package/command/main.js", "/_headers", "/package/none.js", "/package/9.9.9/index.js"]) {
    const response = await call("GET", path);
    assert.equal(response.status, 404, path);
    assert.equal((await response.json()).code, "NOT_FOUND");
  }
});

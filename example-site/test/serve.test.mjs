import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { createSite } from "../serve.mjs";

let [folder, server] = [];
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "focalfit-serve-"));
  writeFileSync(join(folder, "page.css"), "a { color: red; }\n".repeat(100));
  writeFileSync(join(folder, "small.css"), "a{}");
  server = createSite(folder, "/below/");
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
  server?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const get = (path, headers = {}, method = "GET") =>
  new Promise((resolve, reject) => {
    request({ port: server.address().port, path, headers, method, agent: false }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part)).on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    }).on("error", reject).end();
  });

test("a file is compressed for those who take it so", async () => {
  const plain = await get("/below/page.css");
  assert.deepEqual([plain.status, plain.headers["content-encoding"], plain.headers["content-type"], plain.body.length], [200, undefined, "text/css; charset=utf-8", 1800]);
  for (const accepted of ["gzip", "br, gzip;q=0.5", "*"]) {
    const { headers, body } = await get("/below/page.css", { "accept-encoding": accepted });
    assert.deepEqual([headers["content-encoding"], headers.vary, Number(headers["content-length"])], ["gzip", "Accept-Encoding", body.length]);
    assert.deepEqual(gunzipSync(body), plain.body);
  }
  for (const accepted of ["br", "gzip;q=0", "identity"]) assert.deepEqual((await get("/below/page.css", { "accept-encoding": accepted })).body, plain.body);
  assert.equal((await get("/below/small.css", { "accept-encoding": "gzip" })).headers["content-encoding"], undefined);
  const { headers, body } = await get("/below/page.css", { "accept-encoding": "gzip" }, "HEAD");
  assert.deepEqual([headers["content-encoding"], body.length], ["gzip", 0]);
});

test("a file that is known is not sent again, unless it has changed", async () => {
  const encoding = { "accept-encoding": "gzip" };
  const [{ headers: { etag } }, plain] = [await get("/below/page.css", encoding), await get("/below/page.css")];
  assert.notEqual(etag, plain.headers.etag);
  for (const tags of [etag, `"other", W/${etag}`, "*"]) {
    const again = await get("/below/page.css", { ...encoding, "if-none-match": tags });
    assert.deepEqual([again.status, again.body.length, again.headers.etag, again.headers["content-type"]], [304, 0, etag, undefined]);
  }
  assert.equal((await get("/below/page.css", { "if-none-match": etag })).status, 200);
  writeFileSync(join(folder, "page.css"), "b { color: red; }\n".repeat(100));
  utimesSync(join(folder, "page.css"), 1, 1);
  const changed = await get("/below/page.css", { ...encoding, "if-none-match": etag });
  assert.deepEqual([changed.status, gunzipSync(changed.body)[0]], [200, 98]);
});

test("nothing else is served", async () => {
  for (const path of ["/page.css", "/below/missing.css", "/below/../serve.test.mjs", "/below/%2e%2e/%2e%2e/etc/passwd", "/below/%00", "/below/%"]) assert.equal((await get(path)).status, 404, path);
  assert.equal((await get("/below/page.css", {}, "POST")).status, 405);
});

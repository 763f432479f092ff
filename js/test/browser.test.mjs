// The package as a page gets it, in each browser whose program the environment names.
import { test, after, before } from "node:test";
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { open } from "./browser/launch.mjs";
import { bodyOf, serve } from "./browser/site.mjs";

const root = dirname(createRequire(import.meta.url).resolve("focalfit/package.json"));
const folders = { "/focalfit/": root, "/browser/": new URL("./browser", import.meta.url).pathname };
const programs = { chromium: process.env.CHROMIUM, firefox: process.env.FIREFOX, webkit: process.env.WEBKIT };
const binary = readFileSync(join(root, "dist", "focalfit.wasm"));

/** Reports that are waited for, by the page's query. */
const waiting = new Map();
/** What the next page and its scripts are served with. */
const policies = { page: undefined, worker: undefined };
let late = false;
let site, cdn;

const page = (script) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>focalfit</title><link rel="icon" href="data:,"><script type="module" src="${script}"></script></html>`;

before(async () => {
  site = await serve(folders, (request, response, path) => {
    const send = (type, body, headers = {}) => (response.writeHead(200, { "content-type": type, ...headers }).end(body), true);
    if (request.method === "POST") {
      if (path === "/late") late = true;
      else bodyOf(request).then((body) => waiting.get(new URL(request.url, site.origin).search)?.(JSON.parse(body)));
      return send("text/plain", "");
    }
    if (path === "/favicon.ico") return send("image/x-icon", "");
    if (path === "/suite") return send("text/html", page("/browser/suite.js" + new URL(request.url, site.origin).search));
    if (path === "/react") return send("text/html", page("/browser/built/react.js"));
    if (path === "/policy") return send("text/html", page("/browser/policy.js"), policies.page && { "content-security-policy": policies.page });
    if (path === "/wrong-type/focalfit.wasm") return send("application/octet-stream", binary);
    if (path === "/late/focalfit.wasm" && late) return send("application/wasm", binary);
    if (path.endsWith("/worker.js") && policies.worker) response.setHeader("content-security-policy", policies.worker);
    return false;
  });
  cdn = await serve(folders, (_request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    return false;
  });
});
after(async () => {
  await site.close();
  await cdn.close();
});

let pages = 0;

/** Opens a page of the site in a browser and waits for its report. */
async function report(name, path, query = {}) {
  const search = `?${new URLSearchParams({ ...query, page: ++pages })}`;
  return open(name, programs[name], `${site.origin}${path}${search}`, new Promise((resolve) => waiting.set(search, resolve)));
}

for (const name of Object.keys(programs)) {
  test(`the suite in ${name}`, async (t) => {
    assert.ok(programs[name], `set ${name.toUpperCase()} to the path of a program`);
    late = false;
    const results = await report(name, "/suite");
    assert.ok(results.length >= 8);
    for (const { name: what, error } of results) await t.test(what, () => assert.equal(error, undefined));
  });
}

test("useClassifier under StrictMode in chromium", async (t) => {
  const { build } = await import(process.env.FOCALFIT_ESBUILD);
  await build({
    entryPoints: [join(folders["/browser/"], "react.jsx")], outdir: join(folders["/browser/"], "built"), bundle: true, splitting: true, format: "esm",
    jsx: "automatic", define: { "process.env.NODE_ENV": '"development"' },
  });
  for (const file of ["worker.js", "focalfit.wasm", "focalfit.simd.wasm"]) copyFileSync(join(root, "dist", file), join(folders["/browser/"], "built", file));
  const results = await report("chromium", "/react");
  assert.ok(results.length >= 6);
  for (const { name, error } of results) await t.test(name, () => assert.equal(error, undefined));
});

test("rendering on a server starts nothing", async () => {
  const { createElement } = await import("react");
  const { renderToString } = await import("react-dom/server");
  const { useClassifier } = await import("focalfit/react");
  assert.equal(renderToString(createElement(() => useClassifier().status)), "idle");
  // The example in its documentation, as it stands.
  const [, code] = readFileSync(join(root, "dist", "react.d.ts"), "utf8").replace(/^ *\* ?/gm, "").match(/```jsx\n([\s\S]*?)```/);
  const { transform } = await import(process.env.FOCALFIT_ESBUILD);
  const file = new URL("../example-react.mjs", import.meta.url);
  writeFileSync(file, (await transform(code, { loader: "jsx", jsx: "automatic" })).code);
  const { Train } = await import(file);
  assert.equal(renderToString(createElement(Train, { X: [[1], [2]], y: [0, 1] })), "<button>Train</button>");
});

// Policies as a page and, separately, the script of the worker may be served with, and where the package comes from.
const own = "/focalfit/dist/index.js", inline = "/focalfit/dist/inline.js";
const policy = {
  "the page's default-src 'self'": { page: "default-src 'self'", from: own },
  "default-src 'self' on everything, the worker with 'wasm-unsafe-eval'": { page: "default-src 'self'", worker: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'", from: own },
  "the strictest that works": { page: "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'", worker: "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'", from: own },
  "a worker served with default-src 'self' alone": { page: "default-src 'self'", worker: "default-src 'self'", from: own, fails: /worker\.js is served with.*'wasm-unsafe-eval'/ },
  "a worker that may fetch nothing": { page: "default-src 'self'", worker: "default-src 'none'; script-src 'wasm-unsafe-eval'", from: own, fails: /connect-src must allow http:\/\/127|allows it in connect-src/ },
  "a page without worker-src": { page: "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'none'", from: own, fails: /worker-src must allow http:\/\/127/ },
  "from a CDN, without a policy": { from: "cdn" },
  "from a CDN, with all it needs": { page: "default-src 'self'; script-src 'self' CDN 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self' CDN", from: "cdn" },
  "from a CDN, without worker-src blob:": { page: "default-src 'self'; script-src 'self' CDN 'wasm-unsafe-eval'; connect-src 'self' CDN; worker-src 'self'", from: "cdn", fails: /worker-src must allow blob:/ },
  "from a CDN, without 'wasm-unsafe-eval'": { page: "default-src 'self'; script-src 'self' CDN; worker-src blob:; connect-src 'self' CDN", from: "cdn", fails: /page is served with.*'wasm-unsafe-eval'/ },
  "from a CDN, without its connect-src": { page: "default-src 'self'; script-src 'self' CDN 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'", from: "cdn", fails: /connect-src must allow http:\/\/127|allows it in connect-src/ },
  "in one file, without a policy": { from: inline },
  "in one file, with all it needs": { page: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:", from: inline },
  "in one file, without worker-src blob:": { page: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'", from: inline, fails: /worker-src must allow blob:/ },
  "in one file, without 'wasm-unsafe-eval'": { page: "default-src 'self'; worker-src blob:", from: inline, fails: /page is served with.*'wasm-unsafe-eval'/ },
};
for (const [what, { page: pagePolicy, worker, from, fails }] of Object.entries(policy)) {
  for (const name of Object.keys(programs)) {
    test(`policy in ${name}: ${what}`, async () => {
      Object.assign(policies, { page: pagePolicy?.replaceAll("CDN", cdn.origin), worker });
      const outcome = await report(name, "/policy", { from: from === "cdn" ? `${cdn.origin}${own}` : from });
      if (fails) assert.match(outcome, fails);
      else assert.equal(outcome, "converged");
    });
  }
}

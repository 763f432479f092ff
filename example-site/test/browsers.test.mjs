// The page in every browser whose program the environment names, without a driver: a script of its own origin uses it as a
// visitor does, and tells the server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { open } from "../../js/test/browser/launch.mjs";
import { bodyOf, serve } from "../../js/test/browser/site.mjs";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const programs = { chromium: process.env.CHROMIUM, firefox: process.env.FIREFOX, webkit: process.env.WEBKIT };
const base = "/a/path/below/";
const first = '<link rel="icon"';
const page = readFileSync(folder("../dist/index.html"), "utf8");

/** What each browser has told so far, case by case, and what to do when it has told all. */
const told = {};
/** What each has saved of the page that predicts. */
const saved = {};
let site;

before(async () => {
  assert.equal(page.split(first).length, 2, "index.html has no place for the driver");
  site = await serve({ [`${base}driver/`]: folder("browsers"), "/browser/": folder("../../js/test/browser"), [base]: folder("../dist") }, (request, response, path) => {
    const send = (type, body) => (response.writeHead(200, { "content-type": type }).end(body), true);
    const query = new URL(request.url, "http://localhost").searchParams;
    const browser = query.get("browser");
    if (request.method === "POST") {
      bodyOf(request).then((body) => {
        if (path === "/saved") saved[browser] = body;
        else take(browser, query.get("visit"), JSON.parse(body));
        send("text/plain", "");
      });
      return true;
    }
    if (path === base) return send("text/html", page.replace(first, `<script src="driver/watch.js"></script>\n${first}`));
    if (path === `${base}saved/`) return send("text/html", `<!doctype html><title>saved</title><link rel="icon" href="data:,"><script type="module" src="../driver/saved.js"></script>`);
    if (path === `${base}saved/page.html`) return send("text/html", saved[browser]);
    return false;
  });
});
after(() => site?.close());

function take(browser, visit, results) {
  told[browser].cases.push(...results.map((result) => ({ ...result, name: `${visit}: ${result.name}` })));
  if (visit === "saved") told[browser].all();
}

for (const [name, program] of Object.entries(programs)) {
  test(`the page in ${name}`, async (t) => {
    assert.ok(program, `set ${name.toUpperCase()} to the path of a program`);
    const all = new Promise((resolve) => (told[name] = { cases: [], all: resolve }));
    const failure = await open(name, program, `${site.origin}${base}?browser=${name}&visit=train`, all).then(() => undefined, (error) => error);
    for (const { name: what, error } of told[name].cases) await t.test(what, () => assert.equal(error, undefined));
    assert.equal(failure, undefined);
  });
}

test("all show the same", async (t) => {
  const values = Object.fromEntries(told.chromium?.cases.map(({ name, value }) => [name, value]) ?? []);
  for (const name of ["firefox", "webkit"]) {
    for (const { name: what, value } of told[name]?.cases ?? []) if (value) await t.test(`${what}, in ${name} as in chromium`, () => assert.deepEqual(value, values[what]));
  }
});

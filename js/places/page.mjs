// Pages in Chromium, which tell a server of the tests how they went.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { open } from "../test/browser/launch.mjs";
import { bodyOf, serve } from "../test/browser/site.mjs";
import { example } from "./project.mjs";

/** Pages that are waited for, by the path that they post to. */
const waiting = new Map();
let listener;

before(async () => {
  listener = await serve({}, (request, response, path) => {
    bodyOf(request).then((body) => waiting.get(path.slice(1))?.(JSON.parse(body)));
    return Boolean(response.writeHead(200).end());
  });
});
after(() => listener.close());

/** Source text of a function that tells what came of a page, by the page's name. */
export const teller = (name) => `(outcome) => fetch(${JSON.stringify(`${listener.origin}/${name}`)}, { method: "POST", mode: "no-cors", body: JSON.stringify(outcome) })`;

/** A module that runs an example, keeps what it prints, and tells. */
export function telling(name, code = example) {
  const imports = code.match(/^import .*$/gm).join("\n");
  return `${imports}
const lines = [];
const log = console.log;
console.log = (...values) => (log(...values), lines.push(values));
const tell = ${teller(name)};
async function run() {
${code.replace(/^import .*$/gm, "")}
}
run().then(() => tell({ lines }), (error) => tell({ error: error?.stack ?? String(error) }));
`;
}

/** A page of one script. What fails before the script runs is told as well. */
export const html = (name, script) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>focalfit</title>
<link rel="icon" href="data:,">
<script>${watch(name)}</script>
${script}
</html>
`;

/** A script that tells of errors. */
export const watch = (name) => `addEventListener("error", ({ message, filename }) => (${teller(name)})({ error: message + " " + filename }));`;

/** Opens an address in Chromium and waits for what the page of that name tells. */
export function outcome(name, url) {
  assert.ok(process.env.CHROMIUM, "set CHROMIUM to the path of a program");
  return open("chromium", process.env.CHROMIUM, url, new Promise((resolve) => waiting.set(name, resolve)));
}

/** Serves a folder, `more` being folders of other paths, and waits for what its index.html tells. */
export async function outcomeOf(name, folder, more = {}) {
  const site = await serve({ ...more, "/": folder }, () => false);
  try {
    return await outcome(name, `${site.origin}/index.html`);
  } finally {
    await site.close();
  }
}

/** The README's first example has trained and predicted. */
export function assertTrained({ lines, error }) {
  assert.equal(error, undefined);
  assert.ok(lines.length >= 4, `it printed ${JSON.stringify(lines)}`);
  const [[first], [status, warnings, labels], [probabilities], [threshold]] = [lines[0], ...lines.slice(-3)];
  assert.equal(first, 0);
  assert.equal(status, "converged");
  assert.deepEqual([warnings, labels], [[], ["fault", "fine"]]);
  assert.equal(probabilities.rows, 2);
  assert.equal(threshold, 0.04);
}

// The README's first example, built by each bundler.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertTrained, html, outcome, outcomeOf, telling } from "./page.mjs";
import { block, example, places, project, run } from "./project.mjs";

const inline = example.replace('from "focalfit"', 'from "focalfit/inline"');
assert.notEqual(inline, example);
const bin = (name) => [join(places, "node_modules", name)];

/** A project with a page, the script of which is src/index.js. */
function pageProject(name, script, code = example, files = {}) {
  return project(name, { "src/index.js": telling(name, code), "index.html": html(name, script), ...files });
}

for (const version of ["vite6", "vite7", "vite8"]) {
  const script = '<script type="module" src="/src/index.js"></script>';
  const options = (root) => ({ root, configFile: false, logLevel: "error" });

  test(`${version}, its dev server`, async () => {
    const { createServer } = await import(version);
    const name = `${version}-dev`;
    const server = await createServer({ ...options(pageProject(name, script)), server: { host: "127.0.0.1", port: 0 } });
    try {
      await server.listen();
      assertTrained(await outcome(name, `http://127.0.0.1:${server.httpServer.address().port}/`));
    } finally {
      await server.close();
    }
  });

  test(`${version}, a build`, async () => {
    const { build } = await import(version);
    const folder = pageProject(version, script);
    await build(options(folder));
    assertTrained(await outcomeOf(version, join(folder, "dist")));
  });
}

for (const mode of ["production", "development"]) {
  test(`webpack, ${mode}`, async () => {
    const { default: webpack } = await import("webpack");
    const name = `webpack-${mode}`;
    const folder = pageProject(name, '<script src="main.js" defer></script>');
    const stats = await new Promise((resolve, reject) => webpack({ context: folder, mode, output: { path: join(folder, "dist") } }, (error, stats) => (error ? reject(error) : resolve(stats))));
    const { errors, warnings } = stats.toJson();
    assert.deepEqual([...errors, ...warnings].filter(({ message }) => !/size limit|performance/.test(message)), []);
    copyFileSync(join(folder, "index.html"), join(folder, "dist", "index.html"));
    assertTrained(await outcomeOf(name, join(folder, "dist")));
  });
}

// The README's first example, built by each bundler.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertTrained, html, outcome, outcomeOf, telling } from "./page.mjs";
import { block, example, places, project, run } from "./project.mjs";

const inline = example.replace('from "focalfit"', 'from "focalfit/inline"');
assert.notEqual(inline, example);
const tool = (path) => join(places, "node_modules", path);

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

const built = '<script type="module" src="index.js"></script>';

/** Serves what a build has put into dist, with the page. */
async function outcomeOfBuild(name, folder) {
  copyFileSync(join(folder, "index.html"), join(folder, "dist", "index.html"));
  return outcomeOf(name, join(folder, "dist"));
}

test("rollup", async () => {
  const folder = pageProject("rollup", built, example, { "rollup.config.js": block("docs/loading.md", "Rollup", "ts") });
  await run(process.execPath, [tool("rollup/dist/bin/rollup"), "-c", "--failAfterWarnings"], folder);
  assertTrained(await outcomeOfBuild("rollup", folder));
});

test("rollup, focalfit/inline with nothing but the resolution of names", async () => {
  const { rollup } = await import("rollup");
  const { nodeResolve } = await import("@rollup/plugin-node-resolve");
  const folder = pageProject("rollup-inline", built, inline);
  const bundle = await rollup({ input: join(folder, "src/index.js"), plugins: [nodeResolve()], onwarn: assert.fail });
  await bundle.write({ dir: join(folder, "dist") });
  assertTrained(await outcomeOfBuild("rollup-inline", folder));
});

test("esbuild", async () => {
  const folder = pageProject("esbuild", built, example, { "build.js": block("docs/loading.md", "esbuild", "ts") });
  const { stderr } = await run(process.execPath, ["build.js"], folder);
  assert.equal(stderr, "");
  assertTrained(await outcomeOfBuild("esbuild", folder));
});

for (const format of ["esm", "iife"]) {
  test(`esbuild, focalfit/inline without configuration, ${format}`, async () => {
    const { build } = await import("esbuild");
    const name = `esbuild-inline-${format}`;
    const folder = pageProject(name, built, inline);
    const { warnings } = await build({ entryPoints: [join(folder, "src/index.js")], bundle: true, format, outdir: join(folder, "dist"), logLevel: "silent" });
    assert.deepEqual(warnings, []);
    assertTrained(await outcomeOfBuild(name, folder));
  });
}

for (const [name, code, setting] of [["parcel", example, "{}"], ["parcel-inline", inline, block("docs/loading.md", "Parcel", "json")]]) {
  test(name, async () => {
    const folder = pageProject(name, '<script type="module" src="src/index.js"></script>', code);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, ...JSON.parse(setting) }));
    await run(process.execPath, [tool("parcel/lib/bin.js"), "build", "index.html", "--no-autoinstall", "--no-cache", "--log-level", "warn"], folder, { NODE_ENV: "production" });
    assertTrained(await outcomeOf(name, join(folder, "dist")));
  });
}

// Every example of the package's documentation runs as it stands, pasted into a file of a new project, and prints what it says.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { repositoryFile } from "./data.mjs";

const root = dirname(createRequire(import.meta.url).resolve("focalfit/package.json"));

const guides = ["imbalance", "loading", "personal-models"];

/** Blocks of code by where they are. */
const blocks = [];
const collect = (name, text) => [...text.matchAll(/```js\n([\s\S]*?)```(?:\n+```text\n([\s\S]*?)```)?/g)].forEach(([, code, output], at) => blocks.push({ name: `${name}-${at + 1}`, code, output }));
collect("README", readFileSync(join(root, "README.md"), "utf8"));
for (const guide of guides) collect(guide, repositoryFile(`docs/${guide}.md`));
for (const name of readdirSync(join(root, "dist"), { recursive: true }).filter((file) => file.endsWith(".d.ts"))) {
  collect(basename(name, ".d.ts"), readFileSync(join(root, "dist", name), "utf8").replace(/^ *\* ?/gm, ""));
}

/** Runs a module in a process of its own. */
function run(file) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [file.pathname], { timeout: 60000 });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text));
    child.on("close", (status) => done({ ...out, status }));
  });
}

test("the README and every entry point have examples", () => {
  const of = (name) => blocks.filter((block) => block.name.startsWith(`${name}-`)).length;
  assert.ok(of("README") >= 4);
  assert.ok(of("classifier") >= 7);
  for (const name of ["engine", "loss", "validation", "text", "table", "predict", ...guides]) assert.ok(of(name) >= 1, name);
});

test("the README's table of speed is the benchmark's", () => {
  const [, section] = readFileSync(join(root, "README.md"), "utf8").split("## Speed");
  const rows = [...section.split("\n## ")[0].matchAll(/^\| (.+) \| (.+) \| ([\d.]+) \|$/gm)];
  assert.ok(rows.length >= 4);
  const table = repositoryFile("bench/RESULTS.md").split("## Whole fits to 1e-6 of the optimum, in Chromium")[1].split("284,800 × 30,")[1].split("\n## ")[0];
  for (const [, name, time, ratio] of rows) assert.ok(table.split("\n").some((line) => line.startsWith(`| ${name} |`) && line.includes(`| ${time} | ${ratio} |`)), name);
});

for (const { name, code, output } of blocks) {
  test(`the example ${name}`, async () => {
    const file = new URL(`../example-${name}.mjs`, import.meta.url);
    writeFileSync(file, code);
    const { status, stdout, stderr } = await run(file);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    for (const [, promised] of code.matchAll(/console\.log\(.*?\);\s*\/\/ (.+)/g)) {
      assert.ok(stdout.includes(promised.trim()), `prints ${stdout}, not ${promised}`);
    }
    if (output !== undefined) assert.equal(stdout, output);
    if (name === "README-1") assert.match(stdout, /converged \[\] \[ 'fault', 'fine' \]/);
  });
}

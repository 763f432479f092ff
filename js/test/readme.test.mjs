// Every JavaScript block of the README runs as it stands, pasted into a file of a new project.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

const readme = readFileSync(new URL("../node_modules/focalfit/README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);

test("the README has its examples", () => {
  assert.ok(blocks.length >= 2, `${blocks.length} blocks`);
});

for (const [i, code] of blocks.entries()) {
  test(`README example ${i + 1}`, () => {
    const file = new URL(`../readme-${i}.mjs`, import.meta.url);
    writeFileSync(file, code);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file.pathname], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    for (const [, promised] of code.matchAll(/console\.log\(.*?\);\s*\/\/ (.+)/g)) {
      assert.ok(stdout.includes(promised.trim()), `prints ${stdout}, not ${promised}`);
    }
    if (i === 0) assert.match(stdout, /converged \[\] \[ 'fault', 'fine' \]/);
  });
}

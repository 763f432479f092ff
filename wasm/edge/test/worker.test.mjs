// The worker as it is uploaded: how large and of what; and as it is run on this machine.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { withContext } from "../scripts/wasm-exec.mjs";
import { serve, token } from "./harness.mjs";

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const run = promisify(execFile);
const limit = 2_000_000;

test("the worker is at most 2 MB compressed", () => {
  const sizes = ["worker.mjs", "runtime.mjs", "wasm_exec.js", "app.wasm"].map((name) => gzipSync(readFileSync(here(`dist/worker/${name}`)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size);
  assert.ok(total <= limit, `${total} bytes`);
});

test("its wasm_exec.js is the compiler's own", async () => {
  const { stdout } = await run("go", ["env", "GOROOT"], { cwd: here("."), env: process.env });
  assert.equal(readFileSync(here("dist/worker/wasm_exec.js"), "utf8"), withContext(readFileSync(`${stdout.trim()}/lib/wasm/wasm_exec.js`, "utf8")));
});

test("wrangler would deploy it", async () => {
  const out = mkdtempSync(join(tmpdir(), "focalfit-deploy-"));
  try {
    const { stdout } = await run(here("node_modules/.bin/wrangler"), ["deploy", "--dry-run", "--outdir", out], { cwd: here("."), env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" } });
    for (const binding of ["env.DB", "env.MODELS", "env.ALLOWED_ORIGINS"]) assert.ok(stdout.includes(binding), `${binding} is not in\n${stdout}`);
    const [, size, unit] = stdout.match(/gzip: ([\d.]+) (KiB|MiB)/);
    assert.ok(size * (unit === "MiB" ? 1024 : 1) * 1024 <= limit, stdout);
    assert.ok(readFileSync(join(out, "worker.js")).length > 1000);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test("many requests, one after the other and at once, all are answered", async () => {
  const service = await serve();
  try {
    for (let i = 0; i < 40; i++) assert.equal((await service.call("GET", "/v1/models")).status, 200);
    const statuses = await Promise.all(Array.from({ length: 60 }, async (_, i) => (await service.call("GET", i % 2 ? "/v1/models" : "/v1/models/none")).status));
    assert.deepEqual(statuses, Array.from({ length: 60 }, (_, i) => (i % 2 ? 200 : 404)));
  } finally {
    await service.close();
  }
});

test("serve.mjs says where it is, and what the owner's token is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "focalfit-serve-"));
  try {
    const { port } = await new Promise((resolve) => { const taken = createServer().listen(0, "127.0.0.1", () => resolve({ port: taken.address().port })).unref(); });
    await assert.rejects(run(process.execPath, [here("serve.mjs"), folder], { env: { ...process.env, PORT: String(port) } }), ({ code, stderr }) => code === 1 && stderr === `Port ${port} is taken: choose another with PORT=.\n`);
    for (const given of [undefined, token]) {
      const child = spawn(process.execPath, [here("serve.mjs"), folder], { env: { ...process.env, PORT: "0", OWNER_TOKEN: given ?? "" }, stdio: ["ignore", "pipe", "inherit"] });
      try {
        let text = "";
        for await (const part of child.stdout.setEncoding("utf8")) if (/token.*\n/.test((text += part))) break;
        const [url] = text.match(/http:\/\/127\.0\.0\.1:\d+\//);
        const own = given ?? text.match(/token: (\S{32})\n/)[1];
        if (given) assert.ok(!text.includes(given));
        const status = async (bearer) => (await fetch(`${url}v1/models/none`, { method: "DELETE", headers: { Authorization: `Bearer ${bearer}` } })).status;
        assert.deepEqual([await status(own), await status("x")], [404, 401]);
      } finally {
        child.kill();
        await new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once("exit", resolve) : resolve()));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

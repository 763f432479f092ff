import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { createEngine, FocalClassifier, FocalfitError, focalLoss } from "focalfit";
import { blobs, large } from "./data.mjs";

const { resolve } = createRequire(import.meta.url);
const plainFile = resolve("focalfit/focalfit.wasm");
const simdFile = resolve("focalfit/focalfit.simd.wasm");
const { version } = JSON.parse(readFileSync(resolve("focalfit/package.json"), "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "focalfit-engine-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const loss = (engine) => focalLoss([0], [1], { task: "binary", engine });
const works = async (engine) => assert.equal((await loss(engine)).value, 0.25 * Math.log(2));
const fails = (promise, code, pattern) => assert.rejects(promise, (error) => {
  assert.ok(error instanceof FocalfitError, error.stack);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, pattern);
  return true;
});
const makeWorker = () => new Worker(pathToFileURL(resolve("focalfit/worker.js")));

for (const worker of [undefined, false]) {
  const place = worker === false ? "in place" : "in a worker";

  test(`${place}: an engine starts when needed and says what it is`, async () => {
    const engine = createEngine({ worker });
    assert.equal(engine.simd, undefined);
    assert.equal(engine.version, version);
    await works(engine);
    assert.equal(engine.simd, true);
    await engine.dispose();
    const plain = createEngine({ worker, simd: false });
    await plain.start();
    assert.equal(plain.simd, false);
    await works(plain);
    await plain.dispose();
  });

  test(`${place}: a failed start names the file and can be tried again`, async () => {
    const missing = join(scratch, `late-${place.length}.wasm`);
    const engine = createEngine({ worker, wasmURL: missing });
    for (let attempt = 0; attempt < 2; attempt++) await fails(loss(engine), "ENGINE_FAILED", new RegExp(`${missing.replaceAll("\\", "\\\\")}.*ENOENT`));
    const { X, y } = blobs({ rows: 50, shares: [0.5, 0.5] });
    await fails(new FocalClassifier({ engine }).fit(X, y), "ENGINE_FAILED", /late-/);
    copyFileSync(plainFile, missing);
    await works(engine);
    assert.equal(engine.simd, false);
    await engine.dispose();
  });

  test(`${place}: a binary that is none, or of another program`, async () => {
    const engine = createEngine({ worker, wasmURL: new URL("./data.mjs", import.meta.url) });
    await fails(loss(engine), "ENGINE_FAILED", /data\.mjs.*magic/s);
    await engine.dispose();
  });

  test(`${place}: a compiled module`, async () => {
    const wasmModule = await WebAssembly.compile(readFileSync(plainFile));
    const engine = createEngine({ worker, wasmModule });
    await works(engine);
    assert.equal(engine.simd, false);
    await engine.dispose();
    const wrong = createEngine({ worker, wasmModule, simd: true });
    await fails(loss(wrong), "ENGINE_FAILED", /without SIMD/);
    await wrong.dispose();
    const other = createEngine({ worker, wasmModule: await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0)) });
    await fails(loss(other), "ENGINE_FAILED", /wasmModule/);
    await other.dispose();
  });

  test(`${place}: an address for each kind of binary`, async () => {
    const wasmURL = { simd: pathToFileURL(simdFile), plain: pathToFileURL(plainFile).href };
    for (const simd of [true, false]) {
      const engine = createEngine({ worker, wasmURL, simd });
      await works(engine);
      assert.equal(engine.simd, simd);
      await engine.dispose();
    }
  });

  test(`${place}: a binary from a server, with the right MIME type, another, or none there`, async () => {
    const types = { "/right.wasm": "application/wasm", "/wrong.wasm": "application/octet-stream", "/page.wasm": "text/html" };
    const server = createServer((request, response) => {
      const type = types[request.url];
      response.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain", connection: "close" });
      response.end(type === "text/html" ? "<!doctype html>" : type ? readFileSync(plainFile) : "");
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const base = `http://127.0.0.1:${server.address().port}`;
    try {
      for (const path of ["/right.wasm", "/wrong.wasm"]) {
        const engine = createEngine({ worker, wasmURL: base + path });
        await works(engine);
        await engine.dispose();
      }
      for (const [path, pattern] of [["/missing.wasm", /missing\.wasm.*404/], ["/page.wasm", /page\.wasm.*text\/html/]]) {
        const engine = createEngine({ worker, wasmURL: base + path });
        await fails(loss(engine), "ENGINE_FAILED", pattern);
        await engine.dispose();
      }
    } finally {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  });

  test(`${place}: an engine that was disposed of is refused, with what was under way`, async () => {
    const engine = createEngine({ worker });
    await works(engine);
    const { X, y, options } = large();
    let began;
    const started = new Promise((resolve) => (began = resolve));
    const running = new FocalClassifier({ ...options, engine }).fit(X, y, { onProgress: began });
    await Promise.race([started, running]);
    await engine.dispose();
    await fails(running, "ENGINE_FAILED", /disposed/);
    await fails(loss(engine), "ENGINE_FAILED", /disposed/);
    await fails(engine.start(), "ENGINE_FAILED", /disposed/);
    await engine.dispose();
    const early = createEngine({ worker });
    const starting = early.start();
    await early.dispose();
    await fails(starting, "ENGINE_FAILED", /disposed/);
    // Just when what waits for its start is about to go on.
    const ready = createEngine({ worker });
    const waiting = [ready.dataset([[1], [2]]), loss(ready), new FocalClassifier({ engine: ready }).fit([[1], [2]], [0, 1])];
    await ready.start();
    await ready.dispose();
    for (const each of waiting) await fails(each, "ENGINE_FAILED", /disposed/);
    const using = createEngine({ worker });
    await using[Symbol.asyncDispose]();
    await fails(loss(using), "ENGINE_FAILED", /disposed/);
  });

  test(`${place}: several engines work side by side, and one takes several calls at once`, async () => {
    const engines = [createEngine({ worker }), createEngine({ worker, simd: false })];
    const sets = [1, 2, 3].map((seed) => blobs({ seed }));
    const results = await Promise.all(engines.flatMap((engine) => sets.map(async ({ X, y }) => {
      const classifier = new FocalClassifier({ engine, l2: 1e-2 });
      const { objective } = await classifier.fit(X, y);
      await works(engine);
      return objective;
    })));
    sets.forEach((_, index) => assert.ok(Math.abs(results[index] / results[index + 3] - 1) < 1e-5));
    assert.notEqual(results[0].toFixed(4), results[1].toFixed(4));
    await Promise.all(engines.map((engine) => engine.dispose()));
  });

  test(`${place}: the event loop turns during a fit`, async () => {
    const engine = createEngine({ worker });
    const { X, y, options } = large();
    await engine.start();
    let turns = 0;
    let done = false;
    const count = () => { turns++; if (!done) setImmediate(count); };
    setImmediate(count);
    await new FocalClassifier({ ...options, engine }).fit(X, y);
    done = true;
    assert.ok(turns > 2, `${turns} turns`);
    await engine.dispose();
  });
}

test("a worker of one's own, made anew after it has died", async () => {
  const made = [];
  const engine = createEngine({ worker: () => (made.push(makeWorker()), made.at(-1)) });
  assert.equal(made.length, 0);
  await works(engine);
  assert.equal(made.length, 1);
  const { X, y, options } = large();
  const classifier = new FocalClassifier({ ...options, engine });
  await assert.rejects(classifier.fit(X, y, { onProgress: () => void made[0].terminate() }), { code: "ENGINE_LOST", message: /exited.*call again/ });
  await works(engine);
  assert.equal(made.length, 2);
  await made[1].terminate();
  await works(engine);
  assert.equal(made.length, 3);
  await engine.dispose();
});

test("a dataset goes with its engine's program, and is never taken for one of the next", async () => {
  const made = [];
  const engine = createEngine({ worker: () => (made.push(makeWorker()), made.at(-1)) });
  const { X, y } = blobs({ rows: 60, shares: [0.5, 0.5] });
  const lost = await engine.dataset(X, y);
  await made[0].terminate();
  await works(engine);
  const next = await engine.dataset(X.map((row) => row.map((cell) => -cell)), y);
  for (const use of [() => new FocalClassifier({ engine }).fit(lost), () => engine.dataset(lost)]) await assert.rejects(use, (error) => ["ENGINE_LOST", "BAD_INPUT"].includes(error.code));
  await assert.rejects(new FocalClassifier({ engine }).fit(lost), { code: "ENGINE_LOST", message: /upload it again/ });
  assert.equal((await new FocalClassifier({ engine }).fit(next)).rows, 60);
  // Disposing of it frees it where it is, and of the lost one nothing.
  const freed = [];
  const { call } = Object.getPrototypeOf(engine);
  engine.call = function (method, request, options) {
    if (method === "free") freed.push(request.dataset);
    return call.call(this, method, request, options);
  };
  await lost.dispose();
  assert.equal((await new FocalClassifier({ engine }).fit(next)).rows, 60);
  await next.dispose();
  await next[Symbol.asyncDispose]();
  assert.equal(freed.length, 1);
  await assert.rejects(new FocalClassifier({ engine }).fit(next), { code: "BAD_INPUT" });
  await engine.dispose();
});

test("a given worker cannot be replaced", async () => {
  const worker = makeWorker();
  const engine = createEngine({ worker });
  await works(engine);
  await worker.terminate();
  await fails(loss(engine), "ENGINE_FAILED", /function/);
  await engine.dispose();
});

test("a worker whose script is not focalfit's", async () => {
  const script = (code) => () => new Worker(code, { eval: true });
  const broken = createEngine({ worker: script("throw new Error('broken')") });
  await fails(loss(broken), "ENGINE_FAILED", /broken/);
  const gone = createEngine({ worker: script("process.exit(3)") });
  await fails(loss(gone), "ENGINE_FAILED", /code 3/);
  const old = createEngine({ worker: script("require('worker_threads').parentPort.on('message', function () { this.postMessage({ type: 'ready', version: '0.0.1', simd: true }) })") });
  await fails(loss(old), "ENGINE_FAILED", /0\.0\.1/);
  const none = createEngine({ worker: () => undefined });
  await fails(loss(none), "ENGINE_FAILED", /Worker/);
  const thrown = createEngine({ worker: () => { throw new Error("policy"); } });
  await fails(loss(thrown), "ENGINE_FAILED", /policy/);
});

test("createEngine's options", () => {
  const bad = (options, option, pattern) => assert.throws(() => createEngine(options), (error) => {
    assert.equal(error.code, "BAD_OPTION");
    assert.equal(error.option, option);
    assert.match(error.message, pattern);
    return true;
  });
  bad({ wasmUrl: "" }, "wasmUrl", /"wasmURL"/);
  bad({ workers: false }, "workers", /"worker"/);
  for (const worker of [true, 5, "worker.js", {}, null]) bad({ worker }, "worker", /Worker/);
  for (const simd of [1, "on", null]) bad({ simd }, "simd", /auto/);
  for (const wasmURL of [5, null, { simd: "a" }, { simd: 1, plain: 2 }]) bad({ wasmURL }, "wasmURL", /wasmURL/);
  bad({ wasmURL: { simd: "a", plian: "b" } }, "plian", /"plain"/);
  bad({ wasmModule: {} }, "wasmModule", /WebAssembly\.Module/);
  bad({ wasmModule: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), wasmURL: "a" }, "wasmModule", /one of them/);
  bad(null, undefined, /object/);
});

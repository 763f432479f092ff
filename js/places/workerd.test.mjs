// The package in workerd: no threads, no code compiled at run time.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { block, example, places, project } from "./project.mjs";

/** The document's lines, and an answer to each request: what came of the README's first example on that engine. */
const worker = `${block("docs/loading.md", "workerd, where workers of Cloudflare run", "ts")}
async function run(console) {
${example.replace(/^import .*$/m, "").replace("new FocalClassifier({", "new FocalClassifier({ engine,")}
}

export default {
  async fetch() {
    const lines = [];
    try {
      await run({ log: (...values) => lines.push(values) });
      return Response.json({ lines: lines.slice(-3), iterations: lines.length - 3, simd: engine.simd });
    } catch (error) {
      return Response.json({ error: String(error.stack) });
    }
  },
};
`;

const config = (binary) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "dist/worker.js"), (name = "${binary}", wasm = embed "dist/${binary}")],
  compatibilityDate = "2026-04-01",
);
`;

/** Starts workerd; resolves with its origin and a function that ends it. */
async function start(folder) {
  const child = spawn(join(places, "node_modules", ".bin", "workerd"), ["serve", "config.capnp", "--control-fd=3"], { cwd: folder, stdio: ["ignore", "inherit", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const close = async () => (child.kill(), await ended);
  const port = await new Promise((resolve, reject) => {
    child.stdio[3].setEncoding("utf8").on("data", (text) => {
      const event = text.split("\n").filter(Boolean).map((line) => JSON.parse(line)).find(({ event }) => event === "listen");
      if (event) resolve(event.port);
    });
    ended.then((code) => reject(new Error(`workerd ended with ${code}\n${errors}`)));
  });
  return { origin: `http://127.0.0.1:${port}`, close };
}

test("workerd trains and predicts in place, and again at the next request", async () => {
  const folder = project("workerd", { "src/worker.js": worker });
  const { build } = await import("esbuild");
  await build({ entryPoints: [join(folder, "src/worker.js")], bundle: true, format: "esm", outdir: join(folder, "dist"), loader: { ".wasm": "copy" }, assetNames: "[name]", logLevel: "silent" });
  writeFileSync(join(folder, "config.capnp"), config("focalfit.simd.wasm"));
  assert.deepEqual(readdirSync(join(folder, "dist")).sort(), ["focalfit.simd.wasm", "worker.js"]);
  const { origin, close } = await start(folder);
  try {
    for (let request = 0; request < 2; request++) {
      const { error, lines, iterations, simd } = await (await fetch(origin)).json();
      assert.equal(error, undefined);
      assert.ok(simd && iterations > 1);
      assert.deepEqual(lines[0], ["converged", [], ["fault", "fine"]]);
      assert.equal(lines[1][0].rows, 2);
      assert.deepEqual(lines[2], [0.04]);
    }
  } finally {
    await close();
  }
});

// The files of this package that are found by address, all beside this one. In inline.js another module takes its place.
import type { WorkerLike } from "./engine/link.js";
import { nodeModule } from "./input/node.js";

/** The address of a file beside this one, in a way that no bundler follows. */
const beside = (name: string) => import.meta.url.replace(/[^/]*$/, name);

/** Where worker.js is, for messages; undefined once a bundler has moved it. */
export const workerAddress = (): string | undefined => (/\/files\.js$/.test(import.meta.url) ? beside("worker.js") : undefined);

/** A thread that runs worker.js. */
export async function makeWorker(): Promise<WorkerLike> {
  if (typeof Worker !== "function") {
    const { Worker: Thread } = await nodeModule<typeof import("node:worker_threads")>("worker_threads");
    // Free of the flags that this process was started with.
    return new Thread(new URL(beside("worker.js")), { execArgv: [] });
  }
  const script = workerAddress();
  if (script && /^https?:/.test(script) && new URL(script).origin !== globalThis.location?.origin) return workerOf(importing(script));
  // Bundlers look for exactly this expression.
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

/**
 * The script of a worker that imports another: of one from elsewhere, as from a CDN, browsers make none themselves. The
 * import is dynamic because a policy judges it by script-src then, and because its failure says what could not be loaded.
 */
const importing = (script: string) => `const early = [];
onmessage = ({ data }) => early.push(data);
import(${JSON.stringify(script)}).then(() => {
  onmessage = null;
  for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
}, (error) => setTimeout(() => { throw error; }));`;

function workerOf(script: string): WorkerLike {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  for (const event of ["message", "error"]) worker.addEventListener(event, () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

/** The binary: where it is, or itself. */
export function ownBinary(simd: boolean): string | Promise<Uint8Array<ArrayBuffer>> {
  // Bundlers look for exactly these expressions.
  return simd ? new URL("./focalfit.simd.wasm", import.meta.url).href : new URL("./focalfit.wasm", import.meta.url).href;
}

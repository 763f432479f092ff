// The files of this package that are found by address, all beside this one. In inline.js another module takes its place.
import type { WorkerLike } from "./engine/link.js";
import type { BinaryAddress } from "./engine/protocol.js";
import { nodeThread, nodeThreads, workerOf } from "./platform/threads.js";

/** The address of a file beside this one, in a way that no bundler follows. */
const beside = (name: string) => import.meta.url.replace(/[^/]*$/, name);

/** Where worker.js is, for messages; undefined once a bundler has moved it. */
export const workerAddress = (): string | undefined => (/\/files\.js$/.test(import.meta.url) ? beside("worker.js") : undefined);

/**
 * Vite 6 and 7, when they serve, copy a package's scripts into node_modules/.vite/deps, and nothing that these find by
 * address. It is where it was.
 */
const served = (url: string) => url.replace(/\/\.vite\/deps\/(?=[^/]*$)/, "/focalfit/dist/");

/** A thread that runs worker.js. */
export async function makeWorker(): Promise<WorkerLike> {
  // Deno also runs scripts from elsewhere, which Node's threads do not.
  if (nodeThreads() && (typeof Worker !== "function" || import.meta.url.startsWith("file:"))) return nodeThread(new URL(beside("worker.js")));
  const script = workerAddress();
  if (script && /^https?:/.test(script) && new URL(script).origin !== globalThis.location?.origin) return workerOf([importing(script)], { type: "module" });
  const worker = served(beside("worker.js"));
  // Other versions of Vite have replaced the address of the binary.
  if (worker !== beside("worker.js") && ownAddress().plain === served(beside("focalfit.wasm"))) return new Worker(worker, { type: "module" });
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

/** The binary: where it is, or itself. */
export const ownBinary = (simd: boolean): string | Promise<Uint8Array<ArrayBuffer>> => (simd ? ownAddress().simd : ownAddress().plain);

/** Where the binaries are, which a bundler may have told the page and not the worker. In inline.js, which holds one, null. */
export function ownAddress(): BinaryAddress & object {
  // Bundlers look for exactly these expressions.
  return { simd: served(new URL("./focalfit.simd.wasm", import.meta.url).href), plain: served(new URL("./focalfit.wasm", import.meta.url).href) };
}

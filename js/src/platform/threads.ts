// Threads for scripts that are not at an address of the page's own.
import type { WorkerLike } from "../engine/link.js";
import { nodeModule } from "./node.js";

/** Whether threads are Node's. Deno has both kinds, but only these let the process end. */
export const nodeThreads = (): boolean => typeof Worker !== "function" || "Deno" in globalThis;

/** A thread of Node's, free of the flags that this process was started with. `script` is its address, or its text. */
export async function nodeThread(script: URL | string): Promise<WorkerLike> {
  const { Worker: Thread } = (await nodeModule("node:worker_threads")) as typeof import("node:worker_threads");
  return new Thread(script, { eval: typeof script === "string", execArgv: [] });
}

/** A worker of a script that is text. */
export function workerOf(script: string[], options?: WorkerOptions): WorkerLike {
  const url = URL.createObjectURL(new Blob(script, { type: "text/javascript" }));
  const worker = new Worker(url, options);
  for (const event of ["message", "error"]) worker.addEventListener(event, () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

// The only file that names a Node module. It is loaded in Node alone, in a way that bundlers for browsers do not follow.
import { Worker } from "node:worker_threads";

/** A thread of this package's worker.js, free of the flags this process was started with. */
export function makeWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { execArgv: [] });
}

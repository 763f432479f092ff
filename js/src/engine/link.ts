import { makeWorker } from "../files.js";
import { FocalfitError } from "../input/errors.js";
import type { FromEngine, ToEngine } from "./protocol.js";

/** A browser's Worker or one of Node's worker_threads. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: any[]): void;
  terminate(): unknown;
}

/** A way to an engine, wherever it runs. */
export interface Link {
  post(message: ToEngine, transfer?: ArrayBuffer[]): void;
  /** Whether the process must stay alive for the engine. A new link holds it. */
  hold(busy: boolean): void;
  close(): void;
}

type Receive = (message: FromEngine) => void;
/** Called when the engine's thread ends by itself, with what is known of it; perhaps more than once. */
type Died = (what: string) => void;

interface WebWorker extends WorkerLike {
  addEventListener(type: string, listener: (event: any) => void): void;
  /** Bun's workers have these. */
  ref?(): void;
  unref?(): void;
}

interface NodeWorker extends WorkerLike {
  on(event: string, listener: (value: any) => void): void;
  ref(): void;
  unref(): void;
}

const usedWorkers = new WeakSet<object>();

/** Makes the thread and listens to it. */
export async function connect(worker: WorkerLike | (() => WorkerLike) | false | undefined, receive: Receive, died: Died): Promise<Link> {
  if (worker === false) return inPlace(receive);
  if (typeof worker === "object") {
    if (usedWorkers.has(worker)) {
      throw new FocalfitError("ENGINE_FAILED", "The worker given to createEngine has served already: give a function that makes one, so that it can be replaced.");
    }
    usedWorkers.add(worker);
  }
  const made = typeof worker === "function" ? worker() : (worker ?? (await makeWorker()));
  if (typeof made?.postMessage !== "function") {
    throw new FocalfitError("ENGINE_FAILED", "The function given to createEngine as worker returned no Worker: return one.");
  }
  return "addEventListener" in made ? listenWeb(made as WebWorker, receive, died) : listenNode(made as NodeWorker, receive, died);
}

function listenWeb(worker: WebWorker, receive: Receive, died: Died): Link {
  worker.addEventListener("message", (event: MessageEvent<FromEngine>) => receive(event.data));
  worker.addEventListener("messageerror", () => died("a message could not be read"));
  worker.addEventListener("error", (event: ErrorEvent) => {
    event.preventDefault();
    died([event.message || "its script could not be loaded", event.filename].filter(Boolean).join(", "));
  });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    hold: (busy) => (busy ? worker.ref?.() : worker.unref?.()),
    close: () => void worker.terminate(),
  };
}

function listenNode(worker: NodeWorker, receive: Receive, died: Died): Link {
  worker.on("message", receive);
  worker.on("messageerror", () => died("a message could not be read"));
  worker.on("error", (error: Error) => died(error.message));
  worker.on("exit", (code: number) => died(`it exited with code ${code}`));
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    close: () => void worker.terminate(),
  };
}

async function inPlace(receive: Receive): Promise<Link> {
  const { createHost } = await import("../host/host.js");
  const host = createHost(receive);
  return { post: host.receive, hold() {}, close: host.close };
}

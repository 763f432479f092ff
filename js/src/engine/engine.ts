/// <reference lib="esnext.disposable" preserve="true" />
import type { Dataset } from "./dataset.js";
import { aborted, badOption, FocalfitError, reason } from "../input/errors.js";
import { checkKnown } from "../input/known.js";
import type { Link, WorkerLike } from "./link.js";
import { describe, type MatrixInput } from "../input/matrix.js";
import { buffersOf, VERSION, type BinaryAddress, type Calls, type ToEngine, type WasmModule } from "./protocol.js";
import type { FitProgress } from "../training/report.js";

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /**
   * Where the engine runs. Default: in a module worker of its own, made from this package's `worker.js`. A worker,
   * or a function that makes one (it is called again when the worker has died), for bundlers and policies that
   * need their own way to make it: its script is `focalfit/worker.js`, and the engine ends it. `false`: on the
   * calling thread, which a fit then blocks for up to 50 ms at a time.
   */
  worker?: WorkerLike | (() => WorkerLike) | false | undefined;
  /**
   * The address of the binary, relative to the page (in Node also a path); or one address for each kind. Default:
   * `focalfit.simd.wasm` or `focalfit.wasm` beside this package's scripts.
   */
  wasmURL?: string | URL | { simd: string | URL; plain: string | URL } | undefined;
  /** The binary, compiled: for hosts that allow nothing else. Not together with `wasmURL`. */
  wasmModule?: WasmModule | undefined;
  /** Which binary: `"auto"` takes the one with SIMD where it can run. Default `"auto"`. */
  simd?: "auto" | boolean | undefined;
}

/** What trains: one instance of the Go program. */
export interface Engine {
  /** Whether it computes with SIMD instructions; undefined until it has started. */
  readonly simd: boolean | undefined;
  /** The version of this package. */
  readonly version: string;
  /**
   * Starts the engine ahead of the first call, which otherwise does it.
   * Rejects with `ENGINE_FAILED` when that fails; the next call tries again.
   */
  start(): Promise<void>;
  /**
   * Uploads rows once, to be used by many fits, with their labels if they are given.
   *
   * Rejects with `BAD_INPUT`, `NOT_FINITE`, `SHAPE_MISMATCH`, `OUT_OF_MEMORY`, `BAD_OPTION`, `ENGINE_FAILED`, `ENGINE_LOST`.
   *
   * @param options.impute what fills missing cells, which otherwise are `NOT_FINITE`
   *
   * @example
   * ```js
   * import { createEngine, FocalClassifier } from "focalfit";
   * const engine = createEngine();
   * const X = Array.from({ length: 500 }, (_, i) => [i % 10, i % 3 ? (i * 7) % 13 : NaN]);
   * const rows = await engine.dataset(X, X.map(([a]) => a > 8), { impute: "median" });
   * for (const gamma of [0, 2]) await new FocalClassifier({ engine, gamma }).fit(rows);
   * await rows.dispose();
   * await engine.dispose();
   * ```
   */
  dataset(X: MatrixInput, y?: ArrayLike<unknown>, options?: { impute?: "mean" | "median" | undefined }): Promise<Dataset>;
  /** Ends it and frees its memory. What is under way rejects with `ENGINE_FAILED`, as does every later call. */
  dispose(): Promise<void>;
  /** {@link Engine.dispose}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * An engine of its own, besides the one that all classifiers share; it starts at the first call that needs it.
 *
 * @throws `BAD_OPTION` at once. A start that fails rejects the call that needed it with `ENGINE_FAILED`.
 */
export function createEngine(options: EngineOptions = {}): Engine {
  if (typeof options !== "object" || options === null) {
    throw new FocalfitError("BAD_OPTION", `Options must be an object, not ${describe(options)}.`);
  }
  checkKnown(options, ["worker", "wasmURL", "wasmModule", "simd"]);
  const { worker, wasmURL, wasmModule, simd = "auto" } = options;
  if (worker !== undefined && worker !== false && typeof worker !== "function" && typeof (worker as { postMessage?: unknown } | null)?.postMessage !== "function") {
    throw badOption("worker", `worker is ${describe(worker)}: it must be a Worker, a function that makes one, or false.`);
  }
  if (simd !== "auto" && typeof simd !== "boolean") throw badOption("simd", `simd is ${describe(simd)}: it must be "auto", true or false.`);
  if (wasmModule !== undefined) {
    if (wasmURL !== undefined) throw badOption("wasmModule", "wasmModule and wasmURL both say what to load: give one of them.");
    if (!(wasmModule instanceof WebAssembly.Module)) throw badOption("wasmModule", `wasmModule is ${describe(wasmModule)}: it must be a WebAssembly.Module.`);
  }
  return new EngineHandle({ worker, address: addressOf(wasmURL), module: wasmModule ?? null, simd });
}

let shared: EngineHandle | undefined;

/** The engine that is used where none is given. */
export function sharedEngine(): EngineHandle {
  return (shared ??= new EngineHandle({ worker: undefined, address: null, module: null, simd: "auto" }));
}

/** Where an engine runs and what. */
export interface Settings {
  worker: WorkerLike | (() => WorkerLike) | false | undefined;
  address: BinaryAddress;
  module: WasmModule | null;
  simd: "auto" | boolean;
}

/** One life of an engine, from its start to its end: what it is told goes through here. */
export interface Session {
  link: Link | undefined;
  over: boolean;
  readonly pending: ReadonlyMap<number, Pending>;
  ready(simd: boolean): void;
  end(error: FocalfitError): void;
}

interface Pending {
  settle(error: FocalfitError | null, outcome?: unknown): void;
  progress: ((progress: FitProgress) => void) | undefined;
}

/** What a call may have besides its request. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** The engine's end on the calling thread. Not part of the package's interface: see {@link Engine}. */
export class EngineHandle implements Engine {
  readonly version = VERSION;
  #settings: Settings;
  #simd: boolean | undefined;
  #pending = new Map<number, Pending>();
  #lastId = 0;
  #disposed = false;
  /** The present start or link; undefined before the first and after each end. */
  #link: Promise<Link> | undefined;
  /** Ends the present start or link. */
  #end: ((error: FocalfitError) => void) | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Changes whenever the Go program is another; undefined while there is none. */
  get life(): object | undefined {
    return this.#link;
  }

  async dataset(X: MatrixInput, y?: ArrayLike<unknown>, options: { impute?: "mean" | "median" | undefined } = {}): Promise<Dataset> {
    this.start().catch(() => {});
    const { upload } = await import("./upload.js");
    return upload(this, X, y, options);
  }

  /** An engine like this one, if another worker can be made. */
  another(): EngineHandle | undefined {
    const { worker } = this.#settings;
    return worker === false || typeof worker === "object" ? undefined : new EngineHandle(this.#settings);
  }

  get simd(): boolean | undefined {
    return this.#simd;
  }

  async start(): Promise<void> {
    await this.#started();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#end?.(disposed());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /**
   * Sends a request, whose arrays are given away. An abort while the engine starts rejects with
   * `ABORTED`; afterwards it is the Go program that ends its work, and answers.
   */
  async call<M extends keyof Calls>(method: M, call: Calls[M]["call"], { signal, onProgress }: CallOptions = {}): Promise<Calls[M]["outcome"]> {
    const start = this.#started();
    const link = await beforeAbort(start, signal);
    if (signal?.aborted) throw aborted(signal);
    // It may have ended while this waited for its turn.
    if (this.#link !== start) throw this.#disposed ? disposed() : new FocalfitError("ENGINE_LOST", "The engine was lost: call again.");
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const abort = () => link.post({ type: "abort", id });
      const settle: Pending["settle"] = (error, outcome) => {
        if (!this.#pending.delete(id)) return;
        signal?.removeEventListener("abort", abort);
        link.hold(this.#pending.size > 0);
        if (error) reject(error);
        else resolve(outcome as Calls[M]["outcome"]);
      };
      this.#pending.set(id, { settle, progress: onProgress });
      link.hold(true);
      signal?.addEventListener("abort", abort);
      try {
        link.post({ type: "call", id, method, call } as ToEngine, buffersOf(call));
      } catch (cause) {
        // All data has been checked by now: it is an option that cannot be cloned.
        settle(new FocalfitError("BAD_OPTION", `An option holds what cannot be sent to the engine: ${reason(cause)}`, { cause }));
      }
    });
  }

  #started(): Promise<Link> {
    if (this.#disposed) return Promise.reject(disposed());
    return (this.#link ??= this.#open());
  }

  #open(): Promise<Link> {
    const opening = new Promise<Link>((resolve, reject) => {
      const session: Session = {
        link: undefined,
        over: false,
        pending: this.#pending,
        ready: (simd) => {
          this.#simd = simd;
          resolve(session.link!);
        },
        end: (error) => {
          if (session.over) return;
          session.over = true;
          this.#link = undefined;
          this.#end = undefined;
          session.link?.close();
          reject(error);
          for (const { settle } of [...this.#pending.values()]) settle(error);
        },
      };
      this.#end = session.end;
      import("./session.js").then(({ open }) => open(this.#settings, session)).catch((cause: unknown) => {
        session.end(cause instanceof FocalfitError ? cause : new FocalfitError("ENGINE_FAILED", `The engine did not start (${reason(cause)}).`, { cause }));
      });
    });
    // Whoever called learns of a failure; an engine started ahead and disposed of is no unhandled rejection.
    opening.catch(() => {});
    return opening;
  }
}

function disposed(): FocalfitError {
  return new FocalfitError("ENGINE_FAILED", "The engine was disposed of: create another with createEngine.");
}

/** `promise`, or the rejection of `signal` if that comes first. */
async function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let abort!: () => void;
  const stopped = new Promise<never>((_, reject) => {
    abort = () => reject(aborted(signal));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function addressOf(url: EngineOptions["wasmURL"]): BinaryAddress {
  if (url === undefined) return null;
  if (typeof url === "object" && url !== null && !(url instanceof URL)) {
    checkKnown(url, ["simd", "plain"], "field of wasmURL");
    if (url.simd !== undefined && url.plain !== undefined) return { simd: absolute(url.simd), plain: absolute(url.plain) };
  }
  return absolute(url as string | URL);
}

/** The address as the worker can use it too: relative ones are the page's. In Node, paths stay as they are. */
function absolute(url: string | URL): string {
  if (typeof url !== "string" && !(url instanceof URL)) {
    throw badOption("wasmURL", `wasmURL is ${describe(url)}: it must be a string, a URL, or { simd, plain } of these.`);
  }
  const base = typeof document === "object" ? document.baseURI : typeof location === "object" ? location.href : undefined;
  try {
    return base === undefined ? String(url) : new URL(url, base).href;
  } catch {
    throw badOption("wasmURL", `wasmURL ${describe(url)} is no address.`);
  }
}

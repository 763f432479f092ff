import { ownBinary } from "../files.js";
import { FocalfitError, reason } from "../input/errors.js";
import type { Start } from "../engine/protocol.js";
import { nodeModule } from "../platform/node.js";
import { refused, wasmAdvice, watchPolicy } from "../platform/policy.js";

/** Whether WebAssembly here has 128-bit SIMD. */
export function simdSupported(): boolean {
  // (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)
  return WebAssembly.validate(new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ]));
}

/** Finds, loads and instantiates the binary that `start` asks for. Rejects with ENGINE_FAILED, naming it. */
export async function instantiate(start: Start, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  if (typeof WebAssembly !== "object") throw new FocalfitError("ENGINE_FAILED", "There is no WebAssembly here: allow it, or use another browser.");
  if (start.module) {
    try {
      return await WebAssembly.instantiate(start.module, imports);
    } catch (cause) {
      throw new FocalfitError("ENGINE_FAILED", `wasmModule could not be instantiated (${reason(cause)}): give it focalfit.wasm, compiled.`, { cause });
    }
  }
  const simd = start.simd === "auto" ? simdSupported() : start.simd;
  const policy = watchPolicy();
  let from = "this script";
  try {
    const binary = addressOf(start, simd);
    if (typeof binary !== "string") return (await WebAssembly.instantiate(await binary, imports)).instance;
    from = binary;
    return await load(binary, imports);
  } catch (cause) {
    if (cause instanceof FocalfitError) throw cause;
    const why = reason(cause);
    const advice = simd && !simdSupported() ? 'there is no WebAssembly SIMD here: set simd to "auto"'
      : refused(why) ? wasmAdvice()
      : (await policy.blocked()) ?? `see that the file is served there${unexplained(cause) ? ", and that a Content-Security-Policy, if there is one, allows it in connect-src" : ""}, or set wasmURL`;
    throw new FocalfitError("ENGINE_FAILED", `The engine's binary could not be loaded from ${from} (${why}): ${advice}.`, { cause });
  } finally {
    policy.stop();
  }
}

/** Whether a failure may be a policy's, which WebKit does not tell workers. */
const unexplained = (cause: unknown) => cause instanceof TypeError && typeof addEventListener === "function";

function addressOf({ address }: Start, simd: boolean): ReturnType<typeof ownBinary> {
  if (typeof address === "string") return address;
  if (address) return simd ? address.simd : address.plain;
  return ownBinary(simd);
}

async function load(url: string, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  const bytes = await readFile(url);
  if (bytes) return (await WebAssembly.instantiate(bytes, imports)).instance;

  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const type = response.headers.get("content-type") ?? "no type";
  if (type.startsWith("application/wasm") && typeof WebAssembly.instantiateStreaming === "function") {
    return (await WebAssembly.instantiateStreaming(response, imports)).instance;
  }
  // Streaming insists on the MIME type, which not every server gives.
  const body = await response.arrayBuffer();
  try {
    return (await WebAssembly.instantiate(body, imports)).instance;
  } catch (cause) {
    throw new Error(`the answer, ${body.byteLength} bytes of ${type}, is no wasm: ${reason(cause)}`);
  }
}

/** The bytes of a local file, where there are files; undefined for addresses to fetch. */
async function readFile(url: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (typeof process !== "object" || !process.versions?.node) return undefined;
  const path = /^[a-z][a-z\d+.-]+:/i.test(url) ? new URL(url) : url;
  if (path instanceof URL && path.protocol !== "file:") return undefined;
  const fs = (await nodeModule("node:fs/promises")) as typeof import("node:fs/promises");
  return new Uint8Array(await fs.readFile(path));
}

import { FocalfitError, reason } from "./errors.js";
import type { Start } from "./protocol.js";

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
  const url = addressOf(start, simd);
  try {
    return await load(url, imports);
  } catch (cause) {
    const advice = simd && !simdSupported()
      ? 'there is no WebAssembly SIMD here: set simd to "auto"'
      : "see that the file is served there, or set wasmURL";
    throw new FocalfitError("ENGINE_FAILED", `The engine's binary could not be loaded from ${url} (${reason(cause)}): ${advice}.`, { cause });
  }
}

function addressOf({ address }: Start, simd: boolean): string {
  if (typeof address === "string") return address;
  if (address) return simd ? address.simd : address.plain;
  // Bundlers look for exactly these expressions.
  return simd ? new URL("./focalfit.simd.wasm", import.meta.url).href : new URL("./focalfit.wasm", import.meta.url).href;
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
  const module = "node:fs/promises";
  const fs = (await import(/* webpackIgnore: true */ /* @vite-ignore */ module)) as typeof import("node:fs/promises");
  return new Uint8Array(await fs.readFile(path));
}

// What takes the place of files.ts in inline.js, which holds the files that are otherwise found by address.
import type { WorkerLike } from "../engine/link.js";
import type { BinaryAddress } from "../engine/protocol.js";
import { FocalfitError } from "../input/errors.js";
import { nodeThread, nodeThreads, workerOf } from "../platform/threads.js";

/** The binary with SIMD, gzipped, in base64: what unpacks it has SIMD too, as every browser of 2023 and later. */
declare const focalfitBinary: string;
/** The script of the worker, which reads focalfitBinary. Not there in the worker itself. */
declare const focalfitWorker: string;

export const workerAddress = (): string | undefined => undefined;

export async function makeWorker(): Promise<WorkerLike> {
  const held = `const focalfitBinary = "${focalfitBinary}";\n`;
  return nodeThreads() ? nodeThread(held + focalfitWorker) : workerOf([held, focalfitWorker]);
}

export const ownAddress = (): BinaryAddress => null;

export async function ownBinary(simd: boolean): Promise<Uint8Array<ArrayBuffer>> {
  if (!simd) {
    throw new FocalfitError("ENGINE_FAILED", "focalfit/inline holds the binary with SIMD alone: leave simd out where there is SIMD, import focalfit, or set wasmURL.");
  }
  const packed = Uint8Array.from(atob(focalfitBinary), (character) => character.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

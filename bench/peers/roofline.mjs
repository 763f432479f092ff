// A kernel written in C for 128-bit SIMD and compiled to WebAssembly, if there is one: what a pass can reach at best.
// It computes the sums of the binary focal loss, γ = 2 and α = 0.25 for the positive class, over dense rows.
import { timedCalls } from "../compare.mjs";
import { mustAgree } from "../reference.mjs";

export const rooflineAlpha = [0.75, 0.25];

export function rooflinePass(bytes, { rows, columns, data, y }, w, expected) {
  return {
    name: "C kernel in WebAssembly",
    async open() {
      const { memory, grad, __heap_base: base } = (await WebAssembly.instantiate(bytes)).instance.exports;
      let top = base.value;
      const take = (length) => {
        const at = (top + 15) & ~15;
        top = at + 4 * length;
        if (top > memory.buffer.byteLength) memory.grow(Math.ceil((top - memory.buffer.byteLength) / 65536));
        return at;
      };
      const at = { X: take(rows * columns), y: take(rows), w: take(columns), g: take(columns) };
      const floats = new Float32Array(memory.buffer);
      floats.set(data, at.X / 4);
      floats.set(y, at.y / 4);
      floats.set(w, at.w / 4);
      const call = () => grad(at.X, at.y, at.w, at.g, rows, columns);
      return {
        check() {
          const value = call() / rows;
          mustAgree({ value, gradient: Float64Array.from(floats.subarray(at.g / 4, at.g / 4 + columns), (g) => g / rows) }, expected);
        },
        sample: await timedCalls(call),
      };
    },
  };
}

// The build's own rewriting of WebAssembly: what it makes must do the same as what it was made of.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const script = (name) => import(pathToFileURL(join(process.env.FOCALFIT_ROOT, "js", "scripts", name)));
const { foldAddresses, instruction } = await script("fold-addresses.mjs");
const { Reader } = await script("wasm-module.mjs");

const size = (n) => (n < 128 ? [n] : [(n % 128) + 128, ...size(Math.floor(n / 128))]);
const section = (id, bytes) => [id, ...size(bytes.length), ...bytes];
const locals = 6;

/** A module with memory and a function f of six i64, all addresses, that runs the code and returns their sum. */
function moduleOf(code) {
  const body = [0, ...code, ...[0, 1, 2, 3, 4, 5].flatMap((l) => [0x20, l]), 0x7c, 0x7c, 0x7c, 0x7c, 0x7c, 0x0b];
  return Buffer.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, locals, ...Array(locals).fill(0x7e), 1, 0x7e]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 2]),
    ...section(7, [2, 1, 0x66, 0, 0, 1, 0x6d, 2, 0]),
    ...section(10, [1, ...size(body.length), ...body]),
  ]);
}

async function run(module) {
  const { f, m } = (await WebAssembly.instantiate(module)).instance.exports;
  const memory = new Uint8Array(m.buffer);
  for (let i = 0; i < memory.length; i++) memory[i] = (i * 37) % 251;
  const sum = f(...Array.from({ length: locals }, (_, l) => BigInt(20_000 + 8_192 * l)));
  return { sum, memory: Buffer.from(memory) };
}

const get = (l) => [0x20, l], set = (l) => [0x21, l], add = [0x7c], wrap = [0xa7];
const constant = (c) => {
  const bytes = [];
  for (let v = c; ; v >>= 7) {
    const byte = v & 0x7f;
    if ((v >> 7 === 0 && !(byte & 0x40)) || (v >> 7 === -1 && byte & 0x40)) return [0x42, ...bytes, byte];
    bytes.push(byte + 128);
  }
};
const load = (offset = 0) => [0x29, 0, ...size(offset)], store = (offset = 0) => [0x37, 0, ...size(offset)];
const vectorLoad = (offset = 0) => [0xfd, 0, 0, ...size(offset)], vectorStore = (offset = 0) => [0xfd, 11, 0, ...size(offset)];
const small = [...constant(7), 0x83]; // so that a loaded number added to an address leaves it one

async function folds(code, count) {
  const module = moduleOf(code.flat());
  const { module: after, folded } = foldAddresses(module);
  assert.equal(folded, count);
  assert.deepEqual(await run(after), await run(module));
  return after;
}

test("a constant moves into the instruction that loads or stores", async () => {
  const module = await folds([get(0), constant(64), add, wrap, load(8), set(1)], 1);
  assert(module.includes(Buffer.from([...get(0), ...wrap, ...load(72), ...set(1)])));
  await folds([get(0), constant(64), add, wrap, get(1), store(), get(2), constant(16), add, constant(16), add, wrap, get(1), constant(3), add, store()], 2);
  await folds([get(0), constant(64), add, wrap, get(1), constant(128), add, wrap, vectorLoad(), vectorStore(16)], 2);
});

test("a local that holds a sum is followed until its base changes", async () => {
  await folds([get(0), constant(64), add, set(1), get(1), wrap, load(), small, set(2), get(1), wrap, load(8), set(3)], 2);
  await folds([get(0), constant(64), add, set(1), get(0), constant(8), add, set(0), get(1), wrap, load(), set(3)], 0);
  // The base changes while its old value is on the stack.
  await folds([get(0), get(0), constant(64), add, set(0), constant(8), add, set(1), get(1), wrap, load(), set(3)], 0);
  // A loop may come back with another base.
  await folds([get(0), constant(64), add, set(1), 0x03, 0x40, get(1), wrap, load(), set(3), 0x0b], 0);
});

test("constants that could begin anew at 0 stay", async () => {
  await folds([get(0), constant(-64), add, wrap, load(), set(1)], 0);
  await folds([get(0), constant(4096), add, wrap, load(), set(1)], 1);
  await folds([get(0), constant(4097), add, wrap, load(), set(1)], 0);
  await folds([get(0), constant(4096), add, constant(8), add, wrap, load(), set(1)], 0);
});

test("an instruction that is not known is an error", () => {
  assert.throws(() => foldAddresses(moduleOf([0xfe, 3, 0])), /instruction 0xfe/);
});

test("every instruction takes from the stack what the engine says", () => {
  const types = { i32: [0x41, 0], i64: [0x42, 0], f32: [0x43, 0, 0, 0, 0], f64: [0x44, ...Array(8).fill(0)], v128: [0xfd, 12, ...Array(16).fill(0)] };
  const any = Object.values(types);
  const takes = { 0: [[]], 1: any, 2: any.flatMap((a) => any.map((b) => [...a, ...b])), 3: [[...types.v128, ...types.v128, ...types.v128]] };
  // The values that an instruction pops are all there is on the stack, so it is valid only if it pops no fewer and no more.
  const valid = (bytes, pops, pushes) => takes[pops].some((values) => WebAssembly.validate(moduleOf([...values, ...bytes, ...(pushes ? [0x1a] : [])])));
  const room = Array(17).fill(0);
  const scalar = Array.from({ length: 0xc4 - 0x28 + 1 }, (_, n) => [0x28 + n]).filter(([op]) => ![0x3f, 0x40].includes(op));
  const vector = Array.from({ length: 256 }, (_, n) => [0xfd, ...size(n)]).filter(([, n, m]) => m !== undefined || n < 84 || n > 91);
  let known = 0;
  for (const start of [...scalar, ...vector]) {
    const reader = new Reader([...start, ...room]);
    const { pops, pushes } = instruction(reader);
    const bytes = [...start, ...room].slice(0, reader.at);
    if (![0, 1, 2, 3].some((n) => [0, 1].some((m) => valid(bytes, n, m)))) continue; // a number without an instruction
    known++;
    assert(valid(bytes, pops, pushes), `${start.map((b) => b.toString(16))} pops ${pops}, pushes ${pushes}`);
  }
  assert(known > 350, `${known} instructions`);
});

test("programs at random do the same when they are folded", async () => {
  let state = 7;
  const random = (n) => (state = Math.imul(state, 1_103_515_245) + 12_345 >>> 0, Math.floor((state / 2 ** 32) * n));
  const address = (depth = 0) => {
    const kind = depth > 2 ? 0 : random(4);
    if (kind < 2) return get(random(locals));
    return [...address(depth + 1), ...constant([0, 8, 64, -16, 200][random(5)]), ...add];
  };
  const statement = (depth = 0) => {
    switch (random(depth > 1 ? 7 : 9)) {
      case 0: return [...address(), ...wrap, ...address(), ...wrap, ...load(random(300)), ...store(random(300))];
      case 1: return [...address(), ...wrap, ...address(), ...wrap, ...vectorLoad(random(300)), ...vectorStore(random(300))];
      case 2: return [...address(), ...set(random(locals)), 0x01];
      case 3: return [...address(), 0x22, random(locals), ...set(random(locals))];
      case 4: return [...address(), ...wrap, ...load(random(300)), ...small, ...address(), ...add, ...set(random(locals))];
      case 5: return [...address(), ...address(), ...set(random(locals)), ...constant(24), ...add, ...set(random(locals))];
      case 6: return [...address(), ...statement(depth + 1), ...wrap, ...address(), ...store(random(300))];
      case 7: return [0x02, 0x40, ...address(), ...wrap, ...load(), ...wrap, 0x0d, 0, ...statement(depth + 1), ...statement(depth + 1), 0x0b];
      default: return [...address(), ...wrap, ...load(), ...wrap, 0x04, 0x40, ...statement(depth + 1), 0x05, ...statement(depth + 1), 0x0b];
    }
  };
  let total = 0;
  for (let n = 0; n < 400; n++) {
    const module = moduleOf(Array.from({ length: 12 }, () => statement()).flat());
    const { module: after, folded } = foldAddresses(module);
    total += folded;
    assert.deepEqual(await run(after), await run(module), `program ${n}`);
  }
  assert(total > 2000, `${total} folded`);
});

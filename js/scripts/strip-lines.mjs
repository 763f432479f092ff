// Takes files, lines and names out of a Go program for wasm.
//
// The linker's -s and -w leave them, for stack traces, which nobody sees in a browser: they are a sixteenth of the
// gzipped binary. Of each function the offsets pcfile and pcln are set to 0, "no table", which the runtime prints as
// "?:0"; what only they referred to is cleared, and so are the names of functions. The data is written anew without its
// long runs of zeros. What the garbage collector and panics need, stack maps and the sizes of frames, stays.
import { data, Reader, rewrite, signed, unsigned } from "./wasm-module.mjs";

/** The memory that the data section makes. */
function load(body) {
  const reader = new Reader(body);
  const segments = [];
  for (let count = reader.number(); count > 0; count--) {
    if (reader.number() !== 0 || body[reader.at++] !== 0x41) throw new Error("a data segment of another kind");
    const from = reader.number(true);
    reader.at++; // end
    const size = reader.number();
    segments.push({ from, bytes: body.subarray(reader.at, reader.at + size) });
    reader.at += size;
  }
  const first = Math.min(...segments.map(({ from }) => from));
  const memory = new Uint8Array(Math.max(...segments.map(({ from, bytes }) => from + bytes.length)));
  for (const { from, bytes } of segments) memory.set(bytes, from);
  return { first, memory };
}

/** The data section of a memory, in segments between runs of 8 zeros and more. */
function store({ first, memory }) {
  const segments = [];
  for (let at = first; at < memory.length; ) {
    if (memory[at] === 0) {
      at++;
      continue;
    }
    let end = at;
    for (let zeros = 0, next = at; next < memory.length && zeros < 8; next++) {
      zeros = memory[next] === 0 ? zeros + 1 : 0;
      if (zeros === 0) end = next + 1;
    }
    segments.push([0, 0x41, ...signed(at), 0x0b, ...unsigned(end - at)], memory.subarray(at, end));
    at = end;
  }
  return Buffer.concat([Buffer.from(unsigned(segments.length / 2)), ...segments.map((part) => Buffer.from(part))]);
}

/** Clears the tables in a memory. The layout is that of pcHeader, _func and functab in Go's runtime. */
function strip(memory) {
  const view = new DataView(memory.buffer);
  const u32 = (at) => view.getUint32(at, true);
  const u64 = (at) => Number(view.getBigUint64(at, true));
  // Go 1.20's magic number, two zeros, instructions of 1 byte, pointers of 8.
  const magic = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
  const header = memory.findIndex((_, at) => at % 8 === 0 && magic.every((byte, i) => memory[at + i] === byte));
  if (header < 0) throw new Error("no table of functions: has Go changed its format?");
  const functions = u64(header + 8);
  const [names, pctab, table] = [32, 56, 64].map((field) => header + u64(header + field));

  const length = (from) => {
    // Pairs of LEB128 numbers up to a first one of 0 that is not the first.
    const reader = new Reader(memory, pctab + from);
    for (let pair = 0; ; pair++) {
      if (reader.number() === 0 && pair > 0) return reader.at - pctab - from;
      reader.number();
    }
  };
  const lines = new Set();
  const kept = new Set();
  for (let index = 0; index < functions; index++) {
    const at = table + u32(table + 8 * index + 4);
    const tables = u32(at + 28);
    kept.add(u32(at + 16));
    for (let pcdata = 0; pcdata < tables; pcdata++) kept.add(u32(at + 44 + 4 * pcdata));
    for (const field of [20, 24]) {
      lines.add(u32(at + field));
      view.setUint32(at + field, 0, true);
    }
  }
  // Names, units and files lie one after the other, up to the tables.
  memory.fill(0, names, pctab);
  let cleared = 0;
  for (const from of lines) {
    if (from === 0 || kept.has(from)) continue;
    const size = length(from);
    memory.fill(0, pctab + from, pctab + from + size);
    cleared += size;
  }
  return { functions, cleared };
}

/** The module without lines and names. */
export function stripLines(module) {
  return rewrite(module, (id, body) => {
    if (id !== data) return body;
    const image = load(body);
    const { functions, cleared } = strip(image.memory);
    if (functions < 500 || cleared < 50_000) throw new Error(`${functions} functions with ${cleared} bytes of lines: has Go changed its format?`);
    return store(image);
  });
}

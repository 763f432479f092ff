// What the scripts here need of the binary format of WebAssembly.

/** Reads numbers of a wasm module one after the other. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  /** LEB128; `signed` fills up the sign. */
  number(signed = false) {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte < 0x80) return signed && byte & 0x40 ? value - 2 ** shift : value;
    }
  }
}

/** A number ≥ 0 in LEB128. */
export function unsigned(value) {
  const bytes = [];
  do {
    bytes.push((value % 128) + (value >= 128 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return bytes;
}

/** A number of 32 bits with its sign in LEB128. */
export function signed(value) {
  const bytes = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

/** The numbers of sections. */
export const code = 10;
export const data = 11;

/** Writes a module anew: `change` gets the number and the bytes of each section, and returns its new bytes. */
export function rewrite(module, change) {
  const parts = [module.subarray(0, 8)];
  for (const reader = new Reader(module, 8); reader.at < module.length; ) {
    const id = module[reader.at++];
    const size = reader.number();
    const body = change(id, module.subarray(reader.at, reader.at + size));
    parts.push(Buffer.from([id, ...unsigned(body.length)]), body);
    reader.at += size;
  }
  return Buffer.concat(parts);
}

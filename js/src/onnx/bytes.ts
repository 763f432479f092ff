// The messages of ONNX as bytes: protocol buffers, as far as these messages need them. Field numbers are onnx.proto's.

/** Fields in turn. A number is whole, from 0 to 2⁵³ − 1; a list is a message within the message. */
export type Message = readonly (readonly [field: number, value: number | string | Uint8Array | Message])[];

/** Element types of tensors: TensorProto.DataType. */
export const elements = { float: 1, int64: 7, string: 8, bool: 9, double: 11 } as const;
export type Element = keyof typeof elements;

/** Uint8Array, or where TypeScript tells buffers apart one that a Blob takes. */
export type Bytes = ReturnType<Uint8Array["slice"]>;

const utf8 = new TextEncoder();

/** A message's bytes. */
export function encode(message: Message): Bytes {
  const parts: Uint8Array[] = [];
  for (const [field, value] of message) {
    if (typeof value === "number") {
      parts.push(varint(field * 8), varint(value));
      continue;
    }
    const bytes = typeof value === "string" ? utf8.encode(value) : value instanceof Uint8Array ? value : encode(value);
    parts.push(varint(field * 8 + 2), varint(bytes.length), bytes);
  }
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  // Not by shifts, which have 32 bits.
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

/** A TensorProto of `values` row after row. Those of int64 are whole numbers. */
export function tensor(name: string, element: Element, shape: readonly number[], values: ArrayLike<number | string | boolean>): Message {
  const list = Array.from(values);
  const data: Message = element === "string" ? list.map((text) => [6, text as string] as const) : [[9, raw(element, list as number[])]];
  return [...shape.map((length) => [1, length] as const), [2, elements[element]], ...data, [8, name]];
}

/** Little-endian, whatever the machine. */
function raw(element: Element, values: readonly (number | boolean)[]): Uint8Array {
  const size = element === "bool" ? 1 : element === "float" ? 4 : 8;
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, index) => {
    if (element === "int64") view.setBigInt64(index * size, BigInt(value), true);
    else if (element === "bool") view.setUint8(index, Number(value));
    else if (element === "float") view.setFloat32(index * size, Number(value), true);
    else view.setFloat64(index * size, Number(value), true);
  });
  return new Uint8Array(view.buffer);
}

/** A ValueInfoProto: an input or output. A length given as a text is a dimension that is known when the graph runs. */
export function valueInfo(name: string, element: Element, shape: readonly (number | string)[]): Message {
  const lengths = shape.map((length) => [1, [[typeof length === "number" ? 1 : 2, length]]] as const);
  return [[1, name], [2, [[1, [[1, elements[element]], [2, lengths]]]]]];
}

/** An AttributeProto of a whole number or a list of them. */
export function attribute(name: string, value: number | readonly number[]): Message {
  return typeof value === "number" ? [[1, name], [3, value], [20, 2]] : [[1, name], ...value.map((entry) => [8, entry] as const), [20, 7]];
}

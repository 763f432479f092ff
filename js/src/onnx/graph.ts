import { attribute, tensor, type Element, type Message } from "./bytes.js";

/** An input of a node: the name of a value, or a number of type double. */
export type Value = string | number;

/** An ONNX graph that grows, node after node: a node's inputs exist before it. */
export class Graph {
  #nodes: Message[] = [];
  #tensors: Message[] = [];
  #single = new Map<string, string>();
  #count = 0;

  /** Adds a node of the operator `op`, and gives the name of its only output: `output`, or a new one. */
  node(op: string, inputs: readonly Value[], attributes: Record<string, number | readonly number[]> = {}, output = this.#name(op)): string {
    this.#nodes.push([
      ...inputs.map((input) => [1, typeof input === "string" ? input : this.constant([input], [])] as const),
      [2, output],
      [3, output],
      [4, op],
      ...Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)] as const),
    ]);
    return output;
  }

  /** The name of a constant of shape `shape`, row after row. One that has a single value is there once. */
  constant(values: ArrayLike<number | string | boolean>, shape: readonly number[] = [values.length], element: Element = "double"): string {
    const key = values.length === 1 ? `${element} ${shape.length} ${values[0]}` : undefined;
    const known = key && this.#single.get(key);
    if (known) return known;
    const name = this.#name("constant");
    this.#tensors.push(tensor(name, element, shape, values));
    if (key) this.#single.set(key, name);
    return name;
  }

  /** A GraphProto. */
  message(name: string, inputs: readonly Message[], outputs: readonly Message[]): Message {
    return [
      ...this.#nodes.map((node) => [1, node] as const),
      [2, name],
      ...this.#tensors.map((constant) => [5, constant] as const),
      ...inputs.map((input) => [11, input] as const),
      ...outputs.map((output) => [12, output] as const),
    ];
  }

  #name(kind: string): string {
    return `${kind}_${this.#count++}`;
  }
}

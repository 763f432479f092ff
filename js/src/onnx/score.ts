// score.ts and posterior.ts as nodes of a graph, in double precision: the same formulas, on all rows at once. Values are
// rows × columns; what is one number per class or output is a row that is broadcast.
import { elements } from "./bytes.js";
import type { Graph } from "./graph.js";
import { weightThreshold, type Features, type Model } from "../model/score.js";

/** The names of what a model says of rows. */
export interface Said {
  /** Rows × outputs. */
  logits: string;
  /** Rows × classes: posterior probabilities. */
  probabilities: string;
  /** Of each row the index of a class; with several labels rows × labels of 0 and 1. Whole numbers. */
  decision: string;
}

/** Adds what `model` says of the value `X`, rows × columns. */
export function score(graph: Graph, model: Model, X: string): Said {
  const logits = linear(graph, model, X);
  return { logits, ...(model.multiLabel || model.positive >= 0 ? binary : softmax)(graph, model, logits) };
}

// What MatMul is given is never a product or quotient with a number: onnxruntime would take that number into MatMul, in
// single precision. Such factors are in the constant matrices.
function linear(graph: Graph, { columns, fill, features, coefficients, intercepts }: Model, X: string): string {
  let cells = graph.node("Cast", [X], { to: elements.double });
  // Missing is what is not finite; a comparison with NaN is false.
  if (fill) cells = graph.node("Where", [graph.node("LessOrEqual", [graph.node("Abs", [cells]), Number.MAX_VALUE]), cells, graph.constant(fill)]);
  if (features) cells = make(graph, features, cells, columns);
  const outputs = intercepts.length;
  const size = coefficients.length / outputs;
  const factor = features?.kind === "fourier" ? Math.sqrt(2 / size) : 1;
  const matrix = transposed(coefficients.map((coefficient) => factor * coefficient), outputs, size);
  return graph.node("Add", [graph.node("MatMul", [cells, graph.constant(matrix, [size, outputs])]), graph.constant(intercepts)]);
}

/** The columns of `features`; those of Fourier without their factor √(2/D). */
function make(graph: Graph, { kind, mean, scale, frequencies, phases }: Features, cells: string, columns: number): string {
  const centred = graph.node("Sub", [cells, graph.constant(mean)]);
  if (kind === "polynomial") {
    const u = graph.node("Div", [centred, graph.constant(scale)]);
    const pairs = Array.from({ length: columns }, (_, j) => Array.from({ length: columns - j }, (_, k) => [j, j + k] as const)).flat();
    const [left, right] = [0, 1].map((side) => graph.node("Gather", [u, graph.constant(pairs.map((pair) => pair[side]!), [pairs.length], "int64")], { axis: 1 })) as [string, string];
    return graph.node("Concat", [u, graph.node("Mul", [left, right])], { axis: 1 });
  }
  const components = phases!.length;
  const perCell = transposed(Float64Array.from(frequencies!, (frequency, at) => frequency / scale[at % columns]!), components, columns);
  // cos t = sin(t + π/2): onnxruntime has a sine in double precision, but not in every release a cosine.
  const shifted = graph.constant(Array.from(phases!, (phase) => phase + Math.PI / 2));
  return graph.node("Sin", [graph.node("Add", [graph.node("MatMul", [centred, graph.constant(perCell, [columns, components])]), shifted])]);
}

function transposed(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]!);
}

/** Whether nothing but γ and the weights is between logits and posterior. */
function isEven({ loss, calibration }: Model): boolean {
  return !loss.clip && !loss.smoothing && !calibration;
}

/** Two classes, or several labels: a sigmoid for each output. */
function binary(graph: Graph, model: Model, z: string): Omit<Said, "logits"> {
  const { multiLabel, positive, gamma, weight, loss, calibration, threshold, intercepts } = model;
  const positives = Array.from(intercepts, (_, output) => (multiLabel ? 2 * output + 1 : positive));

  const focused = unfocus(graph, z, positives.map((at) => gamma[at]!), loss.epsilon);
  const others = positives.map((at) => gamma[at ^ 1]!);
  const plain = loss.clip > 0
    ? graph.node("Add", [focused, unclip(graph, z, others, loss.clip)])
    : graph.node("Sub", [focused, unfocus(graph, graph.node("Neg", [z]), others, loss.epsilon)]);
  let logit = graph.node("Add", [plain, graph.constant(positives.map((at) => Math.log(weight[at ^ 1]!) - Math.log(weight[at]!)))]);
  if (loss.smoothing > 0) logit = unsmooth(graph, logit, loss.smoothing);
  if (calibration?.method === "temperature") logit = graph.node("Div", [logit, calibration.temperature]);
  else if (calibration?.method === "platt") logit = platt(graph, logit, calibration.slope, calibration.intercept);
  const folded = fold(graph, logit);
  let probability = sigmoid(graph, folded);
  if (calibration?.method === "isotonic") probability = isotonic(graph, probability, calibration.x, calibration.y);

  // At the weights' own threshold the weights cancel, so that z = 0 with equal γ lies on it exactly.
  const own = positives.map((_, output) => weightThreshold(model, output));
  const limits = own.map((limit, output) => threshold?.[output] ?? limit);
  const cancels = limits.map((limit, output) => isEven(model) && limit === own[output]);
  const scores = cancels.every(Boolean) ? plain : graph.node("Where", [graph.constant(cancels, [cancels.length], "bool"), plain, probability]);
  const above = graph.node("Cast", [graph.node("GreaterOrEqual", [scores, graph.constant(limits.map((limit, output) => (cancels[output] ? 0 : limit)))])], { to: elements.int64 });
  if (multiLabel) return { probabilities: probability, decision: above };
  const chosen = graph.node("Gather", [graph.constant([1 - positive, positive], [2], "int64"), graph.node("Squeeze", [above, axes(graph)])]);
  const rest = calibration?.method === "isotonic" ? graph.node("Sub", [1, probability]) : sigmoid(graph, folded, -1);
  return { probabilities: graph.node("Concat", positive === 1 ? [rest, probability] : [probability, rest], { axis: 1 }), decision: chosen };
}

/** Three classes and more. */
function softmax(graph: Graph, model: Model, z: string): Omit<Said, "logits"> {
  const { classes, gamma, weight, loss, calibration } = model;
  const logs = unfocus(graph, margins(graph, z, classes.length), gamma, loss.epsilon);
  const shares = (p: string) => share(graph, p, classes.length);
  let p = graph.node("Softmax", [graph.node("Sub", [logs, graph.constant(weight.map(Math.log))])], { axis: 1 });
  if (loss.smoothing > 0) p = shares(graph.node("Max", [graph.node("Sub", [p, loss.smoothing / classes.length]), 0]));
  if (calibration?.method === "temperature") p = shares(graph.node("Pow", [p, 1 / calibration.temperature]));
  else if (calibration?.method === "isotonic") p = shares(isotonic(graph, p, calibration.x, calibration.y));
  else if (calibration) p = shares(sigmoid(graph, fold(graph, platt(graph, graph.node("Log", [graph.node("Div", [p, graph.node("Sub", [1, p])])]), calibration.slope, calibration.intercept))));
  // The logarithms of α_c·η_c tell classes apart where probabilities round to 0.
  const decision = graph.node("ArgMax", [isEven(model) ? logs : graph.node("Mul", [p, graph.constant(weight)])], { axis: 1, keepdims: 0 });
  return { probabilities: p, decision };
}

/** t > 0 and e^−|t|: what softplus and sigmoid are made of without overflow. */
type Folded = readonly [above: string, e: string];

function fold(graph: Graph, t: string): Folded {
  return [graph.node("Greater", [t, 0]), graph.node("Exp", [graph.node("Neg", [graph.node("Abs", [t])])])];
}

/** σ(sign·t). */
function sigmoid(graph: Graph, [above, e]: Folded, sign: 1 | -1 = 1): string {
  return graph.node("Div", [graph.node("Where", [above, ...(sign > 0 ? [1, e] : [e, 1])]), graph.node("Add", [e, 1])]);
}

/** log(q / φ(q)) for q = σ(m): γ·sp(m) − sp(−m) − log(1 + γ·ρ + ε·(γ + 1)·q), ρ = sp(−m)·eᵐ. */
function unfocus(graph: Graph, m: string, gammas: ArrayLike<number>, epsilon: number): string {
  const gamma = graph.constant(gammas);
  const folded = fold(graph, m);
  const [above, e] = folded;
  // 1 + e^−|m|, but enough above 1 for log(w) / (w − 1).
  const w = graph.node("Add", [graph.node("Max", [e, 2 ** -50]), 1]);
  const log = graph.node("Log", [w]);
  const plus = graph.node("Add", [graph.node("Max", [m, 0]), log]);
  const minus = graph.node("Add", [graph.node("Max", [graph.node("Neg", [m]), 0]), log]);
  const rho = graph.node("Where", [above, graph.node("Div", [log, graph.node("Sub", [w, 1])]), graph.node("Mul", [minus, e])]);
  let inner = graph.node("Add", [graph.node("Mul", [gamma, rho]), 1]);
  if (epsilon !== 0) inner = graph.node("Add", [inner, graph.node("Mul", [sigmoid(graph, folded), graph.constant(Array.from(gammas, (own) => epsilon * (own + 1)))])]);
  return graph.node("Sub", [graph.node("Sub", [graph.node("Mul", [gamma, plus]), minus]), graph.node("Log", [inner])]);
}

/** (γ − 1)·log q + log(q / r − γ·log r) for q = σ(z) − clip, r = 1 − q; −∞ where q is not positive. */
function unclip(graph: Graph, z: string, gammas: readonly number[], clip: number): string {
  const folded = fold(graph, z);
  const difference = graph.node("Sub", [sigmoid(graph, folded), clip]);
  const there = graph.node("Greater", [difference, 0]);
  // Where q is not positive anything will do that has a logarithm.
  const q = graph.node("Where", [there, difference, 0.5]);
  const rest = graph.node("Where", [there, graph.node("Add", [sigmoid(graph, folded, -1), clip]), 0.5]);
  const inner = graph.node("Sub", [graph.node("Div", [q, rest]), graph.node("Mul", [graph.node("Log", [rest]), graph.constant(gammas)])]);
  const sum = graph.node("Add", [graph.node("Mul", [graph.node("Log", [q]), graph.constant(gammas.map((gamma) => gamma - 1))]), graph.node("Log", [inner])]);
  return graph.node("Where", [there, sum, -Infinity]);
}

/** The logit of η from that of η′ = (1 − s)·η + s/2; beyond the range of η′ it is infinite. */
function unsmooth(graph: Graph, logit: string, s: number): string {
  const folded = fold(graph, logit);
  const left = (sign: 1 | -1) => graph.node("Max", [graph.node("Sub", [sigmoid(graph, folded, sign), s / 2]), 0]);
  return graph.node("Log", [graph.node("Div", [left(1), left(-1)])]);
}

/** slope·logit + intercept of each column. */
function platt(graph: Graph, logit: string, slope: readonly number[], intercept: readonly number[]): string {
  return graph.node("Add", [graph.node("Mul", [logit, graph.constant(slope)]), graph.constant(intercept)]);
}

/** m_c = z_c − log Σ_{j≠c} exp z_j. The highest logit apart, so that nothing cancels. */
function margins(graph: Graph, z: string, classes: number): string {
  const isTop = graph.node("Equal", [graph.node("ArgMax", [z], { axis: 1 }), graph.constant(Array.from({ length: classes }, (_, c) => c), [1, classes], "int64")]);
  const highest = graph.node("ReduceMax", [z], { axes: [1] });
  const others = graph.node("Where", [isTop, -Infinity, z]);
  const second = graph.node("ReduceMax", [others], { axes: [1] });
  const sum = (terms: string) => graph.node("ReduceSum", [terms, axes(graph)]);
  const lead = graph.node("Sub", [z, highest]);
  const terms = graph.node("Exp", [lead]);
  const rest = graph.node("Where", [isTop, 1, graph.node("Sub", [sum(terms), terms])]);
  const top = graph.node("Sub", [graph.node("Sub", [highest, second]), graph.node("Log", [sum(graph.node("Exp", [graph.node("Sub", [others, second])]))])]);
  return graph.node("Where", [isTop, top, graph.node("Sub", [lead, graph.node("Log", [rest])])]);
}

/** Makes each row add up to 1; where nothing is left it is even. */
function share(graph: Graph, p: string, classes: number): string {
  const sum = graph.node("ReduceSum", [p, axes(graph)]);
  const some = graph.node("Greater", [sum, 0]);
  return graph.node("Where", [some, graph.node("Div", [p, graph.node("Where", [some, sum, 1])]), 1 / classes]);
}

/** Each column between the points (x, y) of its own, constant beyond. */
function isotonic(graph: Graph, p: string, x: readonly (readonly number[])[], y: readonly (readonly number[])[]): string {
  const columns = x.map((knots, output) => {
    const heights = y[output]!;
    const at = graph.node("Gather", [p, graph.constant([output], [1], "int64")], { axis: 1 });
    const passed = graph.node("Cast", [graph.node("LessOrEqual", [graph.constant(knots, [1, knots.length]), at])], { to: elements.int64 });
    const count = graph.node("ReduceSum", [passed, axes(graph)]);
    // Of the piece after so many points: where it begins, and how long and how high it is. The outer two are flat.
    const pick = (ofPiece: (k: number) => number, before: number) => graph.node("Gather", [graph.constant([before, ...knots.map((_, k) => ofPiece(k))]), count]);
    const last = knots.length - 1;
    const from = pick((k) => knots[k]!, 0);
    const length = pick((k) => (k < last ? knots[k + 1]! - knots[k]! : 1), 1);
    const rise = pick((k) => (k < last ? heights[k + 1]! - heights[k]! : 0), 0);
    const height = pick((k) => heights[k]!, heights[0]!);
    return graph.node("Add", [height, graph.node("Div", [graph.node("Mul", [rise, graph.node("Sub", [at, from])]), length])]);
  });
  return graph.node("Concat", columns, { axis: 1 });
}

function axes(graph: Graph): string {
  return graph.constant([1], [1], "int64");
}

// Made-up card payments, one in 588 a fraud. Every operation is one that IEEE 754 defines to the last bit, so a seed gives
// the same numbers in every browser.

/** v1 to v28 stand for what a bank makes of a card's history, as published without its meaning. */
export const names = [...Array.from({ length: 28 }, (_, j) => `v${j + 1}`), "amount", "hour"];

/** Random numbers: uniform() in [0, 1) by mulberry32; normal(), nearly, as the sum of four uniform ones. */
function random(seed) {
  let state = seed | 0;
  const bits = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return t ^ (t >>> 14);
  };
  const normal = () => {
    const a = bits(), b = bits();
    return ((a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16) - 131070) * 2.6429e-5;
  };
  return { uniform: () => (bits() >>> 0) / 4294967296, normal };
}

/** e to the power of x, nearly: Math.exp may differ between browsers. */
function exp(x) {
  let power = 1 + x / 1024;
  for (let doublings = 0; doublings < 10; doublings++) power *= power;
  return power;
}

/** Makes the payments a few at a time: yields the share that is done, returns what `transactions` does. */
export function* generate({ rows = 284800, seed = 1 } = {}) {
  const { uniform, normal } = random(seed);
  const X = { data: new Float32Array(rows * names.length), rows, columns: names.length };
  const y = new Array(rows);
  // Five habits of a card's owner show in each of v1 to v28, a fraud in every third of them.
  const kinds = Array.from({ length: 28 }, (_, j) => ({
    scale: 2 / (1 + j / 9),
    habits: [normal(), normal(), normal(), normal(), normal()],
    shift: j % 3 ? 0 : (j % 2 ? 1 : -1) * (1.5 + uniform()),
  }));
  let left = Math.round(0.0017 * rows);
  const make = (row) => {
    const fraud = uniform() * (rows - row) < left;
    if (fraud) left--;
    y[row] = fraud ? "fraud" : "genuine";
    // Of 20 frauds 12 stand out, 7 do so a little, one not at all; of 1,000 genuine payments one does, more or less.
    const luck = uniform(), more = uniform();
    const suspicion = fraud ? (luck < 0.6 ? 0.9 + 0.6 * more : luck < 0.95 ? 0.35 + 0.4 * more : 0) : luck < 0.001 ? more : 0;
    let at = row * X.columns;
    const a = normal(), b = normal(), c = normal(), d = normal(), e = normal();
    for (const { scale, habits, shift } of kinds) {
      const habit = habits[0] * a + habits[1] * b + habits[2] * c + habits[3] * d + habits[4] * e;
      X.data[at++] = scale * (0.5 * habit + normal() + suspicion * shift);
    }
    X.data[at++] = Math.round(100 * exp(3 + 0.4 * a + 1.2 * normal() + (fraud ? normal() : 0))) / 100;
    X.data[at++] = fraud ? 24 * uniform() : (38 + 4.5 * normal()) % 24; // frauds at any hour, the others mostly by day
  };
  for (let row = 0; row < rows; row++) {
    make(row);
    if (row % 256 === 255) yield (row + 1) / rows;
  }
  return { X, y, names };
}

/** The payments: `X` as focalfit takes it, labels `y`, "fraud" or "genuine", and the columns' `names`. */
export function transactions(options) {
  const steps = generate(options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

// Tables as a visitor may have them, in lines.

/** Numbers in (0, 1) that are the same every time. */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** 600 machines, every twentieth of them failing: a category, a gap, columns that say nothing. */
export function machines() {
  const random = randomNumbers(7);
  const lines = ['size;"machine; type";serial;flat;status;note'];
  for (let i = 0; i < 600; i++) {
    const failing = i % 20 === 0;
    const size = i === 5 ? "NA" : (random() + (failing ? 0.8 : 0)).toFixed(3);
    lines.push(`${size};${["mill", '"lathe; old"', "press"][i % 3]};s${i};1;${i === 7 ? "" : failing ? "failing" : "well"};${i % 2 ? "x" : "y"}`);
  }
  return lines;
}

/** Columns that are nearly the same, so that a fit takes many iterations. */
export function hardTable(rows) {
  const random = randomNumbers(1);
  const lines = ["a,b,c,d,e,f,g,h,i,j,outcome"];
  for (let i = 0; i < rows; i++) {
    const x = random();
    const powers = Array.from({ length: 10 }, (_, k) => (x ** (k + 1) + 1e-3 * random()).toFixed(6));
    lines.push(`${powers},${random() < (x > 0.9 ? 0.2 : 0.01) ? "yes" : "no"}`);
  }
  return lines;
}

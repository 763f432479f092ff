// Members of a federation, with rows of their own.

/** Numbers in (0, 1) that are the same every time. */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Rows of which every fortieth is a fault, so that most members have none. */
export function members(count, rows, columns = 4, seed = 1) {
  const random = randomNumbers(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, member) => {
    const X = [];
    const y = [];
    for (let row = 0; row < rows; row++) {
      const fault = member % 3 === 0 && row % 14 === 0;
      X.push(Array.from({ length: columns }, (_, column) => normal() * (column + 1) + 10 * column + (fault ? 1 + column : 0)));
      y.push(fault ? "fault" : "fine");
    }
    return { name: `member ${member}`, X, y };
  });
}

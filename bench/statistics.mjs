// Samples, their summaries, and how numbers are written.

export function quantile(samples, q) {
  const sorted = Float64Array.from(samples).sort();
  const at = q * (sorted.length - 1), low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

export const median = (samples) => quantile(samples, 0.5);

/** The fastest, the median and the quartiles, each times `scale`. */
export function summarise(samples, scale = 1) {
  return {
    fastest: Math.min(...samples) * scale,
    median: median(samples) * scale,
    low: quantile(samples, 0.25) * scale,
    high: quantile(samples, 0.75) * scale,
    count: samples.length,
  };
}

/** The same for differences of two kinds of samples: long runs less short ones. */
export function summariseDifference(long, short, scale = 1) {
  const typical = median(short);
  return {
    fastest: (Math.min(...long) - Math.min(...short)) * scale,
    median: (median(long) - typical) * scale,
    low: (quantile(long, 0.25) - typical) * scale,
    high: (quantile(long, 0.75) - typical) * scale,
    count: long.length,
  };
}

/** The slope of the least-squares line through the logarithms: y ∝ x^slope. */
export function exponent(x, y) {
  const lx = x.map(Math.log), ly = y.map(Math.log);
  const mean = (v) => v.reduce((a, b) => a + b, 0) / v.length;
  const mx = mean(lx), my = mean(ly);
  let above = 0, below = 0;
  for (let i = 0; i < x.length; i++) {
    above += (lx[i] - mx) * (ly[i] - my);
    below += (lx[i] - mx) ** 2;
  }
  return above / below;
}

/** Three significant digits, thousands in groups, no exponent but for the very small. */
export function digits(x) {
  if (x === undefined || x === null || Number.isNaN(x)) return "–";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size < 1e-3) return x.toExponential(1);
  if (size >= 999.5) return Math.round(x).toLocaleString("en");
  return x.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size))));
}

/** The median with its quartiles. */
export const spread = (summary, scale = 1) =>
  `${digits(summary.median * scale)} (${digits(summary.low * scale)}–${digits(summary.high * scale)})`;

/** A bar: `relation` is "≤" or "≥". A value that could not be had is neither met nor missed. */
export function bar(what, relation, limit, value, unit = "") {
  const known = value !== undefined && value !== null && !Number.isNaN(value);
  const met = known ? (relation === "≤" ? value <= limit : value >= limit) : null;
  return { what, limit: `${relation} ${limit.toLocaleString("en")}${unit}`, value: known ? `${digits(value)}${unit}` : "not measured", met };
}

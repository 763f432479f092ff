// The chart of the passes: a row for each peer, a column for each shape. Bars are linear from 0, each column to its own
// scale, with whiskers from quartile to quartile; those that would leave the others no room are cut, and show it. Colours
// follow the reader's scheme.
import { digits } from "./statistics.mjs";

const label = 176, cell = 196, length = 104, row = 27, top = 96, thick = 13;
const longest = 8; // times focalfit's own

const style = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .shape { font-weight: 600; }
  .quiet { fill: #636c76; }
  .us { font-weight: 600; }
  .bar { fill: #afb8c1; }
  .bar.us { fill: #0969da; }
  .bar.plain { fill: #80b3f0; }
  .rule { stroke: #d1d9e0; }
  .whisker { stroke: #1f2328; stroke-opacity: 0.65; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .bar { fill: #59636e; }
    .bar.us { fill: #4493f8; }
    .bar.plain { fill: #2b5a99; }
    .rule { stroke: #3d444d; }
    .whisker { stroke: #e6edf3; }
  }`;

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const kindOf = (name) => (name === "focalfit" ? " us" : name.startsWith("focalfit") ? " plain" : "");
const at = (x) => +x.toFixed(1);

function text(x, y, content, classes = "", anchor = "start") {
  return `<text x="${at(x)}" y="${at(y)}"${classes && ` class="${classes}"`}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}>${escape(content)}</text>`;
}

/** The SVG of a section whose `chart` has, for each shape, bars of { name, value, low, high } in nanoseconds a row. */
export function chart({ chart: shapes, runtime }) {
  const names = shapes.map(({ bars }) => bars.map((b) => b.name)).reduce((a, b) => (b.length > a.length ? b : a));
  const width = Math.max(880, label + cell * shapes.length), height = top + row * names.length + 12;
  const out = [
    text(0, 18, "One pass of value and gradient, nanoseconds a row: shorter is better", "title"),
    text(0, 39, `Binary focal loss, γ = 2, float32, in ${runtime}. Medians and quartiles; × is how many times as long as focalfit; a gap marks a bar that is cut.`, "quiet"),
  ];
  names.forEach((name, r) => out.push(text(0, top + row * r + row / 2 + 4, name, kindOf(name) === " us" ? "us" : "")));
  shapes.forEach(({ shape, bars }, c) => {
    const x = label + cell * c, us = bars.find((b) => b.name === "focalfit")?.value;
    const most = Math.min(longest * (us ?? Infinity), Math.max(...bars.map((b) => b.high)));
    out.push(text(x, top - 14, shape, "shape"), `<line class="rule" x1="${x}" x2="${x}" y1="${top - 4}" y2="${top + row * names.length}"/>`);
    names.forEach((name, r) => {
      const y = top + row * r + row / 2, found = bars.find((b) => b.name === name);
      if (!found) return out.push(text(x + 6, y + 4, "–", "quiet"));
      const cut = found.value > most, to = (v) => x + (Math.min(most, Math.max(0, v)) / most) * length;
      const end = (cut ? x + length : to(Math.max(found.value, found.high))) + 6;
      const bar = (from, until) => `<rect class="bar${kindOf(name)}" x="${at(from)}" y="${at(y - thick / 2)}" width="${at(Math.max(1, until - from))}" height="${thick}"/>`;
      out.push(
        ...(cut ? [bar(x, x + length - 14), bar(x + length - 10, x + length)] : [bar(x, to(found.value))]),
        cut ? "" : `<line class="whisker" x1="${at(to(found.low))}" x2="${at(to(found.high))}" y1="${at(y)}" y2="${at(y)}"/>`,
        `<text x="${at(end)}" y="${at(y + 4)}">${digits(found.value)}${us ? `<tspan class="quiet" dx="6">${factor(found.value / us)}×</tspan>` : ""}</text>`,
      );
    });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-16 -8 ${width + 32} ${height + 16}" width="${width + 32}" height="${height + 16}" role="img" aria-label="Nanoseconds a row of one pass of value and gradient, by program and shape">
<style>${style}
</style>
${out.filter(Boolean).join("\n")}
</svg>
`;
}

/** Two digits are enough for a factor. */
const factor = (x) => (x < 9.95 ? x.toFixed(x < 0.995 ? 2 : 1) : Math.round(x).toLocaleString("en"));

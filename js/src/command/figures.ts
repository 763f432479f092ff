// The figures of a report, as SVG that a page holds. Colours are those of the page's style.
import type { Evaluation } from "../index.js";
import { escaped } from "./html.js";

const [width, height] = [360, 280];
const frame = { left: 58, right: 348, top: 12, bottom: 236 };

const at = (value: number) => Number(value.toFixed(1));
const x = (share: number) => at(frame.left + share * (frame.right - frame.left));
const y = (share: number) => at(frame.bottom - share * (frame.bottom - frame.top));

/** A figure of two axes from 0 to `end`. */
function chart(id: string, title: string, description: string, end: number, across: string, up: string, content: string): string {
  const ticks = Array.from({ length: 6 }, (_, step) => step / 5);
  const text = (value: number) => String(Number((value * end).toPrecision(3)));
  return `<svg role="img" aria-labelledby="${id}-title ${id}-text" viewBox="0 0 ${width} ${height}">
<title id="${id}-title">${escaped(title)}</title>
<desc id="${id}-text">${escaped(description)}</desc>
<g class="grid">${ticks.map((tick) => `<path d="M${x(tick)} ${frame.top}V${frame.bottom}M${frame.left} ${y(tick)}H${frame.right}" />`).join("")}</g>
<g class="ticks">${ticks.map((tick) => `<text x="${x(tick)}" y="${frame.bottom + 16}" text-anchor="middle">${text(tick)}</text><text x="${frame.left - 7}" y="${y(tick) + 4}" text-anchor="end">${text(tick)}</text>`).join("")}</g>
<text x="${x(0.5)}" y="${height - 6}" text-anchor="middle">${escaped(across)}</text>
<text transform="translate(13 ${y(0.5)}) rotate(-90)" text-anchor="middle">${escaped(up)}</text>
${content}
</svg>`;
}

/** The precision–recall curve with what a guess has, and the point of the threshold. */
export function precisionRecall({ curves, averagePrecision }: Evaluation, positives: number, point: { precision: number; recall: number }): string {
  const { precision, recall } = curves.pr!;
  // Precision falls while recall stays: of each position the first and the last point are enough.
  const path: [number, number][] = [];
  for (let row = 0; row < recall.length; row++) {
    const next: [number, number] = [x(recall[row]!), y(precision[row]!)];
    const [last, before] = [path.at(-1), path.at(-2)];
    if (last && before && last[0] === next[0] && before[0] === next[0]) path[path.length - 1] = next;
    else path.push(next);
  }
  const says = `Average precision ${averagePrecision.toFixed(4)}; a guess has ${positives.toFixed(4)}. At the threshold precision is ${point.precision.toFixed(4)} and recall ${point.recall.toFixed(4)}.`;
  return chart("pr", "Precision and recall at every threshold", says, 1, "recall", "precision", `<path class="guess" d="M${x(0)} ${y(positives)}H${x(1)}" />
<path class="curve" d="M${path.map((place) => place.join(" ")).join("L")}" />
<circle class="point" cx="${x(point.recall)}" cy="${y(point.precision)}" r="6" />`);
}

/** Probabilities against what came of them; the axes end where the largest of both does. */
export function reliabilityDiagram({ curves, ece }: Evaluation): string {
  const { probability, frequency } = curves.reliability;
  const largest = Math.max(...probability, ...frequency);
  const end = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1].find((mark) => mark >= largest) ?? 1;
  const places = Array.from(probability, (p, bin) => [x(p / end), y(frequency[bin]! / end)] as const);
  const says = `Calibration error ${ece.toFixed(4)}. ${Array.from(probability, (p, bin) => `Where ${p.toPrecision(3)} was predicted, ${frequency[bin]!.toPrecision(3)} came`).join("; ")}.`;
  return chart("reliability", "Predicted probability and observed frequency", says, end, "predicted probability", "observed frequency", `<path class="guess" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" />
<path class="curve" d="M${places.map((place) => place.join(" ")).join("L")}" />
${places.map(([across, up]) => `<circle class="bin" cx="${across}" cy="${up}" r="3.5" />`).join("")}`);
}

/** A bar, as wide as what it is in. */
export function barOf(share: number, lowers: boolean): string {
  return `<svg class="bar" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><rect class="${lowers ? "lowers" : "raises"}" width="${at(100 * share)}" height="10" /></svg>`;
}

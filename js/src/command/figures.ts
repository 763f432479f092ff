// Figures of a report, as SVG that takes its colours from the page.
import type { Summary } from "./summary.js";

/** Text as HTML. */
export const escape = (value: unknown): string => String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const [width, height, left, bottom, top, right] = [360, 300, 48, 44, 14, 14];
const x = (share: number) => left + share * (width - left - right);
const y = (share: number) => height - bottom - share * (height - bottom - top);
const at = (value: number) => value.toFixed(1);

/** A figure with its name and what it shows for those who do not see it. */
function figure(name: string, description: string, body: string, [w, h] = [width, height]): string {
  const id = name.toLowerCase().replace(/\W+/g, "-");
  return `<figure><svg viewBox="0 0 ${w} ${h}" role="img" aria-labelledby="${id} ${id}-desc"><title id="${id}">${escape(name)}</title><desc id="${id}-desc">${escape(description)}</desc>${body}</svg><figcaption>${escape(name)}: ${escape(description)}</figcaption></figure>`;
}

/** Both axes from 0 to 1 with their names. */
function axes(across: string, up: string): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return ticks.map((tick) =>
    `<line class="grid" x1="${at(x(0))}" x2="${at(x(1))}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="soft" x="${left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${tick}</text><text class="soft" x="${at(x(tick))}" y="${height - bottom + 16}" text-anchor="middle">${tick}</text>`).join("")
    + `<path class="axis" d="M${at(x(0))} ${at(y(1))}V${at(y(0))}H${at(x(1))}"/><text x="${at(x(0.5))}" y="${height - 8}" text-anchor="middle">${across}</text><text x="12" y="${at(y(0.5))}" text-anchor="middle" transform="rotate(-90 12 ${at(y(0.5))})">${up}</text>`;
}

/** At most some hundred points of a curve, its ends among them. */
function thinned(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 400));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step).concat((length - 1) % step ? [length - 1] : []);
}

/** Precision against recall, with the threshold's point and the share of the class. */
export function curveFigure({ evaluation, positive, classes }: Summary): string {
  const { pr } = evaluation.curves;
  if (!pr || positive === null) return "";
  const points = thinned(pr.recall.length).map((i) => `${at(x(pr.recall[i]!))} ${at(y(pr.precision[i]!))}`);
  const own = evaluation.confusion[classes.indexOf(positive)]!.reduce((a, b) => a + b, 0);
  const share = own / evaluation.confusion.flat().reduce((a, b) => a + b, 0);
  const mark = `<circle class="mark" r="6" cx="${at(x(evaluation.recall))}" cy="${at(y(evaluation.precision))}"/>`;
  return figure("Precision and recall", `average precision ${evaluation.averagePrecision?.toFixed(3)}, guessing has ${share.toFixed(3)}; the dot is the threshold, recall ${evaluation.recall.toFixed(3)} at precision ${evaluation.precision.toFixed(3)}`,
    `${axes("recall", "precision")}<line class="axis" x1="${at(x(0))}" x2="${at(x(1))}" y1="${at(y(share))}" y2="${at(y(share))}"/><polyline class="curve" points="${points.join(",")}"/>${mark}`);
}

/** How often what has a probability happens. */
export function reliabilityFigure({ evaluation }: Summary): string {
  const { probability, frequency, weight } = evaluation.curves.reliability;
  const dots = [...probability].map((p, i) => (weight[i]! > 0 ? `<circle class="dot" r="4" cx="${at(x(p))}" cy="${at(y(frequency[i]!))}"/>` : ""));
  return figure("Reliability", `how often it happens against the probability given, in bins of equal mass; on the line they agree, and they are ${evaluation.ece.toFixed(3)} apart on average`,
    `${axes("probability", "frequency")}<path class="axis" d="M${at(x(0))} ${at(y(0))}L${at(x(1))} ${at(y(1))}"/>${dots.join("")}`);
}

/** Counts of true and predicted classes. */
export function confusionFigure({ evaluation: { confusion }, classes }: Summary): string {
  const shown = classes.slice(0, 12);
  const cell = Math.min(90, 260 / shown.length);
  const [from, over] = [90, 40];
  const short = (label: unknown) => (String(label).length > 11 ? `${String(label).slice(0, 10)}…` : String(label));
  const body = shown.map((label, r) => {
    const sum = confusion[r]!.reduce((a, b) => a + b, 0);
    return `<text x="${from - 8}" y="${at(over + (r + 0.5) * cell + 4)}" text-anchor="end">${escape(short(label))}</text>` + shown.map((_, c) => {
      const share = sum ? confusion[r]![c]! / sum : 0;
      const [cx, cy] = [from + c * cell, over + r * cell];
      return `<rect class="cell" x="${at(cx)}" y="${at(cy)}" width="${at(cell)}" height="${at(cell)}" fill="var(--accent)" fill-opacity="${(0.08 + 0.5 * share).toFixed(2)}"/>`
        + (cell > 24 ? `<text x="${at(cx + cell / 2)}" y="${at(cy + cell / 2 + 4)}" text-anchor="middle">${confusion[r]![c]}</text>` : "");
    }).join("");
  }).join("") + shown.map((label, c) => `<text x="${at(from + (c + 0.5) * cell)}" y="${over - 8}" text-anchor="middle">${escape(short(label))}</text>`).join("");
  const size = over + shown.length * cell + 10;
  return figure("Confusion", `rows of each class (down) and what they were taken for (across)${classes.length > shown.length ? `, the first ${shown.length} classes` : ""}`, body, [width, Math.max(size, 120)]);
}

/** The columns that say most. */
export function topFigure({ top: columns }: Summary): string {
  const shown = columns.slice(0, 12).filter(({ importance }) => importance > 0);
  const [most] = shown;
  if (!most) return "";
  const row = 24;
  const short = (name: string) => (name.length > 22 ? `${name.slice(0, 21)}…` : name);
  const body = shown.map(({ name, importance }, i) =>
    `<text x="150" y="${i * row + 17}" text-anchor="end">${escape(short(name))}</text><rect class="bar" x="158" y="${i * row + 6}" width="${at((importance / most.importance) * 140)}" height="14"/><text class="soft" x="${at(162 + (importance / most.importance) * 140)}" y="${i * row + 17}">${importance.toPrecision(2)}</text>`).join("");
  return figure("Columns", "those that say most, by the mean size of what they add to a row's logit", body, [width, shown.length * row + 8]);
}

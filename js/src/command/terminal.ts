// Text for a terminal: what comes from data cannot steer it, and columns stand below each other in any script.

const control = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const letters: { [character: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text on one line, its control characters written out. */
export function plain(text: string): string {
  return text.replace(control, (character) => letters[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });
const narrow = /^[\uff61-\uffdc\uffe8-\uffee]/;
const wide = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

function cellsOf(cluster: string): number {
  return wide.test(cluster) && !narrow.test(cluster) ? 2 : /^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(cluster) ? 0 : 1;
}

/** How many cells of a terminal a text takes. */
export function cellWidth(text: string): number {
  let cells = 0;
  for (const { segment } of clusters.segment(text)) cells += cellsOf(segment);
  return cells;
}

/** A text cut to `most` cells. */
export function cut(text: string, most: number): string {
  const line = plain(text);
  if (cellWidth(line) <= most) return line;
  let [kept, cells] = ["", 1];
  for (const { segment } of clusters.segment(line)) {
    cells += cellsOf(segment);
    if (cells > most) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Lines of columns below each other, two spaces apart; of each column `<` or `>` says to which side its cells go. */
export function aligned(rows: readonly (readonly string[])[], sides: string, indent = ""): string[] {
  const widths = [...sides].map((_, column) => Math.max(0, ...rows.map((row) => cellWidth(row[column] ?? ""))));
  return rows.map((row) => indent + row.map((cell, column) => {
    const space = " ".repeat(widths[column]! - cellWidth(cell));
    return sides[column] === ">" ? space + cell : cell + space;
  }).join("  ").trimEnd());
}

/** A bar that is `fraction` full. */
export function bar(fraction: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * cells);
  return "█".repeat(full) + "░".repeat(cells - full);
}

/** Milliseconds between two changes of the line: a terminal may be slower than the work. */
const between = 50;

/** A line that shows how far the work is, and goes when it is done; none where `stream` is no terminal. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #shown: boolean;
  #last = "";
  #next = 0;

  constructor(stream: NodeJS.WriteStream, wanted: boolean) {
    this.#stream = stream;
    this.#shown = wanted && stream.isTTY;
  }

  say(what: string, fraction?: number): void {
    if (!this.#shown || performance.now() < this.#next) return;
    this.#next = performance.now() + between;
    const line = fraction === undefined ? what : `${bar(fraction, 24)} ${String(Math.floor(fraction * 100)).padStart(3)} %  ${what}`;
    if (line === this.#last) return;
    this.#last = line;
    this.#stream.write(`\r\x1b[K${cut(line, (this.#stream.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.#last !== "") this.#stream.write("\r\x1b[K");
    this.#last = "";
    this.#next = 0;
  }
}

// One column of a table while it is read: numbers as long as it holds nothing else, otherwise texts, each kept once; and
// what kind of column it is when all of it is there.
import { FocalfitError } from "../input/errors.js";
import { showList } from "../input/labels.js";
import { describe } from "../input/matrix.js";
import { cellsOf, textOf, timeOf, yearLength, type RecipeColumn } from "../model/recipe.js";
import type { InSlices } from "../input/slices.js";

export type Kind = RecipeColumn["kind"];

/** What decides how a column is taken. */
export interface ColumnRules {
  blanks: ReadonlySet<string>;
  /** Whether a number may be one of the blanks. */
  numericBlanks: boolean;
  /** The most categories of a column, and the fewest rows of one. */
  maxCategories: number;
  minCategoryRows: number;
}

/** A number as people write it. With a zero in front it is a code, as of a place or an article. */
export function isNumber(text: string): boolean {
  return text !== "" && Number.isFinite(+text) && !/^[+-]?0[\dbox]/i.test(text);
}

function isDate(text: string): boolean {
  return /^\d{4}[-/]\d\d?[-/]\d\d?([T ]([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?( ?(Z|[+-]\d\d:?\d\d))?$/.test(text) && !Number.isNaN(timeOf(text));
}

/** Whether a number is perhaps written otherwise than JavaScript writes it; without a regular expression, for each cell is asked. */
function isUnusual(text: string): boolean {
  const first = text[text[0] === "-" ? 1 : 0];
  const last = text[text.length - 1];
  return text.length > 15 || first === "+" || first === "." || text[0] === "+" || last === "." || (last === "0" && (text.includes(".") || text === "-0")) || text.includes("e") || text.includes("E");
}

/** Beyond so many different ones a column is surely of numbers. */
const mostWritten = 4096;

/** Whether a value can be in a table, or missing from it: a number, text, boolean or date. */
export function isCell(value: unknown): boolean {
  return !(typeof value === "function" || typeof value === "symbol" || (typeof value === "object" && value !== null && !(value instanceof Date)));
}

/** From this share of the rows on, what a column mostly holds is what it is meant to hold. */
const mostly = 0.9;

/** A column that grows row by row. */
export class Column {
  readonly name: string;
  readonly wanted: Kind | undefined;
  readonly #rules: ColumnRules;
  readonly #sourceRow: (row: number) => number;
  /** How many rows it has, and how many of them have no value. */
  size = 0;
  gaps = 0;
  /** One of the two: numbers, NaN for a gap, or the index of each row's text, −1 for a gap. */
  #numbers: Float64Array | undefined;
  #codes: Int32Array | undefined;
  #texts: string[] = [];
  #places = new Map<string, number>();
  /** Of numbers that are written in a way of their own, such as 1.10: which text, from 1, as long as there are few. */
  #written: Int32Array | undefined;

  /** `sourceRow` says which row of the source one of the column is, for errors. */
  constructor(name: string, wanted: Kind | undefined, rules: ColumnRules, sourceRow: (row: number) => number) {
    this.name = name;
    this.#sourceRow = sourceRow;
    this.wanted = wanted;
    this.#rules = rules;
    if (wanted === undefined || wanted === "number") this.#numbers = new Float64Array(1024);
    else this.#codes = new Int32Array(1024);
  }

  add(value: unknown): void {
    if (typeof value === "number" && this.#numbers && Number.isFinite(value) && !this.#rules.numericBlanks) return this.#addNumber(value);
    if (!isCell(value)) {
      throw this.#wrong(this.size, `is ${describe(value)}: give numbers, texts, booleans or dates, or ignore the column`);
    }
    const text = textOf(value);
    const gap = this.#rules.blanks.has(text);
    if (gap) this.gaps++;
    if (this.#numbers) {
      if (gap) return this.#addNumber(NaN);
      if (this.wanted ? Number.isFinite(+text) : isNumber(text)) {
        if (!this.wanted && this.#texts.length <= mostWritten && isUnusual(text)) this.#keepWritten(text);
        return this.#addNumber(+text);
      }
      if (this.wanted) throw this.#wrong(this.size, `is ${describe(text)}, not a number: correct it, or add it to blanks if it means that there is no value`);
      this.#turnToTexts();
    }
    this.#addCode(gap ? -1 : this.#codeOf(text));
  }

  #wrong(row: number, what: string): FocalfitError {
    const at = this.#sourceRow(row);
    return new FocalfitError("BAD_INPUT", `Row ${at}, column "${this.name}" ${what}.`, { row: at, column: this.name });
  }

  #addNumber(value: number): void {
    const numbers = this.#numbers!;
    if (this.size === numbers.length) (this.#numbers = new Float64Array(2 * this.size)).set(numbers);
    this.#numbers![this.size++] = value;
  }

  #addCode(code: number): void {
    const codes = this.#codes!;
    if (this.size === codes.length) (this.#codes = new Int32Array(2 * this.size)).set(codes);
    this.#codes![this.size++] = code;
  }

  #codeOf(text: string): number {
    let code = this.#places.get(text);
    if (code === undefined) this.#places.set(text, (code = this.#texts.push(text) - 1));
    return code;
  }

  /** Remembers how a number is written, for the case that the column is none of numbers. */
  #keepWritten(text: string): void {
    if (!this.#written || this.size >= this.#written.length) {
      const longer = new Int32Array(2 * Math.max(512, this.size));
      longer.set(this.#written ?? []);
      this.#written = longer;
    }
    this.#written[this.size] = this.#codeOf(text) + 1;
  }

  #turnToTexts(): void {
    const numbers = this.#numbers!;
    const written = this.#written ?? [];
    this.#numbers = undefined;
    this.#written = undefined;
    this.#codes = Int32Array.from(numbers, (value, row) => {
      const own = written[row] ?? 0;
      return row >= this.size || value !== value ? -1 : own > 0 ? own - 1 : this.#codeOf(String(value));
    });
  }

  /** How the column is to be taken, or null with the reason why it is not. */
  async recipe(inSlices: InSlices): Promise<{ recipe: RecipeColumn | null; note?: string }> {
    const { name, size, gaps } = this;
    if (gaps === size) return { recipe: null, note: `Column "${name}" is left out: it has no value in any row.` };
    const missing = gaps > 0 ? { missing: true as const } : {};
    if (this.#numbers) {
      let [least, most] = [Infinity, -Infinity];
      for (let row = 0; row < size; row++) {
        least = Math.min(least, this.#numbers[row]! || 0);
        most = Math.max(most, this.#numbers[row]! || 0);
      }
      if (least === most && gaps === 0) return { recipe: null, note: `Column "${name}" is left out: it is ${least} in every row.` };
      return { recipe: { name, kind: "number", ...missing } };
    }
    const counts = new Int32Array(this.#texts.length);
    for (let row = 0; row < size; row++) if (this.#codes![row]! >= 0) counts[this.#codes![row]!]!++;
    if (this.wanted !== "category") {
      if (await this.#holds(isDate, counts, "date", inSlices)) return { recipe: { name, kind: "date", periods: await this.#periods(inSlices), ...missing } };
      if (!this.wanted) {
        await this.#refuseCommas(counts, inSlices);
        await this.#holds(isNumber, counts, "number", inSlices);
      }
    }
    return this.#categories(counts, missing);
  }

  /** Whether all texts pass; if only nearly all do, those that do not are mistakes. */
  async #holds(test: (text: string) => boolean, counts: Int32Array, kind: Kind, inSlices: InSlices): Promise<boolean> {
    const wrong = new Set<number>();
    const rows = this.size - this.gaps;
    let right = 0;
    let others = 0;
    await inSlices(this.#texts.length, 1024, (from, to) => {
      // Where many are wrong already, the rest does not matter.
      for (let code = from; code < to && (others <= (1 - mostly) * rows || this.wanted === kind); code++) {
        if (test(this.#texts[code]!)) right += counts[code]!;
        else if (counts[code]! > 0) {
          others += counts[code]!;
          wrong.add(code);
        }
      }
    });
    if (wrong.size === 0) return true;
    if (right < mostly * rows && this.wanted !== kind) return false;
    const row = this.#codes!.findIndex((code) => wrong.has(code));
    throw this.#wrong(row, `is ${describe(this.#texts[this.#codes![row]!])}, where ${right} of ${rows} rows have a ${kind}${kind === "date" ? " written as 2024-12-31 or 2024-12-31 23:59" : ""}: correct it, add it to blanks if it means that there is no value, or set kinds: { ${JSON.stringify(this.name)}: "category" }`);
  }

  /** Numbers with a comma, for a point or between thousands, would be taken for texts. */
  async #refuseCommas(counts: Int32Array, inSlices: InSlices): Promise<void> {
    const rows = this.size - this.gaps;
    let comma = -1;
    let numbers = 0;
    await inSlices(this.#texts.length, 1024, (from, to) => {
      for (let code = from; code < to; code++) {
        const text = this.#texts[code]!;
        if (comma < 0 && /^[+-]?\d[\d,]*,\d+(\.\d+)?$|^[+-]?,\d+$/.test(text)) comma = code;
        if (isNumber(text.replaceAll(",", ""))) numbers += counts[code]!;
      }
    });
    if (comma < 0 || numbers < mostly * rows) return;
    throw this.#wrong(this.#codes!.indexOf(comma), `is ${describe(this.#texts[comma])}: write numbers as 1234.5, set decimal: "," if it is a comma that CSV has before the fraction, or kinds: { ${JSON.stringify(this.name)}: "category" }`);
  }

  /** The year, and the times of it, of the week and of the day as far as the dates go round in them. */
  async #periods(inSlices: InSlices): Promise<number[]> {
    let [first, last, whole] = [Infinity, -Infinity, true];
    const [week, day] = [6048e5, 864e5];
    await inSlices(this.#texts.length, 1024, (from, to) => {
      for (let code = from; code < to; code++) {
        const time = timeOf(this.#texts[code]!);
        [first, last, whole] = [Math.min(first, time), Math.max(last, time), whole && time % day === 0];
      }
    });
    return [0, ...[yearLength, week].filter((period) => last - first >= period), ...(whole ? [] : [day])];
  }

  #categories(counts: Int32Array, missing: { missing?: true }): { recipe: RecipeColumn | null; note?: string } {
    const { maxCategories, minCategoryRows } = this.#rules;
    const { name, size, gaps } = this;
    const kept = this.#texts.map((_, code) => code).filter((code) => counts[code]! >= minCategoryRows).sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, maxCategories);
    const rest = size - gaps - kept.reduce((sum, code) => sum + counts[code]!, 0);
    const distinct = counts.length;
    if (kept.length === 0 || (this.wanted === undefined && rest > (size - gaps) / 2)) {
      return { recipe: null, note: `Column "${name}" is left out: its ${distinct} different texts, such as ${showList(this.#texts.slice(0, 2).map(describe))}, tell rows apart one by one. Dates are known when written as 2024-12-31; for free text there is focalfit/text.` };
    }
    if (distinct === 1 && gaps === 0) return { recipe: null, note: `Column "${name}" is left out: it is ${describe(this.#texts[0])} in every row.` };
    const categories: (string | null)[] = kept.map((code) => this.#texts[code]!).sort();
    if (rest === 0) return { recipe: { name, kind: "category", categories, ...missing } };
    return {
      recipe: { name, kind: "category", categories: [...categories, null], ...missing },
      note: `Column "${name}": ${rest} rows have one of ${distinct - kept.length} rarer texts, which share one column.`,
    };
  }

  /** Writes what the recipe makes of each row, `width` numbers a row, at `at`. */
  async write(recipe: RecipeColumn, data: Float64Array, width: number, at: number, inSlices: InSlices): Promise<void> {
    if (this.#numbers) {
      const numbers = this.#numbers;
      return inSlices(this.size, 8192, (from, to) => {
        for (let row = from; row < to; row++) {
          data[row * width + at] = numbers[row]!;
          if (recipe.missing) data[row * width + at + 1] = Number.isNaN(numbers[row]) ? 1 : 0;
        }
      });
    }
    const never = (message: string): never => {
      throw new FocalfitError("BAD_INPUT", message);
    };
    const none = cellsOf(recipe, "", [""], never);
    const cells: number[][] = [];
    await inSlices(this.#texts.length, 512, (from, to) => {
      for (let code = from; code < to; code++) cells.push(cellsOf(recipe, this.#texts[code], [], never));
    });
    await inSlices(this.size, 4096, (from, to) => {
      for (let row = from; row < to; row++) data.set(cells[this.#codes![row]!] ?? none, row * width + at);
    });
  }
}

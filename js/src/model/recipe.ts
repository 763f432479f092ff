// From a raw row, an object of values by column, to the numbers that a model takes: what focalfit/table learnt of a table,
// at work. Prediction stands on it, focalfit/predict included, so nothing is imported.

/** One column of a table, and the columns that are made of it. */
export interface RecipeColumn {
  readonly name: string;
  /** `"number"`: itself. `"category"`: one for each of `categories`. `"date"`: one or two for each of `periods`. */
  readonly kind: "number" | "category" | "date";
  /** 1 where the value is that text and otherwise 0; null, the last, stands for all texts that are not there. */
  readonly categories?: readonly (string | null)[];
  /** Milliseconds p: the sine and the cosine of 2π·t/p, t from 1970 on. 0 stands for the year, its part that has passed included. */
  readonly periods?: readonly number[];
  /** With one more column at the end, 1 where the value is missing: it was in some training rows. */
  readonly missing?: true;
}

/** How raw rows become numbers: stored with the model. */
export interface TableRecipe {
  readonly columns: readonly RecipeColumn[];
  /** Columns that a row may have and that are not used. */
  readonly ignored: readonly string[];
  /** Texts that stand for no value. */
  readonly blanks: readonly string[];
  /** What fills a missing number, unless the classifier says otherwise. */
  readonly impute: "mean" | "median";
}

/** A row: its values by column. */
export type TableRow = { readonly [column: string]: unknown };

/** Called for a column that a row does not have or the recipe does not know, and for a value not of its kind; throws. */
export type Fail = (message: string, column: string) => never;

/** Of a year, on average over the Gregorian calendar's 400, in milliseconds. */
export const yearLength = 31556952e3;

/** The numbers of a row, NaN where one is missing. */
export function rowCells({ columns, ignored, blanks }: TableRecipe, row: TableRow, fail: Fail): number[] {
  const rest = new Set(Object.keys(row));
  ignored.forEach((name) => rest.delete(name));
  const cells = columns.flatMap((column) => (rest.delete(column.name), cellsOf(column, row[column.name], blanks, fail)));
  rest.forEach((name) => fail(`new column "${name}"`, name));
  return cells;
}

/** The numbers of one value of a column. */
export function cellsOf({ name, kind, categories, periods, missing }: RecipeColumn, value: unknown, blanks: readonly string[], fail: Fail): number[] {
  if (value === undefined ? !missing : Object(value) === value && !(value as Date).toJSON) fail(`no value for column "${name}"`, name);
  const text = textOf(value);
  const gap = blanks.includes(text);
  const number = gap ? NaN : periods ? timeOf(text) : +text;
  if (!(gap || categories || Number.isFinite(number))) fail(`column "${name}" is "${text}", not a ${kind}`, name);
  const cells = categories ? categories.map((category) => +(category === null ? !gap && !categories.includes(text) : category === text))
    : periods ? periods.flatMap((period) => (period ? [Math.sin, Math.cos].map((wave) => wave((number * 2 * Math.PI) / period)) : 1970 + number / yearLength))
    : [number];
  if (missing) cells.push(+gap);
  return cells;
}

/** The names of the columns that are made. */
export function columnNames({ columns }: Pick<TableRecipe, "columns">): string[] {
  return columns.flatMap(({ name, categories, periods, missing }) => [
    ...(categories ? categories.map((category) => `${name} = ${category ?? "(other)"}`)
      : periods ? periods.flatMap((period) => (period ? [`${name}: ${periodName(period)}, sine`, `${name}: ${periodName(period)}, cosine`] : `${name}: year`))
      : [name]),
    ...(missing ? [`${name} missing`] : []),
  ]);
}

function periodName(period: number): string {
  return period === yearLength ? "time of year" : period === 6048e5 ? "time of week" : period === 864e5 ? "time of day" : `time of ${period} ms`;
}

/** A value as text, "" for none; a Date's is of UTC. */
export function textOf(value: unknown): string {
  return String((value as Date | undefined)?.toJSON?.() ?? value ?? "").trim();
}

/** The milliseconds from 1970 to the minute of a date as it is written, whatever the zone behind it; NaN for what is no date. */
export function timeOf(text: string): number {
  const parts = text.split(/\D+/, 5) as unknown as [number, number, number];
  parts[1]--; // months count from 0
  const time = Date.UTC(...parts);
  const date = new Date(time);
  // A month of 13, a day of 31 or an hour of 24 runs over into another day; a year of two digits is not taken for one of four.
  return date.getUTCFullYear() === +parts[0] && date.getUTCDate() === +parts[2] ? time : NaN;
}

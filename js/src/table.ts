// The entry point focalfit/table: CSV and arrays of objects, with numbers, categories and dates as they come, to a matrix.
import type { CSVFormat, CSVSource } from "./table/csv.js";
import { aborted, badOption, FocalfitError } from "./input/errors.js";
import { showList } from "./input/labels.js";
import { describe, type TableMatrix } from "./input/matrix.js";
import { checkOptions, choice, number } from "./training/options.js";
import { columnNames, type TableRecipe, type TableRow } from "./model/recipe.js";
import { checkRecipe } from "./model/recipe-check.js";
import { slices, type InSlices } from "./input/slices.js";
import { isNumber } from "./table/column.js";
import { encodedRows, learntRows, type Rows, type RowSettings } from "./table/rows.js";

export type { CSVFormat, CSVSource } from "./table/csv.js";
export type { TableMatrix } from "./input/matrix.js";
export type { RecipeColumn, TableRecipe, TableRow } from "./model/recipe.js";

/** Options of {@link readTable}. */
export interface TableOptions extends CSVFormat {
  /** The column of the labels, for `y`. Default: none, and every column is one of `X`. */
  label?: string | undefined;
  /** What to do with a row that has no label: `"error"` or, with a note that says how many, `"drop"`. Default `"error"`. */
  unlabelled?: "error" | "drop" | undefined;
  /**
   * That of a model, `classifier.table`, to read further rows as those it was fitted to: with a column that is missing or new,
   * `BAD_INPUT`. Default: one is made of these rows.
   */
  recipe?: TableRecipe | undefined;
  /** Columns to leave out. Default: none. */
  ignore?: readonly string[] | undefined;
  /** What columns are, where it is not as found: `"number"`, `"category"` or `"date"`. */
  kinds?: { readonly [column: string]: "number" | "category" | "date" } | undefined;
  /** Texts that mean that there is no value. Default: the empty one, NA, N/A, #N/A, NaN, nan, NULL, null, None, none, `?` and `-`. */
  blanks?: readonly string[] | undefined;
  /** The most categories that a column keeps; the rarer ones share one column. A whole number ≥ 1. Default 30. */
  maxCategories?: number | undefined;
  /** The fewest rows that a category needs for a column of its own. A whole number ≥ 1. Default 5. */
  minCategoryRows?: number | undefined;
  /** What fills missing numbers in a fit, always made of the rows it is fitted to: `"mean"` or `"median"`. Default `"mean"`. */
  impute?: "mean" | "median" | undefined;
  /** Aborting it ends the reading, which rejects with `ABORTED`. */
  signal?: AbortSignal | undefined;
  /** Called now and then; `characters` of CSV, 0 for objects. */
  onProgress?: ((progress: { rows: number; characters: number }) => void) | undefined;
}

/** A table as a classifier takes it. */
export interface Table {
  /** For `fit`, `predict` and all that takes rows; the model keeps its recipe. */
  X: TableMatrix;
  /** The labels: of CSV numbers if all are, otherwise texts; of objects as they are. Undefined without `label`. */
  y: (number | string | boolean)[] | undefined;
  /** How many rows. */
  rows: number;
  /** The names of the columns of `X`, such as `"age"`, `"city = Paris"`, `"age missing"`, `"day: year"`. */
  columns: string[];
  /** How raw rows become `X`. */
  recipe: TableRecipe;
  /** What was decided, each a sentence. They are in the fit's `report.warnings` too. */
  notes: string[];
}

const blankTexts = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None", "none", "?", "-"];

/**
 * Reads a table: CSV with a header, as text, File, Blob or stream, or an array of objects. Each column's kind is found: a
 * number stays one; a text becomes a column for each of its categories (a number with a leading zero is a text); a date,
 * written as 2024-12-31 or 2024-12-31 23:59, becomes its year and where it is in the year, the week and the day, as sine and
 * cosine, to the minute and as it is written, whatever the zone behind it (a Date is taken in UTC). A missing value is NaN, filled in the fit, and where there are some a further column marks them. Columns that say
 * nothing are left out. `notes` says what was decided.
 *
 * Runs in slices, between which the page stays responsive.
 *
 * Rejects with `BAD_INPUT`, naming row and column, for what is no table, a value that does not fit its column, a row of
 * another length, an unclosed quotation mark; `BAD_OPTION`; `ABORTED`; `OUT_OF_MEMORY`.
 *
 * @example
 * ```js
 * import { FocalClassifier } from "focalfit";
 * import { readTable } from "focalfit/table";
 * const machines = Array.from({ length: 400 }, (_, i) => ({ age: i % 6 ? i % 40 : null, place: ["north", "south"][i % 2], failed: i % 40 > 37 }));
 * const { X, y, columns } = await readTable(machines, { label: "failed" });
 * console.log(columns.join(" | "));   // age | age missing | place = north | place = south
 * const classifier = new FocalClassifier({ classWeight: "balanced" });
 * await classifier.fit(X, y);
 * console.log(await classifier.predict([{ age: 39, place: "south" }, { age: 5, place: "north" }]));   // [ true, false ]
 * ```
 */
export async function readTable(source: CSVSource | readonly TableRow[], options: TableOptions = {}): Promise<Table> {
  const settings = checked(options);
  const { signal, onProgress } = settings;
  const check = () => {
    if (signal?.aborted) throw aborted(signal, undefined, "The reading was aborted.");
  };
  check();
  const inSlices = slices(check);
  const rows = settings.recipe ? encodedRows(settings.recipe, settings) : learntRows(settings);
  const tell = (characters: number) => onProgress?.({ rows: rows.count(), characters });
  const read = Array.isArray(source) ? await addObjects(source as readonly unknown[], rows, inSlices, tell) : await addCSV(source as CSVSource, settings, rows, inSlices, tell);
  if (rows.count() === 0) throw new FocalfitError("BAD_INPUT", `The table has no rows${settings.drop ? ` with a label in column "${settings.label}"` : ""}: give a header and at least one row below it.`);
  const { X, notes } = await rows.finish(inSlices, read);
  return { X, y: settings.label === undefined ? undefined : rows.labels(Array.isArray(source)), rows: X.rows, columns: columnNames(X.table), recipe: X.table, notes };
}

interface Settings extends RowSettings {
  recipe: TableRecipe | undefined;
  format: CSVFormat;
  signal: AbortSignal | undefined;
  onProgress: TableOptions["onProgress"];
}

function checked(given: TableOptions): Settings {
  const options: unknown = given;
  checkOptions(options, ["label", "unlabelled", "recipe", "ignore", "kinds", "blanks", "maxCategories", "minCategoryRows", "impute", "delimiter", "encoding", "decimal", "signal", "onProgress"]);
  const texts = (name: "ignore" | "blanks", fallback: readonly string[]) => {
    const list = given[name] ?? fallback;
    if (!Array.isArray(list) || !list.every((text) => typeof text === "string")) throw badOption(name, `${name} is ${describe(list)}: it must be an array of strings.`);
    return list as readonly string[];
  };
  const text = (name: "label" | "delimiter" | "encoding") => {
    const value = given[name];
    if (value !== undefined && (typeof value !== "string" || value === "")) throw badOption(name, `${name} is ${describe(value)}: it must be a string.`);
    return value;
  };
  const whole = (name: string, fallback: number) => number(options, name, fallback, (value) => Number.isInteger(value) && value >= 1, "must be a whole number ≥ 1");
  const { recipe, kinds = {}, signal, onProgress } = given;
  const delimiter = text("delimiter");
  if (delimiter && /["\r\n]/.test(delimiter)) throw badOption("delimiter", "delimiter holds a quotation mark or a line end, which have a meaning of their own: give another.");
  const label = text("label");
  if (recipe !== undefined) {
    checkRecipe(recipe, (what) => badOption("recipe", `${what}: give the recipe of a table, or a classifier's table.`));
    const stray = ["ignore", "kinds", "blanks", "maxCategories", "minCategoryRows", "impute"].find((name) => options[name] !== undefined);
    if (stray) throw badOption(stray, `${stray} is settled by the recipe: leave one of them out.`);
  }
  if (typeof kinds !== "object" || kinds === null || ![Object.prototype, null].includes(Object.getPrototypeOf(kinds) as object | null)) throw badOption("kinds", `kinds is ${describe(kinds)}: it must be an object of kinds by column.`);
  for (const [column, kind] of Object.entries(kinds)) {
    if (!["number", "category", "date"].includes(kind)) throw badOption("kinds", `kinds says that ${JSON.stringify(column)} is ${describe(kind)}: it must be "number", "category" or "date".`);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") throw badOption("onProgress", `onProgress is ${describe(onProgress)}: it must be a function.`);
  if (signal !== undefined && typeof signal?.addEventListener !== "function") throw badOption("signal", `signal is ${describe(signal)}: it must be an AbortSignal.`);
  const blanks = new Set(recipe?.blanks ?? ["", "NaN", ...texts("blanks", blankTexts)]);
  return {
    label, recipe, signal, onProgress,
    drop: choice(options, "unlabelled", ["error", "drop"]) === "drop",
    ignore: texts("ignore", []),
    kinds: new Map(Object.entries(kinds)),
    blanks,
    numericBlanks: [...blanks].some(isNumber),
    maxCategories: whole("maxCategories", 30),
    minCategoryRows: whole("minCategoryRows", 5),
    impute: choice(options, "impute", ["mean", "median"]) ?? "mean",
    format: { delimiter, encoding: text("encoding"), decimal: choice(options, "decimal", [".", ","]) },
  };
}

async function addObjects(source: readonly unknown[], rows: Rows, inSlices: InSlices, tell: (characters: number) => void): Promise<string[]> {
  await inSlices(source.length, 256, (from, to) => {
    for (let row = from; row < to; row++) {
      const value = source[row];
      if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || value instanceof Date) {
        throw new FocalfitError("BAD_INPUT", `Row ${row} is ${describe(value)}: give an object of values by column. Rows of numbers need no table.`, { row });
      }
      rows.addObject(value as TableRow);
    }
    tell(0);
  });
  return [];
}

async function addCSV(source: CSVSource, { format, signal }: Settings, rows: Rows, inSlices: InSlices, tell: (characters: number) => void): Promise<string[]> {
  if (typeof source !== "string" && (typeof source !== "object" || source === null || !("stream" in source || "getReader" in source || Symbol.asyncIterator in source))) {
    throw new FocalfitError("BAD_INPUT", `The table is ${describe(source)}: give CSV as text, File or stream, or an array of objects.`);
  }
  const { readCSV } = await import("./table/csv.js");
  let header: string[] | undefined;
  let [record, empty, blanks] = [-1, 0, 0];
  const use = (fields: string[]) => {
    if (fields[0]!.trim() === "" && fields.every((field) => field.trim() === "")) {
      blanks++;
      return;
    }
    // What is blank at the end is no row; elsewhere, a row without any value, which of a single column is a missing one.
    if (header?.length === 1) for (; blanks > 0; blanks--) addRow([""]);
    if (header) empty += blanks;
    blanks = 0;
    if (!header) {
      header = fields.map((name, column) => name.trim() || `column ${column + 1}`);
      const seen = new Set<string>();
      const twice = header.find((name) => seen.size === seen.add(name).size);
      if (twice !== undefined) throw new FocalfitError("BAD_INPUT", `The header has "${twice}" twice: give each column a name of its own.`, { column: twice });
      if (header.every(isNumber)) throw new FocalfitError("BAD_INPUT", `The first row, ${showList(header)}, is all numbers: give the columns names in a header above it.`);
      rows.header(header);
      return;
    }
    addRow(fields);
  };
  const addRow = (fields: string[]) => {
    record++;
    if (!header) return;
    if (fields.length !== header.length) {
      throw new FocalfitError("BAD_INPUT", `Row ${record} has ${fields.length} fields, the header ${header.length}: give every row as many, and put quotation marks around a field that holds the delimiter.`, { row: record });
    }
    rows.addFields(fields);
  };
  await readCSV(source, format, signal, use, async (characters) => {
    tell(characters);
    await inSlices(1, 1, () => {});
  });
  return empty > 0 ? [`${empty} row${empty > 1 ? "s" : ""} without any value ${empty > 1 ? "were" : "was"} left out.`] : [];
}

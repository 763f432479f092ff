// The rows of a table on their way to a matrix: with columns that are found out, or by the recipe of a model.
import { Column, isNumber, type ColumnRules, type Kind } from "./table-column.js";
import { badOption, FocalfitError } from "./errors.js";
import { showList } from "./labels.js";
import { describe, type TableMatrix } from "./matrix.js";
import { columnNames, rowEncoder, textOf, type RecipeColumn, type TableRecipe, type TableRow } from "./recipe.js";
import type { InSlices } from "./slices.js";

/** What is settled before the first row. */
export interface RowSettings extends ColumnRules {
  label: string | undefined;
  /** Whether rows without a label are left out instead of being an error. */
  drop: boolean;
  ignore: readonly string[];
  kinds: ReadonlyMap<string, Kind>;
  impute: "mean" | "median";
}

/** Rows on their way to a matrix. */
export interface Rows {
  count(): number;
  /** Says what the fields of the rows to come are. */
  header(names: readonly string[]): void;
  addFields(fields: readonly string[]): void;
  addObject(row: TableRow): void;
  labels(typed: boolean): (number | string | boolean)[];
  /** The matrix, with the notes of the reading before its own. */
  finish(inSlices: InSlices, read: string[]): Promise<{ X: TableMatrix; notes: string[] }>;
}

/** The labels, and whether a row is to be taken. */
function labelled({ label, drop, blanks }: RowSettings) {
  const values: unknown[] = [];
  const dropped: number[] = [];
  return {
    /** Where a row that was taken is in the source. */
    sourceRow: (row: number) => dropped.reduce((at, gone) => at + Number(gone <= at), row),
    /** Keeps the label of a row, and says whether the row is to be taken. */
    take(value: unknown): boolean {
      if (label === undefined) return true;
      if (!blanks.has(textOf(value))) return values.push(value) > 0;
      const at = values.length + dropped.length;
      if (!drop) throw new FocalfitError("BAD_INPUT", `Row ${at} has no label in column "${label}": leave the row out, or set unlabelled: "drop".`, { row: at, column: label });
      dropped.push(at);
      return false;
    },
    known(names: readonly string[]): void {
      if (label !== undefined && !names.includes(label)) throw badOption("label", `label is ${describe(label)}, but the columns are ${showList(names.map((name) => `"${name}"`))}.`);
    },
    list(typed: boolean): (number | string | boolean)[] {
      if (typed) return values as (number | string | boolean)[];
      const texts = values.map(textOf);
      return texts.every(isNumber) ? texts.map(Number) : texts;
    },
    notes: () => (dropped.length > 0 ? [`${dropped.length} row${dropped.length > 1 ? "s" : ""} without a label ${dropped.length > 1 ? "were" : "was"} left out.`] : []),
  };
}

/** Rows whose columns are found out. */
export function learntRows(settings: RowSettings): Rows {
  const { label, ignore, kinds, impute, blanks } = settings;
  const labels = labelled(settings);
  const columns = new Map<string, Column>();
  const seen = new Set<string>();
  let fieldColumns: (Column | undefined)[] = [];
  let labelField = -1;
  let count = 0;
  const open = (name: string) => {
    seen.add(name);
    if (name === label || ignore.includes(name)) return undefined;
    const column = new Column(name, kinds.get(name), settings, labels.sourceRow);
    for (let row = 0; row < count; row++) column.add(null);
    columns.set(name, column);
    return column;
  };
  return {
    count: () => count,
    header(names) {
      labels.known(names);
      fieldColumns = names.map(open);
      labelField = label === undefined ? -1 : names.indexOf(label);
    },
    addFields(fields) {
      if (!labels.take(fields[labelField])) return;
      for (let at = 0; at < fields.length; at++) fieldColumns[at]?.add(fields[at]);
      count++;
    },
    addObject(row) {
      for (const name in row) if (!seen.has(name)) open(name);
      if (!labels.take(label === undefined ? undefined : row[label])) return;
      for (const [name, column] of columns) column.add(row[name]);
      count++;
    },
    labels: labels.list,
    async finish(inSlices, read) {
      labels.known([...seen]);
      for (const [option, names] of [["ignore", ignore], ["kinds", [...kinds.keys()]]] as const) {
        const unknown = names.find((name) => !seen.has(name));
        if (unknown !== undefined) throw badOption(option, `${option} names "${unknown}", but the columns are ${showList([...seen].map((name) => `"${name}"`))}.`);
      }
      const notes = [...read, ...labels.notes()];
      const kept: { column: Column; recipe: RecipeColumn }[] = [];
      const all = [...columns.values()];
      await inSlices(all.length, 1, (at) => {
        const column = all[at]!;
        const { recipe, note } = column.recipe();
        if (note) notes.push(note);
        if (recipe) kept.push({ column, recipe });
      });
      if (kept.length === 0) throw new FocalfitError("BAD_INPUT", `No column is left to learn from${notes.length > 0 ? `: ${notes.join(" ")}` : ": give columns besides the label."}`);
      const table: TableRecipe = { columns: kept.map(({ recipe }) => recipe), ignored: [...seen].filter((name) => !kept.some(({ recipe }) => recipe.name === name)), blanks: [...blanks], impute };
      const width = columnNames(table).length;
      const data = allocate(count * width);
      let at = 0;
      for (const { column, recipe } of kept) {
        await inSlices(count, 4096, column.writer(recipe, data, width, at));
        at += columnNames({ columns: [recipe] }).length;
      }
      return { X: { data, rows: count, columns: width, table, notes }, notes };
    },
  };
}

/** Rows by the recipe of a model. */
export function encodedRows(recipe: TableRecipe, settings: RowSettings): Rows {
  const labels = labelled(settings);
  const label = settings.label === undefined ? [] : [settings.label];
  const encode = rowEncoder({ ...recipe, ignored: [...recipe.ignored, ...label] });
  const width = columnNames(recipe).length;
  let names: readonly string[] = [];
  let data = allocate(1024 * width);
  let count = 0;
  return {
    count: () => count,
    header(all) {
      labels.known(all);
      names = all;
    },
    addFields(fields) {
      const row: Record<string, unknown> = Object.create(null);
      fields.forEach((field, at) => (row[names[at]!] = field));
      this.addObject(row);
    },
    addObject(row) {
      if (!labels.take(settings.label === undefined ? undefined : row[settings.label])) return;
      const cells = encode(row, (message, column) => {
        const at = labels.sourceRow(count);
        throw new FocalfitError("BAD_INPUT", `Row ${at}: ${message}.`, { row: at, column });
      });
      if ((count + 1) * width > data.length) {
        const longer = allocate(2 * data.length);
        longer.set(data);
        data = longer;
      }
      data.set(cells, count++ * width);
    },
    labels: labels.list,
    async finish(_, read) {
      const notes = [...read, ...labels.notes()];
      return { X: { data: data.slice(0, count * width), rows: count, columns: width, table: recipe, notes }, notes };
    },
  };
}

function allocate(size: number): Float64Array {
  try {
    return new Float64Array(size);
  } catch (cause) {
    throw new FocalfitError("OUT_OF_MEMORY", `${size} values do not fit into memory: take fewer rows, or a smaller maxCategories.`, { cause });
  }
}

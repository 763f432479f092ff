// The rows of a table on their way to a matrix: with columns that are found out, or by the recipe of a model.
import { badOption, FocalfitError } from "../input/errors.js";
import { nearest } from "../input/known.js";
import { showList } from "../input/labels.js";
import { describe, type TableMatrix } from "../input/matrix.js";
import { columnNames, rowCells, textOf, type RecipeColumn, type TableRecipe, type TableRow } from "../model/recipe.js";
import type { InSlices } from "../input/slices.js";
import { Column, isCell, isNumber, type ColumnRules, type Kind } from "./column.js";

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
      if (!isCell(value)) {
        const at = values.length + dropped.length;
        throw new FocalfitError("BAD_INPUT", `Row ${at}, column "${label}" is ${describe(value)}: labels are numbers, texts or booleans.`, { row: at, column: label });
      }
      if (!blanks.has(textOf(value))) return values.push(value) > 0;
      const at = values.length + dropped.length;
      if (!drop) throw new FocalfitError("BAD_INPUT", `Row ${at} has no label in column "${label}": leave the row out, or set unlabelled: "drop".`, { row: at, column: label });
      dropped.push(at);
      return false;
    },
    known(names: readonly string[]): void {
      if (label !== undefined && !names.includes(label)) throw badOption("label", `label is ${describe(label)}, but ${columnsAre(names, label)}`);
    },
    list(typed: boolean): (number | string | boolean)[] {
      if (typed) return values as (number | string | boolean)[];
      const texts = values.map(textOf);
      return texts.every(isNumber) ? texts.map(Number) : texts;
    },
    notes: () => (dropped.length > 0 ? [`${dropped.length} row${dropped.length > 1 ? "s" : ""} without a label ${dropped.length > 1 ? "were" : "was"} left out.`] : []),
  };
}

/** Which columns there are, and which of them is probably meant: the end of a message. */
function columnsAre(names: readonly string[], meant: string): string {
  const near = nearest(meant, names);
  return `the columns are ${showList(names.map((name) => `"${name}"`))}${near === undefined ? "." : `: did you mean "${near}"?`}`;
}

/** What a row has in a column, and not what every object has. */
function valueIn(row: TableRow, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(row, name) ? undefined : row[name];
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
      if (!labels.take(label === undefined ? undefined : valueIn(row, label))) return;
      for (const [name, column] of columns) column.add(valueIn(row, name));
      count++;
    },
    labels: labels.list,
    async finish(inSlices, read) {
      labels.known([...seen]);
      for (const [option, names] of [["ignore", ignore], ["kinds", [...kinds.keys()]]] as const) {
        const unknown = names.find((name) => !seen.has(name));
        if (unknown !== undefined) throw badOption(option, `${option} names "${unknown}", but ${columnsAre([...seen], unknown)}`);
      }
      const notes = [...read, ...labels.notes()];
      const kept: { column: Column; recipe: RecipeColumn }[] = [];
      const all = [...columns.values()];
      for (const column of all) {
        const { recipe, note } = await column.recipe(inSlices);
        if (note) notes.push(note);
        if (recipe) kept.push({ column, recipe });
      }
      if (kept.length === 0) throw new FocalfitError("BAD_INPUT", `No column is left to learn from${notes.length > 0 ? `: ${notes.join(" ")}` : ": give columns besides the label."}`);
      const table: TableRecipe = { columns: kept.map(({ recipe }) => recipe), ignored: [...seen].filter((name) => !kept.some(({ recipe }) => recipe.name === name)), blanks: [...blanks], impute };
      const width = columnNames(table).length;
      const data = allocate(count * width);
      let at = 0;
      for (const { column, recipe } of kept) {
        await column.write(recipe, data, width, at, inSlices);
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
  const own = { ...recipe, ignored: [...recipe.ignored, ...label] };
  const width = columnNames(recipe).length;
  /** Columns of categories in which a text may be one of none, and how many rows have such a one, and which. */
  const known = recipe.columns.flatMap(({ name, categories, missing }) => (categories && !categories.includes(null) ? [{ name, missing, categories: new Set(categories) }] : []));
  const strange = new Map<string, [rows: number, text: string]>();
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
      if (!labels.take(settings.label === undefined ? undefined : valueIn(row, settings.label))) return;
      const cells = rowCells(own, row, (message, column) => {
        const at = labels.sourceRow(count);
        throw new FocalfitError("BAD_INPUT", `Row ${at}: ${message}.`, { row: at, column });
      });
      if ((count + 1) * width > data.length) {
        const longer = allocate(2 * data.length);
        longer.set(data);
        data = longer;
      }
      data.set(cells, count++ * width);
      for (const { name, categories, missing } of known) {
        const text = textOf(row[name]);
        const gap = settings.blanks.has(text);
        if (gap ? !missing : !categories.has(text)) strange.set(name, [(strange.get(name)?.[0] ?? 0) + 1, strange.get(name)?.[1] ?? text]);
      }
    },
    labels: labels.list,
    async finish(_, read) {
      const unknown = [...strange].map(([name, [rows, text]]) => `Column "${name}": ${rows} row${rows > 1 ? "s have" : " has"} what the model does not know, such as ${describe(text)}, and count${rows > 1 ? "" : "s"} as none of its categories.`);
      const notes = [...read, ...labels.notes(), ...unknown];
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

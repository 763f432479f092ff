// Tables as the page takes them: read by the package, their classes counted, labels as numbers for the interface.
import { readTable } from "./focalfit/table.js";

const megabyte = 2 ** 20;
/** The largest file that the page reads. */
const mostMegabytes = 128;
/** How much of a file is read to find its columns. */
const headLength = megabyte / 4;

/** A table below this page, or a File, which is written as `columnsOf` says. */
export async function readCSV(source, { label, signal, onProgress, ...format }) {
  if (typeof source === "string") return readTable(await download(source, signal), { label, unlabelled: "drop", signal, onProgress });
  const table = await readTable(source, { label, unlabelled: "drop", signal, onProgress, ...format }).catch((error) => {
    throw forVisitors(error, source);
  });
  if (format.encoding) table.notes.push("The file is not UTF-8 and was read as Windows-1252: see that letters such as ä and é are right.");
  if (format.decimal) table.notes.push("Numbers were read with a comma before the fraction.");
  return table;
}

/** An error in words for someone who has a file and no code. */
function forVisitors(error, file) {
  const { message, name } = error;
  if (["NotReadableError", "NotFoundError"].includes(name) || message.startsWith("The source could not be read")) {
    return new Error(`${file.name} cannot be read: it is a folder, or was changed or moved after it was chosen. Choose it again.`);
  }
  if (message.startsWith("The bytes are not")) return new Error(`${file.name} is not UTF-8 all through: export it again, as CSV in UTF-8. A spreadsheet program does that with “Save as”.`);
  // Without what they cannot set, and with rows as they count them.
  error.message = message.replace(/, set decimal: .*/, ".").replace(/, add it to blanks .*/, ", or leave the cell empty.").replace(/^Row (\d+)/, (_, row) => `Row ${Number(row) + 1} below the header`);
  return error;
}

async function download(path, signal) {
  const response = await fetch(new URL(path, import.meta.url), { signal });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}. Check the connection and choose the table again.`);
  return response.text();
}

/** The columns of a CSV file, in their order, and the one that looks most like the labels. */
export async function columnsOf(file) {
  if (file.size === 0) throw new Error(`${file.name} is empty: choose a CSV file with a header and rows.`);
  if (file.size > mostMegabytes * megabyte) {
    throw new Error(`${file.name} has ${Math.round(file.size / megabyte)} MB, and this page reads up to ${mostMegabytes}: leave out columns that say nothing, or take every tenth row. (The package itself has no such limit.)`);
  }
  try {
    const { head, encoding } = textOf(await file.slice(0, headLength).arrayBuffer());
    if (head.includes("\0")) throw new Error(`${file.name} is not text: export the table as CSV, in UTF-8. A spreadsheet program does that with “Save as”.`);
    // A row that the slice cuts is left off.
    const whole = file.size > headLength ? head.slice(0, head.lastIndexOf("\n") + 1) : head;
    const decimal = decimalComma.test(whole) ? "," : undefined;
    // What is wrong may be the slice's fault; if it is not, the whole file says so.
    const table = await readTable(whole, { decimal }).catch((error) => {
      if (file.size <= headLength) throw error;
      return readTable(file, { encoding, decimal });
    });
    return { ...namesOf(table), encoding, decimal };
  } catch (error) {
    throw forVisitors(error, file);
  }
}

/** The text that some bytes begin with, and its encoding, undefined for what needs no saying. */
function textOf(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first + second === 0xff + 0xfe && first !== second) return { head: new TextDecoder(first === 0xff ? "utf-16le" : "utf-16be").decode(bytes, { stream: true }) };
  try {
    return { head: new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }) };
  } catch {
    return { head: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252" };
  }
}

/** A number with a comma before its fraction, between semicolons or tabs; three digits after it may be a thousand. */
const decimalComma = /(?:^|[;\t])[+-]?\d*,(?:\d\d?|\d{4,})(?=[;\t\r\n])/m;

function namesOf({ X, recipe }) {
  const counts = [];
  let at = 0;
  for (const { name, kind, categories, periods, missing } of recipe.columns) {
    const width = (categories?.length ?? periods?.reduce((sum, period) => sum + (period ? 2 : 1), 0) ?? 1) + (missing ? 1 : 0);
    counts.push({ name, values: kind === "category" ? categories.length : kind === "number" ? distinct(X, at) : Infinity });
    at += width;
  }
  const fit = counts.filter(({ values }) => values >= 2 && values <= 30);
  const named = fit.find(({ name }) => /^(label|class|target|outcome|y|is_?fraud|fraud|churn(ed)?|fail(ed|ure)?|default(ed)?|diagnosis|result|status)$/i.test(name));
  const names = [...counts.map(({ name }) => name), ...recipe.ignored];
  return { names, label: (named ?? fit.at(-1))?.name ?? names.at(-1) };
}

/** How many different numbers a column has, counted to 31. */
function distinct({ data, rows, columns }, column) {
  const seen = new Set();
  for (let row = 0; row < rows && seen.size <= 30; row++) seen.add(data[row * columns + column]);
  return seen.size;
}

/** The classes of some labels, the rarest first, and how many rows each has. */
export function classesOf(y) {
  const counts = new Map();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  return { labels: sorted.map(([label]) => label), counts: sorted.map(([, count]) => count) };
}

/** Labels of one class against the rest. */
export const oneAgainstRest = (y, label, one, rest) => Array.from(y, (is) => (is === label ? one : rest));

/** The number of each label's class. */
export function indicesOf(y, classes) {
  const at = new Map(classes.map((label, index) => [label, index]));
  return Float64Array.from(y, (label) => at.get(label));
}

/** The rows from one number to another, of dense rows. */
export function rowsOf(X, from, to) {
  const end = Math.min(to, X.rows);
  return { ...X, data: X.data.subarray(from * X.columns, end * X.columns), rows: end - from };
}

/** Up to `most` of some dense rows, from all over. */
export function someRows(X, most) {
  if (X.rows <= most) return X;
  const data = new X.data.constructor(most * X.columns);
  for (let row = 0; row < most; row++) {
    const from = Math.floor((row * X.rows) / most) * X.columns;
    data.set(X.data.subarray(from, from + X.columns), row * X.columns);
  }
  return { ...X, data, rows: most };
}

/** Rounded as numbers of float32 are meant. */
const rounded = (value) => Number(value.toPrecision(7));

/** A row as a visitor would write it: of a table an object of raw values, otherwise its numbers. */
export function exampleOf({ data, columns, table }, row) {
  const cells = data.subarray(row * columns, (row + 1) * columns);
  if (!table) return Array.from(cells, rounded);
  let at = 0;
  return Object.fromEntries(table.columns.map(({ name, categories, periods, missing }) => {
    const width = categories?.length ?? periods?.reduce((sum, period) => sum + (period ? 2 : 1), 0) ?? 1;
    const own = cells.subarray(at, at + width);
    at += width + (missing ? 1 : 0);
    if (categories) return [name, categories[own.indexOf(1)] ?? ""];
    if (periods) return [name, dateOf(own, periods)];
    return [name, Number.isNaN(own[0]) ? "" : rounded(own[0])];
  }));
}

/** The date that a column's cells were made of, "" where they do not say the year. */
function dateOf(cells, periods) {
  let at = 0;
  for (const period of periods) {
    if (period === 0 && Number.isFinite(cells[at])) return new Date(Math.round(((cells[at] - 1970) * 31556952e3) / 6e4) * 6e4).toISOString().slice(0, periods.includes(864e5) ? 16 : 10);
    at += period ? 2 : 1;
  }
  return "";
}

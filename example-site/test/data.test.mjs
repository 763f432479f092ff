import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readTable } from "../../js/dist/table.js";
import { inSlices } from "../dist/data/in-slices.js";
import { someRows } from "../dist/tables.js";
import { generate, names, transactions } from "../dist/data/transactions.js";

const textOf = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const rowsOf = (path) => textOf(path).trimEnd().split(/\r?\n/).map((line) => line.split(","));
const countsOf = (labels) => {
  const counts = {};
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
};
const read = (name, label) => readTable(textOf(`../dist/data/${name}.csv`), { label });

test("Seattle's weather: every day but the first, with the readings of the day before", async () => {
  const [header, ...rows] = rowsOf("../dist/data/seattle-snow.csv");
  assert.deepEqual(header, ["date", "precipitation_before", "temp_max_before", "temp_min_before", "wind_before", "weather_before", "weather"]);
  assert.equal(rows.length, 1460);
  assert.deepEqual(rows[0], ["2012-01-02", "0.0", "12.8", "5.0", "4.7", "drizzle", "rain"]);
  const source = new Map(rowsOf("../node_modules/vega-datasets/data/seattle-weather.csv").map(([date, ...values]) => [date, values]));
  for (const [date, ...values] of rows) {
    const before = new Date(Date.parse(date) - 86400e3).toJSON().slice(0, 10);
    assert.deepEqual(values, [...source.get(before), source.get(date).at(-1)], date);
  }
  const { y, rows: count, notes } = await read("seattle-snow", "weather");
  assert.equal(count, 1460);
  assert.deepEqual(countsOf(y), { drizzle: 52, fog: 101, rain: 641, snow: 26, sun: 640 });
  assert.deepEqual(notes, []);
});

test("breast cancer: 569 tumours with a diagnosis", async () => {
  const [header, ...rows] = rowsOf("../dist/data/breast-cancer.csv");
  assert.deepEqual([header.length, header[0], header.at(-1)], [31, "mean_radius", "diagnosis"]);
  assert.deepEqual([rows[0][0], rows[0][1], rows[0].at(-1)], ["17.99", "10.38", "malignant"]);
  const { X, y } = await read("breast-cancer", "diagnosis");
  assert.deepEqual([X.rows, X.columns], [569, 30]);
  assert.deepEqual(countsOf(y), { malignant: 212, benign: 357 });
});

test("digits: 1,797 images of 64 pixels", async () => {
  const [header, ...rows] = rowsOf("../dist/data/digits.csv");
  assert.deepEqual([header.length, header[0], header.at(-1)], [65, "pixel_0_0", "digit"]);
  const { rows: count, y } = await read("digits", "digit");
  assert.equal(count, 1797);
  assert.deepEqual(Object.values(countsOf(y)), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  assert.ok(rows.every((row) => row.slice(0, -1).every((pixel) => pixel >= 0 && pixel <= 16)));
});

const whole = transactions();

test("payments: 284,800 of 30 columns, 484 of them frauds, plausible numbers", () => {
  const { X, y } = whole;
  assert.deepEqual([X.rows, X.columns, X.data.length, y.length], [284800, 30, 284800 * 30, 284800]);
  assert.deepEqual([names.length, new Set(names).size, names[0], names[27], ...names.slice(28)], [30, 30, "v1", "v28", "amount", "hour"]);
  assert.deepEqual(whole.names, names);
  assert.deepEqual(countsOf(y), { fraud: 484, genuine: 284316 });
  const frauds = Array.from({ length: 10 }, (_, tenth) => y.slice(tenth * 28480, (tenth + 1) * 28480).filter((label) => label === "fraud").length);
  assert.ok(frauds.every((count) => count > 20 && count < 90), `frauds in each tenth of the rows: ${frauds}`);

  const column = (j) => Float64Array.from({ length: X.rows }, (_, row) => X.data[row * X.columns + j]).sort();
  const hour = column(29);
  assert.ok(hour[0] >= 0 && hour.at(-1) < 24, `hours from ${hour[0]} to ${hour.at(-1)}`);
  const amount = column(28);
  const mean = amount.reduce((sum, value) => sum + value, 0) / amount.length;
  assert.ok(amount[0] >= 0 && Math.abs(amount[142400] - 20) < 1 && mean > 1.8 * amount[142400], `amounts: least ${amount[0]}, median ${amount[142400]}, mean ${mean}`);
});

test("payments: a seed gives the same numbers to the bit, another seed others", () => {
  const digest = ({ X, y }) => createHash("sha256").update(new Uint8Array(X.data.buffer)).update(y.join()).digest("hex").slice(0, 16);
  assert.equal(digest(whole), "c91706095e807333");
  const few = (seed) => digest(transactions({ rows: 2000, seed }));
  assert.equal(few(1), few(1));
  assert.notEqual(few(1), few(2));
});

test("payments: made in slices they are the same, with progress and an end", async () => {
  for (const rows of [0, 1, 256, 3001]) {
    const shares = [];
    const sliced = await inSlices(generate({ rows, seed: 3 }), { milliseconds: 0, onProgress: (share) => shares.push(share) });
    assert.deepEqual(sliced, transactions({ rows, seed: 3 }));
    assert.equal(shares.length, Math.floor(rows / 256));
    assert.ok(shares.every((share, i) => share > (shares[i - 1] ?? 0) && share <= 1));
  }
  const stop = new AbortController();
  await assert.rejects(inSlices(generate(), { signal: stop.signal, milliseconds: 0, onProgress: () => stop.abort() }), { name: "AbortError" });
});

test("some rows are from all over a table", () => {
  const X = { data: Float32Array.from({ length: 30 }, (_, i) => i), rows: 10, columns: 3, table: {} };
  assert.equal(someRows(X, 10), X);
  const some = someRows(X, 4);
  assert.deepEqual([some.rows, some.columns, some.table, [...some.data]], [4, 3, X.table, [0, 1, 2, 6, 7, 8, 15, 16, 17, 21, 22, 23]]);
});

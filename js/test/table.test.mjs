import assert from "node:assert/strict";
import { createReadStream, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createEngine, crossValidate, FocalClassifier, split, tune } from "focalfit";
import { createPredictor } from "focalfit/predict";
import { readTable } from "focalfit/table";
import { bundled } from "./data.mjs";

const engine = createEngine();
after(() => engine.dispose());

/** 600 machines as raw rows: a date, a place, ages that are sometimes missing, a switch, an article's number, and whether they fail. */
const machines = Array.from({ length: 600 }, (_, i) => ({
  serial: `M${i}`,
  seen: `20${10 + (i % 8)}-${String(1 + (i % 12)).padStart(2, "0")}-${10 + (i % 19)} ${String((i * 7) % 24).padStart(2, "0")}:30`,
  place: ["Paris", "Rome", "Oslo", `V${i}`][i % 4],
  age: i % 9 ? 20 + ((i * 13) % 50) + (i % 25 ? 0 : 40) : null,
  on: i % 3 === 0,
  article: ["007", "7", "08"][i % 3],
  constant: 5,
  failed: i % 25 ? "no" : "yes",
}));

const quoted = (value) => (value === null ? "" : `"${value}"`);
const csvOf = (rows, delimiter = ",", write = quoted) => `${Object.keys(rows[0]).join(delimiter)}\n${rows.map((row) => Object.values(row).map(write).join(delimiter)).join("\n")}\n`;
const csv = csvOf(machines);

test("kinds are found, and each makes its columns", async () => {
  const { X, y, rows, columns, recipe, notes } = await readTable(csv, { label: "failed" });
  assert.deepEqual(columns, [
    "seen: year", "seen: time of year, sine", "seen: time of year, cosine", "seen: time of week, sine", "seen: time of week, cosine", "seen: time of day, sine", "seen: time of day, cosine",
    "place = Oslo", "place = Paris", "place = Rome", "place = (other)", "age", "age missing", "on = false", "on = true", "article = 007", "article = 08", "article = 7",
  ]);
  assert.equal(rows, 600);
  assert.deepEqual([X.rows, X.columns, X.data.length], [600, columns.length, 600 * columns.length]);
  assert.deepEqual(y, machines.map(({ failed }) => failed));
  assert.deepEqual(recipe.ignored, ["serial", "constant", "failed"]);
  assert.match(notes.join("\n"), /^Column "serial" is left out: its 600 different texts.*focalfit\/text\.\nColumn "place": 150 rows have one of 150 rarer texts.*\nColumn "constant" is left out: it is 5 in every row\.$/);
  for (const [row, { seen, place, age, on, article }] of machines.entries()) {
    const cells = [...X.data.subarray(row * columns.length, (row + 1) * columns.length)];
    const time = Date.parse(`${seen.replace(" ", "T")}:00Z`);
    const angles = [365.2425, 7, 1].flatMap((days) => [Math.sin, Math.cos].map((wave) => wave((2 * Math.PI * time) / (days * 864e5))));
    const want = [1970 + time / (365.2425 * 864e5), ...angles, place === "Oslo", place === "Paris", place === "Rome", place[0] === "V", age ?? NaN, age === null, !on, on, article === "007", article === "08", article === "7"].map(Number);
    cells.forEach((cell, column) => assert.ok(Object.is(cell, want[column]) || Math.abs(cell - want[column]) < 1e-9, `row ${row}, ${columns[column]}: ${cell}, expected ${want[column]}`));
  }
});

test("text, File, streams and objects are the same table", async () => {
  const want = await readTable(csv, { label: "failed" });
  const path = join(tmpdir(), `focalfit-${process.pid}.csv`);
  writeFileSync(path, csv);
  const bytes = new TextEncoder().encode(csv.replaceAll("Oslo", "Osło"));
  const oslo = (table) => JSON.parse(JSON.stringify(table).replaceAll("Osło", "Oslo"));
  const cut = new ReadableStream({ start(controller) { for (let at = 0; at < bytes.length; at += 101) controller.enqueue(bytes.subarray(at, at + 101)); controller.close(); } });
  for (const [what, source] of [
    ["File", new File([csv], "machines.csv")],
    ["a Node stream", createReadStream(path, { highWaterMark: 777 })],
    ["a Node stream of text", createReadStream(path, { encoding: "utf8", highWaterMark: 333 })],
    ["a web stream whose pieces cut characters", cut],
    ["a byte order mark", `\ufeff"serial"${csv.slice(6)}`],
    ["line ends of Windows", new Blob([csv.replaceAll("\n", "\r\n")]).stream()],
    ["semicolons", csvOf(machines, ";")],
    ["tabs, nothing quoted", csvOf(machines, "\t", (value) => String(value ?? ""))],
    ["UTF-16", new Blob([Buffer.from(`\ufeff${csv}`, "utf16le")])],
    ["Windows-1252", new Blob([Buffer.from(csv, "latin1")]), { encoding: "windows-1252" }],
    ["objects", machines.map((row) => ({ ...row, on: String(row.on), age: row.age === null ? undefined : String(row.age) }))],
  ]) {
    const { X, ...rest } = await readTable(source, { label: "failed", ...(what === "Windows-1252" && { encoding: "windows-1252" }) });
    assert.deepEqual(oslo(rest), oslo({ ...want, X: undefined }), what);
    assert.ok(X.data.every((value, at) => Object.is(value, want.X.data[at])), what);
  }
  rmSync(path);
});

test("pieces of any length, fields with everything in them", async () => {
  const fields = Array.from({ length: 4000 }, (_, i) => ({ n: i, text: `"line ${i % 7}"\r\nand, more` }));
  const text = ["n,text", ...fields.map(({ n, text }) => `${n},"${text.replaceAll('"', '""')}"`), ""].join("\r\n");
  const want = await readTable(fields);
  assert.deepEqual(want.columns.slice(0, 2), ["n", 'text = "line 0"\r\nand, more']);
  for (let longer = 0; longer < 45; longer++) {
    // The places where pieces end move through a record.
    const shifted = await readTable(text.replace("n,", `n${" ".repeat(longer)},`));
    assert.deepEqual(shifted, want, `${longer} further`);
  }
  for (const size of [1, 2, 3, 61, 65536]) {
    const length = size < 3 ? 4000 : text.length;
    const source = (async function* () { for (let at = 0; at < text.length; at += at < length ? size : 65536) yield text.slice(at, at + (at < length ? size : 65536)); })();
    assert.deepEqual(await readTable(source), want, `pieces of ${size}`);
  }
});

test("a model keeps the recipe: predict takes raw rows, and so does focalfit/predict", async () => {
  const table = await readTable(machines, { label: "failed" });
  const classifier = new FocalClassifier({ engine, classWeight: "balanced", positiveClass: "yes" });
  const report = await classifier.fit(table.X, table.y);
  assert.deepEqual(report.warnings.slice(0, table.notes.length), table.notes);
  assert.match(report.warnings.join("\n"), /67 missing cells of column "age" were filled with the column's mean/);
  assert.deepEqual(classifier.table, table.recipe);
  const want = (await classifier.predictProba(table.X)).data;
  const loaded = FocalClassifier.fromJSON(JSON.parse(JSON.stringify(classifier)));
  const predictor = createPredictor(JSON.parse(JSON.stringify(classifier)));
  for (const rows of [machines, machines.map(({ failed, serial, constant, ...rest }) => rest), machines.map((row) => ({ ...row, seen: new Date(`${row.seen.replace(" ", "T")}:00Z`), age: row.age === null ? "n/a".slice(3) : `${row.age} `, on: `${row.on}` }))]) {
    for (const got of [(await classifier.predictProba(rows)).data, (await loaded.predictProba(rows)).data, loaded.predictor().predictProba(rows).data, predictor.predictProba(rows).data]) {
      got.forEach((value, at) => assert.ok(Math.abs(value - want[at]) < 1e-12));
    }
  }
  assert.deepEqual(predictor.predict(machines), await classifier.predict(table.X));
  const read = await readTable(csv, { recipe: loaded.table, label: "failed" });
  assert.ok(read.X.data.every((value, at) => Object.is(value, table.X.data[at])));
  assert.equal((await loaded.evaluate(read.X, read.y)).rocAuc, (await classifier.evaluate(machines, table.y)).rocAuc);
  // A category that the training rows did not have is one of the others; a missing number is the training rows' mean.
  const strange = { ...machines[1], place: "Atlantis" };
  assert.deepEqual(predictor.predictProba([strange]), predictor.predictProba([{ ...strange, place: "V999" }]));
  const { names, ranking, importance, data } = await classifier.explain(machines);
  importance.forEach((mean, column) => assert.ok(Math.abs(mean - machines.reduce((sum, _, row) => sum + Math.abs(data[row * names.length + column]) / machines.length, 0)) < 1e-12));
  assert.deepEqual(names, table.columns);
  assert.deepEqual(ranking, Array.from(importance, (_, column) => column).sort((a, b) => importance[b] - importance[a] || a - b));
  assert.equal(names[ranking[0]], "age");
});

test("a column that is missing, new or of another kind at prediction is named", async () => {
  const table = await readTable(machines, { label: "failed" });
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(table.X, table.y);
  const predictor = createPredictor(JSON.parse(JSON.stringify(classifier)));
  const { place, ...without } = machines[1];
  for (const [row, column, message] of [
    [without, "place", /Row 1.*no value for column "place"/],
    [{ ...machines[1], colour: "red" }, "colour", /Row 1.*new column "colour"/],
    [{ ...machines[1], age: "old" }, "age", /Row 1.*column "age" is "old", not a number/],
    [{ ...machines[1], age: Infinity }, "age", /Row 1.*column "age" is "Infinity", not a number/],
    [{ ...machines[1], seen: "yesterday" }, "seen", /Row 1.*column "seen" is "yesterday", not a date/],
    [{ ...machines[1], seen: "2024-02-30" }, "seen", /not a date/],
  ]) {
    await assert.rejects(classifier.predict([machines[0], row]), { code: "BAD_INPUT", row: 1, column, message });
    assert.throws(() => predictor.predict([machines[0], row]), message);
    await assert.rejects(readTable([machines[0], row], { recipe: table.recipe }), { code: "BAD_INPUT", row: 1, column, message });
  }
  // The age was missing in some training rows, so it may be left out.
  const { age, ...ageless } = machines[1];
  assert.deepEqual(await classifier.predict([ageless]), await classifier.predict([{ ...machines[1], age: null }]));
  await assert.rejects(readTable(csvOf([without]), { recipe: table.recipe }), { code: "BAD_INPUT", column: "place" });
  await assert.rejects(classifier.predict([machines[0], [1, 2]]), { code: "BAD_INPUT", row: 1 });
  // Another table of as many columns is not taken for this one.
  const other = await readTable(machines.map((row) => ({ ...row, place: row.place.replace("Rome", "Bonn") })), { label: "failed" });
  assert.equal(other.columns.length, table.columns.length);
  await assert.rejects(classifier.predict(other.X), { code: "SHAPE_MISMATCH" });
  const plain = new FocalClassifier({ engine });
  await plain.fit([[1], [2], [3], [4]], [0, 0, 1, 1]);
  await assert.rejects(plain.predict([{ a: 1 }]), { code: "BAD_INPUT", row: 0 });
});

test("what is wrong with a table is said, with row and column", async () => {
  const rows = (change) => machines.map((row, at) => (at === 411 ? { ...row, ...change } : row));
  for (const [source, want, options] of [
    ["", /no rows/], ["a,b\n", /no rows/], [[], /no rows/], ["\n\n", /no rows/],
    ["a,b\n1,2\n3\n", { row: 1, message: /Row 1 has 1 fields, the header 2/ }],
    ["a,b\n1,2,3\n", { row: 0 }],
    ["1,2\n3,4\n", /The first row, 1 and 2, is all numbers/],
    ["a;b\n1,5;2\n2,25;3\n,5;4\n", { row: 0, column: "a", message: /is the string "1,5": .*set decimal: ","/ }],
    ["a,a\n1,2\n", { column: "a", message: /"a" twice/ }],
    [`a,b\n1,2\n"3,4\n${"5,6\n".repeat(99)}`, { row: 1, message: /never closed/ }],
    [`a,b\n1,2\n"3,${"5,6\n".repeat(400000)}`, { row: 1, message: /over a million characters/ }],
    ['a,b\n1,"x"y\n', { row: 0, message: /middle of a field/ }],
    ["\x89PNG\r\n\0\0", /no text/],
    [new Blob([Uint8Array.of(97, 44, 0xe9, 10)]), /not utf-8: save the file as UTF-8, or set encoding/],
    [new Blob([Uint8Array.of(97, 10, 49, 10, 50, 10, 0xe2, 0x82)]), /not utf-8/],
    [42, /The table is 42/], [null, /The table is null/], [[[1, 2]], { row: 0 }], [[null], { row: 0 }],
    [[{ a: { deep: 1 } }], { row: 0, column: "a" }],
    [(async function* () { yield 5; })(), /neither text nor bytes/],
    [(async function* () { throw new Error("the disk is gone"); })(), /could not be read \(the disk is gone\)/],
    [rows({ age: "4o" }), { row: 411, column: "age", message: /where 532 of 533 rows have a number/ }],
    [rows({ seen: "31.12.2014" }), { row: 411, column: "seen", message: /where 599 of 600 rows have a date/ }],
    [rows({ failed: "" }), { row: 411, column: "failed", message: /Row 411 has no label/ }, { label: "failed" }],
    [rows({ place: "1" }), { row: 0, column: "place", message: /not a number/ }, { kinds: { place: "number" } }],
    [[{ a: 1, y: 2 }, { a: 1, y: 3 }], /No column is left to learn from: Column "a" is left out/, { label: "y" }],
    [[{ a: null }, { a: "NA" }], /it has no value in any row/],
  ]) {
    await assert.rejects(readTable(source, options), { code: "BAD_INPUT", ...(want instanceof RegExp ? { message: want } : want) }, String(source).slice(0, 40));
  }
});

test("what is left to the user is done as asked", async () => {
  const codes = await readTable("zip,n\n10115,1\n10115,2\n20095,3\n20095,4\n", { kinds: { zip: "category" }, minCategoryRows: 1 });
  assert.deepEqual(codes.columns, ["zip = 10115", "zip = 20095", "n"]);
  assert.deepEqual([...codes.X.data], [1, 0, 1, 1, 0, 2, 0, 1, 3, 0, 1, 4]);
  const blanks = await readTable("a\n1\n-99\n3\n", { blanks: ["-99"] });
  assert.deepEqual([[...blanks.X.data], blanks.columns], [[1, 0, NaN, 1, 3, 0], ["a", "a missing"]]);
  const labels = await readTable("a,y\n1,1\n2,\n3,0\n,1\n", { label: "y", unlabelled: "drop" });
  assert.deepEqual([labels.y, [...labels.X.data]], [[1, 0, 1], [1, 0, 3, 0, NaN, 1]]);
  assert.deepEqual(labels.notes, ["1 row without a label was left out."]);
  await assert.rejects(readTable(["1", "", "2", "x", ...Array(20).fill("3")].map((a, i) => ({ a, y: i === 1 ? null : i })), { label: "y", unlabelled: "drop", kinds: { a: "number" } }), { row: 3, column: "a" });
  const few = await readTable(machines, { ignore: ["serial", "constant", "failed", "seen", "age", "on", "article"], maxCategories: 2 });
  assert.deepEqual(few.columns, ["place = Paris", "place = Rome", "place = (other)"]);
  assert.deepEqual([...(await readTable([{ a: 1 }, { a: 2, b: 5 }])).X.data], [1, NaN, 1, 2, 5, 0], "a column that comes later");
  const many = Array.from({ length: 3000 }, (_, i) => ({ a: i, y: i % 2 }));
  const { recipe } = await readTable(many.map(({ a }) => ({ a })));
  const again = await readTable(many, { recipe, label: "y" });
  assert.deepEqual([[...again.X.data], again.y], [many.map(({ a }) => a), many.map(({ y }) => y)]);
  const empty = await readTable("a,b\n1,2\n,\n \n3,4\n");
  assert.deepEqual([empty.rows, empty.notes], [2, ["2 rows without any value were left out."]]);
  assert.deepEqual((await readTable("a\n1\n2\n")).y, undefined);
  const commas = await readTable("a;b\n1,5;x\n-2,25;x\n;y,5\n3;y,5\n", { decimal: ",", minCategoryRows: 1 });
  assert.deepEqual([commas.columns, [...commas.X.data]], [["a", "a missing", "b = x", "b = y,5"], [1.5, 0, 1, 0, -2.25, 0, 1, 0, NaN, 1, 0, 1, 3, 0, 0, 1]]);
  const places = [...Array(6).fill("north"), ...Array(7).fill("south"), "", ...Array(9).fill("west")];
  const most = await readTable(places.map((place) => ({ place })), { maxCategories: 2 });
  assert.deepEqual(most.columns, ["place = south", "place = west", "place = (other)", "place missing"]);
  const cells = (row) => [...most.X.data.subarray(4 * row, 4 * row + 4)];
  assert.deepEqual([0, 6, 13, 14].map(cells), [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]]);
  assert.deepEqual([...(await readTable([{ place: null }, { place: "east" }], { recipe: most.recipe })).X.data], [0, 0, 0, 1, 0, 0, 1, 0]);
  const names = Array.from({ length: 30 }, (_, i) => ({ n: i, name: i < 12 ? "Smith" : `Person ${i}` }));
  const named = await readTable(names);
  assert.deepEqual(named.columns, ["n"], "most rows have a rare name");
  assert.match(named.notes[0], /^Column "name" is left out/);
  assert.deepEqual((await readTable(names, { kinds: { name: "category" } })).columns, ["n", "name = Smith", "name = (other)"]);
  assert.deepEqual((await readTable("d\n2022-01-01\n2024-06-01\n")).columns, ["d: year", "d: time of year, sine", "d: time of year, cosine", "d: time of week, sine", "d: time of week, cosine"]);
  const dates = await readTable("d\n2024/1/5\n2024-01-06T12:00:00+02:00\n2024-01-05 06:00:00.5 Z\n");
  assert.deepEqual(dates.columns, ["d: year", "d: time of day, sine", "d: time of day, cosine"]);
  assert.ok(Math.abs(dates.X.data[3 + 1]) < 1e-9 && Math.abs(dates.X.data[3 + 2] + 1) < 1e-9, "a date is taken as it is written");
  const median = await readTable(machines, { label: "failed", impute: "median" });
  const classifier = new FocalClassifier({ engine });
  assert.match((await classifier.fit(median.X, median.y)).warnings.join(), /filled with the column's median/);
});

test("texts that look like numbers stay as they are written", async () => {
  const rows = [...Array.from({ length: 80 }, (_, i) => ({ v: ["1.1", "1.10", "2.0", "+3"][i % 4], n: i })), ...Array.from({ length: 20 }, (_, i) => ({ v: "beta", n: i }))];
  assert.deepEqual((await readTable(rows)).columns, ["v = +3", "v = 1.1", "v = 1.10", "v = 2.0", "v = beta", "n"]);
  const same = await readTable(csvOf(rows));
  assert.deepEqual(same.columns, (await readTable(rows)).columns);
  assert.deepEqual([...same.X.data.subarray(0, 12)], [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1]);
  const numbers = Array.from({ length: 6000 }, (_, i) => ({ price: `${i}.50` }));
  assert.deepEqual([...(await readTable(numbers)).X.data], numbers.map(({ price }) => Number(price)));
});

test("numbers of objects may be blanks too", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ a: i % 3 ? i : -999, y: i % 2 }));
  const table = await readTable(rows, { label: "y", blanks: ["-999"] });
  assert.deepEqual(table.columns, ["a", "a missing"]);
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(table.X, table.y);
  assert.deepEqual((await classifier.predictProba(rows)).data, (await classifier.predictProba(table.X)).data);
});

test("rows of one table are not taken for those of another", async () => {
  const make = (places) => readTable(Array.from({ length: 60 }, (_, i) => ({ n: i % 7, place: places[i % 2], y: i % 3 === 0 })), { label: "y" });
  const [a, b] = [await make(["n", "s"]), await make(["e", "w"])];
  const mismatch = { code: "SHAPE_MISMATCH", message: /another recipe/ };
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(a.X, a.y);
  await assert.rejects(classifier.fit(b.X, b.y, { warmStart: true }), mismatch);
  await assert.rejects(classifier.fit(a.X, a.y, { validation: { X: b.X, y: b.y } }), mismatch);
  const dataset = await engine.dataset(b.X);
  await assert.rejects(classifier.predictProba(dataset), mismatch);
  await dataset.dispose();
  const stream = new FocalClassifier({ engine });
  await stream.partialFit(a.X, a.y);
  await assert.rejects(stream.partialFit(b.X, b.y), mismatch);
  assert.deepEqual(stream.table, a.recipe);
  // A stream that starts anew on plain rows has no recipe any more.
  await classifier.partialFit([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]], [true, false]);
  assert.equal(FocalClassifier.fromJSON(JSON.parse(JSON.stringify(classifier))).table, undefined);
  const gaps = await readTable([{ n: 1, y: 0 }, { n: null, y: 1 }, { n: 3, y: 0 }], { label: "y" });
  await assert.rejects(new FocalClassifier({ engine }).partialFit(gaps.X, gaps.y), { code: "NOT_FINITE", row: 1, column: "n" });
});

test("what no cell can be is refused in the fit and after it", async () => {
  const { recipe } = await readTable(Array.from({ length: 40 }, (_, i) => ({ d: `2024-01-${10 + (i % 19)}`, n: i % 7, place: "ns"[i % 2] })));
  for (const [change, column] of [
    [{ n: [5] }, "n"], [{ n: () => 1 }, "n"], [{ place: { name: "n" } }, "place"], [{ place: Object.create(null) }, "place"], [{ n: new Date(NaN) }, "n"], [{ d: new Date(NaN) }, "d"],
    ...["31.12.24", "05/06/24", "2024-01-01 29:99", "0050-01-01", "2024-13-01", "5"].map((d) => [{ d }, "d"]),
  ]) {
    await assert.rejects(readTable([{ d: "2024-01-11", n: 1, place: "n", ...change }], { recipe }), { code: "BAD_INPUT", row: 0, column });
  }
  for (const cell of [[5], () => 1, Symbol("a"), { a: 1 }]) {
    await assert.rejects(readTable([{ a: cell, y: 1 }, { a: 2, y: 0 }], { label: "y" }), { code: "BAD_INPUT", row: 0, column: "a" });
    await assert.rejects(readTable([{ a: 2, y: cell }], { label: "y" }), { code: "BAD_INPUT", row: 0, column: "y" });
  }
  await assert.rejects(readTable([new Map([["a", 1]])]), { code: "BAD_INPUT", row: 0 });
  // What every object has is in no row of a table.
  const own = await readTable(Array.from({ length: 40 }, (_, i) => (i % 4 ? { constructor: "ab"[i % 2], n: i } : { n: i })));
  assert.deepEqual(own.columns, ["n", "constructor = a", "constructor = b", "constructor missing"]);
  const strange = await readTable([{ d: "2024-01-11", n: 1, place: "east" }, { d: "2024-01-11", n: 1, place: "west" }], { recipe });
  assert.match(strange.notes.join(), /Column "place": 2 rows have what the model does not know, such as the string "east"/);
  for (const wrong of [{ columns: [] }, { ...recipe, blanks: undefined }, { ...recipe, columns: [{ name: "a", kind: "category", categories: 1e9 }] }, { ...recipe, columns: [{ name: "a", kind: "date", periods: [Infinity, NaN] }] }]) {
    await assert.rejects(readTable([{ a: 1 }], { recipe: wrong }), { code: "BAD_OPTION", option: "recipe" });
  }
});

test("CSV of all sorts", async () => {
  const data = async (source, options) => [...(await readTable(source, options)).X.data];
  assert.deepEqual(await data("a\n1\n\n3\n\n5\n\n\n"), [1, 0, NaN, 1, 3, 0, NaN, 1, 5, 0], "a blank line of a single column is a missing value");
  assert.deepEqual((await readTable("a,b\n1,2\n\n3,4\n\n")).notes, ["1 row without any value was left out."]);
  assert.deepEqual(await data("a,b\r\n1,2\n3,4\n"), [1, 2, 3, 4], "two kinds of lines");
  assert.deepEqual(await data('"a","b"\r\n"1","2"\n"3","4"\r\n'), [1, 2, 3, 4]);
  assert.deepEqual(await data("a,b\r1,2\r3,4"), [1, 2, 3, 4], "line ends of old");
  assert.deepEqual(await data("a;b\n1.100;1,5\n1.234,56;-2\n12;,5\n", { decimal: "," }), [1100, 1.5, 1234.56, -2, 12, 0.5]);
  await assert.rejects(readTable("a;b\n1,234,567;1\n2,345,678;2\n"), { code: "BAD_INPUT", row: 0, column: "a" });
  await assert.rejects(readTable('a,b\n\n\n1,2\n3,"x"y'), { row: 1 });
  await assert.rejects(readTable("a,y\n1,\n2,\n", { label: "y", unlabelled: "drop" }), { code: "BAD_INPUT", message: /no rows with a label in column "y"/ });
  await assert.rejects(readTable("a\n1\n2\n", { kinds: new Map([["a", "category"]]) }), { code: "BAD_OPTION", option: "kinds" });
  await assert.rejects(readTable((async function* () { yield new TextEncoder().encode("a,b\n1,2\n"); throw new TypeError("network error"); })()), { code: "BAD_INPUT", message: /could not be read \(network error\)/ });
  const bytes = Buffer.from("\ufeffa,b\n1,2\n3,4\n", "utf16le");
  assert.deepEqual(await data((async function* () { yield new Uint8Array(); yield bytes; })()), [1, 2, 3, 4]);
});

test("a source that hangs can be aborted", async () => {
  const stop = new AbortController();
  const hangs = () => new ReadableStream({ start(controller) { controller.enqueue("a,b\n1,2\n"); } });
  const reading = [readTable(hangs(), { signal: stop.signal }), readTable((async function* () { yield "a,b\n"; await new Promise(() => {}); })(), { signal: stop.signal })];
  setTimeout(() => stop.abort(), 20);
  for (const each of reading) await assert.rejects(each, { code: "ABORTED" });
});

test("options that are none", async () => {
  for (const [options, option] of [
    [{ lable: "y" }, "lable"], [{ label: "" }, "label"], [{ label: "z" }, "label"], [{ unlabelled: "ignore" }, "unlabelled"], [{ ignore: "a" }, "ignore"], [{ ignore: ["z"] }, "ignore"], [{ kinds: { a: "text" } }, "kinds"], [{ kinds: { z: "date" } }, "kinds"],
    [{ blanks: [null] }, "blanks"], [{ maxCategories: 0 }, "maxCategories"], [{ minCategoryRows: 1.5 }, "minCategoryRows"], [{ impute: "mode" }, "impute"], [{ delimiter: '"' }, "delimiter"], [{ decimal: ";" }, "decimal"], [{ encoding: "utf-9" }, "encoding"],
    [{ recipe: {} }, "recipe"], [{ signal: {} }, "signal"], [{ onProgress: 1 }, "onProgress"],
  ]) {
    await assert.rejects(readTable(new Blob(["a,y\n1,2\n3,4\n"]), options), { code: "BAD_OPTION", option }, JSON.stringify(options));
  }
  const { recipe } = await readTable("a\n1\n2\n");
  await assert.rejects(readTable("a\n1\n", { recipe, blanks: [] }), { code: "BAD_OPTION", option: "blanks" });
  await assert.rejects(readTable("a\n1\n", { label: "y", recipe }), { code: "BAD_OPTION", option: "label" });
});

test("reading can be watched and aborted", async () => {
  const long = csvOf(Array.from({ length: 40000 }, (_, i) => ({ a: i, b: i * 2 })));
  const stop = new AbortController();
  let last = 0;
  const reading = readTable(long, { signal: stop.signal, onProgress({ rows, characters }) { last = rows; if (characters > long.length / 2) stop.abort(); } });
  await assert.rejects(reading, { code: "ABORTED", name: "AbortError", message: "The reading was aborted." });
  assert.ok(last > 0 && last < 40000);
});

test("the rows of a table go wherever rows go", async () => {
  const table = await readTable(machines, { label: "failed" });
  const { train, test: held } = await split(table.X, table.y);
  const { classifier } = await tune(train.X, train.y, { options: { engine, classWeight: "balanced" }, grid: { l2: [1e-3, 1e-1] }, folds: 3 });
  assert.deepEqual(classifier.table, table.recipe);
  assert.ok((await classifier.evaluate(held.X, held.y)).rocAuc > 0.6);
  const dataset = await engine.dataset(table.X, table.y);
  const other = new FocalClassifier({ engine, classWeight: "balanced" });
  const report = await other.fit(dataset);
  assert.deepEqual(report.warnings.slice(0, table.notes.length), table.notes);
  assert.deepEqual(await other.predict(machines), await other.predict(dataset));
  await dataset.dispose();
  assert.ok((await crossValidate(table.X, table.y, { options: { engine }, folds: 3 })).mean.rocAuc > 0.5);
});

test("documents whose recipe is not as it must be are refused", async () => {
  const table = await readTable(machines, { label: "failed" });
  const classifier = new FocalClassifier({ engine });
  await classifier.fit(table.X, table.y);
  const text = JSON.stringify(classifier);
  for (const [change, message] of [
    [(t) => (t.columns = null), /table\.columns is not/], [(t) => t.columns.pop(), /table makes \d+ columns, not \d+/], [(t) => (t.columns[0] = 5), /table\.columns\[0\]/],
    [(t) => (t.columns[1].kind = "words"), /table.columns\[1\]/], [(t) => (t.columns[1].kind = "constructor"), /table.columns\[1\]/], [(t) => (t.columns[1].categories = "ab"), /categories is not as it must be/], [(t) => t.columns[1].categories.unshift(null), /categories is not as it must be/],
    [(t) => (t.columns[0].periods = ["NaN"]), /periods/], [(t) => (t.columns[0].periods[0] = -1), /periods/], [(t) => (t.columns[0].categories = []), /categories/], [(t) => (t.columns[2].missing = false), /table.columns\[2\]/], [(t) => (t.columns[2].name = 3), /table.columns\[2\]/],
    [(t) => (t.blanks = [0]), /table.blanks/], [(t) => (t.blanks = ["", null]), /table.blanks/], [(t) => (t.columns[1].categories = { at: 1 }), /categories/], [(t) => (t.columns[0].periods[1] = 1e-320), /periods/], [(t) => (t.ignored = {}), /table.ignored/], [(t) => (t.impute = "mode"), /table.impute/], [(t) => (t.more = 1), /more/],
  ]) {
    const document = JSON.parse(text);
    change(document.table);
    assert.throws(() => FocalClassifier.fromJSON(document), { code: "BAD_MODEL", message });
  }
});

test("Papa Parse is loaded for CSV only", async () => {
  assert.ok(!(await bundled("table", ["*/csv.js"])).includes("papaparse.js"));
  assert.ok((await bundled("table")).includes("papaparse.js"));
});

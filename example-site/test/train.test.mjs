// Part 1: tables, settings, training, stopping.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hardTable, randomNumbers } from "./browsers/rows.js";
import { chooseFile, chooseSource, codeOf, confusion, csv, drawnPixels, machines, number, onPage, ready, setSlider, text, train, until, untilStatus } from "./page.mjs";

onPage("the page is complete before any wasm has loaded", async (page) => {
  await page.getByRole("heading", { name: "See focal loss find the rare class" }).waitFor();
  assert.match(await text(page, "status"), /^Loading/);
  assert.ok(await page.getByText("A small classifier learns from 70").isVisible());
  assert.ok(await page.getByLabel("Rare class to find").isDisabled());
  assert.ok(await page.getByRole("button", { name: "Train", exact: true }).isDisabled());
  assert.ok(await page.getByText("National Climatic Data Center").isVisible());
}, { prepare: (page) => page.route("**/*.wasm", () => {}) });

onPage("the page does not move when its program starts", async (page) => {
  await ready(page);
  await page.waitForTimeout(200);
  assert.ok((await page.evaluate(() => window.shift)) < 0.001, `shifted by ${await page.evaluate(() => window.shift)}`);
}, { prepare: (page) => page.addInitScript(() => {
  window.shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value))).observe({ type: "layout-shift", buffered: true });
}) });

onPage("the page says so if WebAssembly is missing", async (page) => {
  await untilStatus(page, /^WebAssembly is missing here/);
  assert.ok(await page.locator("#train").isDisabled());
}, { prepare: (page) => page.addInitScript(() => delete window.WebAssembly) });

onPage("the page says so if its program cannot be loaded", async (page) => {
  await untilStatus(page, /could not be loaded \(page\.simd\.wasm: HTTP 404\)/);
  assert.ok(await page.locator("#train").isDisabled());
}, { prepare: (page) => page.route("**/page*.wasm", (route) => route.fulfill({ status: 404 })), allowed: (error) => /404/.test(error) });

onPage("an engine that does not start is named, and tried again", async (page) => {
  await ready(page);
  // The playground tries the same engine twice: a start of its own that is under way would be the second training's too.
  await page.locator("#understand").scrollIntoViewIfNeeded();
  await page.locator("#understand-problem").waitFor();
  await page.click("#train");
  await untilStatus(page, /worker/);
  await page.unroute("**/worker.js");
  await train(page);
}, { prepare: (page) => page.route("**/worker.js", (route) => route.fulfill({ status: 404 })), allowed: (error) => /404/.test(error) });

onPage("a table that cannot be loaded is named, and another can be chosen", async (page) => {
  await until(page, "data-problem", /seattle-snow\.csv: HTTP 404/);
  await chooseSource(page, "cancer");
  await train(page);
}, { prepare: (page) => page.route("**/seattle-snow.csv", (route) => route.fulfill({ status: 404 })), allowed: (error) => /404/.test(error) });

onPage("Seattle's snow", async (page) => {
  await ready(page);
  assert.match(await text(page, "rows"), /^1,460 days: 1,022 \(18 snow\) to train on, 438 \(8 snow\) held out\.$/);
  assert.equal(await page.locator("#columns-list li").count(), 14);
  await train(page);
  assert.equal(await text(page, "fact-rows"), "1,022 days, 18 snow");
  assert.match(await text(page, "fact-status"), /^converged after \d+$/);
  assert.match(await text(page, "fact-time"), /^[\d.]+ m?s of [\d.]+ m?s$/);
  assert.match(await text(page, "fact-speed"), /^[\d.,]+( million| billion)?$/);
  assert.equal(await text(page, "fact-simd"), "SIMD");
  const [, start, end] = /^From ([\d.]+) at the start to ([\d.]+) after/.exec(await text(page, "loss-text"));
  assert.ok(Number(end) < 0.5 * Number(start), `the loss went from ${start} to ${end}`);
  assert.ok((await drawnPixels(page, "loss-chart")) > 100);
  assert.match(await text(page, "headline"), /^\d of 8 held-out snow days found a day ahead, with \d+ false alarms among 430 other days\.$/);
});

onPage("breast cancer: two classes, so nothing is put together", async (page) => {
  await ready(page);
  await chooseSource(page, "cancer");
  assert.equal(await page.inputValue("#positive"), "malignant");
  assert.equal(await page.locator("#positive option").count(), 2);
  await train(page);
  const { tp, fn, fp, tn } = await confusion(page);
  assert.deepEqual([tp + fn, fp + tn], [64, 107]);
  assert.ok(tp >= 50 && fp <= 5, `${tp} found, ${fp} false alarms`);
  assert.equal(await text(page, "negative-name"), "benign");
  await page.selectOption("#positive", "benign");
  await ready(page);
  await train(page);
  assert.equal(await text(page, "positive-name"), "benign");
});

onPage("a digit: the most mistaken ones are drawn", async (page) => {
  await ready(page);
  await chooseSource(page, "digits");
  assert.equal(await page.inputValue("#positive"), "8");
  await train(page);
  const shown = await page.locator("#mistaken li").evaluateAll((items) => items.map((item) => {
    const canvas = item.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 0; i < data.length; i += 4) ink += 255 - data[i];
    // Digits are written in the middle: the left and the right column of pixels are nearly empty.
    let edge = 0;
    for (let y = 0; y < canvas.height; y++) edge += 510 - data[4 * (y * canvas.width + 2)] - data[4 * (y * canvas.width + canvas.width - 3)];
    return { caption: item.textContent, ink: ink / (data.length / 4), edge: edge / (2 * canvas.height) };
  }));
  assert.equal(shown.length, 12);
  let before = 0;
  for (const { caption, ink, edge } of shown) {
    assert.ok(ink > 30 && ink < 150 && edge < 40, `${caption}: ink ${ink}, at the edges ${edge}`);
    const [, is, share] = /^(8|not 8): (?:<\s)?([\d.]+)\s%$/.exec(caption);
    assert.ok(is && Number(share) >= before && Number(share) < 50, caption);
    before = Number(share);
  }
  await chooseSource(page, "snow");
  assert.ok(await page.locator("#mistaken-part").isHidden());
});

onPage("payments: 284,800 rows, 484 of them frauds", async (page) => {
  await ready(page);
  await chooseSource(page, "transactions");
  assert.match(await text(page, "rows"), /^284,800 payments: 199,360 \(339 fraud\) to train on, 85,440 \(145 fraud\) held out\.$/);
  await train(page);
  const { tp, fn, fp, tn } = await confusion(page);
  assert.deepEqual([tp + fn, fp + tn], [145, 85295]);
  assert.ok(tp > 110 && fp < 10000, `${tp} found, ${fp} false alarms`);
});

onPage("settings count: without weights, with a number, with a strong penalty", async (page) => {
  await ready(page);
  await page.selectOption("#weight", "none");
  await train(page);
  assert.equal(await page.inputValue("#threshold-number"), "0.5");
  const loose = await number(page, "tp");

  await page.selectOption("#weight", "number");
  await page.fill("#weight-number", "-1");
  await page.click("#train");
  await untilStatus(page, /no usable number/);
  assert.ok(await page.getByText("The weight must be a number from").isVisible());
  await page.fill("#weight-number", "99");
  await train(page);
  assert.equal(await page.inputValue("#threshold-number"), "0.01");
  assert.ok((await number(page, "tp")) > loose);

  await page.selectOption("#weight", "none");
  await setSlider(page, "l2", 1);
  assert.equal(await text(page, "l2-value"), "10");
  await train(page);
  assert.deepEqual(await confusion(page), { tp: 0, fn: 8, fp: 0, tn: 430 });
  assert.match(await text(page, "warnings"), /"snow" is predicted for no training row/);
});

onPage("every class of the weather can be the rare one, and others can be held out", async (page) => {
  await ready(page);
  for (const [name, positives] of [["drizzle", 16], ["fog", 30], ["rain", 192], ["sun", 192], ["snow", 8]]) {
    await page.selectOption("#positive", name);
    await ready(page);
    assert.equal(await text(page, "fact-status"), "–");
    assert.ok(await page.locator("#judged").isHidden());
    await train(page);
    const { tp, fn } = await confusion(page);
    assert.equal(tp + fn, positives, name);
    assert.ok(tp > 0, name);
    assert.equal(await text(page, "positive-name"), name);
  }
  const before = await text(page, "pr-text");
  await page.click("#draw");
  await ready(page);
  assert.match(await text(page, "rows"), /draw\u00a02/);
  await train(page);
  assert.notEqual(await text(page, "pr-text"), before);
});

onPage("a long fit can be stopped, and the page goes on", async (page) => {
  await ready(page);
  await chooseFile(page, csv("hard.csv", hardTable(60000)));
  await ready(page);
  await setSlider(page, "l2", -8);
  await setSlider(page, "gamma", 5);
  // Stops at the third iteration, from within the page.
  const iteration = await page.evaluate(() => new Promise((resolve) => {
    const step = document.getElementById("step");
    const observer = new MutationObserver(() => {
      const at = Number(/^Iteration (\d+)/.exec(step.textContent)?.[1] ?? 0);
      if (at < 3) return;
      observer.disconnect();
      document.getElementById("stop").click();
      resolve(at);
    });
    observer.observe(step, { childList: true, characterData: true, subtree: true });
    document.getElementById("train").click();
  }));
  await untilStatus(page, /^Stopped after \d+ iterations?\. There is no model yet\.$/);
  const stopped = Number(/\d+/.exec(await text(page, "status"))[0]);
  assert.ok(stopped >= iteration && stopped < 500, `stopped after ${stopped}, asked at ${iteration}`);
  assert.equal(await page.getAttribute("#stop", "aria-disabled"), "true");
  assert.ok(await page.locator("#judged").isHidden());

  // At once.
  await page.evaluate(() => {
    document.getElementById("train").click();
    document.getElementById("stop").click();
  });
  await untilStatus(page, /^Stopped( after \d+ iterations?)?\. There is no model yet\.$/);
  assert.equal(await page.getAttribute("#train", "aria-disabled"), "false");

  // While another table is chosen.
  await page.click("#train");
  await chooseSource(page, "snow");
  await train(page);
  assert.equal(await text(page, "fact-rows"), "1,022 days, 18 snow");
});

onPage("a table is chosen while another is read", async (page) => {
  await ready(page);
  await page.check("#sources input[value=transactions]");
  await page.check("#sources input[value=digits]");
  await page.check("#sources input[value=cancer]");
  await ready(page);
  assert.match(await text(page, "rows"), /^569 samples/);
  await page.waitForTimeout(1000);
  assert.match(await text(page, "rows"), /^569 samples/);
});

onPage("a CSV file: columns, gaps, quotes, and what is left out", async (page) => {
  await ready(page);
  await chooseFile(page, machines());
  await ready(page);
  assert.deepEqual(await page.locator("#label option").allTextContents(), ["size", "machine; type", "status", "note", "serial", "flat"]);
  assert.equal(await page.inputValue("#label"), "status");
  assert.equal(await page.inputValue("#positive"), "failing");
  assert.match(await text(page, "rows"), /^599 rows: 419 \(21 failing\) to train on, 180 \(9 failing\) held out\.$/);
  assert.deepEqual(await page.locator("#columns-list li").allTextContents(), ["size", "size missing", "machine; type = lathe; old", "machine; type = mill", "machine; type = press", "note = x", "note = y"]);
  const notes = await text(page, "notes-list");
  for (const note of [/1 row/, /"serial"/, /"flat"/]) assert.match(notes, note);
  await train(page);
  const { tp, fn, fp } = await confusion(page);
  assert.equal(tp + fn, 9);
  assert.ok(tp >= 7 && fp < 80, `${tp} found, ${fp} false alarms`);
  assert.match(await text(page, "headline"), /held-out rows of “failing” found/);

  await page.selectOption("#label", "note");
  await ready(page);
  assert.equal(await page.inputValue("#positive"), "x");
  await chooseSource(page, "snow");
  await chooseSource(page, "file");
  assert.match(await text(page, "rows"), /^600 rows/);
  await train(page);
});

onPage("a file that is dropped anywhere", async (page) => {
  await ready(page);
  const { name, buffer } = machines();
  const transfer = await page.evaluateHandle(([fileName, content]) => {
    const data = new DataTransfer();
    data.items.add(new File([content], fileName, { type: "text/csv" }));
    return data;
  }, [name, buffer.toString()]);
  await page.dispatchEvent("h1", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent("h1", "drop", { dataTransfer: transfer });
  await until(page, "rows", /^599 rows/);
  assert.ok(await page.locator("#sources input[value=file]").isChecked());
  assert.equal(await text(page, "file-name"), "machines.csv");
  await train(page);
});

onPage("files that cannot be used get a sentence that says what to change, and the next one works", async (page) => {
  await ready(page);
  await page.check("#sources input[value=file]");
  await untilStatus(page, /^Choose a CSV file/);
  const rows = (n, f) => Array.from({ length: n }, (_, i) => f(i));
  for (const [content, message] of [
    ["", /bad\.csv is empty: choose a CSV file/],
    [["only", "1", "2"], /one column only: a table needs/],
    [["a,b"], /has no rows: give a header and at least one row/],
    [["a,b", '"x,1', ...rows(5000, (i) => `${i},${i % 2}`)], /quotation mark.*(clos|end)/],
    [["a,b", ...rows(60, (i) => `${i},${i}.5`)], /has 60 different values, and this page tells up to 50 classes apart: choose another column/],
    [["a,b", ...rows(10000, (i) => `${i},kind ${i}`)], /“b” has 10,000 different values.*choose another column|No column is left/],
    [["a,b", ...rows(60, (i) => `${i},same`)], /“b” has the same value in every row.*choose another column/],
    [["a,b,c", ...rows(60, (i) => `t${i},u${i},${i % 2}`)], /No column is left to predict “c” from|no column/i],
    [["a,b", ...rows(60, (i) => `${i},${i < 3 ? "rare" : "common"}`)], /Only 3 rows are of class “rare”, too few.*add rows/],
    ["\x7fELF\0\0\x01\x02,b\nc,d", /not text: export the table as CSV/],
    [["a,b", ...rows(20, (i) => `${i},${i % 2}`), "1,2,3"], /^Row 21 below the header has 3 fields, the header 2: give every row as many/],
    [["a,b,c", ...rows(100, (i) => `${i === 50 ? "about 7" : i},${i},${i % 2}`)], /^Row 51 below the header, column "a" is the string "about 7", where 99 of 100 rows have a number: correct it, or leave the cell empty\.$/],
  ]) {
    await page.setInputFiles("#file", csv("bad.csv", content));
    await until(page, "data-problem", message);
    assert.ok(await page.locator("#data-problem").isVisible());
    await page.click("#train");
    await untilStatus(page, /no table to train on/);
  }
  await page.setInputFiles("#file", csv("good.csv", ["a,b", ...rows(60, (i) => `${i},${i < 20 ? "p" : "q"}`)]));
  await ready(page);
  assert.ok(await page.locator("#data-problem").isHidden());
  assert.equal(await page.inputValue("#label"), "b");
  await train(page);
});

onPage("a file of 200 MB is refused with a sentence", async (page) => {
  await ready(page);
  await page.check("#sources input[value=file]");
  await page.evaluate(() => {
    const part = "1,2,yes\n".repeat(2 ** 17);
    const data = new DataTransfer();
    data.items.add(new File(["a,b,c\n", ...Array(200).fill(part)], "huge.csv", { type: "text/csv" }));
    const input = document.getElementById("file");
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await until(page, "data-problem", /^huge\.csv has 200 MB, and this page reads up to 128: leave out columns/);
  await chooseFile(page, machines());
  await ready(page);
});

onPage("classes with names that mean something elsewhere", async (page) => {
  await ready(page);
  const rows = (names) => csv("names.csv", ["constructor,kind", ...Array.from({ length: 200 }, (_, i) => `${(i * 7) % 31},${i % 10 ? names[1 + (i % (names.length - 1))] : names[0]}`)]);
  await page.selectOption("#weight", "number");
  for (const names of [["*", "a"], ["*", "a", "b"], ["__proto__", "constructor"], ["file", "not file"], ["x", "not x", "y"], ["0", "1"], ["-1", "1e21", "0.5"], ["true", "false"], ["雪 🚨", "<i>&amp;"]]) {
    await chooseFile(page, rows(names));
    await ready(page);
    assert.equal(await page.inputValue("#positive"), names[0]);
    assert.equal(await page.locator("#positive option").count(), names.length + (names.length > 2 && names[0] !== "*"));
    await train(page);
    // The weight counts: with 10 the threshold is 1/11.
    assert.equal(await page.inputValue("#threshold-number"), "0.0909", names[0]);
    const { tp, fn } = await confusion(page);
    assert.equal(tp + fn, 6);
    assert.equal(await text(page, "positive-name"), names[0]);
  }
});

onPage("a number for a weight is refused where every class is told apart", async (page) => {
  await ready(page);
  await page.click("#train");
  await untilStatus(page, /^A number weighs one rare class.*choose balanced weights, or none/);
  await page.selectOption("#weight", "balanced");
  await train(page);
}, { hash: "#data=digits&class=*&weight=10" });

onPage("rows of which nearly all are of the class to find", async (page) => {
  await ready(page);
  await chooseFile(page, csv("few.csv", ["a,kind", ...Array.from({ length: 100 }, (_, i) => `${i},${["one", "two", "two"][i] ?? "many"}`)]));
  await until(page, "data-problem", /^Only 3 rows are of class “not many”, too few/);
});

onPage("files as spreadsheets write them: Windows-1252, decimal commas, UTF-16, tabs, a mark of the order of bytes", async (page) => {
  await ready(page);
  const random = randomNumbers(5);
  const lines = (between, decimal) => [["größe", "preis", "zustand"], ...Array.from({ length: 200 }, (_, i) => [random() + (i % 10 ? 0 : 1), 10 * random(), i % 10 ? "schön" : "übel"].map((v) => (typeof v === "number" ? v.toFixed(2).replace(".", decimal) : v)))]
    .map((row) => row.join(between)).join("\r\n");
  for (const [content, notes] of [
    [Buffer.from(lines(";", ","), "latin1"), /Windows-1252.*comma before the fraction/],
    [Buffer.from(`\ufeff${lines(";", ",")}`), /^Numbers were read with a comma before the fraction\.$/],
    [Buffer.from(`\ufeff${lines("\t", ".")}`, "utf16le"), /^$/],
    [Buffer.from(lines(",", "."), "latin1"), /^The file is not UTF-8 and was read as Windows-1252/],
  ]) {
    await chooseFile(page, { name: "tabelle.csv", mimeType: "text/csv", buffer: content });
    await until(page, "rows", /^200 rows: 140 \(14 übel\)/);
    assert.deepEqual(await page.locator("#label option").allTextContents(), ["größe", "preis", "zustand"]);
    assert.deepEqual(await page.locator("#columns-list li").allTextContents(), ["größe", "preis"]);
    assert.match(await text(page, "notes-list"), notes);
    await train(page);
    assert.ok((await number(page, "tp")) >= 4);
    const code = await codeOf(page);
    assert.equal(code.includes('encoding: "windows-1252"'), notes.source.includes("1252"));
    assert.equal(code.includes('decimal: ","'), notes.source.includes("comma"));
  }
  // Thousands are not taken for fractions.
  await chooseFile(page, csv("thousands.csv", ["a\tb", ...Array.from({ length: 60 }, (_, i) => `${i + 1},000\t${i % 3 ? "p" : "q"}`)]));
  await until(page, "data-problem", /write numbers as 1234\.5\.$/);
});

onPage("what is dropped and is no file, a file that is gone, and the same one chosen again", async (page) => {
  await ready(page);
  const drop = async (kind, content) => page.dispatchEvent("h1", "drop", { dataTransfer: await page.evaluateHandle(([type, value]) => {
    const data = new DataTransfer();
    data.setData(type, value);
    return data;
  }, [kind, content]) });
  await drop("text/uri-list", "https://example.com/a.csv");
  await untilStatus(page, /^What was dropped is no file: save it as a CSV file/);
  await train(page);

  const folder = mkdtempSync(join(tmpdir(), "focalfit-file-"));
  try {
    const path = join(folder, "later.csv");
    writeFileSync(path, machines().buffer);
    await page.check("#sources input[value=file]");
    await page.setInputFiles("#file", path);
    await until(page, "rows", /^599 rows/);
    await page.waitForTimeout(1100); // the time of a change is in seconds
    writeFileSync(path, `${machines().buffer}\n1;mill;z;1;well;x`);
    await page.selectOption("#label", "note");
    await until(page, "data-problem", /^later\.csv cannot be read: it is a folder, or was changed or moved after it was chosen\. Choose it again\.$/);
    // A browser tells of a change only if there was another file, or none.
    await page.evaluate(() => document.getElementById("file").addEventListener("click", (event) => event.preventDefault()));
    await page.click("#file");
    assert.equal(await page.inputValue("#file"), "");
    await page.setInputFiles("#file", path);
    await until(page, "rows", /^601 rows/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

onPage("the reading of a table can be stopped, and begun again", async (page) => {
  await ready(page);
  // Stopped from within the page, as soon as some rows are made.
  await page.evaluate(() => new Promise((resolve) => {
    const step = document.getElementById("step");
    const observer = new MutationObserver(() => {
      if (!/rows$/.test(step.textContent)) return;
      observer.disconnect();
      document.getElementById("stop").click();
      resolve();
    });
    observer.observe(step, { childList: true, characterData: true, subtree: true });
    document.querySelector("#sources input[value=transactions]").click();
  }));
  await untilStatus(page, /^Stopped\. Press Train to read the table after all\.$/);
  assert.equal(await text(page, "step"), "");
  assert.equal(await page.getAttribute("#stop", "aria-disabled"), "true");
  await page.click("#train");
  await ready(page);
  assert.match(await text(page, "rows"), /^284,800 payments/);
  assert.equal(await page.getAttribute("#stop", "aria-disabled"), "true");
  await train(page);
});

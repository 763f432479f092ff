// axe-core finds nothing in any state of the page, at two widths and in both colour schemes.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { audit } from "./axe.mjs";
import { chooseFile, chooseSource, compare, csv, machines, onPage, ready, reloadKept, setSlider, train, until, untilStatus } from "./page.mjs";

const painted = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Looks at the page as it is, narrow and wide, light and dark. */
async function look(page, found, state) {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await painted(page);
      const lines = await audit(page, { contrast: colorScheme === "dark" });
      for (const line of lines) found.set(line, [...(found.get(line) ?? []), `${state}, ${width} px, ${colorScheme}`]);
    }
  }
}

/** A journey over some states; `see(name)` looks at the one that is reached. */
function journey(name, body, options) {
  onPage(name, async (page, site) => {
    const found = new Map(); // where each thing was found
    await body(page, (state, of = page) => look(of, found, state), site);
    assert.deepEqual(Array.from(found, ([line, states]) => `${line} (${states.length} times, first ${states[0]})`), []);
  }, options);
}

journey("before the program has loaded", async (page, see) => {
  await untilStatus(page, /^Loading/);
  await see("loading");
}, { prepare: (page) => page.route("**/*.wasm", () => {}) });

journey("a program that cannot be loaded", async (page, see) => {
  await untilStatus(page, /could not be loaded/);
  await see("failed");
}, { prepare: (page) => page.route("**/page*.wasm", (route) => route.fulfill({ status: 404 })), allowed: (error) => /404/.test(error) });

journey("snow, from the first look to the last", async (page, see) => {
  await ready(page);
  await see("ready");
  await page.click("#columns-summary");
  await see("columns");
  await page.selectOption("#weight", "number");
  await page.fill("#weight-number", "-1");
  await page.click("#train");
  await untilStatus(page, /no usable number/);
  await see("a weight that is none");
  await page.selectOption("#weight", "balanced");
  await train(page);
  await until(page, "row-text", /^It is/);
  await see("trained");
  await compare(page);
  await see("compared");
  for (const end of [0, 1000]) {
    await setSlider(page, "threshold", end);
    await see(`threshold at ${end}`);
  }
  await page.fill("#threshold-number", "2");
  await page.fill("#miss", "-1");
  await see("numbers out of range");
  for (const choice of ["found", "missed", "alarm", "close", "number"]) {
    await page.selectOption("#row-choice", choice);
    await until(page, "row-text", /^(It is|There is no)/);
    await see(`row: ${choice}`);
  }
  await page.fill("#row-number", "100000");
  await until(page, "row-text", /must be one from/);
  await see("no such row");
  await page.click("#copy");
  await until(page, "copied", /^Copied\.$/);
  await see("copied");
  await reloadKept(page);
  await untilStatus(page, /^This is the model of your last visit\.$/);
  await until(page, "row-text", /^It is/);
  await see("kept");
  await page.click("#forget");
  await until(page, "headline", /^Nothing is trained/);
  await see("forgotten");
  await page.selectOption("#weight", "none");
  await setSlider(page, "l2", 1);
  await train(page);
  await see("warnings");
  await page.selectOption("#positive", "*");
  await ready(page);
  await train(page);
  await compare(page);
  await see("every weather");
}, { context: { permissions: ["clipboard-read", "clipboard-write"] } });

journey("while it trains", async (page, see) => {
  await ready(page);
  await page.click("#train");
  await untilStatus(page, /^Training/);
  await see("training");
  await page.click("#stop");
}, { prepare: (page) => page.route("**/worker.js", () => {}) });

journey("the other tables", async (page, see) => {
  await ready(page);
  for (const source of ["cancer", "digits", "transactions"]) {
    await chooseSource(page, source);
    await see(`${source}, ready`);
    await train(page);
    await until(page, "row-text", /^It is/);
    await see(`${source}, trained`);
  }
  await chooseSource(page, "digits");
  await page.selectOption("#positive", "*");
  await ready(page);
  await train(page);
  await see("every digit");
});

journey("a file", async (page, see) => {
  await ready(page);
  await page.check("#sources input[value=file]");
  await untilStatus(page, /^Choose a CSV file/);
  await see("no file yet");
  await page.setInputFiles("#file", csv("bad.csv", ["a,b", "1,2,3"]));
  await until(page, "data-problem", /\S/);
  await page.click("#train");
  await see("a file that is none");
  await chooseFile(page, machines());
  await ready(page);
  await page.click("#columns-summary");
  await see("a file");
  await train(page);
  await reloadKept(page);
  await untilStatus(page, /is kept/);
  await see("the kept model of a file");
});

journey("the lessons", async (page, see) => {
  await ready(page);
  await page.locator("#understand").scrollIntoViewIfNeeded();
  await until(page, "understand-sides", /are on their side/);
  await see("before a lesson");
  for (const lesson of ["Focal loss alone", "Balanced weights", "A lower threshold", "A ring", "Fourier features"]) {
    await page.getByRole("button", { name: lesson, exact: true }).click();
    await until(page, "understand-sides", /are on their side/);
    await see(lesson);
  }
  await page.focus("#understand-canvas");
  await page.keyboard.press("ArrowLeft");
  await see("a crosshair");
  await page.click("#understand-clear");
  await until(page, "understand-missing", /\S/);
  await see("no points");
  await page.focus("#understand-canvas");
  await page.keyboard.press("Space");
  await until(page, "understand-missing", /there is no common one yet/);
  await see("one class only");
});

journey("the page that predicts", async (page, see) => {
  const folder = mkdtempSync(join(tmpdir(), "focalfit-accessible-"));
  try {
    const predictPage = async () => {
      await train(page);
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-page")]);
      await download.saveAs(join(folder, "predict.html"));
      const other = await page.context().newPage();
      await other.goto(pathToFileURL(join(folder, "predict.html")).href);
      return other;
    };
    await ready(page);
    const snow = await predictPage();
    await see("two classes", snow);
    await snow.locator("input[type=number]").first().fill("");
    await snow.locator("input[type=date]").fill("");
    await snow.getByRole("button", { name: "Predict" }).click();
    await see("values that are missing", snow);

    await chooseSource(page, "digits");
    await page.selectOption("#positive", "*");
    await ready(page);
    await see("ten classes", await predictPage());

    const names = Array.from({ length: 101 }, (_, j) => `c${j}`);
    const rows = Array.from({ length: 300 }, (_, i) => names.map((_, j) => Math.round(1000 * Math.sin(i * (j + 1.3))) / 1000));
    await chooseFile(page, csv("wide.csv", [[...names, "label"], ...rows.map((row) => [...row, row[3] + row[50] > 1 ? "yes" : "no"])]));
    await ready(page);
    const line = await predictPage();
    await line.click("summary");
    await see("a line", line);
    await line.fill("textarea", "1,2,3");
    await see("a line that is wrong", line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

journey("forced colours, without motion", async (page, see) => {
  await ready(page);
  await train(page);
  await page.getByRole("button", { name: "Fourier features" }).click();
  await until(page, "understand-sides", /are on their side/);
  await see("forced colours");
}, { context: { forcedColors: "active", reducedMotion: "reduce" } });

/** The contrast of two colours, by WCAG 2.2. */
function contrast(a, b) {
  const luminance = (colour) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const v = colour[i] / 255;
    return sum + weight * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  }, 0);
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

for (const colorScheme of ["light", "dark"]) {
  onPage(`what is drawn can be told from what is behind it: ${colorScheme}`, async (page) => {
    const colours = await page.evaluate(() => {
      const names = ["page", "surface", "ink", "muted", "line", "control", "accent", "on-accent", "rare", "good", "bad", "problem"];
      const hex = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim().replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
      return Object.fromEntries(names.map((name) => [name, [1, 3, 5].map((i) => parseInt(hex(name).slice(i, i + 2), 16))]));
    });
    const mix = (a, b) => colours[a].map((v, i) => (v + colours[b][i]) / 2);
    // The playground's field is the paper at the middle, and at its ends half a class's colour.
    const fields = { ...colours, "half common": mix("surface", "accent"), "half rare": mix("surface", "rare") };
    const low = [];
    const atLeast = (ratio, fronts, backs) => {
      for (const front of fronts) {
        for (const back of backs) {
          const is = contrast(fields[front], fields[back]);
          if (!(is >= ratio)) low.push(`${front} on ${back}: ${is.toFixed(2)}, not ${ratio}`);
        }
      }
    };
    atLeast(4.5, ["muted"], ["page"]); // what uPlot writes
    atLeast(4.5, ["ink", "muted", "accent", "rare", "problem"], ["page", "surface"]);
    atLeast(4.5, ["ink", "muted"], ["good", "bad"]);
    atLeast(4.5, ["on-accent"], ["accent"]);
    atLeast(3, ["accent", "rare", "ink", "muted"], ["page", "surface"]); // lines, dots, bars, points with an edge of paper
    atLeast(3, ["control"], ["page", "surface"]); // the edges of controls
    atLeast(3, ["accent"], ["line"]); // progress
    atLeast(3, ["ink"], ["half common", "half rare", "surface"]); // the line between the classes
    assert.deepEqual(low, []);
  }, { context: { colorScheme } });
}

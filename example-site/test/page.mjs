// What the tests of the page share: a page of its own for each, and ways to use it as a visitor does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, serveSite } from "./browser.mjs";
import { machines as machineLines } from "./browsers/rows.js";

let browser;
let site;
before(async () => {
  [browser, site] = await Promise.all([openBrowser(), serveSite()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Runs `body` with a page of its own, and sees that the page reported no error. */
export function onPage(name, body, { width = 1280, hash = "", prepare = () => {}, allowed = () => false, context: options = {} } = {}) {
  test(name, async () => {
    // Without motion: a page that scrolls smoothly may still do so while the driver clicks, and the button gets half of it.
    const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: "reduce", ...options });
    try {
      const page = await context.newPage();
      const errors = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      await prepare(page);
      await page.goto(site.url + hash);
      await body(page, site);
      assert.deepEqual(errors.filter((error) => !allowed(error)), []);
    } finally {
      await context.close();
    }
  });
}

export const text = (page, id) => page.locator(`#${id}`).textContent();
export const number = async (page, id) => Number((await text(page, id)).replaceAll(",", ""));

/** The code to paste, which follows what it is of with the next frame. */
export async function codeOf(page) {
  await nextFrame(page);
  return text(page, "code");
}
export const nextFrame = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve())));

/** Waits for an element's text to match. */
export async function until(page, id, pattern) {
  try {
    await page.waitForFunction(([name, source]) => new RegExp(source).test(document.getElementById(name).textContent), [id, pattern.source]);
  } catch {
    assert.match(await text(page, id), pattern);
  }
}
export const untilStatus = (page, pattern) => until(page, "status", pattern);
export const ready = (page) => untilStatus(page, /^Ready: press Train\.$/);

export async function train(page) {
  await page.click("#train");
  await untilStatus(page, /^Trained in /);
}

/** Reloads the page once it says that the model is kept. */
export async function reloadKept(page) {
  await page.locator("#kept").waitFor();
  await page.reload();
}

/** Chooses one of the page's tables and waits for it. */
export async function chooseSource(page, source) {
  await page.check(`#sources input[value=${source}]`);
  await untilStatus(page, /^Ready: press Train\.$/);
}

export async function compare(page) {
  await page.click("#compare");
  await untilStatus(page, /^All four are trained/);
}

export const confusion = async (page) => Object.fromEntries(await Promise.all(["tp", "fn", "fp", "tn"].map(async (id) => [id, await number(page, id)])));

export const setSlider = (page, id, value) =>
  page.locator(`#${id}`).evaluate((slider, v) => {
    slider.value = v;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);

/** How many pixels of a chart are of the accent's colour. */
export const drawnPixels = (page, id) =>
  page.locator(`#${id} canvas`).evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i + 2] > data[i] + 60) drawn++;
    return drawn;
  });

export const csv = (name, lines) => ({ name, mimeType: "text/csv", buffer: Buffer.from(Array.isArray(lines) ? lines.join("\n") : lines) });

export async function chooseFile(page, file) {
  await page.check("#sources input[value=file]");
  await page.setInputFiles("#file", file);
}

/** The machines as a file. */
export const machines = () => csv("machines.csv", machineLines());

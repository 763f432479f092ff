// What goes wrong on the way: things that the browser refuses, that are gone, or that come at the wrong moment.
import assert from "node:assert/strict";
import { chooseFile, csv, onPage, ready, text, train, until, untilStatus } from "./page.mjs";
import { randomNumbers } from "./browsers/rows.js";

onPage("where nothing can be copied the page says so, and goes on", async (page) => {
  await ready(page);
  await train(page);
  await page.click("#copy");
  await until(page, "copied", /does not let this page copy: select the text/);
  await train(page);
}, { prepare: (page) => page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined })) });

/** 50 classes, so that it takes a while to judge each. */
function manyClasses() {
  const random = randomNumbers(3);
  return csv("classes.csv", ["a,b,kind", ...Array.from({ length: 20000 }, (_, i) => `${(random() + (i % 50) / 25).toFixed(3)},${random().toFixed(3)},k${i % 50}`)]);
}

onPage("another table while the classes of a model are judged", async (page) => {
  await ready(page);
  await chooseFile(page, manyClasses());
  await ready(page);
  await page.selectOption("#positive", "*");
  await ready(page);
  await page.evaluate(() => new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      observer.disconnect();
      setTimeout(() => {
        document.querySelector("#sources input[value=snow]").click();
        resolve();
      }, 10);
    }).observe(document.getElementById("fact-time"), { childList: true, characterData: true, subtree: true });
    document.getElementById("train").click();
  }));
  await until(page, "rows", /^1,460 days/);
  await page.waitForTimeout(300);
  assert.match(await text(page, "status"), /^Ready: press Train\.$/);
  for (const part of ["judged", "explained", "taken"]) assert.ok(await page.locator(`#${part}`).isHidden(), part);
  await train(page);
});

onPage("another table while the columns of a file are looked for", async (page) => {
  await ready(page);
  await chooseFile(page, csv("slow.csv", ["a,b", ...Array.from({ length: 60 }, (_, i) => `${i},${i % 3 ? "p" : "q"}`)]));
  await untilStatus(page, /^Looking at the file/);
  await page.check("#sources input[value=cancer]");
  await ready(page);
  await page.evaluate(() => window.letRead());
  await page.waitForTimeout(300);
  assert.match(await text(page, "rows"), /^569 samples/);
  await page.check("#sources input[value=file]");
  await until(page, "rows", /^60 rows/);
  // The same of a file that cannot be used.
  await page.setInputFiles("#file", csv("one.csv", ["a", "1", "2"]));
  await until(page, "data-problem", /one column only/);
  assert.ok(await page.getByLabel("Column to predict").isHidden());
  await page.check("#sources input[value=cancer]");
  await ready(page);
  await page.check("#sources input[value=file]");
  await until(page, "data-problem", /one column only/);
}, { prepare: (page) => page.addInitScript(() => {
  const read = Blob.prototype.arrayBuffer;
  const allowed = new Promise((resolve) => (window.letRead = resolve));
  Blob.prototype.arrayBuffer = async function () {
    await allowed;
    return read.call(this);
  };
}) });

for (const [what, prepare] of [
  ["refuses", () => (IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); })],
  ["does not answer", () => (IDBFactory.prototype.open = () => ({}))],
  ["is full", () => (IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); })],
]) {
  onPage(`a browser whose store ${what} keeps no model, and the page says so`, async (page) => {
    await ready(page);
    await train(page);
    await page.getByText("a reload forgets the model").waitFor();
    assert.ok(await page.locator("#kept").isHidden());
  }, { prepare: (page) => page.addInitScript(prepare) });
}

/** Has the engine's worker die at the next message, with or without the event that tells of it. */
const killWorker = (page, told) => page.evaluate((tell) => (window.kill = { tell }), told);
const mortalWorkers = { prepare: (page) => page.addInitScript(() => {
  window.Worker = class extends Worker {
    postMessage(...given) {
      if (!window.kill) return super.postMessage(...given);
      const { tell } = window.kill;
      delete window.kill;
      this.terminate();
      if (tell) setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "out of memory" })));
    }
  };
}) };

/** Waits for the playground, which has the engine fit once it is near the window: what is sent next is the training's. */
async function playgroundFitted(page) {
  await page.locator("#understand").scrollIntoViewIfNeeded();
  await until(page, "understand-time", /^Fitted in/);
}

onPage("an engine that dies at work is said to have died, and the next training starts another", async (page) => {
  await ready(page);
  await playgroundFitted(page);
  await train(page);
  const loss = await text(page, "loss-text");
  await killWorker(page, true);
  await page.click("#train");
  await untilStatus(page, /^The worker that trains has died.*Press the button again/);
  assert.equal(await text(page, "loss-text"), loss);
  await train(page);
}, mortalWorkers);

onPage("an engine that does not answer is given up when it is to stop", async (page) => {
  await ready(page);
  await playgroundFitted(page);
  await killWorker(page, false);
  await page.click("#train");
  await page.click("#stop");
  await untilStatus(page, /^Stopped\. There is no model yet\.$/);
  await train(page);
  const sides = await text(page, "understand-sides");
  await page.selectOption("#understand-picture", "ring");
  await until(page, "understand-sides", new RegExp(`^(?!${sides})\\d+ of 20 rare points`));
  assert.equal(await text(page, "understand-problem"), "");
}, mortalWorkers);

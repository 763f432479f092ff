// What goes wrong on the way: things that the browser refuses, that are gone, or that come at the wrong moment.
import assert from "node:assert/strict";
import { chooseFile, csv, onPage, randomNumbers, ready, text, train, until, untilStatus } from "./page.mjs";

onPage("where nothing can be copied the page says so, and goes on", async (page) => {
  await ready(page);
  await train(page);
  await page.click("#copy");
  await until(page, "copied", /does not let this page copy: select the text/);
  await train(page);
}, { prepare: (page) => page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined })) });

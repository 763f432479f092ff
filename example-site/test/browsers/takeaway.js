// Part 5: files, and the code that repeats it.
import { FocalClassifier } from "../focalfit/index.js";
import { createPredictor } from "../focalfit/predict.js";
import { $, check, click, equal, match, ready, set, shown, text, train, until, untilText } from "./visitor.js";
import { remember } from "./shown.js";

/** What links would save: name and content. */
const files = [];
const blobs = new Map();
const createURL = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  const url = createURL(blob);
  blobs.set(url, blob);
  return url;
};
HTMLAnchorElement.prototype.click = function () {
  files.push({ name: this.download, content: blobs.get(this.href) });
};
async function saved(button) {
  const before = files.length;
  click(button);
  await until(() => files.length > before, () => `${button} saves nothing`);
  return files.at(-1);
}

/** Browsers' sines, of which the columns of a date are made, differ in their last digit. */
const rounded = (model) => JSON.parse(JSON.stringify(model), (_key, value) => (typeof value === "number" ? Number(value.toPrecision(4)) : value));

export default {
  async "the model as JSON"() {
    await ready();
    set("gamma", 1.5);
    set("weight", "number");
    set("weight-number", 30);
    await train();
    set("threshold-number", "0.15");
    const { name, content } = await saved("save-json");
    equal([name, content.type], ["model.json", "application/json"]);
    const model = JSON.parse(await content.text());
    equal(FocalClassifier.fromJSON(model).threshold, 0.15);
    equal([...createPredictor(model).classes].sort(), ["not snow", "snow"]);
    return { model: rounded(model) };
  },
  async "the model as ONNX"() {
    const { name, content } = await saved("save-onnx");
    equal(name, "model.onnx");
    const bytes = new Uint8Array(await content.arrayBuffer());
    equal(bytes[0], 8, "the first byte");
    match(new TextDecoder("latin1").decode(bytes), /focalfit[^]*probabilities/);
    return { length: bytes.length };
  },
  async "a page that predicts"() {
    const { name, content } = await saved("save-page");
    equal([name, content.type], ["predict.html", "text/html"]);
    const html = await content.text();
    match(html, /^<!doctype html>[^]*<title>Predict weather<\/title>/);
    check(!html.includes("{{"), "there is a place left in it");
    await fetch(`/saved${location.search}`, { method: "POST", body: html });
  },
  async "the code"() {
    await until(() => text("code").includes("threshold = 0.15"), () => `the code is still “${text("code")}”`);
    const code = text("code");
    for (const part of [/^import .*from "focalfit"/m, /gamma: 1\.5/, /30/, /threshold = 0\.15/, /data\/seattle-snow\.csv/]) match(code, part);
    click("copy");
    await untilText("copied", /^(Copied\.|The browser does not let this page copy: select the text\.)$/);
    return { code: code.replaceAll(location.origin, "") };
  },
  async "what is shown is remembered for the next visit"() {
    await untilText("row-text", /^It is/);
    await until(() => shown("kept"), () => "the page does not say that the model is kept");
    remember();
  },
};

// Part 1: tables, settings, training, stopping.
import { $, check, chooseFile, chooseSource, click, confusion, csv, drawn, equal, match, pixels, ready, set, shown, text, texts, train, transferOf, until, untilStatus, untilText } from "./visitor.js";
import { hardTable, machines } from "./rows.js";

/** What the page shows of the model; the curve's sentence comes with the next frame. */
async function outcome() {
  await until(() => text("loss-text").includes(` to ${text("fact-loss")} after `), () => `the curve is said to go ${text("loss-text")}`);
  return { ...texts("rows", "fact-rows", "fact-status", "fact-loss", "headline", "pr-text", "roc-text", "loss-text"), confusion: confusion() };
}

export default {
  async "Seattle's snow, with SIMD"() {
    await ready();
    match(text("rows"), /^1,460 days: 1,022 \(18 snow\) to train on, 438 \(8 snow\) held out\.$/);
    equal($("columns-list").children.length, 14);
    await train();
    equal(text("fact-simd"), "SIMD");
    match(text("fact-time"), /^[\d.]+ m?s of [\d.]+ m?s$/);
    match(text("fact-status"), /^converged after \d+$/);
    match(text("headline"), /^\d of 8 held-out snow days found a day ahead, with \d+ false alarms among 430 other days\.$/);
    await until(() => drawn("loss-chart") > 100, () => "the loss is not drawn");
    equal($("progress").value, 1);
    return outcome();
  },
  async "breast cancer"() {
    await chooseSource("cancer");
    equal($("positive").value, "malignant");
    await train();
    const { tp, fn, fp } = confusion();
    check(tp + fn === 64 && tp >= 50 && fp <= 5, `${tp} found, ${fp} false alarms`);
    return outcome();
  },
  async "a digit, and those that the model is most wrong about"() {
    await chooseSource("digits");
    await train();
    const canvases = [...document.querySelectorAll("#mistaken canvas")];
    equal(canvases.length, 12);
    for (const canvas of canvases) check(pixels(canvas, (r) => r < 128) > 20, "a digit without ink");
    return { ...(await outcome()), mistaken: text("mistaken") };
  },
  async "payments"() {
    await chooseSource("transactions");
    match(text("rows"), /^284,800 payments: 199,360 \(339 fraud\) to train on, 85,440 \(145 fraud\) held out\.$/);
    await train();
    return outcome();
  },
  async "a file that is chosen"() {
    click("#sources input[value=file]");
    await untilStatus(/^Choose a CSV file/);
    chooseFile(csv("machines.csv", machines()));
    await ready();
    equal($("label").value, "status");
    equal($("positive").value, "failing");
    match(text("rows"), /^599 rows: 419 \(21 failing\) to train on, 180 \(9 failing\) held out\.$/);
    check(shown("label-part"), "the labels are not to be chosen");
    await train();
    return { ...(await outcome()), columns: text("columns-list"), notes: text("notes-list") };
  },
  async "files that cannot be used, each with a sentence, and then one that can"() {
    const rows = (n, line) => Array.from({ length: n }, (_, i) => line(i));
    for (const [lines, sentence] of [
      ["", /^bad\.csv is empty: choose a CSV file/],
      [["a,b", ...rows(60, (i) => `${i},same`)], /“b” has the same value in every row.*choose another column/],
      ["\x7fELF\0\0\x01\x02,b\nc,d", /not text: export the table as CSV/],
      [["a,b", ...rows(20, (i) => `${i},${i % 2}`), "1,2,3"], /^Row 21 below the header has 3 fields, the header 2: give every row as many/],
    ]) {
      chooseFile(csv("bad.csv", lines));
      await untilText("data-problem", sentence);
      check(shown("data-problem"), "the sentence is hidden");
      click("train");
      await untilStatus(/no table to train on/);
    }
    chooseFile(csv("good.csv", ["a,b", ...rows(60, (i) => `${i},${i < 20 ? "p" : "q"}`)]));
    await ready();
    check(!shown("data-problem"), "the sentence stays");
    await train();
    return outcome();
  },
  async "a file that is dropped on the title"() {
    const dataTransfer = transferOf(csv("machines.csv", machines()));
    for (const kind of ["dragover", "drop"]) {
      const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
      $("h1").dispatchEvent(event);
      check(event.defaultPrevented, `the browser would take the ${kind} itself`);
    }
    await untilText("rows", /^599 rows/);
    equal(text("file-name"), "machines.csv");
    await train();
    return outcome();
  },
  async "a fit is stopped"() {
    chooseFile(csv("hard.csv", hardTable(60_000)));
    await ready();
    set("l2", -8);
    set("gamma", 5);
    const stopping = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        if (!(/^Iteration (\d+)/.exec(text("step"))?.[1] >= 3)) return;
        observer.disconnect();
        click("stop");
        resolve();
      });
      observer.observe($("step"), { childList: true, characterData: true, subtree: true });
    });
    click("train");
    await stopping;
    await untilStatus(/^Stopped after \d+ iterations?\. There is no model yet\.$/);
    check(Number(/\d+/.exec(text("status"))[0]) < 500, text("status"));
    equal($("stop").getAttribute("aria-disabled"), "true");
    check(!shown("judged"), "a model is judged");
  },
  async "settings count"() {
    await chooseSource("snow");
    set("gamma", 0);
    set("l2", -2);
    equal([text("gamma-value"), text("l2-value")], ["0", "0.01"]);
    set("weight", "number");
    set("weight-number", -1);
    click("train");
    await untilStatus(/no usable number/);
    check(shown("weight-problem"), "the problem is hidden");
    set("weight-number", 99);
    await train();
    equal($("threshold-number").value, "0.01");
    const weighted = await outcome();
    set("weight", "none");
    set("l2", 1);
    await train();
    equal(confusion(), { tp: 0, fn: 8, fp: 0, tn: 430 });
    match(text("warnings"), /"snow" is predicted for no training row/);
    return { weighted, unweighted: await outcome() };
  },
  async "others are held out"() {
    set("weight", "balanced");
    set("l2", -4);
    click("draw");
    await untilText("rows", /draw\u00a02/);
    await ready();
    await train();
    return outcome();
  },
};

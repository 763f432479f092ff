// Part 3: the threshold, what it costs, class by class, four ways.
import { $, cells, check, chooseSource, click, confusion, dotOnLine, drawn, equal, match, ready, set, shown, text, texts, train, until, untilStatus, untilText } from "./visitor.js";

const numbers = () => ({ ...texts("precision", "recall", "f1", "cost-text", "headline"), confusion: confusion(), threshold: $("threshold-number").value });

export default {
  async "the curves of Seattle's snow"() {
    await ready();
    await train();
    for (const chart of ["pr-chart", "roc-chart", "cost-chart", "reliability-chart"]) await until(() => drawn(chart) > 50, () => `${chart} is not drawn`);
    for (const chart of ["pr-chart", "roc-chart", "cost-chart"]) await until(() => shown(`#${chart} .dot`) && dotOnLine(chart), () => `${chart} has no dot on its line`);
    match(text("pr-text"), /^Average precision \d\.\d{3}\./);
    return { ...numbers(), ...texts("pr-text", "roc-text", "reliability-text") };
  },
  async "the threshold changes the confusion matrix"() {
    const own = confusion();
    set("threshold", 0);
    equal(confusion(), { tp: 8, fn: 0, fp: 430, tn: 0 });
    set("threshold", 1000);
    equal(confusion(), { tp: 0, fn: 8, fp: 0, tn: 430 });
    match(text("headline"), /at this threshold nothing is flagged/);
    check(!shown("#pr-chart .dot"), "a dot without a precision");
    const along = [];
    for (let step = 100; step < 1000; step += 150) {
      set("threshold", step);
      along.push(numbers());
    }
    click("threshold-own");
    equal(confusion(), own);
    set("threshold-number", "0.3");
    along.push(numbers());
    set("threshold-number", "2");
    equal($("threshold-number").getAttribute("aria-invalid"), "true");
    click("threshold-tuned");
    equal($("threshold-number").getAttribute("aria-invalid"), "false");
    along.push(numbers());
    return along;
  },
  async "what a miss costs"() {
    set("miss", 50);
    await until(() => dotOnLine("cost-chart"), () => "the dot is beside the costs");
    click("threshold-cost");
    equal($("threshold-number").value, "0.0196");
    check(dotOnLine("cost-chart"), "the dot stays where it was");
    const { fn, fp } = confusion();
    const [, here] = match(text("cost-text"), /^Here a row costs ([\d.]+) false alarms on average/);
    equal(Number(here), Number(((50 * fn + fp) / 438).toPrecision(3)));
    return numbers();
  },
  async "class by class"() {
    await chooseSource("digits");
    set("positive", "*");
    await untilText("rows", /^1,797 digits: 1,258 to train on, 539 held out\.$/);
    await train();
    check(!shown("confusion-part") && !shown("threshold-part"), "a threshold of ten classes");
    const rows = cells("classes-rows");
    equal(rows.length, 10);
    for (const [name, , ...measures] of rows) check(measures.slice(0, 4).every((measure) => Number(measure) > 0.8), `${name}: ${measures}`);
    const of8 = text("pr-text");
    equal($("class").value, "8");
    set("class", "3");
    await untilText("coefficients-help", /^For “3”/);
    check(text("pr-text") !== of8, "the curve stays");
    return { rows, of8, ...texts("pr-text", "roc-text", "headline") };
  },
  async "four ways, with intervals"() {
    await chooseSource("snow");
    click("compare");
    await untilStatus(/^All four are trained/);
    const rows = cells("ways");
    equal(rows.length, 4);
    for (const [, ...row] of rows) {
      for (const cell of row) {
        const [, value, low, high] = match(cell, /^([\d.]+)([01]\.\d\d) to ([\d.]+)$/);
        check(Number(low) <= Number(value) && Number(value) <= Number(high), cell);
      }
    }
    match(text("words"), /^Focal loss against cross-entropy: average precision/);
    return { rows, words: text("words") };
  },
};

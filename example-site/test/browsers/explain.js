// Part 4: coefficients, and a row taken apart.
import { $, cells, check, chooseSource, equal, match, pixels, ready, set, shown, text, texts, train, untilText } from "./visitor.js";

const signed = (said) => Number(said.replace("−", "-"));

export default {
  async "what counts most"() {
    await ready();
    await chooseSource("cancer");
    await train();
    const rows = cells("coefficients");
    equal(rows.length, 13);
    match(rows.at(-1)[0], /^18 more columns count less\.$/);
    const widths = Array.from(document.querySelectorAll("#coefficients .bar"), (bar) => bar.getBoundingClientRect().width);
    check(widths[0] > 20 && widths.every((width, i) => i === 0 || width <= widths[i - 1] + 0.5), `bars of ${widths}`);
    return { rows, ...texts("coefficients-help") };
  },
  async "rows taken apart, by what they are and by number"() {
    const said = [];
    for (const choice of ["found", "missed", "alarm", "close"]) {
      set("row-choice", choice);
      await untilText("row-text", /^It is “(malignant|benign)”, and the model says “(malignant|benign)”|^There is no such row/);
      const [, base, added, logit] = match(text("row-text"), /logit of ([+−][\d.]+), this one’s columns add ([+−][\d.]+), in all ([+−][\d.]+):/);
      check(Math.abs(signed(base) + signed(added) - signed(logit)) < 0.02 * (Math.abs(signed(base)) + Math.abs(signed(added))), text("row-text"));
      equal(cells("contributions").length, 13);
      said.push(text("row-text"), cells("contributions"), $("row-number").value);
    }
    set("row-number", 100000);
    await untilText("row-text", /must be one from 1 to 171/);
    set("row-number", 171);
    await untilText("row-text", /^It is/);
    equal($("row-choice").value, "number");
    said.push(text("row-text"));
    return said;
  },
  async "a digit's coefficients as a picture"() {
    await chooseSource("digits");
    await train();
    check(shown("weights-image-part"), "there is no picture");
    const [blue, orange] = [pixels($("weights-image"), (r, _g, b) => b > r + 60), pixels($("weights-image"), (r, _g, b) => r > b + 60)];
    check(blue > 400 && orange > 400, `${blue} pixels are blue, ${orange} orange`);
    check(shown("#row-image canvas"), "the row is not drawn");
    return { blue, orange, rows: cells("coefficients") };
  },
};

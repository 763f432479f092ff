// After a reload: the model and its settings are there.
import { $, equal, number, set, text, train, untilStatus, untilText } from "./visitor.js";
import { isRemembered } from "./shown.js";

export default {
  async "the model of the visit before"() {
    await untilStatus(/^This is the model of your last visit\.$/);
    await untilText("row-text", /^It is/);
    await isRemembered();
    equal(["gamma", "weight", "weight-number", "threshold-number"].map((id) => $(id).value), ["1.5", "number", "30", "0.15"]);
    equal($("train").matches(":disabled"), false);
  },
  async "it is judged, and trained again it is the same"() {
    set("threshold", 0);
    equal(number("fn"), 0);
    set("threshold-number", "0.15");
    const before = [text("headline"), text("coefficients")];
    await train();
    set("threshold-number", "0.15");
    await untilText("row-text", /^It is/);
    equal([text("headline"), text("coefficients")], before);
  },
};

// A link that holds settings.
import { $, equal, match, ready, set, text, train, untilText } from "./visitor.js";

export default {
  async "its settings are there, and followed by the address"() {
    await ready();
    match(text("rows"), /^1,460 days: 1,022 \(36 drizzle\).*draw\u00a03/);
    equal(["gamma", "weight", "l2", "positive"].map((id) => $(id).value), ["1.5", "none", "-2", "drizzle"]);
    await train();
    const headline = text("headline");
    set("positive", "fog");
    await untilText("rows", /fog/);
    await ready();
    set("weight", "number");
    set("gamma", 0);
    equal(location.hash, "#data=snow&class=fog&draw=3&gamma=0&weight=10&l2=-2");
    return { headline };
  },
};

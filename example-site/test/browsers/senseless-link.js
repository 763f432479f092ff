// A link that makes no sense.
import { $, equal, ready } from "./visitor.js";

export default {
  async "the usual settings"() {
    await ready();
    equal([$("positive").value, $("gamma").value], ["snow", "2"]);
  },
};

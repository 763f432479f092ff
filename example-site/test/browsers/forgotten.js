// After a model was forgotten.
import { $, check, equal, shown, untilStatus } from "./visitor.js";

export default {
  async "nothing is left of it"() {
    await untilStatus(/^Ready: press Train\.$/);
    check(!shown("judged"), "a model is judged");
    equal(["gamma", "weight", "l2"].map((id) => $(id).value), ["2", "balanced", "-4"]);
  },
};

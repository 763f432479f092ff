// After a reload without settings in the address: they come with the model.
import { $, click, equal, untilStatus, untilText } from "./visitor.js";

export default {
  async "the settings come back with the model, which is then forgotten"() {
    await untilStatus(/^This is the model of your last visit\.$/);
    equal(["gamma", "weight", "weight-number"].map((id) => $(id).value), ["1.5", "number", "30"]);
    click("forget");
    await untilText("headline", /^Nothing is trained yet/);
  },
};

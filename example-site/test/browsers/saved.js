// The page that predicts, in a frame of a page without a policy of its own.
import { tell } from "/browser/cases.js";
import { check, equal, match, until } from "./visitor.js";

const frame = document.createElement("iframe");
frame.src = `page.html${location.search}`;
frame.style.cssText = "width: 24rem; height: 50rem";
document.body.append(frame);
await new Promise((loaded) => frame.addEventListener("load", loaded));
const page = frame.contentDocument;
const text = (id) => page.getElementById(id).textContent;
const wrong = [];
page.addEventListener("securitypolicyviolation", ({ violatedDirective }) => wrong.push(violatedDirective));
frame.contentWindow.addEventListener("error", ({ message }) => wrong.push(message));
const probabilities = () => Array.from(page.querySelectorAll(".class"), (line) => [line.querySelector("span").textContent, Number(Number(line.querySelector("data").value).toPrecision(6))]);

await tell({
  async "it predicts its example, which is the day that is found most surely"() {
    equal(page.title, "Predict weather");
    equal(text("label"), "snow");
    match(page.querySelector("input[type=date], input[type=datetime-local]").value, /^20\d\d-/);
    return { probabilities: probabilities() };
  },
  async "another row, a field without a value, and the example again"() {
    const before = probabilities();
    const field = page.querySelector("input[type=number]");
    const example = field.value;
    const set = (value) => {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    set("30");
    await until(() => JSON.stringify(probabilities()) !== JSON.stringify(before), () => "the probabilities stay");
    const other = probabilities();
    set("");
    page.getElementById("reset").click();
    await until(() => field.value === example && JSON.stringify(probabilities()) === JSON.stringify(before), () => "the example does not come back");
    return { other };
  },
  "nothing is wider than the page, and nothing goes wrong"() {
    const { scrollWidth, clientWidth } = page.documentElement;
    check(scrollWidth <= clientWidth, `${scrollWidth} in ${clientWidth}`);
    equal(wrong, []);
  },
});

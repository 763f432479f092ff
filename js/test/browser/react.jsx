// useClassifier under StrictMode: what a component sees, told to the server case by case.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { useClassifier } from "focalfit/react";
import { tell } from "./cases.js";

const X = Array.from({ length: 3000 }, (_, i) => [Math.sin(i * 1.7) + (i % 25 ? 0 : 1.5), Math.cos(i * 2.3), Math.sin(i * 0.3)]);
const y = X.map((_, i) => (i % 25 ? "fine" : "fault"));
const endless = { data: Float32Array.from({ length: 2_000_000 }, (_, i) => Math.sin(i * i)), rows: 100_000, columns: 20 };
const endlessY = Array.from({ length: 100_000 }, (_, i) => (i % 2 ? "fine" : "fault"));

let hook, renders;

function App({ options }) {
  hook = useClassifier(options);
  renders.push(hook);
  return <p>{hook.status}</p>;
}

/** Mounts the component; the functions render it anew and take it away. */
function mount(options = { classWeight: "balanced", positiveClass: "fault" }) {
  renders = [];
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const render = (given) => flushSync(() => root.render(<StrictMode><App options={given} /></StrictMode>));
  render(options);
  return { render, text: () => place.textContent, unmount: () => flushSync(() => root.unmount()) };
}

const until = async (holds, what) => {
  for (let n = 0; !holds(); n++) {
    if (n > 2000) throw new Error(`${what} never came; it is ${hook.status}, ${hook.error?.message}`);
    await new Promise((later) => setTimeout(later, 5));
  }
};
const check = (holds, what) => {
  if (!holds) throw new Error(what);
};

const cases = {
  async "fits, shows progress, and is ready"() {
    const { text, unmount } = mount();
    check(text() === "idle", text());
    const report = await hook.fit(X, y);
    await until(() => hook.status === "ready", "ready");
    check(report.status === "converged" && hook.report === report && hook.error === null, "no report");
    check(text() === "ready" && hook.progress.fraction === 1, "no last progress");
    const fractions = renders.filter(({ status, progress }) => status === "fitting" && progress).map(({ progress }) => progress.fraction);
    check(fractions.length > 0, "no progress was rendered");
    check((await hook.classifier.predict([[2, 0, 0]]))[0] === "fault", "it does not predict");
    check(renders.every(({ fit, abort, load }) => fit === hook.fit && abort === hook.abort && load === hook.load), "functions change between renders");
    unmount();
  },
  async "a later fit takes the place of the one that runs, with the options of the last render"() {
    const { render, unmount } = mount({ gamma: 0, tolerance: 1e-12, maxIterations: 1_000_000 });
    const first = hook.fit(endless, endlessY);
    await until(() => hook.progress, "progress");
    render({ gamma: 1, classWeight: "balanced" });
    const second = await hook.fit(X, y);
    check((await first) === undefined, "the first has a report");
    check(second.status === "converged", second.status);
    await until(() => hook.status === "ready", "ready");
    check(hook.classifier.toJSON().options.gamma === 1, "the options are old");
    unmount();
  },
  async "an abort leaves what was there"() {
    const { unmount } = mount();
    await hook.fit(X, y);
    await until(() => hook.status === "ready", "ready");
    const { classifier, report } = hook;
    for (const stop of [() => hook.abort(), null]) {
      const controller = new AbortController();
      const fit = hook.fit(endless, endlessY, { signal: controller.signal, onProgress: ({ iteration }) => iteration === 1 && (stop ?? (() => controller.abort()))() });
      check((await fit) === undefined, "there is a report");
      await until(() => hook.status === "ready", "ready again");
      check(hook.classifier === classifier && hook.report === report && hook.error === null, "something changed");
    }
    unmount();
  },
  async "a failure is state, not a rejection"() {
    const { unmount } = mount();
    check((await hook.fit([[1], [2]], ["a", "a"])) === undefined, "there is a report");
    await until(() => hook.status === "error", "error");
    check(hook.error.code === "ONE_CLASS", hook.error.code);
    unmount();
  },
  async "unmounting aborts"() {
    const { unmount } = mount();
    let aborted;
    const fit = hook.fit(endless, endlessY);
    await until(() => hook.progress, "progress");
    unmount();
    const count = renders.length;
    aborted = await fit;
    check(aborted === undefined, "there is a report");
    check(renders.length === count, "it was rendered after unmounting");
  },
  async "a model is loaded in place of a fit"() {
    const { unmount } = mount();
    await hook.fit(X, y);
    await until(() => hook.status === "ready", "ready");
    const json = JSON.parse(JSON.stringify(hook.classifier));
    unmount();
    const again = mount();
    flushSync(() => hook.load(json));
    check(hook.status === "ready" && again.text() === "ready" && hook.report === null, hook.status);
    check((await hook.classifier.predict([[2, 0, 0]]))[0] === "fault", "it does not predict");
    again.unmount();
  },
};

await tell(cases);

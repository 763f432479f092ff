// The page in which a measure runs: browser.mjs calls window.measure.
import { forget } from "./data.mjs";
import { measures } from "./measures/index.mjs";

globalThis.measure = async ({ name, quick, versions, roofline }) => {
  if (!crossOriginIsolated) throw new Error("the page is not cross-origin isolated");
  return measures.find((m) => m.name === name).run({
    runtime: "chromium", quick, forget,
    log: globalThis.benchLog,
    native: versions && { versions, load: globalThis.benchLoad, call: globalThis.benchCall },
    roofline: roofline ? await (await fetch("/kernel.wasm")).arrayBuffer() : undefined,
  });
};

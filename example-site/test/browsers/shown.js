// What is shown of a model, from one visit to the next.
import { equal, texts } from "./visitor.js";

const shown = () => texts("headline", "pr-text", "roc-text", "reliability-text", "fact-rows", "fact-time", "fact-status", "coefficients", "contributions", "row-text", "code");

export const remember = () => (sessionStorage.shown = JSON.stringify(shown()));
export function isRemembered() {
  const before = JSON.parse(sessionStorage.shown);
  for (const [id, text] of Object.entries(shown())) equal(text, before[id], id);
}

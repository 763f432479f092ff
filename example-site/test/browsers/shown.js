// What is shown of a model, from one visit to the next.
import { texts, until } from "./visitor.js";

const shown = () => texts("headline", "pr-text", "roc-text", "reliability-text", "fact-rows", "fact-time", "fact-status", "coefficients", "contributions", "row-text", "code");

export const remember = () => (sessionStorage.shown = JSON.stringify(shown()));
export async function isRemembered() {
  await until(() => JSON.stringify(shown()) === sessionStorage.shown, () => {
    const [before, now] = [JSON.parse(sessionStorage.shown), shown()];
    return Object.keys(now).filter((id) => now[id] !== before[id]).map((id) => `${id} was “${before[id]}” and is “${now[id]}”`).join("\n");
  });
}

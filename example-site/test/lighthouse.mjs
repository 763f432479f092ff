// Lighthouse in the system's Chromium.
import { createServer } from "node:net";
import lighthouse, { desktopConfig } from "lighthouse";
import { openBrowser } from "./browser.mjs";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Opens a browser for Lighthouse; `run` resolves with its result for an address. */
export async function openLighthouse() {
  const port = await freePort();
  const browser = await openBrowser({ more: [`--remote-debugging-port=${port}`] });
  const run = async (url, { desktop = false, categories } = {}) =>
    (await lighthouse(url, { port, logLevel: "error", onlyCategories: categories }, desktop ? desktopConfig : undefined)).lhr;
  return { run, close: () => browser.close() };
}

/** The audits of a result that are not passed and count, the ones that cost most first. */
export function failing({ categories, audits }, category) {
  return categories[category].auditRefs
    .map(({ id, weight }) => ({ weight, ...audits[id] }))
    .filter(({ weight, score }) => weight > 0 && score !== null && score < 0.9)
    .sort((a, b) => b.weight * (1 - b.score) - a.weight * (1 - a.score))
    .map(({ title, displayValue, score }) => `${title}${displayValue ? `: ${displayValue}` : ""} (${Math.round(100 * score)})`);
}

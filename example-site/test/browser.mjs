// What the tests share: the site on a free port below a path, and the system's Chromium.
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { createSite } from "../serve.mjs";

/** The browser's program: $CHROMIUM, or a usual name on the path, or a usual place. */
function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // the next one
    }
  }
  try {
    accessSync("/usr/bin/chromium", constants.X_OK);
    return "/usr/bin/chromium";
  } catch {
    throw new Error("no Chromium found: install it, or name its program in CHROMIUM");
  }
}

/** The system's Chromium, with more in its environment and of arguments. */
export async function openBrowser({ environment = {}, more = [] } = {}) {
  return chromium.launch({
    executablePath: findChromium(),
    env: { ...process.env, ...environment },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more],
  });
}

/** Serves dist below a path of its own. */
export async function serveSite() {
  const base = "/a/path/below/";
  const server = createSite(fileURLToPath(new URL("../dist", import.meta.url)), base);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}${base}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

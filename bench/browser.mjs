// Chromium and the server its pages come from, on the loopback interface and cross-origin isolated, so that
// TensorFlow.js has threads.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { chromium } from "playwright-core";
import { here } from "./vendor.mjs";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".wasm": "application/wasm" };
const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin" };
const root = normalize(here("../"));
const served = ["bench/", "js/dist/"];

/** Serves the benchmark and the built package, and what `extra` has by path; `requests` lists what was asked for. */
async function serve(extra) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname).slice(1);
    const plain = new URL(request.url, "http://localhost").searchParams.has("plain");
    try {
      const file = normalize(join(root, path));
      if (!extra[path] && !served.some((folder) => file.startsWith(root + folder.replaceAll("/", sep)))) throw new Error("not served");
      const body = extra[path] ?? (await readFile(file));
      requests.push({ path, body });
      response.writeHead(200, { "Content-Type": types[extname(path)] ?? "application/octet-stream", "Cache-Control": "no-store", ...(!plain && isolated) }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { requests, url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  }) };
}

function findChromium() {
  try {
    return execFileSync("sh", [here("../scripts/browser.sh"), "chromium"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    throw new Error("no Chromium was found: install it, name its program in CHROMIUM, or give --runtime node");
  }
}

/** The browser: { version, url, requests, page(path), measure(name, options), close() }. */
export async function openChromium({ native, roofline }) {
  const site = await serve(roofline ? { "kernel.wasm": roofline } : {});
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: findChromium(),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync", "--disable-component-update"],
    });
  } catch (error) {
    await site.close();
    throw error;
  }
  /** A page of a context of its own, so without a cache. */
  const page = async (path) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(site.url + path);
    return { page, context, close: () => context.close() };
  };
  return {
    version: browser.version(), browser, page, url: site.url, requests: site.requests,
    /** Runs one of the measures in a page of its own. */
    async measure(name, { quick, log }) {
      const { page: tab, close } = await page("/bench/page.html");
      try {
        await tab.exposeFunction("benchLog", log);
        await tab.exposeFunction("benchLoad", (spec) => native.load(spec));
        await tab.exposeFunction("benchCall", (method, given) => native.call(method, given));
        const crashed = new Promise((_, reject) => tab.on("crash", () => reject(new Error("the page crashed"))));
        const given = { name, quick, versions: native?.versions ?? null, roofline: Boolean(roofline) };
        return await Promise.race([crashed, tab.evaluate((g) => window.measure(g), given)]);
      } finally {
        await close();
      }
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

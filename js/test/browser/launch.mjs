// Browsers without a driver: each opens one page, which tells the server what it has to tell.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How to open a page in each, by the path of its program and a folder of its own. */
const commands = {
  chromium: (program, folder, url) => [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", `--user-data-dir=${folder}`, url],
  firefox(program, folder, url) {
    // No page of its own, no questions, no reports.
    const preferences = { "browser.shell.checkDefaultBrowser": false, "datareporting.policy.dataSubmissionEnabled": false, "browser.aboutwelcome.enabled": false, "app.update.enabled": false, "browser.startup.homepage_override.mstone": "ignore", "toolkit.startup.max_resumed_crashes": -1 };
    writeFileSync(join(folder, "user.js"), Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
    return [program, "--headless", "--no-remote", "--profile", folder, url];
  },
  webkit: (program, _folder, url) => ["xvfb-run", "-a", program, url],
};

/** Opens a page and gives what `told`, a promise, says of it; rejects if that takes too long or the browser ends. */
export async function open(name, program, url, told, seconds = 180) {
  const browser = launch(name, program, url);
  let timer;
  const overdue = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${url} told nothing within ${seconds} s in ${name}`)), 1000 * seconds)));
  try {
    return await Promise.race([told, overdue, browser.failed]);
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}

/** Opens a page; the function that is returned ends the browser. */
function launch(name, program, url) {
  const folder = mkdtempSync(join(tmpdir(), `focalfit-${name}-`));
  const [command, ...args] = commands[name](program, folder, url);
  // A group of its own, since what is started starts more; a home of its own, since WebKit has no flag for it.
  const browser = spawn(command, args, { detached: true, stdio: "ignore", env: { ...process.env, HOME: folder, WEBKIT_DISABLE_COMPOSITING_MODE: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" } });
  const failed = new Promise((_, reject) => {
    browser.on("error", reject);
    browser.on("exit", (code) => code && reject(new Error(`${name} ended with ${code}`)));
  });
  failed.catch(() => {});
  return {
    failed,
    async close() {
      const ended = browser.exitCode === null && browser.signalCode === null ? new Promise((end) => browser.on("exit", end)) : undefined;
      try {
        process.kill(-browser.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

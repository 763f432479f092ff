// A page rendered on a server and hydrated in Chromium, which then trains: Next.js, built by either of its bundlers, and
// its development server, which tells of every difference between the two.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { outcome, teller } from "./page.mjs";
import { block, places, project, run } from "./project.mjs";

const next = join(places, "node_modules", "next", "dist", "bin", "next");
const env = { NEXT_TELEMETRY_DISABLED: "1", CI: "1" };

/** The document's component in a page that fits once it is hydrated. Everything on the console is told. */
const files = (name) => ({
  "app/train.jsx": block("docs/loading.md", "Server-side rendering", "jsx"),
  "app/page.jsx": `
import { Page } from "./client.jsx";
export default () => <main><Page /></main>;
`,
  "app/client.jsx": `"use client";
import { useEffect } from "react";
import { FocalClassifier } from "focalfit";
import { Train } from "./train.jsx";

const y = Array.from({ length: 400 }, (_, i) => i % 20 === 0);
const X = y.map((rare, i) => [Math.sin(i) + (rare ? 2 : 0), Math.cos(3 * i)]);

export function Page() {
  useEffect(() => {
    const tell = ${teller(name)};
    const button = document.querySelector("button");
    const states = [button.textContent];
    const observer = new MutationObserver(() => {
      states.push(button.textContent);
      if (states.at(-1) === "idle" || states.at(-1) === "fitting") return;
      observer.disconnect();
      tell({ states, errors, classes: typeof FocalClassifier });
    });
    observer.observe(button, { characterData: true, childList: true, subtree: true });
    button.click();
  }, []);
  return <Train X={X} y={y} />;
}
`,
  "app/layout.jsx": `
const script = ${JSON.stringify(`var errors = []; for (const name of ["error", "warn"]) { const own = console[name]; console[name] = (...values) => (errors.push(values.map(String).join(" ")), own(...values)); } addEventListener("error", ({ message }) => errors.push(message));`)};
export default ({ children }) => <html lang="en"><head><link rel="icon" href="data:," /><script dangerouslySetInnerHTML={{ __html: script }} /></head><body>{children}</body></html>;
`,
  // Its root is where Next.js itself is installed, which in other projects is the same folder.
  "next.config.js": `export default { turbopack: { root: ${JSON.stringify(places)} } };\n`,
});

/** Starts Next.js on a free port; resolves with its origin and a function that ends it. */
async function start(command, folder) {
  const child = spawn(process.execPath, [next, ...command, "--hostname", "127.0.0.1", "--port", "0"], { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let printed = "";
  const ended = new Promise((resolve) => child.on("exit", resolve));
  // A group of its own, since it starts more.
  const close = async () => (process.kill(-child.pid, "SIGKILL"), await ended);
  const origin = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        printed += text;
        const [found] = printed.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
        if (found && /Ready/.test(printed)) resolve(found);
      });
    }
    ended.then((code) => reject(new Error(`next ended with ${code}\n${printed}`)));
  });
  return { origin, close };
}

async function assertHydrated(name, command, folder) {
  const { origin, close } = await start(command, folder);
  try {
    assert.match(await (await fetch(origin)).text(), /<button>idle<\/button>/);
    const { states, errors, classes } = await outcome(name, origin);
    assert.deepEqual(errors, []);
    assert.deepEqual([states[0], states.at(-1), classes], ["idle", "converged", "function"]);
  } finally {
    await close();
  }
}

for (const bundler of ["turbopack", "webpack"]) {
  test(`Next.js, built by ${bundler}`, async () => {
    const name = `next-${bundler}`;
    const folder = project(name, files(name));
    await run(process.execPath, [next, "build", `--${bundler}`], folder, env);
    await assertHydrated(name, ["start"], folder);
  });
}

test("Next.js, its development server", async () => {
  const folder = project("next-dev", files("next-dev"));
  await assertHydrated("next-dev", ["dev"], folder);
});

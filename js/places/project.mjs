// Projects of people who use the package: each a folder of its own with the packed tarball installed in it, without the
// network. What builds it is found further up, in js/places/node_modules.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

export const places = fileURLToPath(new URL(".", import.meta.url));
const packageDir = join(places, "..");
const repository = join(packageDir, "..");
const scratch = mkdtempSync(join(places, ".projects-"));
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

/** The tarball, installed once. */
const installed = (() => {
  const npm = (args, cwd) => {
    const { status, error, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8" });
    if (error) throw error;
    if (status !== 0) throw new Error(`npm ${args[0]}: ${stderr}`);
  };
  npm(["pack", "--silent", "--pack-destination", scratch], packageDir);
  const tarball = readdirSync(scratch).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(scratch, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
  npm(["install", "--silent", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${tarball}`], scratch);
  return scratch;
})();

/** A new project of these files, by name; its folder. */
export function project(name, files) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  cpSync(join(installed, "node_modules"), join(folder, "node_modules"), { recursive: true });
  // Next to a lock file, as projects have one: what looks for a project's root stops here.
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(installed, file), join(folder, file));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Runs a program to its end and gives what it printed; rejects if it fails, or has not ended by itself in time. */
export function run(command, args, cwd, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], timeout: 180_000 });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text));
    child.on("error", reject);
    child.on("close", (status, signal) => (status === 0 ? resolve(out) : reject(new Error(`${command} ${args.join(" ")} ended with ${status ?? signal}\n${out.stdout}\n${out.stderr}`))));
  });
}

/** The first block of code, of a language, under a heading of a document. */
export function block(document, heading, language) {
  const text = readFileSync(join(repository, document), "utf8");
  const [, section] = text.split(new RegExp(`^#+ ${heading}$`, "m"));
  if (section === undefined) throw new Error(`${document} has no heading "${heading}"`);
  const [, code] = section.split(/^#+ .*[a-z]$/m)[0].match(new RegExp("```" + language + "\\n([\\s\\S]*?)```")) ?? [];
  if (code === undefined) throw new Error(`${document} has no block of ${language} under "${heading}"`);
  return code;
}

/** The README's first example. */
export const example = block("README.md", "Ten lines", "js");

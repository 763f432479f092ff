// Packs the package, installs the tarball into a new project in a temporary folder, and runs the tests there:
// node test/run.mjs [arguments of node --test]
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packageDir = fileURLToPath(new URL("..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "focalfit-test-"));

function run(command, args, cwd, env = {}) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
  if (error) throw error;
  if (status !== 0) {
    rmSync(project, { recursive: true, force: true });
    process.exit(status ?? 1);
  }
}

run("npm", ["pack", "--silent", "--pack-destination", project], packageDir);
const tarball = readdirSync(project).find((name) => name.endsWith(".tgz"));
const tool = (name, ...args) => run(join(packageDir, "node_modules", ".bin", name), args, packageDir);
tool("size-limit");
tool("publint", "--strict", join(project, tarball));
tool("attw", join(project, tarball), "--profile", "esm-only", "--quiet");
writeFileSync(join(project, "package.json"), JSON.stringify({ name: "focalfit-test", private: true, type: "module" }));
run("npm", ["install", "--silent", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${tarball}`], project);
// React is an optional peer, and what the hook's tests need besides is no part of the package.
for (const name of ["react", "react-dom"]) symlinkSync(join(packageDir, "node_modules", name), join(project, "node_modules", name), "junction");
cpSync(join(packageDir, "test"), join(project, "test"), { recursive: true });

const tsc = join(packageDir, "node_modules", "typescript", "bin", "tsc");
const nodeTypes = join(packageDir, "node_modules", "@types");
run(process.execPath, [tsc, "-p", "test/types.browser.json"], project);
run(process.execPath, [tsc, "-p", "test/types.node.json", "--typeRoots", nodeTypes], project);

const args = process.argv.slice(2);
const files = readdirSync(join(project, "test")).filter((name) => name.endsWith(".test.mjs")).map((name) => join("test", name));
run(process.execPath, ["--test", "--test-timeout=300000", ...args, ...files], project, {
  FOCALFIT_ROOT: join(packageDir, ".."),
  FOCALFIT_ESBUILD: join(packageDir, "node_modules", "esbuild", "lib", "main.js"),
  FOCALFIT_ONNXRUNTIME: join(packageDir, "node_modules", "onnxruntime-web", "dist", "ort.node.min.mjs"),
});
rmSync(project, { recursive: true, force: true });

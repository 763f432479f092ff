// PyTorch and scikit-learn, in a Python process of their own that lives as long as the benchmark. Node only.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { problem } from "../data.mjs";

/** One thread, and no tuning of the linear algebra that others may have left in the environment. */
function environment() {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...rest } = process.env;
  return { ...rest, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
}

/** The first Python with the most of what is to be compared: $PYTHON, or python3 on the path, or the system's. */
function findPython() {
  const probe = "import importlib.util as u; print(sum(u.find_spec(m) is not None for m in ('numpy', 'torch', 'sklearn')))";
  let best, most = 0;
  for (const program of [process.env.PYTHON, "python3", "/usr/bin/python3"]) {
    if (!program) continue;
    const { status, stdout } = spawnSync(program, ["-c", probe], { encoding: "utf8", timeout: 30000 });
    if (status === 0 && Number(stdout) > most) [best, most] = [program, Number(stdout)];
  }
  return best;
}

/** The process, or undefined without Python and numpy: { versions, load(spec), call(method, arguments), close() }. */
export async function openNative() {
  const program = findPython();
  if (!program) return undefined;
  const child = spawn(program, [fileURLToPath(new URL("../native.py", import.meta.url))], { env: environment(), stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  let last = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, result, error } = JSON.parse(line), { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(result);
  });
  const ended = () => {
    for (const { reject } of waiting.values()) reject(new Error("the Python process ended"));
    waiting.clear();
  };
  child.on("exit", ended);
  child.on("error", ended);
  child.stdin.on("error", ended);
  const call = (method, given = {}) => new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.killed) return reject(new Error("the Python process ended"));
    waiting.set(++last, { resolve, reject });
    child.stdin.write(`${JSON.stringify({ id: last, method, ...given })}\n`);
  });
  const loaded = new Set();
  const native = {
    call,
    async load(spec) {
      const key = JSON.stringify(spec);
      if (!loaded.has(key)) {
        const { data, y, rows, columns } = problem(spec);
        const folder = mkdtempSync(join(tmpdir(), "focalfit-bench-"));
        try {
          const file = join(folder, "rows"), labels = join(folder, "labels");
          writeFileSync(file, data);
          writeFileSync(labels, y);
          await call("load", { problem: key, file, labels, rows, columns });
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
        loaded.add(key);
      }
      return key;
    },
    async forget() {
      loaded.clear();
      await call("forget");
    },
    close: () => child.kill(),
  };
  try {
    native.versions = await call("versions");
    return native;
  } catch {
    child.kill();
    return undefined;
  }
}

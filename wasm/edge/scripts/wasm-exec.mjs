// Go's own wasm_exec.js with what the worker's modules need of it, a context of each run that Go finds as the global
// "context": node wasm-exec.mjs <from> <to>
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What is changed of Go's program, each found exactly once. */
const changes = [
  ["async run(instance) {", "async run(instance, context) {\n\t\t\tconst scope = new Proxy(globalThis, { get: (target, name) => (name === \"context\" ? context : Reflect.get(target, name, target)) });"],
  ["\t\t\t\tglobalThis,\n", "\t\t\t\tscope,\n"],
  ["[globalThis, 5],", "[scope, 5],"],
];

export function withContext(program) {
  return changes.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`wasm_exec.js has ${JSON.stringify(from)} ${parts.length - 1} times: has Go changed what it ships?`);
    return parts.join(to);
  }, program);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [from, to] = process.argv.slice(2);
  writeFileSync(to, withContext(readFileSync(from, "utf8")));
}

// What Go's linker leaves to do on a program for wasm: node finish-wasm.mjs [--keep-lines] <in.wasm> <out.wasm>
import { readFileSync, writeFileSync } from "node:fs";
import { foldAddresses } from "./fold-addresses.mjs";
import { stripLines } from "./strip-lines.mjs";

const args = process.argv.slice(2);
const keep = args[0] === "--keep-lines";
const [input, output] = args.slice(keep ? 1 : 0);
const program = readFileSync(input);
const { module, folded } = foldAddresses(keep ? program : stripLines(program));
if (folded < 10_000) throw new Error(`${folded} addresses folded: has Go changed what it writes?`);
writeFileSync(output, module);

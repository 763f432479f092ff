// Files and streams of the commands.
import { createReadStream } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { UsageError } from "./arguments.js";

/** The bytes of a file, or of standard input. */
export async function* source(file: string | undefined): AsyncGenerator<Uint8Array> {
  if (file !== undefined && file !== "-") return yield* createReadStream(file);
  if (process.stdin.isTTY) throw new UsageError("no file is given and nothing comes on standard input: name a CSV file.");
  yield* process.stdin;
}

/** A document of JSON. */
export async function readJSON(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is no JSON: give a model that focalfit train wrote.`);
  }
}

/** Writes a file as a whole or not at all; - is standard output. */
export async function write(file: string, text: string): Promise<void> {
  if (file === "-") {
    await new Promise<void>((done) => process.stdout.write(text, () => done()));
    return;
  }
  const part = `${file}.${process.pid}.part`;
  try {
    await writeFile(part, text);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

// Files in and out. What is written has a temporary name until all of it is there, so that nothing is left half written.
import { createReadStream, rmSync, type ReadStream } from "node:fs";
import { access, constants, open, realpath, rename, stat, writeFile, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure, UsageError } from "./failure.js";

const causes: { [code: string]: string } = {
  ENOENT: "there is no such file or folder", EISDIR: "it is a folder", ENOTDIR: "a part of its path is no folder", EACCES: "it may not be used by you",
  EPERM: "it may not be used by you", ENOSPC: "the disk is full", EROFS: "the disk is read-only", ENAMETOOLONG: "its name is too long", EMFILE: "too many files are open",
};

function failure(does: string, file: string, error: unknown): Failure {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new Failure(`"${file}" cannot be ${does}: ${causes[code] ?? message}.`);
}

/** The bytes of a file, or of standard input where it is `-`. */
export async function openInput(file: string): Promise<ReadStream | NodeJS.ReadStream> {
  if (file === "-") {
    if (process.stdin.isTTY) throw new UsageError("No file is named, and standard input is a terminal: name a file, or pipe one in.");
    return process.stdin;
  }
  try {
    if ((await stat(file)).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    await access(file, constants.R_OK);
    return createReadStream(file);
  } catch (error) {
    throw failure("read", file, error);
  }
}

/** All the text of a file. */
export async function readText(file: string, signal: AbortSignal): Promise<string> {
  const parts: Buffer[] = [];
  const input = await openInput(file);
  const stop = () => input.destroy();
  signal.addEventListener("abort", stop);
  try {
    for await (const part of input) parts.push(Buffer.from(part as Buffer));
  } catch (error) {
    throw failure("read", file, error);
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Temporary files that are not where they belong yet. */
const pending = new Set<string>();

/** Removes what is not complete. */
export function discardPending(): void {
  for (const name of pending) rmSync(name, { force: true });
  pending.clear();
}

/** Where a file is to be; a link is followed. A pipe or device is written to as it is, for there is nothing to put in its place. */
interface Target {
  file: string;
  path: string;
  direct: boolean;
}

/** Throws where `file` cannot be written, before there is work to lose. */
export async function checkOutput(file: string): Promise<void> {
  await targetOf(file);
}

async function targetOf(file: string): Promise<Target> {
  try {
    const path = await realpath(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return file;
    });
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    const direct = there !== undefined && !there.isFile();
    await access(direct ? path : dirname(path), constants.W_OK);
    return { file, path, direct };
  } catch (error) {
    throw failure("written", file, error);
  }
}

/** A file that is being written. */
export class Output {
  readonly #target: Target;
  readonly #temporary: string;
  readonly #handle: FileHandle;

  private constructor(target: Target, temporary: string, handle: FileHandle) {
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  static async open(file: string): Promise<Output> {
    const target = await targetOf(file);
    const temporary = target.direct ? target.path : join(dirname(target.path), `.focalfit-${process.pid}-${pending.size}.part`);
    try {
      if (!target.direct) pending.add(temporary);
      return new Output(target, temporary, await open(temporary, target.direct ? "w" : "wx"));
    } catch (error) {
      throw failure("written", file, error);
    }
  }

  async write(text: string): Promise<void> {
    try {
      await writeFile(this.#handle, text);
    } catch (error) {
      throw failure("written", this.#target.file, error);
    }
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    try {
      await this.#handle.close();
      if (this.#target.direct) return;
      await rename(this.#temporary, this.#target.path);
      pending.delete(this.#temporary);
    } catch (error) {
      throw failure("written", this.#target.file, error);
    }
  }
}

/** Writes files of which none is put in its place before all are complete. */
export async function writeFiles(files: readonly (readonly [file: string, text: string])[]): Promise<void> {
  const outputs: Output[] = [];
  for (const [file, text] of files) {
    const output = await Output.open(file);
    outputs.push(output);
    await output.write(text);
  }
  for (const output of outputs) await output.finish();
}

/** Writes to standard output, and waits until it takes more. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise<void>((done) => process.stdout.once("drain", done));
}
